"""The difference of two arms: its size, its standard error, its degrees of freedom."""

from __future__ import annotations

import math

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind
from core.domain.samples import Estimate, Sample
from core.experiments.statistics.moments import Arm, arms, value_of, variance_along
from core.experiments.statistics.ratios import NO_BASE
from core.experiments.statistics.tails import certain


def estimate(
    kind: MetricKind, a: Sample, b: Sample, *, before: bool = False, relative: bool = False
) -> Estimate:
    """What the treatment changed, and how sure that is.

    Welch's (Biometrika 34, 1947) for means and shares, the delta method for ratios, and with
    ``before`` the covariate's part is taken out first (CUPED).

    Args:
        kind: What kind of metric.
        a: The control.
        b: The treatment.
        before: Whether the samples' last value is a covariate from before.
        relative: Relative to the control's value.

    Raises:
        Undefined: If an arm has fewer than two units, nothing varies, a ratio's denominator adds up
            to 0, or a relative one has a control at or below 0.
    """
    control, treated = arms(kind, a, b, before=before)
    if relative and control.value <= 0:
        raise Undefined(NO_BASE)
    return effect_of(control, treated, relative=relative)


def effect_of(control: Arm, treated: Arm, *, relative: bool) -> Estimate:
    """The same from both arms' metrics; a control below 0 is taken as it is.

    Raises:
        Undefined: If nothing varies, or a relative one has a control of 0.
    """
    error = control.error + treated.error
    if error <= 0:
        raise Undefined("Nothing varies within either variant, so no error can be told.")
    value, df = treated.adjusted - control.adjusted, _welch(control, treated)
    if relative:
        error = _relative_error(control, treated)
        value /= control.value
    se = certain(math.sqrt(error), "Its error")
    return Estimate(certain(value, "The effect"), se, df, control.n + treated.n)


def variance_removed(a: Sample, b: Sample, kind: MetricKind = "mean") -> float:
    """The share of the variance of the difference that the covariate takes out.

    Raises:
        Undefined: As for an estimate.
    """
    control, treated = arms(kind, a, b, before=True)
    plain = control.plain / control.n + treated.plain / treated.n
    if plain <= 0:
        raise Undefined("Nothing varies within either variant.")
    return 1 - (control.error + treated.error) / plain


def clustered(a: Sample, b: Sample, *, before: bool = False, relative: bool = False) -> Estimate:
    """A mean over rows that lie inside units: many turns of one contact, say.

    Rows of one unit are not independent, so the unit stays what is counted: a sample's first value
    is the sum of a unit's rows, its second how many rows the unit has, and the mean over all rows
    is the ratio of both (Deng, Knoblich & Lu, KDD 2018, section 3.2).

    Raises:
        Undefined: As for an estimate.
    """
    return estimate("ratio", a, b, before=before, relative=relative)


def design_effect(units: Sample, row_variance: float) -> float:
    """How many times larger the variance is than if a unit's rows were independent.

    Args:
        units: A sample of sums and numbers of rows, by unit.
        row_variance: The rows' variance.

    Raises:
        Undefined: If rows do not vary, or there are none.
    """
    rows = units.n * units.means[1] if units.n > 1 else 0.0
    if rows <= 0 or row_variance <= 0:
        raise Undefined("There are no rows, or they do not vary.")
    value = value_of("ratio", units)
    way = (1 / units.means[1], -value / units.means[1])
    return variance_along(units, way) / units.n / (row_variance / rows)


def _relative_error(control: Arm, treated: Arm) -> float:
    """The variance of treated / control - 1, with the covariate taken out of the numerator."""
    base = control.value
    if base == 0:
        raise Undefined("The control's value is 0, so nothing can be said relative to it.")
    times = treated.value / base
    explained = control.plain - control.shared
    left = control.variance + control.plain - 2 * control.shared
    of_control = control.plain * times * times - 2 * explained * times + left
    error = (treated.error + of_control / control.n) / (base * base)
    if error <= 0:
        raise Undefined("Nothing varies within either variant, so no error can be told.")
    return error


def _welch(control: Arm, treated: Arm) -> float:
    """Welch-Satterthwaite degrees of freedom (Biometrics Bulletin 2, 1946, eq. 17)."""
    one, other = control.error, treated.error
    most = max(one, other)
    one, other = one / most, other / most
    return (one + other) ** 2 / (one * one / (control.n - 1) + other * other / (treated.n - 1))
