"""What finding is by its definition, one window at a time: slow, and easy to read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.twins.knowledge import Prepared, Weights
from core.twins.knowledge.scoring import AIM, LEAST, MOST
from core.twins.knowledge.words import stems

Vector = NDArray[np.float64]


class Window(NamedTuple):
    document: int
    first: int
    last: int
    rank: float


def cited(
    prepared: Sequence[Prepared], asked: Vector, question: str, weights: Weights, k: int = 5
) -> list[tuple[str, int, int, float]]:
    """Document, start, end and rank of what is cited, best first."""
    shares = _shares([one.text[a:b] for one in prepared for a, b in one.passage_spans()], question)
    windows: list[Window] = []
    for at, one in enumerate(prepared):
        here, shares = shares[: len(one.passages)], shares[len(one.passages) :]
        windows += _windows(at, one, asked, here, weights.rank)
    apart: list[Window] = []
    for new in sorted(windows, key=lambda window: -window.rank):
        if len(apart) < 60 and not any(_over(new, old) for old in apart):
            apart.append(new)
    chosen: list[Window] = []
    while apart and len(chosen) < k:
        best = max(apart, key=lambda new: new.rank - weights.alike * _near(new, chosen, prepared))
        chosen.append(best)
        apart.remove(best)
    return [
        (
            prepared[at].document_id,
            int(prepared[at].spans[first, 0]),
            int(prepared[at].spans[last - 1, 1]),
            rank,
        )
        for at, first, last, rank in chosen
    ]


def _windows(
    at: int, one: Prepared, asked: Vector, shares: list[float], counts: dict[str, float]
) -> list[Window]:
    words, size = one.words.tolist(), len(one.words)
    whole = one.vectors.astype(np.float64)
    cosines = whole @ asked
    places = np.cumsum([0, *words])
    passage = [n for n, (a, b) in enumerate(one.passages.tolist()) for _ in range(a, b)]

    def together(first: int, last: int) -> float:
        vector = np.array(words[first:last]) @ whole[first:last]
        return float(vector @ asked / np.linalg.norm(vector))

    def around(which: int, scale: int) -> float:
        middle = (places[which] + places[which + 1]) / 2
        near = [
            n
            for n in range(size)
            if places[n + 1] > middle - scale / 2 and places[n] < middle + scale / 2
        ]
        return together(near[0], near[-1] + 1)

    scales = {
        scale: [around(n, scale) for n in range(size)]
        for scale in (30, 60, 120, 240)
        if counts[f"around_{scale}"]
    }
    found = []
    for first in range(size):
        last = first + 1
        while (
            last < size
            and places[last] - places[first] < AIM * 0.95
            and places[last + 1] - places[first] <= MOST
        ):
            last += 1
        if places[last] - places[first] < min(LEAST, places[-1]):
            continue
        top = sorted(cosines[first:last], reverse=True)[:3]
        rank = counts["window"] * together(first, last)
        rank += counts["best_sentence"] * top[0] + counts["best_three"] * sum(top) / len(top)
        rank += sum(counts[f"around_{n}"] * max(row[first:last]) for n, row in scales.items())
        rank += counts["words"] * max(shares[passage[n]] for n in range(first, last))
        found.append(Window(at, first, last, rank))
    return found


def _over(a: Window, b: Window) -> bool:
    return a.document == b.document and a.first < b.last and b.first < a.last


def _near(new: Window, chosen: list[Window], prepared: Sequence[Prepared]) -> float:
    def vector(one: Window) -> Vector:
        rows = slice(one.first, one.last)
        held = prepared[one.document]
        whole = held.words[rows] @ held.vectors[rows].astype(np.float64)
        return np.asarray(whole / np.linalg.norm(whole))

    return max([0.0, *(float(vector(new) @ vector(old)) for old in chosen)])


def _shares(passages: Sequence[str], question: str) -> list[float]:
    """BM25 (k1 1.2, b 0.75) as a share of what the question's words could come to."""
    held = [Counter(stems(one)) for one in passages]
    usual = sum(one.total() for one in held) / len(held)
    asked = set(stems(question))
    seldom, most = {}, 0.0
    for word in asked:
        count = sum(word in one for one in held)
        most += math.log(1 + (len(held) + 0.5) / (count + 0.5))
        seldom[word] = math.log(1 + (len(held) - count + 0.5) / (count + 0.5))
    return [
        sum(
            seldom[word] * one[word] / (one[word] + 1.2 * (0.25 + 0.75 * one.total() / usual))
            for word in asked
        )
        / max(1e-9, most * 1.1)
        for one in held
    ]
