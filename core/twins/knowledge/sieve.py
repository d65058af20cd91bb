"""Which passages of big content are worth a look, before its sentences are weighed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np

from core.domain.errors import StorageFailed
from core.twins.knowledge.content import Prepared
from core.twins.knowledge.embedding import Floats
from core.twins.knowledge.scoring import Indices

CANDIDATES, BY_WORDS = 160, 40
"""Passages that are looked at for what they mean, and for the question's words in them."""
_BEFORE, _AROUND = 3, 14
"""Sentences before a candidate where a window may begin, and around that which are looked at."""


class Candidates(Protocol):
    """Passages that may fit, from an index that is quick where there are many."""

    def nearest(self, vector: Floats, count: int) -> list[tuple[str, int]]:
        """Document and number of the passages nearest to a vector, nearest first."""


class Sieve:
    """The passages of all documents, to choose from.

    Args:
        prepared: The documents.
        index: Gives the nearest passages. Without one, where it cannot be read, and where it
            holds another version's content, the question is compared with every passage.
    """

    def __init__(self, prepared: Sequence[Prepared], index: Candidates | None) -> None:
        self._prepared, self._index = tuple(prepared), index
        counts = [len(one.passages) for one in prepared]
        offsets = np.cumsum([0, *(len(one.words) for one in prepared)])
        owners = np.repeat(np.arange(len(counts)), counts)
        self._begin, self._end = offsets[:-1][owners], offsets[1:][owners]
        edges = np.concatenate([np.zeros((0, 2), np.int64), *(one.passages for one in prepared)])
        self._first, self._last = (edges + self._begin[:, None]).T
        self._numbers = {
            one.document_id: range(end - count, end)
            for one, count, end in zip(prepared, counts, np.cumsum(counts).tolist(), strict=True)
        }

    def rows(self, asked: Floats, shares: Floats) -> tuple[Indices, Indices]:
        """The sentences to look at, and those of them where a window to weigh may begin.

        Args:
            asked: The question's vector.
            shares: The question's words that each passage holds.
        """
        by_words = _best(shares, BY_WORDS)
        near = np.union1d(self._nearest(asked), by_words[shares[by_words] > 0])
        begin, end = self._begin[near], self._end[near]
        first, last = self._first[near], self._last[near]
        around = np.maximum(begin, first - _AROUND), np.minimum(end, last + _AROUND)
        return _ranges(*around), _ranges(np.maximum(begin, first - _BEFORE), last)

    def _nearest(self, asked: Floats) -> Indices:
        found = self._indexed(asked)
        if not found or None in found:
            return _best(np.vecdot(self._vectors, asked), CANDIDATES)
        return np.array(found, np.int64)

    def _indexed(self, asked: Floats) -> list[int | None]:
        """What the index says: the numbers of passages, None for one that is not of these."""
        if self._index is None:
            return []
        try:
            named = self._index.nearest(asked, CANDIDATES)
        except StorageFailed:
            return []
        held = [(self._numbers.get(document, range(0)), number) for document, number in named]
        return [numbers[one] if one < len(numbers) else None for numbers, one in held]

    @cached_property
    def _vectors(self) -> Floats:
        return np.concatenate([one.passage_vectors() for one in self._prepared])


def _best(scores: Floats, most: int) -> Indices:
    if len(scores) <= most:
        return np.arange(len(scores))
    return np.argpartition(-scores, most)[:most]


def _ranges(first: Indices, last: Indices) -> Indices:
    """Every number of all the ranges, once, in order."""
    sizes = last - first
    return np.unique(np.repeat(last - np.cumsum(sizes), sizes) + np.arange(sizes.sum()))
