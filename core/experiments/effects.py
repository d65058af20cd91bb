"""One variant against the control, in one metric: every figure, or why it cannot be given."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from core.domain.errors import Undefined
from core.domain.experiment_results import AlwaysValid, Bayes, Effect, Span
from core.domain.experiments import Metric, Prior
from core.experiments.contrasts import Contrast
from core.experiments.sentences import effect_sentence
from core.experiments.statistics import Posterior, Sequential, Tested, adjusted

Made = TypeVar("Made")
Verdict = Literal["better", "worse", "unclear"]


@dataclass(frozen=True)
class Terms:
    """What every figure of a look shares.

    Attributes:
        alpha: One less the confidence of intervals.
        tuning: At how many participants always-valid intervals are narrowest.
        prior: What was believed before.
    """

    alpha: float
    tuning: int
    prior: Prior


@dataclass
class Refusals:
    """Figures that could not be given, and why."""

    why: dict[str, str] = field(default_factory=dict)

    def ask(self, name: str, make: Callable[[], Made]) -> Made | None:
        """The figure, or None with its reason kept."""
        try:
            return make()
        except Undefined as undefined:
            self.why[name] = undefined.message
        except ArithmeticError:
            self.why[name] = "The values are too large or too small to calculate with."
        return None


def effect_of(variant: str, contrast: Contrast, terms: Terms, *, bayes: bool = True) -> Effect:
    """All figures of one variant against the control.

    Args:
        variant: The variant's id.
        contrast: It and the control.
        terms: What every figure shares.
        bayes: Whether probabilities are wanted too, and a sentence.
    """
    refusals = Refusals()
    once = refusals.ask("absolute", lambda: _once(contrast, terms, relative=False))
    relative = refusals.ask("relative", lambda: _once(contrast, terms, relative=True))
    always = _always(contrast, terms, refusals)
    made = Effect(
        variant=variant,
        absolute=once and _span(once),
        relative=relative and _span(relative),
        p=once.p if once else None,
        adjusted_p=None,
        method=once.method if once else "",
        always=always,
        bayes=_bayes(contrast, terms, refusals) if bayes else None,
        variance_removed=refusals.ask("variance_removed", lambda: _removed(contrast)),
        verdict=verdict(contrast.metric, always),
        sentence="",
        refused=refusals.why,
    )
    if not bayes:
        return made
    return made.model_copy(update={"sentence": effect_sentence(contrast.metric, made)})


def _finite(*numbers: float) -> None:
    if not all(math.isfinite(one) for one in numbers):
        raise Undefined("The data do not determine it.")


def _span(figure: Tested | Sequential) -> Span:
    return Span(value=figure.value, low=figure.low, high=figure.high)


def _once(contrast: Contrast, terms: Terms, *, relative: bool) -> Tested:
    found = contrast.tested(terms.alpha, relative=relative)
    _finite(found.value, found.low, found.high, found.p)
    return found


def _removed(contrast: Contrast) -> float | None:
    share = contrast.removed()
    if share is not None:
        _finite(share)
    return share


def _sequential(contrast: Contrast, terms: Terms, *, relative: bool) -> Sequential:
    found = contrast.always(terms.alpha, terms.tuning, relative=relative)
    _finite(found.value, found.low, found.high, found.p)
    return found


def _always(contrast: Contrast, terms: Terms, refusals: Refusals) -> AlwaysValid | None:
    found = refusals.ask("always", lambda: _sequential(contrast, terms, relative=False))
    if found is None:
        return None
    relative = refusals.ask("always_relative", lambda: _sequential(contrast, terms, relative=True))
    wider = found.widening
    return AlwaysValid(
        absolute=_span(found),
        relative=relative and _span(relative),
        p=found.p,
        method=found.method,
        tuning=found.tuning,
        widening=wider if wider is not None and math.isfinite(wider) else None,
    )


def _bayes(contrast: Contrast, terms: Terms, refusals: Refusals) -> Bayes | None:
    found = refusals.ask("bayes", lambda: _posterior(contrast, terms))
    if found is None:
        return None
    higher = contrast.metric.better == "higher"
    lost, missed = found.loss_if_chosen, found.loss_if_not
    return Bayes(
        better=found.better if higher else 1 - found.better,
        best=None,
        loss_if_chosen=lost if higher else missed,
        loss_if_not=missed if higher else lost,
        credible=Span(value=found.value, low=found.low, high=found.high),
        prior=found.prior,
    )


def _posterior(contrast: Contrast, terms: Terms) -> Posterior:
    found = contrast.posterior(terms.prior, terms.alpha)
    _finite(
        found.better,
        found.loss_if_chosen,
        found.loss_if_not,
        found.value,
        found.low,
        found.high,
    )
    return found


def verdict(metric: Metric, always: AlwaysValid | None) -> Verdict:
    """What the always-valid interval leaves, in the metric's good direction."""
    if always is None or always.absolute is None:
        return "unclear"
    low, high = in_good_direction(metric, always.absolute)
    if low > 0:
        return "better"
    return "worse" if high < 0 else "unclear"


def in_good_direction(metric: Metric, span: Span) -> tuple[float, float]:
    """The interval's ends, where more is better."""
    return (span.low, span.high) if metric.better == "higher" else (-span.high, -span.low)


def with_holm(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """The p-values corrected for the number of variants."""
    corrected = adjusted([one.p for one in effects], "holm")
    return tuple(
        one.model_copy(update={"adjusted_p": p}) for one, p in zip(effects, corrected, strict=True)
    )
