"""How far out a figure lies: normal and t tails, without ever leaving the numbers."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

from core.domain.errors import Undefined

LEAST_P = 5e-324
"""The smallest number above 0: what a p-value below it is given as."""


@lru_cache(maxsize=512)
def z_for(alpha: float) -> float:
    """The normal quantile that leaves ``alpha`` outside, in both tails together."""
    return NormalDist().inv_cdf(1 - alpha / 2)


def t_for(alpha: float, df: float) -> float:
    """The same for Student's t."""
    if math.isinf(df):
        return z_for(alpha)
    from scipy.special import stdtrit

    return float(stdtrit(df, 1 - alpha / 2))


def normal_p(z: float) -> float:
    """The two-sided p-value of a normal score; 0 where it is too small for a number."""
    return math.erfc(abs(z) / math.sqrt(2))


def normal_log10_p(z: float) -> float:
    """The logarithm of the same, where the p-value itself underflows."""
    from scipy.special import log_ndtr

    return min((float(log_ndtr(-abs(z))) + math.log(2)) / math.log(10), 0.0)


def t_p(t: float, df: float) -> float:
    """The two-sided p-value of a t score."""
    if math.isinf(df):
        return normal_p(t)
    from scipy.special import stdtr

    return min(2 * float(stdtr(df, -abs(t))), 1.0)


def above_zero(p: float) -> float:
    """The p-value as it is told: never 0, which no p-value is."""
    return max(p, LEAST_P)


def certain(number: float, what: str) -> float:
    """The number, where it is one.

    Raises:
        Undefined: If it is NaN or infinite.
    """
    if not math.isfinite(number):
        raise Undefined(f"{what} is too large, or not a number.")
    return number
