"""What stands together in the content that the method does not name."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.twins.progress.blocks import Block

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]
FEWEST, MOST_CLUSTERS, BLOCKS_EACH = 6, 8, 10
"""Fewer blocks make no clusters; there is one for about so many blocks."""
NAMED_BY = 3
_VOCABULARY, _MEANINGS, _COMMON = 2_000, 40, 0.4
_ROUNDS, _STARTS, _SEED = 30, 6, 7
_SHORTEST_NAME = 4


def clusters(
    found: Sequence[Block], vectors: Floats | None = None
) -> list[tuple[tuple[str, ...], list[Block]]]:
    """Blocks that belong together, with the stems that tell each cluster, the largest first.

    Args:
        found: What is put in order.
        vectors: What each block means, one row a block; None takes it from the words alone
            (latent semantic analysis; Deerwester et al. 1990).
    """
    if len(found) < FEWEST:
        return []
    rows = _meanings(found) if vectors is None else _unit(vectors.astype(np.float64))
    if not rows.any():
        return []
    belongs = _together(rows, max(2, min(MOST_CLUSTERS, len(found) // BLOCKS_EACH)))
    grouped = []
    for number in sorted(set(belongs.tolist())):
        members = [block for block, own in zip(found, belongs, strict=True) if own == number]
        names = _telling(members, found)
        if names:
            grouped.append((names, members))
    return sorted(grouped, key=lambda pair: (-sum(one.words for one in pair[1]), pair[0]))


def _telling(members: Sequence[Block], found: Sequence[Block]) -> tuple[str, ...]:
    """The stems that are in many of a cluster's blocks, and in few others."""
    inside = Counter(stem for block in members for stem in block.stems)
    everywhere = Counter(stem for block in found for stem in block.stems)
    share = len(members) / len(found)
    worth = {
        one: count * math.log(count / (everywhere[one] * share))
        for one, count in inside.items()
        if one.isalpha() and (len(one) >= _SHORTEST_NAME or not one.isascii())
    }
    best = sorted(worth, key=lambda one: (-worth[one], one))
    return tuple(one for one in best[:NAMED_BY] if worth[one] > 0)


def _meanings(found: Sequence[Block]) -> Floats:
    """Blocks by the words that they share, in a few dimensions."""
    spread = Counter(stem for block in found for stem in block.stems)
    telling = [one for one in spread if 2 <= spread[one] <= max(2, _COMMON * len(found))]
    vocabulary = sorted(telling, key=lambda one: (-spread[one], one))[:_VOCABULARY]
    number = {one: at for at, one in enumerate(vocabulary)}
    weights = np.zeros((len(found), len(vocabulary)))
    for row, block in enumerate(found):
        for one in number.keys() & block.stems.keys():
            rare = math.log(len(found) / spread[one])
            weights[row, number[one]] = (1 + math.log(block.stems[one])) * rare
    if not weights.any():
        return np.zeros((len(found), 1))
    left, sizes, _ = np.linalg.svd(_unit(weights), full_matrices=False)
    return _unit((left * sizes)[:, :_MEANINGS])


def _together(rows: Floats, count: int) -> Numbers:
    """The cluster of each row: spherical k-means, the best of a few seeded beginnings.

    Dhillon & Modha 2001; begun as by Arthur & Vassilvitskii 2007.
    """
    chance = np.random.default_rng(_SEED)
    best, most = np.zeros(len(rows), np.intp), -math.inf
    for _ in range(_STARTS):
        centres = rows[_begun(rows, count, chance)]
        for _ in range(_ROUNDS):
            belongs = np.argmax(rows @ centres.T, axis=1)
            centres = _unit(
                np.stack([rows[belongs == one].sum(axis=0) for one in range(len(centres))])
            )
        alike = float((rows @ centres.T).max(axis=1).sum())
        if alike > most + 1e-9:
            best, most = np.argmax(rows @ centres.T, axis=1), alike
    return best


def _begun(rows: Floats, count: int, chance: np.random.Generator) -> list[int]:
    """Rows to begin with, each likelier the less it is like those before."""
    chosen = [int(chance.integers(len(rows)))]
    while len(chosen) < count:
        far = np.clip(1 - (rows @ rows[chosen].T).max(axis=1), 0, None) ** 2
        if far.sum() == 0:
            break
        chosen.append(int(chance.choice(len(rows), p=far / far.sum())))
    return chosen


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1.0), dtype=np.float64)
