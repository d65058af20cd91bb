"""Values of features with their 95 % intervals, from sums over blocks of the writing."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core.twins.profile.features import Feature
from core.twins.profile.listening import Heard
from core.twins.profile.writing import Floats, Ints

DRAWS, SEED = 400, 20_261
LONGEST = 150
"""Longer sentences count as this long."""
_FEW_BLOCKS = 8
_T = (12.7, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31)
"""Student's t for 1, 2, … degrees of freedom at 97.5 %."""
_NORMAL = 1.96


class Estimate(NamedTuple):
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


class Tally(NamedTuple):
    """What a feature needs of each block.

    Attributes:
        amount: How much of it; for lengths one column for each length.
        of: Of how much.
    """

    amount: Floats
    of: Floats


def tally(feature: Feature, heard: Heard) -> Tally:
    """Sums over blocks; a writing of few blocks is cut into its sentences."""
    block = heard.writing.block
    if not len(block) or block.max() + 1 < _FEW_BLOCKS:
        block = np.arange(len(block)) // max(1, len(block) // (4 * _FEW_BLOCKS))
    return sums(feature, heard, block)


def sums(feature: Feature, heard: Heard, block: Ints) -> Tally:
    """Sums of a feature over blocks, given for each sentence its block."""
    count = int(block.max()) + 1 if len(block) else 0
    amount, of = feature.count(heard)
    total = np.bincount(block, of, count).astype(float)
    if feature.way == "rate":
        return Tally(np.bincount(block, amount, count).astype(float), total)
    kept = of > 0
    length = np.minimum(amount[kept], LONGEST).astype(np.int64)
    cells = np.bincount(block[kept] * (LONGEST + 1) + length, minlength=count * (LONGEST + 1))
    return Tally(cells.reshape(count, LONGEST + 1).astype(float), total)


def values(feature: Feature, amount: Floats, of: Floats) -> Floats:
    """The feature's value for each row of sums."""
    if feature.way == "rate":
        share = np.divide(amount, of, out=np.zeros_like(amount, float), where=of > 0)
        return np.asarray(feature.base + feature.scale * share, float)
    if feature.way == "median":
        return _quantile(amount, 0.5)
    return _quantile(amount, 0.75) - _quantile(amount, 0.25)


def _quantile(cells: Floats, share: float) -> Floats:
    """Quantiles of counted lengths, each length spread evenly over one unit around it."""
    below = np.cumsum(cells, axis=-1)
    wanted = below[..., -1:] * share
    at = np.argmax(below >= np.maximum(wanted, 1e-9), axis=-1)[..., None]
    here = np.take_along_axis(cells, at, -1)
    before = np.take_along_axis(below, at, -1) - here
    part = np.divide(wanted - before, here, out=np.full_like(here, 0.5), where=here > 0)
    return np.asarray((at - 0.5 + part)[..., 0], float)


def estimate(feature: Feature, found: Tally) -> Estimate:
    """The value, and its interval by drawing blocks with replacement.

    Neighbouring sentences resemble each other, so blocks of about 200 words are drawn, not
    sentences. With fewer than eight blocks, stretches of sentences are drawn and the interval is
    widened by Student's t. For single events it is never narrower than what a Poisson count of
    their number allows (Byar's limits), so that nothing seen in little text is not certainty.
    """
    value = _one(feature, found)
    blocks = len(found.of)
    weight = _draws(blocks)
    drawn = values(feature, weight @ found.amount, weight @ found.of)
    wider = _widening(blocks)
    low, high = (value + wider * (float(np.quantile(drawn, q)) - value) for q in (0.025, 0.975))
    if feature.events:
        least, most = _poisson(feature, found)
        low, high = min(low, least), max(high, most)
    floor = 0.0 if feature.events or feature.way != "rate" else -np.inf
    return Estimate(value, max(floor, min(low, value)), max(high, value))


@lru_cache(maxsize=4)
def _draws(blocks: int) -> Floats:
    """How often each block is drawn, one row a draw; the same for every feature."""
    drawn = np.random.default_rng(SEED).multinomial(blocks, np.full(blocks, 1 / blocks), DRAWS)
    return drawn.astype(float)


def _one(feature: Feature, found: Tally) -> float:
    total = values(feature, found.amount.sum(axis=0)[None], found.of.sum(axis=0)[None])
    return float(total[0])


def _widening(blocks: int) -> float:
    freedom = max(blocks - 1, 1)
    t = _T[freedom - 1] if freedom <= len(_T) else _NORMAL + 2.5 / freedom
    return t / _NORMAL * float(np.sqrt(blocks / freedom))


def _poisson(feature: Feature, found: Tally) -> tuple[float, float]:
    seen, of = float(found.amount.sum()), float(found.of.sum())
    if not of:
        return 0.0, 0.0
    low = max(_byar(seen, -_NORMAL), 0.0) if seen >= 1 else 0.0
    return feature.scale * low / of, feature.scale * _byar(seen + 1, _NORMAL) / of


def _byar(count: float, z: float) -> float:
    return float(count * (1 - 1 / (9 * count) + z / (3 * np.sqrt(count))) ** 3)
