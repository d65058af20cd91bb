"""From sums to one look at an experiment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.domain.errors import Undefined
from core.domain.experiment_results import Advice, Analysis, MetricReading, Warned
from core.domain.experiments import Design, Metric, Registered
from core.experiments.advising import advise, nothing_to_decide
from core.experiments.effects import Terms
from core.experiments.groups import Group, everyone, in_order, metrics_in_order, treatments
from core.experiments.looking import Look
from core.experiments.metric_readings import metric_reading
from core.experiments.over_time import daily_cells, over_time
from core.experiments.reading import Readings
from core.experiments.rule_errors import rule_errors
from core.experiments.segments import cuts, segment_readings
from core.experiments.sentences import means_not
from core.experiments.statistics import plan
from core.experiments.warnings import Seen, health

USUAL_TUNING = 5_000
"""Where always-valid intervals are narrowest if nobody planned a number of participants."""


def analyse(
    design: Design,
    readings: Readings,
    *,
    at: datetime,
    number: int = 1,
    experiment_id: str | None = None,
    engine: str | None = None,
    registered: Registered | None = None,
    earlier: Sequence[int] = (),
    said: Advice | None = None,
    data: str = "",
) -> Analysis:
    """One look.

    Args:
        design: What was decided beforehand.
        readings: The sums.
        at: When.
        number: Which look it is, from 1.
        experiment_id: The experiment; None for one of the command line.
        engine: Who simulated the people; None for real ones.
        registered: What was frozen at the start.
        earlier: Participants of all variants at each earlier look.
        said: The advice of the look before this one.
        data: What it was made from, in words.

    Raises:
        BadInput: If the data do not have what the design names.
    """
    facts = readings.facts(design)
    group = everyone(design, readings)
    planned = planned_people(design, registered)
    terms = Terms(design.rule.alpha, tuning_of(design, planned), design.prior)
    metrics = tuple(_read(design, group, one, terms) for one in metrics_in_order(design))
    look = Look(
        design, readings, facts, group, metrics, terms, planned, number, tuple(earlier), said
    )
    days, made = daily_cells(look), cuts(look)
    warnings = health(Seen(look, days, registered))
    return Analysis(
        experiment_id=experiment_id,
        number=number,
        at=at,
        name=design.name,
        hypothesis=design.hypothesis,
        control=design.control_id or "",
        variants={id: look.name(id) for id in in_order(design)},
        participants={id: group.people(id) for id in in_order(design)},
        days=look.days,
        paired=design.assignment.how == "paired",
        engine=engine,
        metrics=metrics,
        segments=segment_readings(look, made),
        over_time=over_time(look, days),
        warnings=warnings,
        advice=_advice(look, warnings, engine),
        rules=rule_errors(),
        means_not=means_not(design, engine=engine, segments=bool(design.segments)),
        data=data,
        fingerprint=registered.fingerprint if registered else design.fingerprint,
    )


def planned_people(design: Design, registered: Registered | None) -> int | None:
    """How many participants were planned: frozen, typed, or asked for by the power."""
    if registered is not None and registered.people is not None:
        return registered.people
    if design.planned.people is not None:
        return design.planned.people
    if design.planned.baseline is None:
        return None
    try:
        return plan(design).people
    except Undefined:
        return None


def tuning_of(design: Design, planned: int | None) -> int:
    """Where always-valid intervals are narrowest; never chosen from the data."""
    return design.rule.tuning or planned or USUAL_TUNING


def _read(design: Design, group: Group, metric: Metric, terms: Terms) -> MetricReading:
    control = design.control_id
    contrasts = {
        id: group.contrast(metric, control, id) for id in treatments(design) if control is not None
    }
    arms = [group.arm(metric, id, terms.alpha) for id in in_order(design)]
    return metric_reading(metric, arms, contrasts, terms)


def _advice(look: Look, warnings: tuple[Warned, ...], engine: str | None) -> Advice:
    design = look.design
    if design.primary is None:
        return nothing_to_decide("no metric was named", "Name what is measured.")
    if len(design.variants) < 2:
        return nothing_to_decide("there is nothing to compare with", "Add a second variant.")
    return advise(look.standing(warnings, engine), rule_errors())
