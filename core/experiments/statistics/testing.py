"""The effect read once, by the method that fits the metric and its counts."""

from __future__ import annotations

import math

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind
from core.domain.samples import Sample
from core.experiments.statistics.differences import estimate
from core.experiments.statistics.moments import arms, gradient, value_of, variance_along
from core.experiments.statistics.proportions import Counts
from core.experiments.statistics.ratios import fieller
from core.experiments.statistics.readings import Tested
from core.experiments.statistics.tails import above_zero, certain, t_for, t_p
from core.experiments.statistics.yes_no import share_interval, tested_counts

YES_NO = ("proportion", "retention")


def tested(
    kind: MetricKind,
    a: Sample,
    b: Sample,
    *,
    alpha: float = 0.05,
    before: bool = False,
    relative: bool = False,
) -> Tested:
    """What the treatment changed, with an interval and a p-value for one look.

    Yes or no: ``tested_counts``. Everything else, and with a covariate: Welch's t, and relative to
    the control Fieller's interval, which agrees with it on whether there is an effect.

    Raises:
        Undefined: Where the data cannot tell.
    """
    if kind in YES_NO and not before and (counts := counted(a, b)) is not None:
        return tested_counts(counts, alpha=alpha, relative=relative)
    effect = estimate(kind, a, b, before=before)
    p = above_zero(t_p(effect.value / effect.se, effect.df))
    name = method_of(kind, before=before)
    reach = t_for(alpha, effect.df)
    if relative:
        value, low, high = _relative(kind, a, b, reach, before=before)
        return Tested(value, low, high, p, f"{name}, Fieller's interval")
    half = reach * effect.se
    return Tested(effect.value, effect.value - half, effect.value + half, p, name)


def arm_interval(
    kind: MetricKind, sample: Sample, alpha: float = 0.05
) -> tuple[float, float, float]:
    """One arm's value, and its interval.

    Raises:
        Undefined: If nobody is there, or one alone where one cannot tell how much people differ.
    """
    value = value_of(kind, sample)
    x = count_of(sample)
    if kind in YES_NO and x is not None:
        return (value, *share_interval(sample.n, x, alpha))
    if sample.n < 2:
        raise Undefined("One participant alone does not show how much participants differ.")
    error = variance_along(sample, gradient(kind, sample)) / sample.n
    half = t_for(alpha, sample.n - 1) * math.sqrt(error)
    return value, certain(value - half, "The interval"), certain(value + half, "The interval")


def count_of(sample: Sample) -> int | None:
    """How many of a sample of zeros and ones are ones; None where it is another one."""
    x = round(sample.means[0] * sample.n) if sample.n else 0
    if not 0 <= x <= sample.n:
        return None
    sure = Sample.of_counts(sample.n, x)
    near = math.isclose(sure.means[0], sample.means[0], rel_tol=1e-9, abs_tol=1e-12)
    same = math.isclose(sure.products[0][0], sample.products[0][0], rel_tol=1e-6, abs_tol=1e-6)
    return x if near and same else None


def counted(a: Sample, b: Sample) -> Counts | None:
    """Both arms' counts; None where their values are not only 0 and 1."""
    x_a, x_b = count_of(a), count_of(b)
    return None if x_a is None or x_b is None else Counts(a.n, x_a, b.n, x_b)


def method_of(kind: MetricKind, *, before: bool = False) -> str:
    """What the method is called."""
    name = "delta method" if kind == "ratio" else "Welch's t"
    return f"{name} with CUPED" if before else name


def _relative(
    kind: MetricKind, a: Sample, b: Sample, reach: float, *, before: bool
) -> tuple[float, float, float]:
    control, treated = arms(kind, a, b, before=before)
    return fieller(
        treated.adjusted - control.adjusted,
        control.value,
        control.error + treated.error,
        control.plain / control.n,
        -control.shared / control.n,
        reach,
    )
