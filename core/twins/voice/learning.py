"""A creator's direction in a view: where their passages stand apart from other authors'."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.twins.voice.background import Side, units
from core.twins.voice.grams import Floats, Vectors

CHUNK = 150
"""Words of a stretch of known text."""
MOST_CHUNKS = 400
STIFFNESS = 1.0
"""What a long direction costs: ridge regression's penalty."""
PER_VIEW = 4
"""Numbers that a view with other authors says of a passage, the plain cosine first."""
NEAR, NEARER = 10, 3
"""Of how many other authors that are nearest to a passage it is held against."""
PARTS, FEW = 5, 10
"""Parts of the known text that are kept out in turn; where stretches are few, each is a part."""
BELIEF = 4.0
"""Stretches of a usual author that a creator's own level starts from."""
Places = NDArray[np.int64]
Wide = NDArray[np.float64]


class Direction(NamedTuple):
    """What a view knows of a creator.

    Attributes:
        sums: By hash, in columns: the middle of what they wrote; what sets it apart from others.
        start: What the sums start from.
        others: Which of the other authors it is held against: none that is the creator.
        level: What the creator's own stretches get when they are kept out, and how they differ.
    """

    sums: Floats
    start: Floats
    others: NDArray[np.bool_]
    level: Floats

    def scores(self, side: Side, vectors: Vectors, other: Floats) -> Floats:
        """What the view says of each passage, and then the same against the creator's own level.

        Args:
            other: The passages' cosines with all other authors.
        """
        found = compared(side.along(vectors, self.sums, self.start), other[:, self.others])
        return np.hstack([found, (found - self.level[0]) / self.level[1]])


def compared(own: Floats, other: Floats) -> Floats:
    """For each passage: its cosine, that beyond the nearest others, how far it is set apart."""
    if not other.shape[1]:
        return own
    nearest = np.sort(other, axis=1)
    beyond = [own[:, 0] - nearest[:, -count:].mean(axis=1) for count in (NEAR, NEARER)]
    return np.stack([own[:, 0], *beyond, own[:, 1]], axis=1)


def learnt(side: Side, vectors: Vectors, others: NDArray[np.bool_]) -> Direction:
    """A creator's direction, from stretches of their text against the other authors."""
    sums, unseen = directed(side, vectors, others)
    kept = others[: len(side.authors)]
    return Direction(sums, side.mean @ sums, kept, level_of(unseen, side.usual))


def directed(side: Side, vectors: Vectors, others: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The sums of a direction, and what own stretches get where they are kept out."""
    if not len(side.authors):
        return _alone(side, vectors)
    own = side.standing(vectors)
    rows = np.concatenate([own, side.authors[others]])
    alike = (rows @ rows.T).astype(np.float64)
    apart = _shares(alike, len(own)).astype(np.float32) @ rows
    middle = units(own.mean(axis=0, keepdims=True))[0]
    sums = np.stack([middle, apart], axis=1) * side.scale[:, None]
    return sums, kept_out(alike, len(own))


def _alone(side: Side, vectors: Vectors) -> tuple[Floats, Floats]:
    """The same in a view that knows no other author: the middle only."""
    part = parts_of(vectors.texts)
    totals = side.totals(vectors, part)
    whole = totals.sum(axis=0)
    sums = units(whole[None]).T * side.scale[:, None]
    if len(totals) == 1:
        return sums, np.zeros((0, 1), np.float32)
    rest = units(whole - totals).T * side.scale[:, None]
    every = side.along(vectors, rest, side.mean @ rest)
    return sums, every[np.arange(len(part)), part][:, None]


def parts_of(count: int) -> Places:
    """For each of so many stretches, the part that it is kept out with."""
    return np.arange(count) * (count if count < FEW else PARTS) // count


def kept_out(alike: Wide, count: int) -> Floats:
    """What own stretches get of a direction learnt from the creator's other parts.

    Args:
        alike: Cosines of the creator's stretches and, after them, the other authors.
        count: How many stretches there are.
    """
    part = parts_of(count)
    if part[-1] == 0:
        return np.zeros((0, PER_VIEW), np.float32)
    found = np.zeros((count, PER_VIEW), np.float32)
    for number in range(part[-1] + 1):
        here = np.flatnonzero(part == number)
        rest = np.delete(np.arange(len(alike)), here)
        known = rest[: count - len(here)]
        middle = alike[np.ix_(here, known)].mean(axis=1)
        middle /= np.sqrt(alike[np.ix_(known, known)].mean())
        apart = alike[np.ix_(here, rest)] @ _shares(alike[np.ix_(rest, rest)], len(known))
        own, other = np.stack([middle, apart], axis=1), alike[here, count:]
        found[here] = compared(own.astype(np.float32), other.astype(np.float32))
    return found


def level_of(unseen: Floats, usual: Floats) -> Floats:
    """The middle and the spread of what own stretches get, starting from what is usual."""
    count = len(unseen)
    middle = (unseen.sum(axis=0) + BELIEF * usual[0]) / (count + BELIEF)
    squares = ((unseen - middle) ** 2).sum(axis=0) + 2 * BELIEF * usual[1] ** 2
    return np.stack([middle, np.sqrt(squares / (count + 2 * BELIEF))]).astype(np.float32)


def _shares(alike: Wide, count: int) -> Wide:
    """How much each row is of the direction that sets the first ones apart from the others."""
    sizes = np.array([count, len(alike) - count])
    target = np.repeat(np.array([1.0, -1.0]), sizes)
    weight = np.repeat(len(alike) / 2 / sizes, sizes)
    return np.linalg.solve(alike + STIFFNESS * np.diag(1 / weight), target)
