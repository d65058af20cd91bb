"""What may be said of an effect at which a planned bound stopped the experiment."""

from __future__ import annotations

import math

from core.domain.errors import Undefined
from core.domain.experiment_results import Effect, Span
from core.domain.samples import Estimate
from core.experiments import numbers, stopping
from core.experiments.deciding import GroupSequentialRule
from core.experiments.standing import Standing
from core.experiments.statistics import AfterStopping, bounds, stage_wise

RULE = GroupSequentialRule()


def after_stopping(standing: Standing, effect: Effect) -> AfterStopping | None:
    """The effect, its interval and its p, given that a bound was crossed at this look.

    Only looks that were taken count; a planned one that nobody took stopped nothing.

    Args:
        standing: The look.
        effect: The effect that crossed.

    Returns:
        None where the rule is another one, no bound was crossed, or it cannot be told.
    """
    rule, span = standing.rule, effect.absolute
    if rule.kind != RULE.kind or span is None or effect.p is None or not span.value:
        return None
    if RULE.waits(standing) or effect.variant not in RULE.says(standing):
        return None
    stages = _stages(standing)
    alpha = rule.alpha / len(standing.reading.effects)
    every = bounds(rule.looks, alpha=alpha, kind=rule.boundary)
    error = abs(span.value) / numbers.z_of_p(effect.p)
    try:
        return stage_wise(
            Estimate(span.value, error, math.inf, standing.people),
            [every[at - 1] for at in stages],
            [at / rule.looks for at in stages],
            alpha=rule.alpha,
        )
    except Undefined:
        return None


def stopped_words(standing: Standing, effect: Effect) -> list[str]:
    """The same in a sentence; nothing after another rule."""
    found = after_stopping(standing, effect)
    if found is None:
        return []
    moved = numbers.span_of_difference(
        standing.metric.kind, Span(value=found.value, low=found.low, high=found.high)
    )
    return [
        "What a bound stops looks larger than it is on average, and its interval for one look does "
        f"not hold any more. With that allowed for, {standing.metric.label} in "
        f"{standing.name(effect.variant)} moved by {moved} ({found.method})."
    ]


def _stages(standing: Standing) -> list[int]:
    """The planned looks that were taken, this one last."""
    now, looks, planned = RULE.stage(standing), standing.rule.looks, standing.planned
    if planned is None:
        return list(range(1, now + 1))
    read = {stopping.stage(people, planned, looks) for people in standing.earlier}
    return [*sorted(at for at in read if 0 < at < now), now]
