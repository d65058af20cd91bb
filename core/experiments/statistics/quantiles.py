"""Quantiles, from the order statistics around them.

A rank is a whole number, so the order statistics lie a little further out than asked for: at rank
``floor(n q - r)`` and ``floor(n q + r) + 1``, r = 1.96 sqrt(n q (1 - q)). How far they really are
is known, and what is made from them allows for it.
"""

from __future__ import annotations

import math

from core.domain.errors import Undefined
from core.domain.samples import Estimate, Quantiles
from core.experiments.statistics.ratios import NO_BASE, fieller
from core.experiments.statistics.readings import Tested
from core.experiments.statistics.tails import above_zero, certain, normal_p, z_for

REACH = 1.96
"""How many standard errors of the rank the order statistics are asked for."""
LEAST = 5
"""With fewer participants above, or below, the quantile there are no order statistics to read."""


def quantile_estimate(a: Quantiles, b: Quantiles, *, relative: bool = False) -> Estimate:
    """The difference of two quantiles.

    Each one's standard error is the width of its own interval (Deng, Knoblich & Lu, KDD 2018,
    section 4.2: the outer interval of order statistics).

    Raises:
        Undefined: If an arm is too small for the order statistics, or its values there are equal.
    """
    of_a, of_b = quantile_error(a, "control"), quantile_error(b, "treatment")
    value, spread = b.value - a.value, math.hypot(of_a, of_b)
    if relative:
        _above_zero(a)
        value, spread = value / a.value, math.hypot(of_a * b.value / a.value, of_b) / a.value
    return Estimate(certain(value, "The effect"), certain(spread, "Its error"), math.inf, a.n + b.n)


def quantile_tested(
    a: Quantiles, b: Quantiles, *, alpha: float = 0.05, relative: bool = False
) -> Tested:
    """The difference of two quantiles, with an interval.

    Relative to the control it is Fieller's, which agrees with the other about no effect.

    Raises:
        Undefined: As for the estimate, or if the control cannot be told from 0.
    """
    effect = quantile_estimate(a, b)
    p = above_zero(normal_p(effect.value / effect.se))
    reach, method = z_for(alpha), "order statistics"
    if relative:
        of_a = quantile_error(a, "control") ** 2
        ends = fieller(effect.value, a.value, effect.se**2, of_a, -of_a, reach)
        return Tested(*ends, p, f"{method}, Fieller's interval")
    half = reach * effect.se
    return Tested(effect.value, effect.value - half, effect.value + half, p, method)


def quantile_interval(one: Quantiles, alpha: float = 0.05) -> tuple[float, float, float]:
    """One arm's quantile, and its interval between two order statistics.

    Raises:
        Undefined: If nobody is there.
    """
    if one.n < 1:
        raise Undefined("Nobody is there.")
    down, up = _reaches(one)
    z = z_for(alpha)
    low = one.value - z / down * (one.value - one.low)
    return one.value, low, one.value + z / up * (one.high - one.value)


def quantile_error(one: Quantiles, who: str) -> float:
    """One arm's standard error: the width of its own interval, as wide as it really is.

    Raises:
        Undefined: If the arm is too small for the order statistics, or its values there are equal.
    """
    if one.n * min(one.q, 1 - one.q) < LEAST:
        raise Undefined(f"The {who} is too small for this quantile: {one.n} participants.")
    width = one.high - one.low
    if not width > 0:
        raise Undefined(f"The values around this quantile are all equal in the {who}.")
    return width / sum(_reaches(one))


def _reaches(one: Quantiles) -> tuple[float, float]:
    """How many standard errors of the rank both order statistics really are away."""
    middle, sd = one.n * one.q, math.sqrt(one.n * one.q * (1 - one.q))
    low = max(math.floor(middle - REACH * sd), 1)
    high = min(math.floor(middle + REACH * sd) + 1, one.n)
    return max((middle - low + 0.5) / sd, 0.5), max((high - 0.5 - middle) / sd, 0.5)


def _above_zero(a: Quantiles) -> None:
    if a.value <= 0:
        raise Undefined(NO_BASE)
