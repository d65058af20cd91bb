"""Everyone met both variants: what changed within people, in values."""

from __future__ import annotations

import math

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind
from core.domain.samples import Estimate, Sample
from core.experiments.statistics.moments import (
    covariance_along,
    gradient,
    value_of,
    variance_along,
)
from core.experiments.statistics.pairs_yes_no import pair_counts, tested_pair_counts
from core.experiments.statistics.ratios import NO_BASE, fieller
from core.experiments.statistics.readings import Tested
from core.experiments.statistics.tails import above_zero, certain, t_for, t_p

YES_NO = ("proportion", "retention")
Way = tuple[float, ...]


def estimate_pairs(kind: MetricKind, pairs: Sample, *, relative: bool = False) -> Estimate:
    """The mean difference within pairs.

    Args:
        kind: What kind of metric.
        pairs: The first variant's values, then the second's (for a ratio two each).
        relative: Relative to the first variant's value.

    Raises:
        Undefined: If there are fewer than two pairs, they all differ by the same, or a relative
            one has a first variant at or below 0.
    """
    first, second, way = _ways(kind, pairs)
    value = second - first
    if relative:
        if first <= 0:
            raise Undefined(NO_BASE)
        half = len(way) // 2
        way = (*(g * second / first / first for g in way[:half]), *(g / first for g in way[half:]))
        value /= first
    error = variance_along(pairs, way) / pairs.n
    if error <= 0:
        raise Undefined("All pairs differ by the same, so no error can be told.")
    se = certain(math.sqrt(error), "Its error")
    return Estimate(certain(value, "The effect"), se, pairs.n - 1, pairs.n)


def tested_pairs(
    kind: MetricKind, pairs: Sample, *, alpha: float = 0.05, relative: bool = False
) -> Tested:
    """The difference within pairs, with an interval and a p-value for one look.

    Yes or no: ``tested_pair_counts``. Everything else: the paired t, and relative to the first
    variant Fieller's interval.

    Raises:
        Undefined: Where the data cannot tell.
    """
    if kind in YES_NO and (counts := pair_counts(pairs)) is not None:
        return tested_pair_counts(counts, alpha=alpha, relative=relative)
    effect = estimate_pairs(kind, pairs)
    p = above_zero(t_p(effect.value / effect.se, effect.df))
    reach = t_for(alpha, effect.df)
    if relative:
        value, low, high = _relative(kind, pairs, reach)
        return Tested(value, low, high, p, "paired t, Fieller's interval")
    half = reach * effect.se
    return Tested(effect.value, effect.value - half, effect.value + half, p, "paired t")


def pairing_gain(pairs: Sample, kind: MetricKind = "mean") -> float:
    """The share of the variance of the difference that pairing takes out; below 0 where it adds.

    Raises:
        Undefined: If there are fewer than two pairs, or nothing varies.
    """
    _, _, way = _ways(kind, pairs)
    apart = variance_along(pairs, _first(way)) + variance_along(pairs, _second(way))
    if apart <= 0:
        raise Undefined("Nothing varies in either variant.")
    return 1 - variance_along(pairs, way) / apart


def _relative(kind: MetricKind, pairs: Sample, reach: float) -> tuple[float, float, float]:
    first, second, way = _ways(kind, pairs)
    base = tuple(-g for g in _first(way))
    return fieller(
        second - first,
        first,
        variance_along(pairs, way) / pairs.n,
        variance_along(pairs, base) / pairs.n,
        covariance_along(pairs, way, base) / pairs.n,
        reach,
    )


def _ways(kind: MetricKind, pairs: Sample) -> tuple[float, float, Way]:
    """Both variants' values, and how the difference moves with each of the sample's means."""
    if pairs.n < 2:
        raise Undefined("There are not enough pairs; at least 2 are needed.")
    size = 2 if kind == "ratio" else 1
    one, other = pairs.part(*range(size)), pairs.part(*range(size, 2 * size))
    way = (*(-g for g in gradient(kind, one)), *gradient(kind, other))
    return value_of(kind, one), value_of(kind, other), way


def _first(way: Way) -> Way:
    half = len(way) // 2
    return (*way[:half], *(0.0,) * half)


def _second(way: Way) -> Way:
    half = len(way) // 2
    return (*(0.0,) * half, *way[half:])
