"""Quantiles, from the order statistics around them."""

from __future__ import annotations

import math

from core.domain.errors import Undefined
from core.domain.samples import Estimate, Quantiles
from core.experiments.statistics.ratios import NO_BASE, joined, joined_ratio
from core.experiments.statistics.readings import Tested
from core.experiments.statistics.tails import above_zero, certain, normal_p, z_for

REACH = 1.96
"""How many standard errors of the rank the two order statistics lie from the quantile."""


def quantile_estimate(a: Quantiles, b: Quantiles, *, relative: bool = False) -> Estimate:
    """The difference of two quantiles.

    Each one's standard error is the width of its own interval (Deng, Knoblich & Lu, KDD 2018,
    section 4.2: the outer interval of order statistics).

    Raises:
        Undefined: If an arm is too small for the order statistics, or its values there are equal.
    """
    errors = [_error(one, who) for one, who in ((a, "control"), (b, "treatment"))]
    value, spread = b.value - a.value, math.hypot(*errors)
    if relative:
        _above_zero(a)
        value, spread = value / a.value, math.hypot(errors[0] * b.value / a.value, errors[1])
        spread /= a.value
    return Estimate(certain(value, "The effect"), certain(spread, "Its error"), math.inf, a.n + b.n)


def quantile_tested(
    a: Quantiles, b: Quantiles, *, alpha: float = 0.05, relative: bool = False
) -> Tested:
    """The difference of two quantiles, with an interval.

    The interval joins both arms' own (method of variance estimates recovery: Zou & Donner,
    Statistics in Medicine 27, 2008, eq. 4), so that it is as lopsided as they are.

    Raises:
        Undefined: As for the estimate.
    """
    effect = quantile_estimate(a, b)
    p = above_zero(normal_p(effect.value / effect.se))
    method = "order statistics"
    of_a, of_b = _ends(a, alpha), _ends(b, alpha)
    if not relative:
        low, high = joined(a.value, of_a, b.value, of_b)
        return Tested(effect.value, low, high, p, method)
    _above_zero(a)
    low, high = joined_ratio(a.value, of_a, b.value, of_b)
    return Tested(effect.value / a.value, low - 1, high - 1, p, method)


def quantile_interval(one: Quantiles, alpha: float = 0.05) -> tuple[float, float, float]:
    """One arm's quantile, and its interval between two order statistics.

    Raises:
        Undefined: If nobody is there.
    """
    if one.n < 1:
        raise Undefined("Nobody is there.")
    return (one.value, *_ends(one, alpha))


def _error(one: Quantiles, who: str) -> float:
    if one.n < 2 or one.n * min(one.q, 1 - one.q) < 5:
        raise Undefined(f"The {who} is too small for this quantile: {one.n} participants.")
    width = one.high - one.low
    if not width > 0:
        raise Undefined(f"The values around this quantile are all equal in the {who}.")
    return width / (2 * REACH)


def _above_zero(a: Quantiles) -> None:
    if a.value <= 0:
        raise Undefined(NO_BASE)


def _ends(one: Quantiles, alpha: float) -> tuple[float, float]:
    times = z_for(alpha) / REACH
    return one.value - times * (one.value - one.low), one.value + times * (one.high - one.value)
