"""What a creator's content says: finds the passages that answer, or says that none does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.domain.errors import Conflict
from core.twins.knowledge.content import Prepared
from core.twins.knowledge.embedding import Embedder, Floats, unit
from core.twins.knowledge.scoring import (
    SIGNS,
    Field,
    Indices,
    Usual,
    cover_signs,
    field,
    least_words,
    moved,
    narrowed,
    signs,
)
from core.twins.knowledge.sieve import Candidates, Sieve
from core.twins.knowledge.spans import Span
from core.twins.knowledge.weights import Weights, fitted
from core.twins.knowledge.words import WordIndex

EXACT = 60_000
"""Content of up to so many sentences is looked through whole; of more, some passages are."""
_LOOKED_AT = 60
"""Windows that are compared with each other for what they add."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage and its cosine with the question."""

    span: Span
    score: float


@dataclass(frozen=True)
class Hit:
    """A passage that may answer.

    Attributes:
        document: Id of its document.
        start: Its first character.
        end: The character after its last.
        score: How well it fits, comparable within one question.
        chunk: The chunk that holds its beginning, to read around it.
        sentences: Its sentences in their order, each with how well it fits by itself.
    """

    document: str
    start: int
    end: int
    score: float
    chunk: Span
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Found:
    """What was found for a question.

    Attributes:
        passages: Best first, none over another; also where ``declined``.
        covered: The probability that the content answers the question.
        declined: Whether that is below the threshold.
    """

    passages: tuple[Hit, ...]
    covered: float
    declined: bool


@dataclass(frozen=True)
class Looked:
    """What was seen of a question's windows before anything was chosen.

    Attributes:
        field: The sentences that were looked at.
        rows: Which of all sentences these are.
        starts: First of these sentences of each window.
        signs: The signs of the windows.
        ranks: What they come to.
        cosines: The cosine of each sentence with the question.
        cover: What is known of whether the content answers.
    """

    field: Field
    rows: Indices
    starts: Indices
    signs: Floats
    ranks: Floats
    cosines: Floats
    cover: dict[str, float]


class Knowledge:
    """The content of one creator, ready to be asked.

    Args:
        prepared: The documents.
        embedder: The one that they were prepared with.
        weights: How the signs of a passage add up; those that are shipped where None.
        index: Where content is big, gives the passages to look at. Where it cannot (it is gone,
            broken, or of another version), every passage is compared instead, which is slower.

    Raises:
        Conflict: If a document was prepared with another embedder.
    """

    def __init__(
        self,
        prepared: Sequence[Prepared],
        embedder: Embedder,
        weights: Weights | None = None,
        index: Candidates | None = None,
    ) -> None:
        for one in prepared:
            if one.embedder != embedder.name:
                raise Conflict(
                    f"{one.document_id} was read with another embedding model than the one in use.",
                    fix="Train the twin again.",
                )
        self._prepared = tuple(prepared)
        self._embedder = embedder
        self._weights = weights or fitted()
        self._field = field(self._prepared, embedder.dimensions)
        self._offsets = np.cumsum([0, *(len(one.words) for one in self._prepared)])
        self._every = np.arange(len(self._field))
        self._least = least_words(self._prepared)
        self._sieve = Sieve(self._prepared, index) if len(self._field) > EXACT else None
        texts = [one.text[a:b] for one in self._prepared for a, b in one.passage_spans()]
        self._words = WordIndex(texts)
        self._passage_of = _passage_of(self._prepared)

    def find(self, question: str, k: int = 5) -> Found:
        """The passages that fit a question best, and whether they answer it.

        An index that cannot be read does not matter: see ``index`` above.
        """
        looked = self.look(question)
        if looked is None:
            return Found((), 0.0, True)
        covered = _probability(self._weights, looked.cover)
        return Found(self.hits(looked, k), covered, covered < self._weights.threshold)

    def hits(self, looked: Looked, k: int) -> tuple[Hit, ...]:
        """The best of what was seen, best first."""
        return tuple(self._hit(looked, one) for one in self._chosen(looked, k))

    def windows(self, looked: Looked) -> list[Span]:
        """Where the windows are that were looked at, each in its document."""
        spans = (self._spans(looked, int(start)) for start in looked.starts)
        return [Span(one[0].start, one[-1].end) for one in spans]

    def pairs(self) -> tuple[float, float]:
        """The cosine of two sentences of this content: its mean and its standard deviation."""
        return self._pairs

    def look(self, question: str) -> Looked | None:
        """All that is known of the windows that may answer; None where there is nothing."""
        if not len(self._field) or not question.strip():
            return None
        asked = self._embedder.embed_question(question)
        shares = self._words.shares(question)
        seen, rows, starts = self._seen(asked, shares)
        cosines = np.vecdot(seen.vectors, asked)
        found = signs(seen, cosines, shares[self._passage_of[rows]], starts)
        if not self._embedder.name.startswith(self._weights.embedder):
            found = moved(found, self.pairs(), (self._weights.mean, self._weights.spread))
        weights = np.array([self._weights.rank.get(one, 0.0) for one in SIGNS], np.float32)
        ranks = np.vecdot(found, weights)
        return Looked(seen, rows, starts, found, ranks, cosines, cover_signs(found))

    @cached_property
    def _pairs(self) -> tuple[float, float]:
        return Usual.of(self._field).pairs() if len(self._field) else (0.0, 1.0)

    def _seen(self, asked: Floats, shares: Floats) -> tuple[Field, Indices, Indices]:
        """The sentences to look at, which of all they are, and where the windows to weigh begin."""
        if self._sieve is None:
            return self._field, self._every, self._every
        rows, near = self._sieve.rows(asked, shares)
        return narrowed(self._field, rows), rows, np.searchsorted(rows, near)

    def _chosen(self, looked: Looked, k: int) -> list[int]:
        """The best windows, none over another, each a little for what it adds to those before.

        Carbonell and Goldstein 1998, maximal marginal relevance.
        """
        left = _apart(looked, self._least, _LOOKED_AT)
        vectors = _sums(looked.field, looked.starts[left])
        worth = looked.ranks[left].astype(np.float64)
        nearest = np.zeros(len(left))
        chosen: list[int] = []
        while len(chosen) < min(k, len(left)):
            best = int(np.argmax(worth - self._weights.alike * nearest))
            chosen.append(left[best])
            worth[best] = -np.inf
            nearest = np.maximum(nearest, np.vecdot(vectors, vectors[best]))
        return chosen

    def _spans(self, looked: Looked, start: int) -> list[Span]:
        """The sentences of the window that begins at one of those looked at."""
        first = int(looked.rows[start])
        last = first + int(looked.field.last[start]) - start
        at = int(looked.field.documents[start])
        offset = int(self._offsets[at])
        held = self._prepared[at].spans[first - offset : last - offset]
        return [Span(int(a), int(b)) for a, b in held]

    def _hit(self, looked: Looked, which: int) -> Hit:
        start = int(looked.starts[which])
        spans = self._spans(looked, start)
        one = self._prepared[int(looked.field.documents[start])]
        chunk = max(0, int(np.searchsorted(one.chunks[:, 0], spans[0].start, side="right")) - 1)
        scores = looked.cosines[start : start + len(spans)].tolist()
        return Hit(
            document=one.document_id,
            start=spans[0].start,
            end=spans[-1].end,
            score=float(looked.ranks[which]),
            chunk=Span(*map(int, one.chunks[chunk])),
            sentences=tuple(map(Sentence, spans, scores)),
        )


def _sums(field: Field, starts: Indices) -> Floats:
    """The vector of each window, of length 1."""
    sizes = field.last[starts] - starts
    edges = np.cumsum(sizes) - sizes
    rows = np.repeat(starts - edges, sizes) + np.arange(sizes.sum())
    weighed = field.vectors[rows] * field.words[rows, None]
    return unit(np.add.reduceat(weighed, edges, axis=0))


def _apart(looked: Looked, least: Floats, most: int) -> list[int]:
    """The best windows that do not lie over a better one and are not mere scraps."""
    ends = looked.field.last[looked.starts]
    sums = np.concatenate([[0.0], np.cumsum(looked.field.words, dtype=np.float64)])
    scraps = sums[ends] - sums[looked.starts] < least[looked.field.documents[looked.starts]]
    taken = bytearray(len(looked.field))
    found: list[int] = []
    for one in np.lexsort((-looked.ranks, scraps)).tolist():
        if len(found) == most or (scraps[one] and found):
            break
        start, end = int(looked.starts[one]), int(ends[one])
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            found.append(one)
    return found


def _passage_of(prepared: Sequence[Prepared]) -> Indices:
    """For each sentence of all documents, the number of its passage among all passages."""
    sizes = [np.diff(one.passages, axis=1).ravel() for one in prepared]
    if not sizes:
        return np.zeros(0, np.int64)
    together = np.concatenate(sizes)
    return np.repeat(np.arange(len(together)), together)


def _probability(weights: Weights, cover: dict[str, float]) -> float:
    odds = weights.start + sum(weights.covered.get(name, 0.0) * cover[name] for name in cover)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
