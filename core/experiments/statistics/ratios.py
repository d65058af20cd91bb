"""Intervals of one figure relative to another, where both are uncertain."""

from __future__ import annotations

import math

from core.domain.errors import Undefined

NO_BASE = "The control's value is not above 0, so nothing can be said relative to it."
WEAK_BASE = "The control's value cannot be told from 0, so the relative effect has no limits."
Ends = tuple[float, float]


def fieller(
    top: float, base: float, of_top: float, of_base: float, together: float, reach: float
) -> tuple[float, float, float]:
    """The quotient of two normal figures, with Fieller's interval (JRSS B 16, 1954, section 2).

    Args:
        top: The numerator.
        base: The denominator.
        of_top: The numerator's variance.
        of_base: The denominator's.
        together: Their covariance.
        reach: How many standard errors the interval goes.

    Raises:
        Undefined: If the denominator is not clearly above 0.
    """
    if base <= 0:
        raise Undefined(NO_BASE)
    square = base * base - reach * reach * of_base
    if square <= 0:
        raise Undefined(WEAK_BASE)
    middle = top * base - reach * reach * together
    rest = top * top - reach * reach * of_top
    half = math.sqrt(max(middle * middle - square * rest, 0.0))
    return top / base, (middle - half) / square, (middle + half) / square


def joined(a: float, of_a: Ends, b: float, of_b: Ends) -> Ends:
    """The interval of b - a from both figures' own intervals.

    Method of variance estimates recovery (Zou & Donner, Statistics in Medicine 27, 2008, eq. 4):
    as lopsided as the two are, and with Wilson's intervals it is Newcombe's.
    """
    low = math.hypot(b - of_b[0], of_a[1] - a)
    high = math.hypot(of_b[1] - b, a - of_a[0])
    return b - a - low, b - a + high


def joined_ratio(a: float, of_a: Ends, b: float, of_b: Ends) -> Ends:
    """The same for b / a (Donner & Zou, Statistical Methods in Medical Research 21, 2012, eq. 9).

    It excludes 1 exactly where the interval of the difference excludes 0.

    Raises:
        Undefined: If a's interval reaches so far down that the ratio has no upper limit.
    """
    if of_a[0] <= 0:
        raise Undefined(WEAK_BASE)
    product = a * b
    rest = of_b[0] * (2 * b - of_b[0])
    down = product + math.sqrt(max(product**2 - rest * of_a[1] * (2 * a - of_a[1]), 0.0))
    square = of_a[0] * (2 * a - of_a[0])
    up = product + math.sqrt(max(product**2 - of_b[1] * (2 * b - of_b[1]) * square, 0.0))
    return rest / down if down > 0 else 0.0, up / square


def reaching(ends: Ends, none: float, p: float, alpha: float) -> Ends:
    """The interval, wide enough to hold no effect where the test does not deny it."""
    return (min(ends[0], none), max(ends[1], none)) if p >= alpha else ends
