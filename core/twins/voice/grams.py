"""Texts as vectors: hashed n-grams of three ways to look at them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.twins.voice.text import distorted, habits, plain

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_LAST = np.uint64(0xBF58476D1CE4E5B9)
_FOLD = np.uint64(29)


class View(NamedTuple):
    """One way to look at a text.

    Attributes:
        bits: Of its hashes: it has two to the power of ``bits`` of them.
        lengths: Of its n-grams.
        read: What it reads of a plain text, as whole numbers.
    """

    name: str
    bits: int
    lengths: tuple[int, ...]
    read: Callable[[str], NDArray[np.uint64]]

    @property
    def size(self) -> int:
        """How many hashes it has."""
        return 1 << self.bits


def _signs(text: str) -> NDArray[np.uint64]:
    data = f" {text.lower()} ".encode("latin-1", "replace")
    return np.frombuffer(data, np.uint8).astype(np.uint64)


def _hidden_signs(text: str) -> NDArray[np.uint64]:
    return _signs(distorted(text))


def _habits(text: str) -> NDArray[np.uint64]:
    return np.array(habits(text), np.uint64)


VIEWS = (
    View("signs", 15, (3, 4, 5), _signs),
    View("hidden", 14, (3, 4, 5), _hidden_signs),
    View("habits", 15, (1, 2, 3), _habits),
)
"""Signs as written; signs with the content hidden; function words, marks and endings in order."""
FINE = View("fine", 17, (3, 4, 5), _signs)
"""Signs as written again, with so many hashes that few n-grams share one: too many to keep for each
other author, so that only what is fitted on all of them together is."""


class Vectors(NamedTuple):
    """Texts as sparse rows of one view, each of length 1.

    Attributes:
        text: For each entry, the number of its text.
        key: Its hash.
        value: How much it counts.
        texts: How many texts there are.
    """

    text: Places
    key: Places
    value: Floats
    texts: int

    def dense(self, size: int) -> Floats:
        """The rows in full."""
        rows = np.zeros((self.texts, size), np.float32)
        rows[self.text, self.key] = self.value
        return rows

    def sums(self, values: Floats) -> Floats:
        """For each text, the sum of what its entries are given."""
        return np.bincount(self.text, values, self.texts).astype(np.float32)


def counted(view: View, texts: Sequence[str]) -> Vectors:
    """How often each n-gram stands in each text."""
    found = [_keys(view, text) for text in texts]
    number = np.repeat(np.arange(len(found)), [len(keys) for keys in found])
    both = number * view.size + np.concatenate([np.zeros(0, np.int64), *found])
    single, times = np.unique(both, return_counts=True)
    return Vectors(
        single >> view.bits, single & (view.size - 1), times.astype(np.float32), len(found)
    )


def weighed(vectors: Vectors, rarity: Floats) -> Vectors:
    """Counts as weights: repeated n-grams count a little more, rare ones more, texts the same."""
    value = np.log1p(vectors.value) * rarity[vectors.key]
    norm = np.sqrt(vectors.sums(value * value))
    scaled = value / np.maximum(norm, 1e-9)[vectors.text]
    return vectors._replace(value=scaled.astype(np.float32))


def _keys(view: View, text: str) -> Places:
    signs = view.read(plain(text)) + np.uint64(1)
    return np.concatenate([_hashed(signs, length, view.bits) for length in view.lengths])


def _hashed(signs: NDArray[np.uint64], length: int, bits: int) -> Places:
    count = len(signs) - length + 1
    if count <= 0:
        return np.zeros(0, np.int64)
    hashes = np.full(count, length, np.uint64)
    for place in range(length):
        hashes = (hashes ^ signs[place : place + count]) * _FACTOR
        hashes ^= hashes >> _FOLD
    return ((hashes * _LAST) >> np.uint64(64 - bits)).astype(np.int64)
