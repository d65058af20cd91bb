"""A message as features: hashed words and pieces of words, and what can be counted of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.messages.hashing import Block, Grams, Hasher, blocks

LONGEST = 4_000
"""Characters of a message that are looked at."""
ADDRESS = re.compile(r"<email>|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
_SIMPLER = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\xa0": " "}
_BLANKS = bytes.maketrans(bytes(range(33)), b" " * 33)


class Text(NamedTuple):
    """A message as the model reads it; ``email`` tells which of its two sides weighs it."""

    email: bool
    subject: str
    body: str

    @property
    def whole(self) -> str:
        """Subject and body, as much of them as is looked at."""
        joined = f"{self.subject} \n {self.body}" if self.subject else self.body
        return joined[:LONGEST]


class View(NamedTuple):
    """One way to look at messages: its name, how many hashes it has, and its weight."""

    name: str
    size: int
    weight: float


VIEWS = (
    View("words", 1 << 18, 1.0),
    View("pieces", 1 << 19, 1.0),
    View("subject", 1 << 16, 0.5),
)
"""Words and pairs of neighbours; pieces of words; words and pairs of the subject."""


class Seen(NamedTuple):
    """The n-grams of one view: for each, its message's number and what it is; none twice.

    Attributes:
        message: The number of the message.
        key: The hash.
        times: How often the message holds it.
    """

    message: NDArray[np.int64]
    key: NDArray[np.int64]
    times: NDArray[np.int64]


def readable(text: str) -> bytes:
    """A text as it is hashed: small letters, plain signs, addresses hidden, blanks as spaces."""
    text = text.lower()
    if "@" in text or "<email>" in text:
        text = ADDRESS.sub(" emailaddr ", text)
    if not text.isascii():
        for sign, simple in _SIMPLER.items():
            text = text.replace(sign, simple)
    return text.encode("utf-8", "replace").translate(_BLANKS)


def sources(text: Text) -> tuple[bytes, bytes]:
    """What the views read: the whole, and the subject alone."""
    return readable(text.whole), readable(text.subject[:LONGEST])


def grams(view: View, block: Block) -> Iterator[Grams]:
    """The n-grams of a block of texts."""
    hasher = Hasher(block)
    return hasher.pieces(view.size) if view.name == "pieces" else hasher.words(view.size)


def seen(texts: Sequence[Text]) -> Iterator[tuple[View, Seen]]:
    """Every view of the texts, in blocks: a view comes as often as there are blocks of it."""
    whole, subjects = zip(*map(sources, texts), strict=True) if texts else ((), ())
    for view in VIEWS:
        source = subjects if view.name == "subject" else whole
        for first, block in blocks(source):
            yield view, _counted(view, first, list(grams(view, block)))


def _counted(view: View, first: int, found: list[Grams]) -> Seen:
    """N-grams counted: by sorting, because most of them are there once."""
    nothing = np.zeros(0, np.int64)
    both = np.concatenate([nothing, *(one.text * view.size + one.key for one in found)])
    ordered = np.sort(both.astype(np.uint32))
    begins = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] + np.uint32(1)))
    times = np.diff(begins, append=len(ordered))
    single = ordered[begins].astype(np.int64)
    return Seen(single // view.size + first, single % view.size, times)
