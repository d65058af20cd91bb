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
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
HIDDEN = " emailaddr "
"""What stands for an address; ``<email>`` is how addresses are hidden elsewhere."""
_SIMPLER = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\xa0": " "}
_BLANKS = bytes.maketrans(bytes(range(33)), b" " * 33)
_BLANKS_IN_LINE = bytes.maketrans(bytes(range(33)), b" " * 10 + b"\n" + b" " * 22)


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
    """One way to look at messages.

    Attributes:
        size: How many hashes it has.
        weight: What it counts beside the others.
        subject: Whether it reads the subject alone.
        email: Whether it reads e-mail alone.
        written: Whether it reads capitals and line ends as they are written.
        lengths: Of its stretches, in bytes; none where it reads words and pairs of neighbours.
        across: Whether a stretch may go from one word into the next.
    """

    name: str
    size: int
    weight: float
    subject: bool = False
    email: bool = False
    written: bool = False
    lengths: tuple[int, ...] = ()
    across: bool = False


VIEWS = (
    View("words", 1 << 18, 1.0),
    View("pieces", 1 << 19, 1.0, lengths=(2, 3, 4, 5)),
    View("subject", 1 << 16, 0.5, subject=True),
    View("written", 1 << 18, 1.0, email=True, written=True, lengths=(3, 4), across=True),
    View("heading", 1 << 16, 0.5, True, True, written=True, lengths=(1, 2, 3, 4), across=True),
)
"""Words and pieces of words; words of the subject; whatever stands side by side in an e-mail."""


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


def readable(text: str, *, written: bool = False) -> bytes:
    """A text as it is hashed: small letters, plain signs, addresses hidden, blanks as spaces.

    Args:
        written: Keep capitals and line ends.
    """
    text = text if written else text.lower()
    text = text.replace("<email>", HIDDEN)
    if "@" in text:
        text = ADDRESS.sub(HIDDEN, text)
    if not text.isascii():
        for sign, simple in _SIMPLER.items():
            text = text.replace(sign, simple)
    return text.encode("utf-8", "replace").translate(_BLANKS_IN_LINE if written else _BLANKS)


def source(view: View, text: Text) -> bytes:
    """What a view reads of a text."""
    if view.email and not text.email:
        return b""
    part = text.subject[:LONGEST] if view.subject else text.whole
    return readable(part, written=view.written)


def grams(view: View, block: Block) -> Iterator[Grams]:
    """The n-grams of a block of texts."""
    hasher = Hasher(block)
    if not view.lengths:
        return hasher.words(view.size)
    return hasher.pieces(view.size, view.lengths, across=view.across)


def seen(texts: Sequence[Text]) -> Iterator[tuple[View, Seen]]:
    """Every view of the texts, in blocks: a view comes as often as there are blocks of it."""
    read: dict[tuple[bool, ...], list[bytes]] = {}
    for view in VIEWS:
        how = (view.subject, view.email, view.written)
        if how not in read:
            read[how] = [source(view, text) for text in texts]
        for first, block in blocks(read[how]):
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
