"""A design's plan: participants, days, the smallest effect and the curve between, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

from core.domain.errors import Undefined
from core.domain.experiment_results import Plan, PlanPoint, Span
from core.domain.experiments import Design, Metric, Rule
from core.experiments.statistics.contrasts import COUNTED
from core.experiments.statistics.planning import (
    ENOUGH,
    Wanted,
    always_valid_factor,
    needed,
    quantile_spread,
    rule_factor,
    smallest,
)

STEPS = 17
REACH = 4.0
"""The curve goes from a quarter of the plan to four times as many participants."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a plan starts from: a metric's value in the control, and how much participants differ
    (in a paired design: how much the differences of pairs do)."""

    value: float
    sd: float | None = None


def plan(
    design: Design,
    *,
    baseline: float | None = None,
    sd: float | None = None,
    source: str | None = None,
    predicted: Span | None = None,
    guardrails: Mapping[str, Baseline] | None = None,
) -> Plan:
    """What an experiment of this design needs, and what it can find.

    Args:
        design: Its primary metric, variants, rule and ``planned`` are read.
        baseline: The primary metric's value in the control; ``design.planned`` where not given.
        sd: How much participants differ; the same.
        source: Where these come from; the same.
        predicted: The relative effect that a rehearsal predicts.
        guardrails: What guardrails start from, by metric id; the plan then has enough participants
            to show that none of these is worse by its margin.

    Raises:
        Undefined: If something is missing that the plan needs, or no number of participants does.
    """
    metric, wanted = _wanted(design, baseline, sd)
    factor = rule_factor(design.rule)
    asked = _asked(design.rule, wanted, factor)
    people = design.planned.people or max(
        [asked, *(_guarded(design, wanted, guardrails or {}, one) for one in design.metrics)]
    )
    least = smallest(wanted, people / factor) if design.planned.people else design.rule.least
    per_variant = _per_variant(design, wanted, people)
    total = people if wanted.paired else sum(per_variant.values())
    per_day = design.planned.people_a_day
    days = total / per_day if per_day else None
    return Plan(
        people=total,
        per_variant=per_variant,
        days=days,
        least=least,
        least_absolute=least * abs(wanted.baseline),
        baseline=wanted.baseline,
        sd=wanted.sd,
        curve=_curve(wanted, total, factor, per_day),
        sentence=_sentence(design, metric, wanted, total, least, days),
        source=source or design.planned.source or "typed in",
        predicted=predicted,
        notes=_notes(design, wanted, people, asked, least, predicted),
    )


def _wanted(design: Design, baseline: float | None, sd: float | None) -> tuple[Metric, Wanted]:
    metric = design.primary
    if metric is None:
        raise Undefined("There is no metric to plan for.")
    value = design.planned.baseline if baseline is None else baseline
    if value is None:
        raise Undefined(
            f"To plan this, the present value of {metric.label} must be known: type it in, or "
            "rehearse first."
        )
    ids = [design.control_id, *(v.id for v in design.variants if v.id != design.control_id)]
    weights = {one.id: one.weight for one in design.variants}
    shares = tuple(weights[one] for one in ids if one is not None and weights[one] > 0)
    spread = design.planned.sd if sd is None else sd
    if metric.kind not in COUNTED and spread is None:
        raise Undefined(
            f"To plan this, how much participants differ in {metric.label} (its standard "
            "deviation) must be known."
        )
    if metric.kind == "quantile" and spread is not None:
        spread *= quantile_spread(metric.quantile)
    paired = design.assignment.how == "paired" and spread is not None
    return metric, Wanted(
        metric.kind, value, spread, shares, design.rule.alpha, design.rule.power, paired
    )


def _asked(rule: Rule, wanted: Wanted, factor: float) -> int:
    """Participants that the rule asks for: the harder direction of the effect worth having."""
    found = [needed(wanted, rule.least)]
    if wanted.kind in COUNTED and wanted.baseline * (1 + rule.least) > 1:
        raise Undefined("The smallest effect worth having would make the rate more than 100 %.")
    return _whole(max(found) * factor)


def _guarded(
    design: Design, wanted: Wanted, baselines: Mapping[str, Baseline], metric: Metric
) -> int:
    """Participants that show a guardrail to be no worse than its margin (one-sided)."""
    known = baselines.get(metric.id)
    if metric.role != "guardrail" or known is None or not metric.margin:
        return 0
    one_sided = replace(
        wanted,
        kind=metric.kind,
        baseline=known.value,
        sd=known.sd,
        alpha=2 * design.rule.alpha * (len(wanted.shares) - 1),
    )
    return _whole(needed(one_sided, -metric.margin) * rule_factor(design.rule))


def _whole(people: float) -> int:
    if not people < ENOUGH:
        raise Undefined("More participants would be needed than there are people.")
    return ceil(people - 1e-9)


def _per_variant(design: Design, wanted: Wanted, people: int) -> dict[str, int]:
    if wanted.paired:
        return {one.id: people for one in design.variants if one.weight > 0}
    total = sum(one.weight for one in design.variants)
    if design.planned.people:
        return _split(design, people, total)
    return {one.id: _whole(people * one.weight / total) for one in design.variants}


def _split(design: Design, people: int, total: float) -> dict[str, int]:
    """A given number, shared out so that it adds up."""
    found: dict[str, int] = {}
    weight, given = 0.0, 0
    for one in design.variants:
        weight += one.weight
        until = round(people * weight / total)
        found[one.id], given = until - given, until
    return found


def _curve(
    wanted: Wanted, people: int, factor: float, per_day: float | None
) -> tuple[PlanPoint, ...]:
    """The smallest effect with fewer and with more participants than planned."""
    steps = [REACH ** (2 * at / (STEPS - 1) - 1) for at in range(STEPS)]
    counts = sorted({round(people * one) for one in steps if people * one >= 1})
    found = [_point(wanted, one, factor, per_day) for one in counts]
    return tuple(one for one in found if one is not None)


def _point(wanted: Wanted, people: int, factor: float, per_day: float | None) -> PlanPoint | None:
    """None where so few find nothing."""
    always = always_valid_factor(wanted.alpha, wanted.power)
    try:
        return PlanPoint(
            people=people,
            days=people / per_day if per_day else None,
            least=smallest(wanted, people / factor),
            always_least=smallest(wanted, people / always),
        )
    except Undefined:
        return None


def _sentence(
    design: Design, metric: Metric, wanted: Wanted, people: int, least: float, days: float | None
) -> str:
    rule, now = design.rule, wanted.baseline
    time = "" if days is None else f", about {_days(days)},"
    each = (
        "each meeting every variant"
        if wanted.paired
        else f"in {len(wanted.shares)} variants together"
    )
    return (
        f"With {people:,} participants {each}{time} a change of {metric.label} by "
        f"{_percent(least)} (from {_value(wanted, now)} to {_value(wanted, now * (1 + least))}) is "
        f"found in {100 * rule.power:.0f} of 100 experiments, and where nothing differs a "
        f"difference is declared in at most {100 * rule.alpha:g} of 100."
        if rule.kind != "expected_loss"
        else f"With {people:,} participants {each}{time} a change of {metric.label} by "
        f"{_percent(least)} is as clear as one look at the end would make it; this rule itself "
        "does not promise how often it is wrong."
    )


def _notes(
    design: Design,
    wanted: Wanted,
    people: int,
    asked: int,
    least: float,
    predicted: Span | None,
) -> tuple[str, ...]:
    notes = []
    rule = design.rule
    if wanted.kind == "quantile":
        notes.append("A quantile is planned as if values were normal; a long tail needs more.")
    if rule.kind in ("always_valid", "group_sequential"):
        notes.append(
            f"Being allowed to look costs {rule_factor(rule):.2f} times the participants of one "
            "look, at most: where the effect is larger, it ends earlier."
        )
    if len(wanted.shares) > 2:
        notes.append(
            f"Each of {len(wanted.shares) - 1} treatments is held against the control, so each may "
            f"err in {100 * rule.alpha / (len(wanted.shares) - 1):.3g} % only."
        )
    if design.planned.people and people < asked:
        notes.append(
            f"For the effect worth having, {_percent(rule.least)}, {asked:,} participants would be "
            "needed."
        )
    if not design.planned.people and people > asked:
        notes.append("A guardrail asks for more participants than the primary metric does.")
    if predicted is not None and abs(predicted.value) < least:
        notes.append(
            f"The rehearsal predicts {_percent(predicted.value)}, which is less than what "
            "this plan finds."
        )
    if wanted.kind == "revenue":
        notes.append("Money has a long tail: with few buyers, the plan is too hopeful.")
    if design.assignment.how == "bandit":
        notes.append("A bandit sends fewer participants to worse variants and needs more in all.")
    return tuple(notes)


def _days(days: float) -> str:
    whole = ceil(days)
    return "1 day" if whole == 1 else f"{whole:,} days"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _value(wanted: Wanted, value: float) -> str:
    return _percent(value) if wanted.kind in COUNTED else f"{value:,.4g}"
