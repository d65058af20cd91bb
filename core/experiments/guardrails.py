"""Guardrails: what must not get worse by more than a margin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from core.domain.experiment_results import ArmValue, Effect, MetricReading, Span
from core.domain.experiments import Metric
from core.experiments import numbers
from core.experiments.effects import in_good_direction
from core.experiments.sentences import why_not

Guarded = Literal["harmed", "safe", "open"]


def guarded(metric: Metric, baseline: float | None, effect: Effect) -> Guarded:
    """Whether a variant is worse by more than the margin, is not, or that is still open.

    Read from the always-valid interval, so that it may be asked at any time. A relative margin is
    turned into the metric's units with the control's value, which holds for a control of 0 too.
    """
    span = effect.always.absolute if effect.always else None
    if span is None or baseline is None:
        return "open"
    low, high, margin = _beside_margin(metric, baseline, effect, span)
    if high < -margin:
        return "harmed"
    return "safe" if low > -margin else "open"


def _beside_margin(
    metric: Metric, baseline: float, effect: Effect, span: Span
) -> tuple[float, float, float]:
    """The interval where more is better, and the margin, in the same units."""
    relative = effect.always.relative if effect.always else None
    if relative is not None and baseline > 0 and metric.margin > 0:
        return *in_good_direction(metric, relative), metric.margin
    return *in_good_direction(metric, span), metric.margin * abs(baseline)


def harmed_variants(
    metric: Metric, arms: Sequence[ArmValue], effects: Sequence[Effect]
) -> tuple[str, ...]:
    """The variants that are worse by more than the margin."""
    baseline = arms[0].value if arms else None
    return tuple(one.variant for one in effects if guarded(metric, baseline, one) == "harmed")


def guardrail_sentence(metric: Metric, reading: MetricReading, effect: Effect, name: str) -> str:
    """What may be said of one variant's harm."""
    baseline = reading.arms[0].value if reading.arms else None
    margin = f"more than {numbers.rounded(metric.margin)} worse" if metric.margin else "worse"
    found = guarded(metric, baseline, effect)
    if found == "harmed":
        return f"{metric.label} is {margin} in {name}: {_interval(metric, effect)}."
    if found == "safe":
        return f"{metric.label} is not {margin} in {name}: {_interval(metric, effect)}."
    if effect.always is None:
        return f"Whether {metric.label} is {margin} in {name} cannot be told. {why_not(effect)}"
    return (
        f"That {metric.label} is {margin} in {name} is not ruled out: {_interval(metric, effect)}."
    )


def _interval(metric: Metric, effect: Effect) -> str:
    always = effect.always
    if always is None or always.absolute is None:
        return "no figures"
    if always.relative is not None:
        return numbers.span_of_change(always.relative)
    return numbers.span_of_difference(metric.kind, always.absolute)
