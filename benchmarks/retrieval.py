"""Retrieval: what is found and what is declined on our questions, beside plain methods; speed."""

from __future__ import annotations

import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting.retrieval_data import RULES, SHOWN, Question, books, questions, rank
from benchmarks.measuring import middle
from core.twins.knowledge import (
    ChromaIndex,
    Document,
    Found,
    Knowledge,
    MiniLM,
    Prepared,
    prepare,
)
from core.twins.knowledge.embedding import unit
from core.twins.knowledge.weights import DATA
from core.twins.knowledge.words import WordIndex

WINDOW, STEP, KEPT = 120, 60, 60
"""Words of the plain method's windows and between their starts; a constant of rank fusion."""
PASSAGES, PER_DOCUMENT, ASKED = 100_000, 500, 60
TOLD, VOCABULARY = 7, 30_000
"""Words of a sentence that say something, of how many."""
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


class Made:
    """An embedder for content that was never written: its questions ask for one sentence each.

    Args:
        model: Reads each question, for the time that it takes.
        vectors: What each question's words are nearest to.
    """

    name, dimensions = "made up", 384

    def __init__(self, model: MiniLM, vectors: dict[str, NDArray[np.float32]]) -> None:
        self._model, self._vectors = model, vectors

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the model does."""
        return self._model.embed(texts)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """A vector near the sentence that is asked for, once the model has read the words."""
        self._model.embed_question(text)
        return self._vectors[text]


@dataclass(frozen=True)
class Asked:
    """A question about a sentence that was made up."""

    text: str
    document: str
    place: int
    vector: NDArray[np.float32]


class Timed(NamedTuple):
    """What came of some work, and how long it took: milliseconds by the clock, of processor."""

    value: Any
    wall: float
    processor: float


def _speed() -> str:
    content = [_made(number) for number in range(PASSAGES // PER_DOCUMENT)]
    asked = [_asking(content, number) for number in range(ASKED)]
    with tempfile.TemporaryDirectory() as folder:
        embedder = Made(MiniLM(Path(folder) / "m"), {one.text: one.vector for one in asked})
        index = ChromaIndex(Path(folder) / "chroma", "speed")
        filled = _timed(partial(index.fill, content, embedder.name))
        opened = _timed(lambda: Knowledge(content, embedder, index=index))
        knowledge = opened.value
        knowledge.find(asked[0].text)
        found = [_timed(partial(knowledge.find, one.text)) for one in asked]
        read = [_timed(partial(embedder.embed_question, one.text)) for one in asked]
    return "\n".join(
        [
            f"{PASSAGES:,} passages of 3 to 8 sentences (made up, in clusters; words that say "
            f"nothing left out), {ASKED} questions. The sentence that is asked for is cited for "
            f"{sum(map(_cites, asked, (one.value for one in found)))} of them.",
            "",
            "| | ms by the clock (median) | ms of processor |",
            "| --- | --- | --- |",
            _row("a question, with its embedding", found),
            _row("its embedding alone", read),
            _row("a plain product with all passages, same run", _products(content, asked)),
            "",
            f"Before the first question: filling Chroma, once, {_told(filled)}; opening "
            f"{_told(opened)}.",
        ]
    )


def _cites(asked: Asked, found: Found) -> bool:
    return any(
        hit.document == asked.document and hit.start <= asked.place < hit.end
        for hit in found.passages
    )


def _products(content: Sequence[Prepared], asked: Sequence[Asked]) -> list[Timed]:
    vectors = np.concatenate([one.passage_vectors() for one in content])
    return [_timed(partial(np.vecdot, vectors, one.vector)) for one in asked]


def _row(name: str, timed: Sequence[Timed]) -> str:
    processor = statistics.median(one.processor for one in timed)
    return f"| {name} | {middle([one.wall for one in timed])} | {processor:.1f} |"


def _told(one: Timed) -> str:
    return f"{one.wall / 1000:.0f} s ({one.processor / 1000:.0f} s of processor)"


def _made(number: int) -> Prepared:
    """A document about one matter: its passages lie around it, their sentences around them."""
    chance = np.random.default_rng(number)
    sizes = chance.integers(3, 9, PER_DOCUMENT)
    words = chance.zipf(1.2, (int(sizes.sum()), TOLD)) % VOCABULARY
    told = [" ".join(f"word{one}" for one in row) + "." for row in words.tolist()]
    starts = np.cumsum([0, *(len(one) + 1 for one in told)])
    ends = np.cumsum(sizes)
    spans = np.stack([starts[:-1], starts[1:] - 1], axis=1).astype(np.int32)
    return Prepared(
        document_id=f"made-{number}",
        text=" ".join(told),
        embedder=Made.name,
        spans=spans,
        words=chance.integers(12, 32, len(told), np.int32),
        vectors=_clustered(chance, sizes).astype(np.float16),
        passages=np.stack([ends - sizes, ends], axis=1).astype(np.int32),
        chunks=np.stack([spans[::35, 0], np.append(spans[34:-1:35, 1], spans[-1, 1])], axis=1),
    )


def _clustered(chance: np.random.Generator, sizes: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
    shared = np.random.default_rng(0).standard_normal(Made.dimensions)
    passages = chance.standard_normal((len(sizes), Made.dimensions))
    around = 0.4 * shared + 0.3 * chance.standard_normal(Made.dimensions) + 0.5 * passages
    own = chance.standard_normal((int(sizes.sum()), Made.dimensions))
    return unit((np.repeat(around, sizes, axis=0) + 0.7 * own).astype(np.float32))


def _asking(content: Sequence[Prepared], number: int) -> Asked:
    chance = np.random.default_rng(number)
    one = content[int(chance.integers(len(content)))]
    at = int(chance.integers(len(one.words)))
    start, end = one.spans[at].tolist()
    noise = unit(chance.standard_normal(Made.dimensions).astype(np.float32))
    vector = unit(one.vectors[at].astype(np.float32) + 1.2 * noise)
    said = one.text[start:end].split()[0]
    text = f"How do I keep {said} going when the week is full of plans, number {number}?"
    return Asked(text, one.document_id, start, vector)


def _timed(work: Callable[[], Any]) -> Timed:
    wall, processor = time.perf_counter(), time.process_time()
    value = work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return Timed(value, wall * 1000, processor * 1000)
