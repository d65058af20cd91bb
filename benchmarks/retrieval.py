"""Retrieval: what is found and what is declined on our questions, beside plain methods; speed."""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting.retrieval_data import RULES, SHOWN, Question, books, questions, rank
from benchmarks.measuring import middle
from core.twins.knowledge import (
    ChromaIndex,
    Document,
    Knowledge,
    MiniLM,
    Prepared,
    prepare,
)
from core.twins.knowledge.weights import DATA
from core.twins.knowledge.words import WordIndex

WINDOW, STEP, KEPT = 120, 60, 60
"""Words of the plain method's windows and between their starts; a constant of rank fusion."""
PASSAGES, PER_DOCUMENT, SENTENCES, ASKED = 100_000, 500, 5, 40
BOOK_WORDS = 70_000
Places = list[tuple[int, int]]


def measure() -> str:
    """The section of RESULTS.md."""
    kept = json.loads((DATA / "figures.json").read_text("utf-8"))
    parts = [_kept(kept), _speed()]
    if os.environ.get("GREENROOM_BENCH_DATA"):
        parts += [_books()]
    else:
        parts.append("Books: skipped, GREENROOM_BENCH_DATA is not set.")
    return "\n\n".join(parts)


def _kept(kept: dict[str, Any]) -> str:
    lines = [
        "Our own questions (`benchmarks/questions`, harder than clients' usual ones: plain windows "
        "find less here than on other sets). Every row was cited and weighed by numbers that were "
        "fitted without the books of its fold. Found: half of the answering passage, any of it, "
        "all of it. Declined: of the questions without an answer, where 10 % of the others are.",
        "",
        "| questions | half @5 (@1) | any @5 | all @5 | AUC | declined | near misses | others |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, one in kept.items():
        count = f"{name.replace('_', ' ')}, {one['questions']} + {one['not_answered']}"
        lines.append(
            f"| {count} | {one['half']:.3f} ({one['half_first']:.3f}) | {one['any']:.3f} "
            f"| {one['whole']:.3f} | {one['auc']:.3f} | {one['declined_at_10']:.3f} "
            f"| {one['declined_at_10_near_miss']:.3f} | {one['declined_at_10_off']:.3f} |"
        )
    return "\n".join(lines)


@dataclass(frozen=True)
class Windows:
    """A book in windows, for the plain methods."""

    places: Places
    vectors: NDArray[np.float32]
    words: WordIndex

    @classmethod
    def of(cls, text: str, model: MiniLM) -> Windows:
        """Windows of 120 words, half over each other."""
        words = [match.span() for match in re.finditer(r"\S+", text)]
        starts = range(0, max(1, len(words) - STEP), STEP)
        places = [(words[at][0], words[min(at + WINDOW, len(words)) - 1][1]) for at in starts]
        texts = [text[start:end] for start, end in places]
        return cls(places, model.embed(texts), WordIndex(texts))

    def cited(self, scores: NDArray[np.floating[Any]]) -> Places:
        """The five best."""
        return [self.places[at] for at in np.argsort(-scores, kind="stable")[:SHOWN]]


def _fused(scores: Sequence[NDArray[np.floating[Any]]]) -> NDArray[np.floating[Any]]:
    """Reciprocal rank fusion (Cormack et al. 2009)."""
    return np.sum([1 / (KEPT + np.argsort(np.argsort(-one))) for one in scores], axis=0)


def _books() -> str:
    names = ("ours", "MiniLM, 120 words", "BM25", "rank fusion")
    found: dict[str, list[tuple[Question, Places]]] = {name: [] for name in names}
    seconds, lines = [], []
    with tempfile.TemporaryDirectory() as cache:
        model = MiniLM(Path(cache))
        model.embed(["warm"])
        for book, text in books().items():
            started = time.perf_counter()
            knowledge = Knowledge([prepare(Document(book, text), model)], model)
            seconds.append((time.perf_counter() - started) / len(text.split()) * BOOK_WORDS)
            asked = [one for one in questions() if one.book == book and one.answerable]
            _asked(asked, knowledge, Windows.of(text, model), model, found)
            ours = [(one, places) for one, places in found["ours"] if one.book == book]
            lines.append(f"| {book.replace('__', ', ').replace('_', ' ')} | {_cells(ours)} |")
    head = " | ".join(f"{rule} @5 (@1)" for rule in RULES)
    table = [f"| | {head} |", "| --- | --- | --- | --- |"]
    every = [f"| all books, {name} | {_cells(rows)} |" for name, rows in found.items()]
    return "\n".join(
        [
            "All answerable questions with the shipped weights, which have **seen** three quarters "
            "of them, beside plain methods:",
            "",
            *table,
            *every,
            *lines,
            "",
            f"Reading and embedding, per {BOOK_WORDS:,} words: {middle(seconds)} s.",
        ]
    )


def _asked(
    asked: Sequence[Question],
    knowledge: Knowledge,
    windows: Windows,
    model: MiniLM,
    found: dict[str, list[tuple[Question, Places]]],
) -> None:
    for one in asked:
        hits = knowledge.find(one.text, SHOWN).passages
        near = windows.vectors @ model.embed([one.text])[0]
        words = windows.words.shares(one.text)
        found["ours"].append((one, [(hit.start, hit.end) for hit in hits]))
        found["MiniLM, 120 words"].append((one, windows.cited(near)))
        found["BM25"].append((one, windows.cited(words)))
        found["rank fusion"].append((one, windows.cited(_fused([near, words]))))


def _cells(rows: Sequence[tuple[Question, Places]]) -> str:
    cells = []
    for rule in RULES:
        places = [rank(one, cited, rule) for one, cited in rows]
        share = np.mean([one is not None for one in places])
        cells.append(f"{share:.3f} ({np.mean([one == 1 for one in places]):.3f})")
    return " | ".join(cells)


class Random:
    """Vectors without a meaning, for speed alone."""

    name, dimensions = "random", 384

    def __init__(self) -> None:
        self._chance = np.random.default_rng(1)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 each."""
        rows = self._chance.standard_normal((len(texts), self.dimensions), np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """One vector of length 1."""
        return np.asarray(self.embed([text])[0])


def _speed() -> str:
    embedder = Random()
    content = [_made(number, embedder) for number in range(PASSAGES // PER_DOCUMENT)]
    count = sum(len(one.passages) for one in content)
    with tempfile.TemporaryDirectory() as folder:
        index = ChromaIndex(Path(folder), "speed")
        filling = _seconds(lambda: index.fill(content, embedder.name))
        opening = time.perf_counter()
        knowledge = Knowledge(content, embedder, index=index)
        opened = time.perf_counter() - opening
        knowledge.find("warm up")
        times = [
            _seconds(lambda at=at: knowledge.find(f"what about word{at * 7} and word{at}?")) * 1000
            for at in range(ASKED)
        ]
    return (
        f"{count:,} passages of {SENTENCES} sentences (made up): a question takes "
        f"{middle(times)} ms after its vector is there; filling Chroma once {filling:.0f} s, "
        f"opening {opened:.1f} s."
    )


def _made(number: int, embedder: Random) -> Prepared:
    chance = np.random.default_rng(number)
    count, length = PER_DOCUMENT * SENTENCES, len("Word00000 " * 20)
    words = chance.integers(0, 30_000, (count, 20))
    text = "".join(f"Word{one:05d} " for one in words.ravel().tolist())
    starts = np.arange(count, dtype=np.int32) * length
    edges = np.arange(0, count + 1, SENTENCES, dtype=np.int32)
    spans = np.stack([starts, starts + length - 1], axis=1)
    return Prepared(
        document_id=f"made-{number}",
        text=text,
        embedder=embedder.name,
        spans=spans,
        words=np.full(count, 20, np.int32),
        vectors=embedder.embed([""] * count).astype(np.float16),
        passages=np.stack([edges[:-1], edges[1:]], axis=1),
        chunks=np.stack([spans[:: SENTENCES * 7, 0], spans[:: SENTENCES * 7, 0] + 1], axis=1),
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
