"""Which of all variants is the best, as far as can be believed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.domain.errors import Undefined
from core.domain.experiment_results import ArmValue, Effect
from core.domain.experiments import Metric
from core.domain.samples import Estimate
from core.experiments import numbers
from core.experiments.effects import Refusals, Terms
from core.experiments.statistics import best_of, best_of_rates


def with_best(
    metric: Metric, arms: Sequence[ArmValue], effects: Sequence[Effect], terms: Terms
) -> tuple[Effect, ...]:
    """The probability of being the best of all variants, the control among them.

    With one treatment that is the probability of being better.

    Args:
        metric: The metric.
        arms: Its values, the control's first.
        effects: Each treatment's.
        terms: What every figure shares.
    """
    if len(effects) < 2:
        return tuple(_best(one, one.bayes.better if one.bayes else None, {}) for one in effects)
    refusals = Refusals()
    found = refusals.ask("best", lambda: _among(metric, arms, terms))
    shares = dict(zip((one.variant for one in arms), found or (), strict=False))
    return tuple(_best(one, shares.get(one.variant), refusals.why) for one in effects)


def _best(effect: Effect, share: float | None, why: dict[str, str]) -> Effect:
    if effect.bayes is None:
        return effect
    bayes = effect.bayes.model_copy(update={"best": share})
    return effect.model_copy(update={"bayes": bayes, "refused": {**effect.refused, **why}})


def _among(metric: Metric, arms: Sequence[ArmValue], terms: Terms) -> list[float]:
    lower = metric.better == "lower"
    counts = [(one.n, one.count) for one in arms if one.count is not None]
    if metric.kind in numbers.SHARES and metric.before is None and len(counts) == len(arms):
        return best_of_rates(counts, terms.prior, lower=lower)
    return best_of([_estimate(one, terms.alpha) for one in arms], lower=lower)


def _estimate(arm: ArmValue, alpha: float) -> Estimate:
    """An arm's value and the standard error that its interval rests on."""
    if arm.value is None or arm.low is None or arm.high is None:
        raise Undefined("A variant has no value that could be compared.")
    error = (arm.high - arm.low) / 2 / numbers.z_of_p(alpha)
    return Estimate(arm.value, error, math.inf, arm.n)
