"""The reference figures of means, ratios of sums, and means with a covariate taken out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind
from core.domain.samples import Estimate, Sample
from core.experiments import figures_growthbook as growthbook
from core.experiments.figures_kept import Figure, Kept, whole
from core.experiments.statistics import Arm, arms, effect_of, tails, theta

Both = tuple[Sample, Sample]
WELCH = ("welch_t", "welch_df", "se", "welch_p", "ci95_diff")
NO_TEST = "Neither variant's participants differ from each other, so there is nothing to test with."


def mean(case: Mapping[str, Any]) -> dict[str, Figure]:
    """Two means from sums and sums of squares."""
    kept = Kept()
    names = ("mean_a", "mean_b", "var_a", "var_b", "diff", *WELCH, *growthbook.NAMES)
    both = _both(kept, case, ("sum",), names)
    if both is None:
        return kept.done()
    a, b = both
    kept.give_all({"mean_a": lambda: a.means[0], "mean_b": lambda: b.means[0]})
    kept.give_all({"var_a": partial(_variance, a), "var_b": partial(_variance, b)})
    kept.give("diff", lambda: b.means[0] - a.means[0])
    try:
        kept.figures |= _welch(effect_of(*_arms("mean", both), relative=False))
    except Undefined as error:
        for name in ("welch", *WELCH):
            kept.refuse(name, str(error))
    growthbook.keep(kept, partial(_effect, "mean", both))
    return kept.done()


def ratio(case: Mapping[str, Any]) -> dict[str, Figure]:
    """Two ratios of sums, by the delta method."""
    kept = Kept()
    plain = ("ratio_a", "ratio_b", "diff", "se_delta", "z", "p_normal")
    both = _both(kept, case, ("m", "d"), (*plain, *growthbook.NAMES))
    if both is None:
        return kept.done()
    sides = dict(zip(("ratio_a", "ratio_b"), both, strict=True))
    kept.give_all({name: partial(_ratio, sample) for name, sample in sides.items()})
    kept.give("diff", lambda: _ratio(both[1]) - _ratio(both[0]))
    effect = partial(_plain_effect, "ratio", both)
    kept.give("se_delta", lambda: effect().se)
    kept.give("z", lambda: effect().value / effect().se)
    kept.give("p_normal", lambda: tails.normal_p(effect().value / effect().se))
    growthbook.keep(kept, partial(_effect, "ratio", both))
    return kept.done()


def cuped(case: Mapping[str, Any]) -> dict[str, Figure]:
    """Two means, less what a covariate from before explains."""
    kept = Kept()
    plain = ("diff_adjusted", "se_adjusted", "se_unadjusted", "z")
    names = ("theta_pooled", "corr_pooled", *plain, *growthbook.NAMES)
    both = _both(kept, case, ("post", "pre"), names)
    if both is None:
        return kept.done()
    kept.give("theta_pooled", partial(_theta, both))
    kept.give("corr_pooled", partial(_correlation, both))
    left = partial(_plain_effect, "mean", both, before=True)
    before = partial(_plain_effect, "mean", (both[0].part(0), both[1].part(0)))
    kept.give("diff_adjusted", partial(_difference, both))
    kept.give("se_adjusted", lambda: left().se)
    kept.give("se_unadjusted", lambda: before().se)
    kept.give("z", lambda: left().value / left().se)
    growthbook.keep(kept, partial(_effect, "mean", both, before=True))
    return kept.done()


def _both(
    kept: Kept, case: Mapping[str, Any], sums: tuple[str, ...], names: tuple[str, ...]
) -> Both | None:
    """Both arms' samples; everything is refused where an arm is empty or its sums cannot be."""
    try:
        return _sample(case["a"], sums, "control"), _sample(case["b"], sums, "treatment")
    except Undefined as error:
        for name in names:
            kept.refuse(name, str(error))
        return None


def _sample(arm: Mapping[str, Any], sums: tuple[str, ...], who: str) -> Sample:
    n = whole(arm["n"], f"The {who}'s number")
    if not n:
        raise Undefined(f"Nobody is in the {who}.")
    if sums == ("sum",):
        totals, squares = [arm["sum"]], [[arm["sum_squares"]]]
    else:
        one, other = sums
        both = arm[f"{one}_{other}_sum_products"]
        totals = [arm[f"{one}_sum"], arm[f"{other}_sum"]]
        squares = [[arm[f"{one}_sum_squares"], both], [both, arm[f"{other}_sum_squares"]]]
    try:
        sample = Sample.from_sums(n, totals, squares)
    except (TypeError, ValueError) as error:
        raise Undefined(f"A sum of the {who} is no number.") from error
    if any(sample.products[i][i] < _least(squares[i][i]) for i in range(len(totals))):
        raise Undefined(f"The {who}'s sum of squares is smaller than its sum allows.")
    return sample


def _least(square: float) -> float:
    """How far below 0 rounding of the sums may take a sum of squared deviations."""
    return -1e-9 * abs(square)


def _arms(kind: MetricKind, both: Both, *, before: bool = False) -> tuple[Arm, Arm]:
    return arms(kind, *both, before=before)


def _plain_effect(kind: MetricKind, both: Both, *, before: bool = False) -> Estimate:
    return effect_of(*_arms(kind, both, before=before), relative=False)


def _effect(kind: MetricKind, both: Both, *, relative: bool, before: bool = False) -> Estimate:
    control, treated = _arms(kind, both, before=before)
    if control.variance <= 0 or treated.variance <= 0:
        raise Undefined("In one variant nobody differs from anybody, so its error is not known.")
    return effect_of(control, treated, relative=relative)


def _welch(effect: Estimate) -> dict[str, Figure]:
    score, half = effect.value / effect.se, tails.t_for(0.05, effect.df) * effect.se
    return {
        "welch_t": score,
        "welch_df": effect.df,
        "se": effect.se,
        "welch_p": tails.t_p(score, effect.df),
        "ci95_diff": [effect.value - half, effect.value + half],
    }


def _variance(sample: Sample) -> float:
    if sample.n < 2:
        raise Undefined("One participant alone does not show how much participants differ.")
    return max(sample.variance(), 0.0)


def _ratio(sample: Sample) -> float:
    if not sample.means[1]:
        raise Undefined("What the ratio is per adds up to 0.")
    return sample.means[0] / sample.means[1]


def _difference(both: Both) -> float:
    control, treated = _arms("mean", both, before=True)
    return treated.adjusted - control.adjusted


def _theta(both: Both) -> float:
    if (both[0] + both[1]).variance(1) <= 0:
        raise Undefined("What was measured before does not vary, so it explains nothing.")
    return theta("mean", *both)


def _correlation(both: Both) -> float:
    together = both[0] + both[1]
    spread = together.variance(0) * together.variance(1)
    if spread <= 0:
        raise Undefined("One of both does not vary, so there is no correlation.")
    return together.covariance(0, 1) / math.sqrt(spread)
