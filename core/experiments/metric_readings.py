"""One metric in all variants."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from core.domain.errors import Undefined
from core.domain.experiment_results import ArmValue, Effect, MetricReading
from core.domain.experiments import Metric
from core.domain.samples import Measured, Quantiles, Sample
from core.experiments import numbers
from core.experiments.beliefs import with_best
from core.experiments.contrasts import Contrast, counts
from core.experiments.effects import Refusals, Terms, effect_of, with_holm
from core.experiments.guardrails import harmed_variants
from core.experiments.statistics import arm_interval


def metric_reading(
    metric: Metric, arms: Sequence[ArmValue], contrasts: dict[str, Contrast], terms: Terms
) -> MetricReading:
    """A metric's arms and the effect of each treatment.

    Args:
        metric: The metric.
        arms: Its values, the control's first.
        contrasts: Each treatment beside the control, by its id.
        terms: What every figure shares.
    """
    effects = with_holm([effect_of(id, one, terms) for id, one in contrasts.items()])
    effects = with_best(metric, arms, effects, terms)
    return MetricReading(
        metric=metric.id,
        name=metric.label,
        kind=metric.kind,
        role=metric.role,
        better=metric.better,
        arms=tuple(arms),
        effects=effects,
        harmed=harmed_variants(metric, arms, effects) if metric.role == "guardrail" else (),
        notes=tuple(notes_of(metric, effects)),
    )


def arm_of_sample(metric: Metric, variant: str, measured: Measured, alpha: float) -> ArmValue:
    """A share, mean or ratio with its interval."""
    sample, shares = measured.sample, metric.kind in numbers.SHARES
    refusals = Refusals()
    found = refusals.ask("value", lambda: _interval(metric, sample, alpha))
    value, low, high = found or (_bare(metric, sample), None, None)
    return ArmValue(
        variant=variant,
        n=sample.n,
        missing=measured.missing,
        count=_count(sample) if shares and sample.n and value is not None else None,
        value=value,
        low=low,
        high=high,
        sd=None if shares or metric.per else _sd(sample),
        text=_text(metric, sample, value, refusals.why.get("value")),
    )


def arm_of_quantile(metric: Metric, variant: str, found: Quantiles | None, people: int) -> ArmValue:
    """A quantile with the order statistics around it."""
    n = found.n if found else 0
    missing = max(0, people - n)
    if found is None or not n or not _all_finite(found.value, found.low, found.high):
        return ArmValue(variant=variant, n=n, missing=missing, text="no data")
    return ArmValue(
        variant=variant,
        n=n,
        missing=missing,
        value=found.value,
        low=found.low,
        high=found.high,
        text=f"{numbers.value(metric.kind, found.value)} among {numbers.people(found.n)}",
    )


def width(metric: Metric) -> int:
    """How many values a participant has in it."""
    return 1 + (metric.per is not None) + (metric.before is not None)


def notes_of(metric: Metric, effects: Sequence[Effect]) -> Iterable[str]:
    """What was done to the metric before it was compared."""
    if metric.winsorise is not None:
        yield (
            f"Values above the {numbers.rounded(metric.winsorise)} quantile of everybody's count "
            "as that quantile."
        )
    removed = [one.variance_removed for one in effects if one.variance_removed is not None]
    if metric.before is not None and removed:
        yield (
            f"What was measured before ({metric.before}) explains "
            f"{numbers.percent(max(0.0, min(removed)))} of the variance; it is taken out (CUPED)."
        )
    elif metric.before is not None:
        yield f"What was measured before ({metric.before}) does not vary, so it was not used."
    elif removed:
        yield (
            "The same people met both variants: reading their differences takes out "
            f"{numbers.percent(max(0.0, min(removed)))} of the variance."
        )


def _interval(metric: Metric, sample: Sample, alpha: float) -> tuple[float, float, float]:
    found = arm_interval(metric.kind, sample, alpha)
    if not _all_finite(*found):
        raise Undefined("The data do not determine it.")
    return found


def _all_finite(*numbers: float) -> bool:
    return all(math.isfinite(one) for one in numbers)


def _bare(metric: Metric, sample: Sample) -> float | None:
    """A value that has no interval: one participant's."""
    if not sample.n or metric.per is not None:
        return None
    return sample.means[0] if math.isfinite(sample.means[0]) else None


def _count(sample: Sample) -> int:
    return counts(sample)[1]


def _sd(sample: Sample) -> float | None:
    variance = sample.variance()
    return math.sqrt(variance) if sample.n > 1 and 0 <= variance < math.inf else None


def _text(metric: Metric, sample: Sample, value: float | None, refused: str | None) -> str:
    if value is None:
        return refused or "no data"
    if metric.kind in numbers.SHARES:
        return f"{_count(sample):,} of {sample.n:,}, {numbers.percent(value)}"
    return f"{numbers.value(metric.kind, value)} among {numbers.people(sample.n)}"
