"""Texts of many authors, cut for fitting the voice model: some to know, some to ask about."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.twins.voice.grams import FINE, VIEWS, Floats, Vectors, counted, weighed

BLOCK, CHUNK = 1_500, 150
MOST_WORDS, LEAST_WORDS = 60_000, 4_000
LENGTHS = (15, 30, 50, 150, 300)
MOST_PASSAGES = {15: 24, 30: 24, 50: 48, 150: 48, 300: 20}
_PIECE = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Cut:
    """One author's text in two: every second block is known.

    Attributes:
        known: Stretches of the known blocks, in order.
        passages: Stretches of the others, by their length in words.
    """

    author: str
    known: tuple[str, ...]
    passages: Mapping[int, tuple[str, ...]]


def read_authors(folder: Path) -> dict[str, list[str]]:
    """``KIND/AUTHOR__TITLE.txt`` or ``AUTHOR__TITLE.txt`` below a folder, by kind and author."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*__*.txt")):
        author = path.name.split("__")[0]
        found[f"{path.parent.name}/{author}"].append(path.read_text("utf-8"))
    return dict(found)


def cut(
    author: str, texts: Sequence[str], times: int = 1, block: int = BLOCK, every: int = 2
) -> Cut | None:
    """An author's text cut in two, None where it is too short.

    Args:
        times: How much more than usual is kept of it.
        block: Words of a block.
        every: The last of so many blocks is asked about, the others are known.
    """
    chance = random.Random(author)
    pieces = [piece for text in texts for piece in _PIECE.findall(text)]
    if len(pieces) < LEAST_WORDS:
        return None
    blocks = [pieces[at : at + block] for at in range(0, len(pieces) - block // 2, block)]
    if len(blocks) * block > MOST_WORDS * times:
        kept = sorted(chance.sample(range(len(blocks)), MOST_WORDS * times // block))
        blocks = [blocks[at] for at in kept]
    learnt = [one for number, one in enumerate(blocks) if number % every != every - 1]
    known = [part for one in learnt for part in _stretches(one, CHUNK)]
    asked = {}
    for length in LENGTHS:
        parts = [part for one in blocks[every - 1 :: every] for part in _stretches(one, length)]
        most = min(MOST_PASSAGES[length] * times, len(parts))
        asked[length] = tuple(chance.sample(parts, most))
    return Cut(author, tuple(known), asked)


def _stretches(pieces: Sequence[str], length: int) -> Iterator[str]:
    for start in range(0, len(pieces) - length + 1, length):
        yield "".join(pieces[start : start + length])


def cuts(
    authors: Mapping[str, Sequence[str]], times: int = 1, block: int = BLOCK, every: int = 2
) -> list[Cut]:
    """All authors who wrote enough."""
    found = (cut(author, texts, times, block, every) for author, texts in authors.items())
    return [one for one in found if one is not None]


def taken(vectors: Vectors, rows: NDArray[np.int64]) -> Vectors:
    """Some of the texts, in this order."""
    bounds = np.searchsorted(vectors.text, np.arange(vectors.texts + 1))
    sizes = (bounds[1:] - bounds[:-1])[rows]
    at = np.concatenate(
        [np.zeros(0, np.int64), *(np.arange(bounds[r], bounds[r + 1]) for r in rows)]
    )
    text = np.repeat(np.arange(len(rows)), sizes)
    return Vectors(text, vectors.key[at], vectors.value[at], len(rows))


class Counts:
    """All stretches and passages, counted once."""

    def __init__(self, found: Sequence[Cut]) -> None:
        self.authors = [one.author for one in found]
        self.known_of = np.repeat(np.arange(len(found)), [len(one.known) for one in found])
        known = [text for one in found for text in one.known]
        self.known = [counted(view, known) for view in (*VIEWS, FINE)]
        asked = [
            (number, length, text)
            for number, one in enumerate(found)
            for length, texts in one.passages.items()
            for text in texts
        ]
        self.asked_of = np.array([row[0] for row in asked])
        self.words = np.array([row[1] for row in asked])
        self.texts = [row[2] for row in asked]
        self.asked = [counted(view, self.texts) for view in (*VIEWS, FINE)]


def mean_rows(vectors: Vectors, rarity: Floats, of: NDArray[np.int64], count: int) -> Floats:
    """The mean weighed vector of each author."""
    one = weighed(vectors, rarity)
    total = np.zeros((count, len(rarity)), np.float32)
    np.add.at(total, (of[one.text], one.key), one.value)
    return total / np.maximum(np.bincount(of, minlength=count), 1)[:, None].astype(np.float32)
