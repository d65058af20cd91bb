"""What still keeps a design from starting, each with the field that it concerns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from core.domain.errors import BadInput, GreenroomError
from core.domain.experiment_life import Obstacle
from core.domain.experiments import Assignment, Design, Metric, SourceKind
from core.experiments.arms import compiled_arm, played_document, twin_versions
from core.experiments.bandits import KINDS
from core.experiments.columns import column_obstacles
from core.experiments.measures import MEASURES, NAMED, is_measure, missing_names
from core.experiments.rooms import Rooms
from core.flows import CompiledFlow

_FITS: dict[SourceKind, tuple[str, ...]] = {
    "rehearsal": ("paired", "bandit"),
    "live": ("hash", "stratified", "bandit"),
    "table": ("given", "hash", "stratified"),
}
_WHY: dict[SourceKind, tuple[str, str]] = {
    "rehearsal": (
        "In a rehearsal everyone meets every variant.",
        "Choose paired, or a bandit to see what it would have done.",
    ),
    "live": (
        "Real people meet one variant each, and we say which.",
        "Choose hash, stratified or bandit.",
    ),
    "table": (
        "In an imported table the variant stands in the data.",
        "Choose given, or how they were assigned: hash or stratified.",
    ),
}


def obstacles(
    design: Design, source: SourceKind, rooms: Rooms, dataset: str | None = None
) -> tuple[Obstacle, ...]:
    """Everything that keeps a design from starting, or should be known before; the worst first."""
    found = [
        *_question(design),
        *_variants(design),
        *_metrics(design, source),
        *_assignment(design, source),
        *_rule(design, source),
    ]
    if source == "table":
        found += column_obstacles(design, rooms.store.datasets, dataset)
    elif source == "rehearsal":
        found += _rehearsal(design, rooms)
    return tuple(sorted(found, key=lambda one: one.severity))


def refuse(found: Sequence[Obstacle]) -> None:
    """Refuse to start with what stands in the way.

    Raises:
        BadInput: With the first of what stops.
    """
    first = next((one for one in found if one.severity == "stop"), None)
    if first is not None:
        raise BadInput(first.text, place=first.place, fix=first.fix or None)


def _question(design: Design) -> Iterator[Obstacle]:
    if not design.hypothesis.strip():
        yield Obstacle(
            place="question",
            text="Nothing says what is expected, and why.",
            fix="Write the hypothesis down before the data come: it is frozen at the start.",
            severity="warning",
        )


def _variants(design: Design) -> Iterator[Obstacle]:
    if len(design.variants) < 2:
        yield Obstacle(
            place="variants",
            text="An experiment needs two variants at least.",
            fix="Add one: the first is what is in use now.",
        )
    elif sum(variant.weight > 0 for variant in design.variants) < 2:
        yield Obstacle(
            place="variants",
            text="Fewer than two variants have a weight: nobody would meet the others.",
            fix="Give them a weight above 0.",
        )
    labels = Counter(variant.label.casefold() for variant in design.variants)
    for variant in design.variants:
        if labels[variant.label.casefold()] > 1:
            yield Obstacle(
                place=f"variants.{variant.id}",
                text=f"Two variants are called “{variant.label}”: nobody could tell their results "
                "apart.",
                fix="Give each a name of its own.",
            )


def _metrics(design: Design, source: SourceKind) -> Iterator[Obstacle]:
    if design.primary is None:
        yield Obstacle(
            place="metrics",
            text="Nothing is measured.",
            fix="Add a metric; one is primary: it decides.",
        )
    elif design.primary.role != "primary":
        yield Obstacle(
            place="metrics",
            text="No metric is the primary one, so nothing decides.",
            fix=f"Choose one, for example “{design.primary.label}”.",
        )
    if source != "table":
        for metric in design.metrics:
            yield from _measure(metric)


def _measure(metric: Metric) -> Iterator[Obstacle]:
    for value in (metric.value, metric.per):
        if value is not None and not is_measure(value):
            known = [*MEASURES, *(f"{kind}:NAME" for kind in NAMED)]
            yield Obstacle(
                place=f"metrics.{metric.id}",
                text=f"'{value}' is not something that can be measured.",
                fix=f"Choose one of: {', '.join(known)}.",
            )


def _assignment(design: Design, source: SourceKind) -> Iterator[Obstacle]:
    assignment: Assignment = design.assignment
    if assignment.how not in _FITS[source]:
        text, fix = _WHY[source]
        yield Obstacle(place="assignment", text=text, fix=fix)
    primary = design.primary
    if assignment.how == "bandit" and primary is not None and primary.kind not in KINDS:
        yield Obstacle(
            place="assignment",
            text=f"A bandit learns from what each participant does, and “{primary.label}” is a "
            f"{primary.kind} of many.",
            fix="Choose another primary metric, or another assignment.",
        )
    if assignment.how == "stratified" and not assignment.strata:
        yield Obstacle(
            place="assignment",
            text="Nothing says within what it is balanced.",
            fix="Name the attributes (strata), or choose hash.",
        )


def _rule(design: Design, source: SourceKind) -> Iterator[Obstacle]:
    planned = design.planned
    if design.rule.least_days and source == "table" and design.data.time is None:
        yield Obstacle(
            place="data",
            text=f"Nothing is decided before {design.rule.least_days:g} days have passed, and no "
            "column of the table says when.",
            fix="Name the column (data.time), or let the rule not wait for days.",
        )
    if design.rule.kind not in ("fixed", "group_sequential") or source == "rehearsal":
        return
    if planned.people is None and planned.baseline is None:
        yield Obstacle(
            place="rule",
            text="This rule is read when the planned participants are there, and nothing is "
            "planned.",
            fix="Say how many (planned.people), or what the metric is now (planned.baseline).",
        )


def _rehearsal(design: Design, rooms: Rooms) -> Iterator[Obstacle]:
    yield from _people(design, rooms)
    flows: list[CompiledFlow] = []
    for variant in design.variants:
        try:
            flow = compiled_arm(rooms, design, variant)
            twin_versions(rooms, design, variant, flow, make=False)
            if variant.model:
                rooms.find_model(variant.model)
            flows.append(flow)
        except GreenroomError as error:
            yield _of(error, f"variants.{variant.id}")
    if len(flows) == len(design.variants) and flows:
        for metric, what, name in missing_names(design, flows):
            yield Obstacle(
                place=f"metrics.{metric}",
                text=f"No variant's flow has the {what} '{name}'.",
                fix=f"Choose a {what} of the flow.",
            )
        yield from _alike(design, rooms)


def _of(error: GreenroomError, place: str) -> Obstacle:
    """What another room refused, as something that stands in the way."""
    told = error.place if isinstance(error, BadInput) and error.place else place
    return Obstacle(
        place=told if told.startswith("variants.") else place,
        text=error.message,
        fix=error.fix or "",
    )


def _people(design: Design, rooms: Rooms) -> Iterator[Obstacle]:
    if design.population is None:
        yield Obstacle(
            place="people",
            text="Nobody takes part yet.",
            fix="Choose a population: its people meet every variant.",
        )
        return
    try:
        population = rooms.populations.get(design.population)
    except GreenroomError as error:
        yield Obstacle(place="people", text=error.message, fix="Choose another population.")
        return
    known = {
        "persona",
        *(
            name
            for person in rooms.populations.people(population.id, 0, 1)
            for name in person.attributes
        ),
    }
    asked = [("segments", name) for name in design.segments]
    asked += [(f"metrics.{one.id}", one.before) for one in design.metrics if one.before]
    for place, name in asked:
        if name not in known:
            yield Obstacle(
                place=place,
                text=f"The people of “{population.name}” have no '{name}'.",
                fix=f"They have: {', '.join(sorted(known))}.",
            )


def _alike(design: Design, rooms: Rooms) -> Iterator[Obstacle]:
    """Say where two variants are the same: that is an A/A test, or a mistake."""
    seen: dict[str, str] = {}
    for variant in design.variants:
        document = played_document(rooms, design, variant)
        key = repr((document, variant.twins, variant.personality_config, variant.model))
        if key in seen:
            yield Obstacle(
                place=f"variants.{variant.id}",
                text=f"“{variant.label}” is the same as “{seen[key]}”.",
                fix="That is right for a test of the test; else change something.",
                severity="warning",
            )
        seen.setdefault(key, variant.label)
