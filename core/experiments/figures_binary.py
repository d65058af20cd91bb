"""The reference figures of one yes-or-no comparison, from its four counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from core.domain.errors import Undefined
from core.domain.samples import Estimate
from core.experiments import figures_growthbook as growthbook
from core.experiments.figures_kept import Figure, Kept, whole
from core.experiments.statistics import Arm, Counts, beta_binomial, effect_of, proportions

FISHER_UP_TO = 3_000_000
"""So many tables with the same margins: beyond, the score test says the same."""
TINY = 100
"""Up to so many in each arm the unconditional exact tests are given too."""


def binary(case: Mapping[str, Any]) -> dict[str, Figure]:
    """All of them; nothing at all where an arm is empty or its counts cannot be."""
    kept = Kept()
    try:
        counts = counts_of(case)
    except Undefined as error:
        for name in (*_plain_names(), *growthbook.NAMES):
            kept.refuse(name, str(error))
        return kept.done()
    kept.give_all({name: partial(make, counts) for name, make in PLAIN.items()})
    if min(counts.n_a, counts.n_b, counts.x_a + counts.x_b) <= FISHER_UP_TO:
        kept.give("fisher_p", partial(proportions.fisher_p, counts))
    if max(counts.n_a, counts.n_b) <= TINY:
        kept.give("barnard_p", partial(proportions.barnard_p, counts))
        kept.give("boschloo_p", partial(proportions.boschloo_p, counts))
    kept.give("beta_1_1", partial(_beta, counts))
    growthbook.keep(kept, partial(_effect, counts))
    return kept.done()


def counts_of(case: Mapping[str, Any]) -> Counts:
    """The case's counts.

    Raises:
        Undefined: If an arm has nobody, or more who did it than people.
    """
    a, b = case["a"], case["b"]
    return Counts(
        whole(a["n"], "The control's number"),
        whole(a["x"], "The control's count"),
        whole(b["n"], "The treatment's number"),
        whole(b["x"], "The treatment's count"),
    )


def _beta(counts: Counts) -> Figure:
    a, b = (counts.n_a, counts.x_a), (counts.n_b, counts.x_b)
    forth, back = beta_binomial(a, b), beta_binomial(b, a)
    mean_a, mean_b = ((x + 1) / (n + 2) for n, x in (a, b))
    gap = (forth.loss_if_not - forth.loss_if_chosen) - (mean_b - mean_a)
    return {
        "prob_b_better": forth.better,
        "prob_a_better": back.better,
        "expected_loss_choose_b": forth.loss_if_chosen,
        "expected_loss_choose_a": forth.loss_if_not,
        "posterior_mean_a": mean_a,
        "posterior_mean_b": mean_b,
        "check_sum": forth.better + back.better,
        "check_mean_diff": gap,
    }


def _effect(counts: Counts, *, relative: bool) -> Estimate:
    control, treated = _arm(counts.n_a, counts.a), _arm(counts.n_b, counts.b)
    if not (control.variance and treated.variance):
        raise Undefined(
            "In one variant everybody did the same, which leaves its normal error at 0; Newcombe's "
            "interval, the exact tests and the Beta posterior answer instead."
        )
    return effect_of(control, treated, relative=relative)


def _arm(n: int, share: float) -> Arm:
    variance = share * (1 - share)
    return Arm(n, share, share, variance, variance, variance)


def _plain_names() -> tuple[str, ...]:
    return (*PLAIN, "fisher_p", "beta_1_1")


PLAIN: dict[str, Callable[[Counts], Figure]] = {
    "diff": lambda c: c.difference,
    "relative": lambda c: c.relative,
    "z_pooled": proportions.pooled_z,
    "z_pooled_p": proportions.pooled_p,
    "z_pooled_log10_p": proportions.pooled_log10_p,
    "p_diff_wald": proportions.wald_p,
    "p_diff_agresti-caffo": proportions.agresti_caffo_p,
    "ci95_diff_wald": proportions.wald,
    "ci95_diff_agresti-caffo": proportions.agresti_caffo,
    "ci95_diff_newcomb": proportions.newcombe,
    "ci95_ratio_log": proportions.log_ratio,
    "ci95_ratio_log-adjusted": lambda c: proportions.log_ratio(c, add=0.5),
    "wilson95_a": lambda c: proportions.wilson(c.n_a, c.x_a),
    "clopper_pearson95_a": lambda c: proportions.clopper_pearson(c.n_a, c.x_a),
    "wilson95_b": lambda c: proportions.wilson(c.n_b, c.x_b),
    "clopper_pearson95_b": lambda c: proportions.clopper_pearson(c.n_b, c.x_b),
}
"""What the counts alone give, by the references' names."""
