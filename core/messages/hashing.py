"""Words and pieces of words as numbers: hashed n-grams of many texts at once, none by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

BLOCK = 1 << 16
"""Bytes that are hashed at once: what fits into a processor's cache."""
MOST_TEXTS = 1 << 12
"""Texts in one block: their number and a hash share 32 bits."""
SPACE = 32
_BASE = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_FOLD = np.uint64(29)
_NEXT = np.uint64(0xD6E8FEB86659FD93)
_MODULUS = 1 << 64
_USUAL = 17


class Grams(NamedTuple):
    """Where n-grams stand, and their hashes: one row each, in no order.

    Attributes:
        text: The number of the text that it stands in.
        key: Its hash, below the size that was asked for.
        start: Where it begins in ``Block.data``.
        length: How many bytes it has.
    """

    text: Places
    key: Places
    start: Places
    length: Places | int


class Block(NamedTuple):
    """Some texts, one after the other, with a space around each.

    Attributes:
        data: Their bytes, no two spaces together.
        text: For each byte, the number of its text.
        origin: For each byte, its place in the text as it was given.
    """

    data: Bytes
    text: Places
    origin: Places


def blocks(texts: Sequence[bytes]) -> Iterator[tuple[int, Block]]:
    """The texts in blocks of bounded size, with the number of each block's first text."""
    first = size = 0
    for number, text in enumerate(texts):
        if size and (size + len(text) > BLOCK or number - first >= MOST_TEXTS):
            yield first, _block(texts[first:number])
            first, size = number, 0
        size += len(text) + 2
    if first < len(texts):
        yield first, _block(texts[first:])


def _block(texts: Sequence[bytes]) -> Block:
    data = np.frombuffer(b"".join(b" %b " % text for text in texts), np.uint8)
    lengths = np.fromiter((len(text) + 2 for text in texts), np.int64, len(texts))
    number = np.repeat(np.arange(len(texts)), lengths)
    begins = np.cumsum(lengths) - lengths
    origin = np.arange(len(data)) - begins[number] - 1
    space = data == SPACE
    keep = np.ones(len(data), bool)
    keep[1:] = ~(space[1:] & space[:-1] & (number[1:] == number[:-1]))
    return Block(data[keep], number[keep], origin[keep])


class Hasher:
    """Hashes any stretch of a block by two look-ups: a rolling polynomial modulo 2 to the 64."""

    def __init__(self, block: Block) -> None:
        self.block = block
        powers, self._inverse = _powers(len(block.data))
        running = np.cumsum((block.data.astype(np.uint64) + np.uint64(1)) * powers)
        self._before = np.concatenate([np.zeros(1, np.uint64), running])

    def stretches(self, start: Places, length: Places | int) -> Hashes:
        """A hash of each stretch that begins at ``start``; the same bytes give the same one."""
        between: Hashes = self._before[start + length] - self._before[start]
        return between * self._inverse[start]

    def pieces(self, size: int, lengths: Sequence[int], *, across: bool = False) -> Iterator[Grams]:
        """Pieces of so many bytes: of a word with at most a space on each side, or of anything."""
        data, text, _ = self.block
        spaces = np.cumsum(data == SPACE, dtype=np.int32)
        for length in lengths:
            count = len(data) - length + 1
            if count <= 0:
                continue
            hashes = self._before[length:] - self._before[:count]
            hashes *= self._inverse[:count]
            hashes += np.uint64(length)
            inside = text[length - 1 :] == text[:count]
            if not across:
                inside &= spaces[length - 2 : length - 2 + count] == spaces[:count]
            start = np.flatnonzero(inside)
            yield Grams(text[start], _key(hashes[start], size), start, length)

    def words(self, size: int) -> Iterator[Grams]:
        """Words, and pairs of neighbours."""
        data, text, _ = self.block
        within = _IS_WORD[data]
        edges = np.flatnonzero(np.diff(within.astype(np.int8)))
        start, end = edges[::2] + 1, edges[1::2] + 1
        hashes = self.stretches(start, end - start) * _NEXT
        yield Grams(text[start], _key(hashes, size), start, end - start)
        pair = text[start[:-1]] == text[start[1:]]
        both = hashes[:-1] * _NEXT + hashes[1:]
        first, last = start[:-1][pair], end[1:][pair]
        yield Grams(text[first], _key(both[pair], size), first, last - first)


def _key(hashes: Hashes, size: int) -> Places:
    mixed = (hashes ^ (hashes >> _FOLD)) * _MIX
    return (mixed >> np.uint64(64 - size.bit_length() + 1)).astype(np.int64)


def _powers(count: int) -> tuple[Hashes, Hashes]:
    """The base's powers and their inverses, as many as a block needs."""
    powers, inverse = _all_powers(max(count.bit_length(), _USUAL))
    return powers[:count], inverse


@lru_cache(maxsize=4)
def _all_powers(bits: int) -> tuple[Hashes, Hashes]:
    found = []
    for base in (_BASE, pow(_BASE, -1, _MODULUS)):
        factors = np.full(1 << bits, base, np.uint64)
        factors[0] = 1
        found.append(np.cumprod(factors))
    return found[0], found[1]


def _word_bytes() -> NDArray[np.bool_]:
    letters = b"abcdefghijklmnopqrstuvwxyz0123456789$"
    table = np.zeros(256, bool)
    table[np.frombuffer(letters, np.uint8)] = True
    table[128:] = True
    return table


_IS_WORD = _word_bytes()
