"""How well a creator is told from other authors: on seven books, with blocks of text held out.

Each author's books are cut into blocks of 2,500 words (fitting cuts them into 1,500): passages of
every third one are asked about, the others are known. Impostors are passages of the blocks kept
back of the other five authors. Plain character 4-grams are asked the same. Needs
``GREENROOM_BENCH_DATA``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting.voice_baseline import FourGrams
from benchmarks.fitting.voice_data import CHUNK, LENGTHS, Cut, cuts, read_authors
from benchmarks.fitting.voice_figures import area, brier, calibration_error, nearest_topic
from core.twins.voice import Signature

KNOWN = (600, 3_000, 18_000, 60_000)
"""Words that a signature is learnt from: one article, five, thirty, a book."""
BARS = {150: "0.985 / 0.05", 50: "0.94 / 0.08"}
SELF_HELP = ("arnold_bennett", "james_allen", "orison_swett_marden", "theron_dumont")
WAYS = ("voice model", "4-grams", "4-grams, held against the other five")
OWN, OTHERS = 40, 12
"""Passages of each length: of the creator, and of each other author."""


@dataclass(frozen=True)
class Asked:
    """Passages of one length asked about every creator, and whose they are."""

    chance: NDArray[np.float64]
    own: NDArray[np.bool_]
    self_help: NDArray[np.bool_]
    on_topic: NDArray[np.bool_]
    plain: NDArray[np.float64]

    def row(self, kept: NDArray[np.bool_]) -> str:
        """AUC, calibration error and Brier score of some of them."""
        chance, own = self.chance[kept], self.own[kept]
        parts = area(chance, own), calibration_error(chance, own), brier(chance, own)
        return " | ".join(f"{one:.3f}" for one in parts)


def measure() -> str:
    """The tables of RESULTS.md."""
    data = os.environ.get("GREENROOM_BENCH_DATA")
    if not data:
        return "Skipped: GREENROOM_BENCH_DATA is not set."
    found = cuts(read_authors(Path(data) / "creators"), times=3, block=2_500, every=3)
    lines = ["| known | asked | AUC | ECE | Brier | bar: AUC / ECE |", f"|{' --- |' * 6}"]
    last: dict[tuple[int, int], Asked] = {}
    for known in KNOWN:
        texts = [_some(one, known) for one in found]
        signatures, plain = [Signature.learn(one) for one in texts], FourGrams(texts)
        for length in LENGTHS:
            last[known, length] = asked = _asked(found, signatures, plain, length)
            row = asked.row(np.ones(len(asked.own), bool))
            lines.append(f"| {known:,} | {length} | {row} | {BARS.get(length, '')} |")
    return "\n".join([*lines, "", *_hard(last), "", *_beside(last), "", _times(found)])


def _some(one: Cut, words: int) -> Sequence[str]:
    first = len(one.known) // 3 if words // CHUNK < len(one.known) // 2 else 0
    return one.known[first : first + words // CHUNK]


def _asked(
    found: Sequence[Cut], signatures: Sequence[Signature], plain: FourGrams, length: int
) -> Asked:
    parts: list[Asked] = []
    for number, (creator, signature) in enumerate(zip(found, signatures, strict=True)):
        texts, marks = [], []
        for other in found:
            own = other is creator
            some = other.passages[length][: OWN if own else OTHERS]
            texts += some
            marks += [(own, _self_help(creator) and _self_help(other))] * len(some)
        whose, alike = np.array(marks).T
        near = nearest_topic(creator.known, texts, whose)
        chance, cosines = signature.probabilities(texts), plain.scores(texts, number)
        parts.append(Asked(chance, whose, alike, near, cosines))
    names = [one.name for one in fields(Asked)]
    return Asked(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _self_help(one: Cut) -> bool:
    return one.author.split("/")[1] in SELF_HELP


def _hard(last: dict[tuple[int, int], Asked]) -> list[str]:
    """The impostors that write of the same: all else of the creator known."""
    lines = ["| impostors, 60,000 words known | asked | AUC | ECE | Brier |", f"|{' --- |' * 5}"]
    for length in (50, 150):
        asked = last[KNOWN[-1], length]
        alike, near = asked.row(asked.self_help), asked.row(asked.own | asked.on_topic)
        lines.append(f"| four authors of self-help, among themselves | {length} | {alike} |")
        lines.append(f"| the fifth that is nearest to the creator in topic | {length} | {near} |")
    return lines


def _beside(last: dict[tuple[int, int], Asked]) -> list[str]:
    """Plain character 4-grams on the same passages; they have no probability."""
    lines = [f"| AUC | {' | '.join(WAYS)} |", f"|{' --- |' * (1 + len(WAYS))}"]
    for known in KNOWN[-2:]:
        for length in (50, 150):
            asked = last[known, length]
            near, all_of = asked.own | asked.on_topic, np.ones(len(asked.own), bool)
            for kept, name in ((all_of, "all impostors"), (near, "the nearest fifth in topic")):
                ways = (asked.chance, *asked.plain.T)
                areas = " | ".join(f"{area(way[kept], asked.own[kept]):.3f}" for way in ways)
                lines.append(f"| {known:,} known, {length} asked, {name} | {areas} |")
    return lines


def _times(found: Sequence[Cut]) -> str:
    longest = max(found, key=lambda one: len(one.known))
    started = time.perf_counter()
    signature = Signature.learn(longest.known)
    learning = time.perf_counter() - started
    texts = longest.passages[150][:30]
    started = time.perf_counter()
    for text in texts:
        signature.verdict(text)
    each = (time.perf_counter() - started) / len(texts)
    return (
        f"Learning {signature.known_words:,} words took {learning:.2f} s, one verdict "
        f"{each * 1000:.1f} ms, the signature has {len(signature.to_bytes()) / 1e6:.2f} MB."
    )
