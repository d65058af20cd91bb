"""Plans: from what was typed in, from a run, and from what a rehearsed experiment predicts."""

from __future__ import annotations

from math import sqrt

from core.domain.errors import Conflict, NotFound, Undefined
from core.domain.experiment_results import Analysis, ArmValue, MetricReading, Plan, Span
from core.domain.experiments import (
    Assignment,
    Design,
    Experiment,
    Planned,
    SourceKind,
    Variant,
)
from core.domain.intervals import Z
from core.domain.runs import Run
from core.experiments.looks import Looking
from core.experiments.metric_readings import arm_of_quantile, arm_of_sample
from core.experiments.rooms import Rooms
from core.experiments.statistics import plan
from core.store import RunsOrigin

UNCALIBRATED = "predicted by uncalibrated simulation"
NOTE = (
    "The present value, the spread and the effect are predicted by uncalibrated simulation: "
    "simulated people differ less than real ones do, so take more participants rather than fewer."
)
UNPAIRED = (
    "Real people meet one variant each, so this plan does not have what the pairing of the "
    "rehearsal saved."
)


class Predicting:
    """Plans experiments.

    Args:
        rooms: The workspace's rooms.
        looking: The looks at experiments.
    """

    def __init__(self, rooms: Rooms, looking: Looking) -> None:
        self._rooms = rooms
        self._looking = looking

    def plan(self, design: Design, run: str | None = None) -> Plan:
        """What a design needs, from what was typed in or what a run (or experiment) shows.

        Raises:
            Undefined: If nothing says what the metric is now.
            NotFound: If there is no such run or experiment.
        """
        if run is None:
            return plan(design)
        experiment = self._rooms.store.experiments.one(run)
        if experiment is not None:
            reading = _primary(self._look(experiment))
            return _planned(_real(design, reading.arms[0], self._source(experiment)), reading)
        found = self._rooms.store.runs.one(run)
        if found is None:
            raise NotFound(f"There is no rehearsal '{run}' here.", place="run")
        arm = self._arm(design, found)
        source = f"{UNCALIBRATED}: rehearsal {found.number}, {found.contacts:,} people"
        return _noted(plan(_real(design, arm, source)), NOTE)

    def predicted(self, experiment: Experiment) -> Plan:
        """The plan of the real test, fed by what a rehearsed experiment found.

        Raises:
            Conflict: If it is no rehearsal, or not finished.
        """
        analysis = self._look(experiment)
        winner = analysis.advice.variant if analysis.advice.outcome == "winner" else None
        return _planned(self._design(experiment, analysis), _primary(analysis), winner)

    def real(self, experiment: Experiment) -> Design:
        """A design of the real test, fed by what a rehearsed experiment found.

        Raises:
            Conflict: If it is no rehearsal, or not finished.
        """
        return self._design(experiment, self._look(experiment))

    def planned_people(self, design: Design, source: SourceKind) -> int | None:
        """How many participants are planned; None where nothing says so."""
        if source == "rehearsal" and design.population is not None:
            return self._rooms.populations.get(design.population).size
        if design.planned.people is not None:
            return design.planned.people
        try:
            return plan(design).people
        except Undefined:
            return None

    def _look(self, experiment: Experiment) -> Analysis:
        if experiment.source != "rehearsal":
            raise Conflict(
                "Only a rehearsal predicts: this experiment has its own data.",
                fix="Plan from its figures: type its control's value in.",
            )
        return self._looking.look(experiment)

    def _source(self, experiment: Experiment) -> str:
        return f"{UNCALIBRATED}: the rehearsal “{experiment.design.name}”"

    def _design(self, experiment: Experiment, analysis: Analysis) -> Design:
        design = experiment.design
        changes = {
            "name": f"{design.name[:240]} (real)",
            "population": None,
            "variants": tuple(_without_model(one) for one in design.variants),
        }
        base = design.model_copy(update=changes)
        return _real(base, _primary(analysis).arms[0], self._source(experiment))

    def _arm(self, design: Design, run: Run) -> ArmValue:
        """The primary metric among a run's people.

        Raises:
            Undefined: If there is no metric.
        """
        metric, control = design.primary, design.control_id or "control"
        if metric is None:
            raise Undefined("There is no metric to plan for.")
        asked = Design(name=design.name, variants=(Variant(id=control),), metrics=(metric,))
        origin = RunsOrigin({control: run.id}, run.population_id)
        participants = self._rooms.store.participants
        if metric.kind == "quantile":
            found = participants.quantiles(origin, asked)
            return arm_of_quantile(metric, control, found.get((metric.id, control, None)), 0)
        cells = participants.cells(origin, asked)
        if not cells:
            raise Undefined(f"Rehearsal {run.number} has played nobody yet.")
        return arm_of_sample(metric, control, cells[0].metrics[metric.id], 0.05)


def _primary(analysis: Analysis) -> MetricReading:
    """The primary metric's reading.

    Raises:
        Undefined: If there is none.
    """
    if not analysis.metrics:
        raise Undefined("Nothing was measured.")
    return analysis.metrics[0]


def _without_model(variant: Variant) -> Variant:
    """A variant without who played its people: real people play themselves."""
    return variant.model_copy(update={"model": None})


def _real(design: Design, control: ArmValue, source: str) -> Design:
    """A design for people who meet one variant each, starting from what the control showed.

    Raises:
        Undefined: If the control has no value.
    """
    if control.value is None:
        raise Undefined(f"The control has no value: {control.text or 'no data'}.")
    planned = Planned(
        baseline=control.value,
        sd=_sd(control),
        people_a_day=design.planned.people_a_day,
        source=source,
    )
    assignment = Assignment(how="hash")
    if design.assignment.how == "stratified":
        assignment = design.assignment.model_copy(update={"salt": ""})
    return design.model_copy(update={"planned": planned, "assignment": assignment})


def _sd(arm: ArmValue) -> float | None:
    """How much participants differ; of a ratio or quantile, what its interval says of it."""
    if arm.sd is not None or arm.count is not None:
        return arm.sd
    if arm.low is None or arm.high is None:
        return None
    return (arm.high - arm.low) / (2 * Z) * sqrt(arm.n)


def _planned(design: Design, reading: MetricReading, winner: str | None = None) -> Plan:
    """The plan, with the effect that the rehearsal predicts beside it."""
    return _noted(plan(design, predicted=_effect(reading, winner)), NOTE, UNPAIRED)


def _effect(reading: MetricReading, winner: str | None) -> Span | None:
    """The relative effect of the winner; of the best variant where none has won."""
    sign = 1 if reading.better == "higher" else -1
    known = [(one.variant, one.relative) for one in reading.effects if one.relative is not None]
    known.sort(key=lambda one: (one[0] != winner, -sign * one[1].value))
    return known[0][1] if known else None


def _noted(made: Plan, *notes: str) -> Plan:
    return made.model_copy(update={"notes": (*notes, *made.notes)})
