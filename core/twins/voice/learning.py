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
"""Numbers that a view says of a passage, the plain cosine first."""
NEAR, NEARER = 10, 3
"""Of how many other authors that are nearest to a passage it is held against."""


class Direction(NamedTuple):
    """What a view knows of a creator.

    Attributes:
        sums: By hash, two columns: the middle of what they wrote; what sets it apart from others.
        start: What the two sums start from.
        others: Which of the other authors it is held against: none that is the creator.
    """

    sums: Floats
    start: Floats
    others: NDArray[np.bool_]

    def scores(self, side: Side, vectors: Vectors, other: Floats) -> Floats:
        """For each passage: its cosine, that beyond the nearest others, how far it is set apart.

        Args:
            other: The passages' cosines with all other authors.
        """
        own = side.along(vectors, self.sums, self.start)
        nearest = np.sort(other[:, self.others], axis=1)
        beyond = [own[:, 0] - nearest[:, -count:].mean(axis=1) for count in (NEAR, NEARER)]
        return np.stack([own[:, 0], *beyond, own[:, 1]], axis=1)


def learnt(side: Side, vectors: Vectors, others: NDArray[np.bool_]) -> Direction:
    """A creator's direction, from stretches of their text against the other authors."""
    own = side.standing(vectors)
    against = side.authors[others]
    rows = np.concatenate([own, against])
    count = np.array([len(own), len(against)])
    target = np.repeat(np.array([1.0, -1.0]), count)
    weight = np.repeat(len(rows) / 2 / count, count)
    alike = (rows @ rows.T).astype(np.float64)
    share = np.linalg.solve(alike + STIFFNESS * np.diag(1 / weight), target)
    apart = (share.astype(np.float32) @ rows) * side.scale
    middle = units(own.mean(axis=0, keepdims=True))[0] * side.scale
    sums = np.stack([middle, apart], axis=1)
    return Direction(sums, side.mean @ sums, others)
