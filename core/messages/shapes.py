"""What can be counted of a message without reading it: capitals, digits, signs, links, length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class Shape(NamedTuple):
    """One thing that is counted, and the steps at which it says something more.

    Attributes:
        words: What a person calls it; empty where it says nothing to a person.
        edges: Each edge that the count is above is one feature.
    """

    words: str
    edges: tuple[float, ...]


SHAPES: dict[str, Shape] = {
    "capitals": Shape("many capital letters", (0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7)),
    "shouted": Shape("words in capitals", (0, 1, 2, 4, 8, 16)),
    "exclamations": Shape("exclamation marks", (0, 1, 2, 4, 8)),
    "questions": Shape("question marks", (0, 1, 3)),
    "digits": Shape("many digits", (0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2)),
    "longest_number": Shape("a long number", (0, 1, 2, 3, 4, 5, 7, 9, 10)),
    "money": Shape("sums of money", (0, 1, 2, 4)),
    "links": Shape("links", (0, 1, 2, 4)),
    "length": Shape("its length", (20, 40, 80, 120, 140, 160, 300, 600, 1200)),
    "quoted": Shape("", (0, 2, 5)),
    "lines": Shape("", (0.2, 0.6, 1, 2, 4)),
    "gaps": Shape("", (0, 1, 3, 6)),
    "foreign": Shape("", (0, 0.02, 0.2)),
    "subject_capitals": Shape("capital letters in the subject", (0.15, 0.3, 0.5, 0.8)),
    "subject_exclamations": Shape("exclamation marks in the subject", (0, 1, 2)),
    "subject_answers": Shape("", (0,)),
    "subject_tag": Shape("", (0,)),
    "subject_tail": Shape("", (0,)),
}
"""Everything that is counted: the order of the features in the parameters file."""
_SPACES = (9, 10, 13, 32)
_ANSWERS = (b"re:", b"fw:", b"fwd:")


def shape_features(subjects: Sequence[bytes], bodies: Sequence[bytes]) -> NDArray[np.float32]:
    """One row a message, one column an edge: 1 where the count is above it."""
    whole = _Counter([b"%b\n%b" % both for both in zip(subjects, bodies, strict=True)])
    head = _Counter(subjects)
    counts = {name: count(whole) for name, count in _COUNTS.items()}
    counts["subject_capitals"] = _capitals(head)
    counts["subject_exclamations"] = head.count(b"!")
    counts["subject_answers"] = _each(subjects, lambda s: s.lstrip().lower().startswith(_ANSWERS))
    counts["subject_tag"] = head.count(b"[")
    counts["subject_tail"] = _each(subjects, lambda s: b"   " in s.strip())
    columns = [
        counts[name][:, None] > np.array(shape.edges)[None, :] for name, shape in SHAPES.items()
    ]
    return np.hstack(columns).astype(np.float32)


def shape_names() -> list[str]:
    """For each feature, the shape that it belongs to."""
    return [name for name, shape in SHAPES.items() for _ in shape.edges]


class _Counter:
    """The bytes of some texts, and sums over each of them."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        lengths = np.fromiter((len(text) + 2 for text in texts), np.int64, len(texts))
        self.data = np.frombuffer(b"\n\0".join([*texts, b""]), np.uint8)
        self.bounds = np.concatenate([[0], np.cumsum(lengths)])
        self.begins = self.bounds[:-1]
        self.length = np.maximum(lengths - 2, 1).astype(float)

    def sums(self, flags: NDArray[np.bool_]) -> Numbers:
        """How often it holds in each text."""
        found = np.searchsorted(np.flatnonzero(flags), self.bounds)
        return np.diff(found).astype(float)

    def where(self, pattern: bytes) -> NDArray[np.bool_]:
        """Where these bytes begin."""
        found: NDArray[np.bool_] = self.data == pattern[0]
        for offset, byte in enumerate(pattern[1:], 1):
            found[:-offset] &= self.data[offset:] == byte
            found[-offset:] = False
        return found

    def count(self, *patterns: bytes) -> Numbers:
        """How often any of these stands in each text."""
        return sum((self.sums(self.where(pattern)) for pattern in patterns), np.zeros(1))

    def between(self, low: int, high: int) -> NDArray[np.bool_]:
        """The bytes of a range."""
        return (self.data >= low) & (self.data <= high)

    def runs(self, flags: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Begin and end of each unbroken stretch."""
        edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
        return edges[::2], edges[1::2]

    def text_of(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of the text in which a byte stands."""
        return np.searchsorted(self.begins, places, "right") - 1


def _each(texts: Sequence[bytes], holds: Callable[[bytes], bool]) -> Numbers:
    return np.fromiter((holds(text) for text in texts), float, len(texts))


def _capitals(texts: _Counter) -> Numbers:
    upper = texts.between(65, 90)
    return texts.sums(upper) / np.maximum(texts.sums(upper | texts.between(97, 122)), 1)


def _shouted(texts: _Counter) -> Numbers:
    begin, end = texts.runs(texts.between(65, 90))
    data = np.concatenate([texts.data, [32]])
    small = ((data >= 97) & (data <= 122)) | (data == 39)
    alone = (end - begin >= 3) & ~small[end] & ~((begin > 0) & small[begin - 1])
    return np.bincount(texts.text_of(begin[alone]), minlength=len(texts.begins)).astype(float)


def _longest_number(texts: _Counter) -> Numbers:
    begin, end = texts.runs(texts.between(48, 57))
    longest = np.zeros(len(texts.begins))
    np.maximum.at(longest, texts.text_of(begin), end - begin)
    return longest


def _gaps(texts: _Counter) -> Numbers:
    """Two empty lines or more, whatever blanks stand in them."""
    solid = np.flatnonzero((texts.data != 32) & (texts.data != 9) & (texts.data != 13))
    line = texts.data[solid] == 10
    three = np.zeros(len(texts.data), bool)
    three[solid[2:]] = line[2:] & line[1:-1] & line[:-2]
    return texts.sums(three)


def _lines(texts: _Counter) -> Numbers:
    found: Numbers = texts.count(b"\n") / texts.length * 40
    return found


_COUNTS: dict[str, Callable[[_Counter], Numbers]] = {
    "capitals": _capitals,
    "shouted": _shouted,
    "exclamations": lambda texts: texts.count(b"!"),
    "questions": lambda texts: texts.count(b"?"),
    "digits": lambda texts: texts.sums(texts.between(48, 57)) / texts.length,
    "longest_number": _longest_number,
    "money": lambda texts: texts.count(b"$", "£".encode(), "€".encode(), b"0p ", b"0p/"),
    "links": lambda texts: texts.count(b"://", b"www.", b".com", b".co.uk"),
    "length": lambda texts: texts.length,
    "quoted": lambda texts: texts.count(b"\n>", b"\n|", b"\n)"),
    "lines": _lines,
    "gaps": _gaps,
    "foreign": lambda texts: texts.sums(texts.data >= 128) / texts.length,
}
