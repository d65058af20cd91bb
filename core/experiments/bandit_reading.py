"""What may be said after a bandit: its rounds, what they cost, and honest effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.domain.errors import Undefined
from core.domain.experiment_results import ArmValue, BanditReading, BanditRound, Effect, Span
from core.domain.experiments import Design, Metric
from core.domain.samples import Sample
from core.experiments import numbers
from core.experiments.statistics import (
    Batch,
    Weighted,
    even_regret,
    inverse_probability,
    regret,
    weighted_difference,
    weighted_ratio,
)

LATE = "Who has no outcome yet counts as none, so the newest round may still rise"
"""Said of a live bandit: nobody can know what is still to come."""
HOW = "Each participant is weighed by the probability with which the bandit sent them on"
NO_P = "After a bandit the interval tells: it may be looked at whenever one likes."


@dataclass(frozen=True)
class Round:
    """One batch of a bandit.

    Attributes:
        shares: Each variant's probability, as it was decided before the batch.
        arms: What came of it, in the design's order of variants.
    """

    shares: dict[str, float]
    arms: list[Sample]


def reading_of(
    design: Design, rounds: Sequence[Round], truth: Sequence[float] | None = None
) -> BanditReading:
    """What a bandit did, and what may be said after it.

    Somebody without an outcome yet counts as not having it: where outcomes come late, the newest
    round of a live bandit looks worse than it is, in every variant alike.

    Args:
        design: The experiment's.
        rounds: Its batches, in order.
        truth: What each variant is worth, where everybody's outcome in each is known.

    Raises:
        Undefined: If too few came to say anything.
    """
    metric = design.primary
    if metric is None:
        raise Undefined("Nothing is measured, so nothing can be learned.")
    ids = [variant.id for variant in design.variants]
    weighted = _weighted(design, rounds)
    values = _values(rounds, weighted, truth)
    people = [[arm.n for arm in round.arms] for round in rounds]
    lower = metric.better == "lower"
    total = [sum(column) for column in zip(*people, strict=True)]
    told = list(_rounds(ids, rounds, people, values, lower=lower))
    return BanditReading(
        rounds=tuple(told),
        regret=told[-1].regret if told else 0.0,
        even_regret=even_regret(values, sum(total), lower=lower),
        arms=tuple(
            _arm(metric, id, one, n) for id, one, n in zip(ids, weighted, total, strict=True)
        ),
        effects=tuple(_effects(design, metric, dict(zip(ids, weighted, strict=True)))),
        method=_method(weighted) if truth is not None else f"{_method(weighted)}. {LATE}",
        known=truth is not None,
    )


def _weighted(design: Design, rounds: Sequence[Round]) -> list[Weighted | str]:
    """Each variant's honest value, or why there is none."""
    batches = [
        Batch(
            tuple(round.shares.get(variant.id, 0.0) for variant in design.variants),
            tuple(round.arms),
        )
        for round in rounds
    ]
    try:
        rule, planned = design.rule, design.planned
        tuning = rule.tuning or planned.people
        return list(inverse_probability(batches, alpha=rule.alpha, tuning=tuning))
    except Undefined as undefined:
        return [undefined.message] * len(design.variants)


def _values(
    rounds: Sequence[Round], weighted: Sequence[Weighted | str], truth: Sequence[float] | None
) -> list[float]:
    """What each variant is worth a participant; the plain mean where there is no honest value.

    Raises:
        Undefined: If nobody was sent to one.
    """
    if truth is not None:
        return list(truth)
    found = [one.value for one in weighted if isinstance(one, Weighted)]
    if len(found) == len(weighted):
        return found
    everybody = [
        sum(arms, Sample.none()) for arms in zip(*(one.arms for one in rounds), strict=True)
    ]
    if not everybody or not all(one.n for one in everybody):
        raise Undefined("The bandit has not sent anybody to every variant yet.")
    return [one.means[0] for one in everybody]


def _rounds(
    ids: Sequence[str],
    rounds: Sequence[Round],
    people: Sequence[Sequence[int]],
    values: Sequence[float],
    *,
    lower: bool,
) -> list[BanditRound]:
    lost, told = 0.0, []
    for at, (round, sent) in enumerate(zip(rounds, people, strict=True)):
        lost += regret(values, sent, lower=lower)
        told.append(
            BanditRound(
                round=at + 1,
                shares=round.shares,
                people=dict(zip(ids, sent, strict=True)),
                regret=lost,
            )
        )
    return told


def _arm(metric: Metric, id: str, found: Weighted | str, people: int) -> ArmValue:
    if isinstance(found, str):
        return ArmValue(variant=id, n=people, text=found)
    return ArmValue(
        variant=id,
        n=people,
        value=found.value,
        low=found.low,
        high=found.high,
        text=f"{numbers.value(metric.kind, found.value)} among {numbers.people(people)}; the "
        f"plain {'share' if metric.kind in numbers.SHARES else 'mean'} is "
        f"{numbers.value(metric.kind, found.naive)}",
    )


def _effects(design: Design, metric: Metric, weighted: dict[str, Weighted | str]) -> list[Effect]:
    control = weighted.get(design.control_id or "")
    return [
        _effect(metric, id, control, found, design.rule.alpha)
        for id, found in weighted.items()
        if id != design.control_id
    ]


def _effect(
    metric: Metric,
    id: str,
    control: Weighted | str | None,
    treated: Weighted | str,
    alpha: float,
) -> Effect:
    """One variant against the control."""
    refused: dict[str, str] = {"p": NO_P}
    absolute: Weighted | None = None
    relative: Weighted | None = None
    if isinstance(control, Weighted) and isinstance(treated, Weighted):
        absolute = weighted_difference(control, treated, alpha=alpha)
        try:
            relative = weighted_ratio(control, treated, alpha=alpha)
        except Undefined as undefined:
            refused["relative"] = undefined.message
    else:
        refused["absolute"] = next(one for one in (control, treated) if isinstance(one, str))
    span = _span(absolute)
    return Effect(
        variant=id,
        absolute=span,
        relative=_span(relative),
        p=None,
        adjusted_p=None,
        method=_method([absolute or ""]),
        always=None,
        bayes=None,
        variance_removed=None,
        verdict=_verdict(metric, span),
        sentence=_sentence(metric, id, span),
        refused=refused,
    )


def _method(weighted: Sequence[Weighted | str]) -> str:
    found = next((one for one in weighted if isinstance(one, Weighted)), None)
    return HOW if found is None else f"{HOW}: {found.method}"


def _span(found: Weighted | None) -> Span | None:
    return Span(value=found.value, low=found.low, high=found.high) if found else None


def _verdict(metric: Metric, span: Span | None) -> Literal["better", "worse", "unclear"]:
    if span is None or span.low <= 0 <= span.high:
        return "unclear"
    return "better" if (span.low > 0) == (metric.better == "higher") else "worse"


def _sentence(metric: Metric, id: str, span: Span | None) -> str:
    if span is None:
        return f"Too little is known of “{id}” to hold it against the control."
    told = numbers.span_of_difference(metric.kind, span)
    return f"{metric.label} differs by {told} under “{id}”, put right for whom the bandit chose."
