"""From a standing and an accuracy to a percentile with its interval."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

_NORMAL = NormalDist()
_NINETY_FIVE = 1.96
_FARTHEST = 2.5


class Placed(NamedTuple):
    """A percentile among adults with its 95 % interval."""

    score: float
    low: float
    high: float


def placed(standing: float, accuracy: float, reliability: float = 1.0) -> Placed:
    """Where a trait lies, given what was seen.

    Of two normal variables that correlate by ``accuracy`` the one, given the other, has its mean at
    ``accuracy`` times the other and a standard deviation of ``sqrt(1 - accuracy²)``. Little text
    lowers the correlation by the square root of its reliability, which draws the score to the
    middle and widens the interval.

    Args:
        standing: What was seen, in standard deviations.
        accuracy: Its correlation with the trait.
        reliability: The share of what was seen that is the person and not chance, 0 to 1.
    """
    sure = accuracy * sqrt(max(0.0, min(1.0, reliability)))
    middle = sure * max(-_FARTHEST, min(_FARTHEST, standing))
    width = _NINETY_FIVE * sqrt(1 - sure * sure)
    score, low, high = (100 * _NORMAL.cdf(at) for at in (middle, middle - width, middle + width))
    return Placed(round(score, 1), round(low, 1), round(high, 1))
