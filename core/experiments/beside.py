"""Two variants side by side: the same contacts on the same seed, those that differ first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from core.domain.errors import BadInput, Conflict, NotFound
from core.domain.events import Event
from core.domain.experiment_life import TranscriptsBeside
from core.domain.experiment_results import Beside, BesideList
from core.domain.experiments import Experiment, Metric
from core.domain.runs import Run
from core.experiments.rehearsing import Rehearsing
from core.experiments.rooms import Rooms
from core.experiments.wordwise import turns_beside
from core.flows import CompiledFlow, all_ways
from core.rehearsal import title
from core.store import RunsOrigin


class Met(NamedTuple):
    """One contact's value in two variants."""

    contact: str
    a: float | None
    b: float | None

    @property
    def differs(self) -> bool:
        """Whether it came out otherwise; somebody without a value in one of them does not."""
        return self.a is not None and self.b is not None and self.a != self.b

    def order(self) -> tuple[bool, float, str]:
        """Those that differ first, the most different of them before."""
        return not self.differs, -abs((self.b or 0.0) - (self.a or 0.0)), self.contact


class SideBySide:
    """Reads two variants of a rehearsed experiment beside each other.

    Args:
        rooms: The workspace's rooms.
        rehearsing: The runs of experiments.
    """

    def __init__(self, rooms: Rooms, rehearsing: Rehearsing) -> None:
        self._rooms = rooms
        self._rehearsing = rehearsing

    def listed(
        self,
        experiment: Experiment,
        a: str,
        b: str,
        metric: str | None,
        *,
        only_different: bool,
        limit: int,
        offset: int,
    ) -> BesideList:
        """Contacts of two variants, those that differ first.

        Raises:
            Conflict: If it is no rehearsal, or not finished.
            NotFound: If there is no such variant or metric.
        """
        runs = self._runs(experiment, a, b)
        measured = _metric(experiment, metric)
        people = self._met(experiment, measured, a, b)
        sign = 1 if measured.better == "higher" else -1
        known = [(one.a, one.b) for one in people if one.a is not None and one.b is not None]
        people.sort(key=Met.order)
        shown = [one for one in people if one.differs] if only_different else people
        return BesideList(
            metric=measured.id,
            variant_a=a,
            variant_b=b,
            same=sum(one == other for one, other in known),
            only_a=sum(sign * one > sign * other for one, other in known),
            only_b=sum(sign * one < sign * other for one, other in known),
            contacts=self._told(runs, shown[offset : offset + limit]),
            total=len(shown),
        )

    def transcripts(
        self, experiment: Experiment, contact_id: str, a: str, b: str
    ) -> TranscriptsBeside:
        """One contact's conversations in two variants.

        Raises:
            Conflict: If it is no rehearsal, or not finished.
            NotFound: If there is no such variant or contact.
        """
        runs = self._runs(experiment, a, b)
        first, second = (self._rooms.reports.transcript(run.id, contact_id) for run in runs)
        events = [self._rooms.store.events.of_contact(run.id, contact_id) for run in runs]
        turns = turns_beside(first.turns, second.turns)
        return TranscriptsBeside(
            contact_id=contact_id,
            variant_a=a,
            variant_b=b,
            a=first,
            b=second,
            differs_a=tuple(one.seq_a for one in turns if not one.same and one.seq_a is not None),
            differs_b=tuple(one.seq_b for one in turns if not one.same and one.seq_b is not None),
            parts_at=parting(events[0], events[1], self._labels(runs)),
            turns=turns,
        )

    def _runs(self, experiment: Experiment, a: str, b: str) -> tuple[Run, Run]:
        if experiment.source != "rehearsal":
            raise Conflict(
                "Only a rehearsal lets the same people meet two variants.",
                fix="Rehearse the variants with a population.",
            )
        if experiment.status == "draft":
            raise Conflict("This is a draft.", fix="Start it first.")
        if a == b:
            raise BadInput("These are not two variants.", place="b", fix="Choose another one.")
        for variant in (a, b):
            if variant not in experiment.runs:
                raise NotFound(f"There is no variant '{variant}'.", place="variant")
        self._rehearsing.finished(experiment)
        runs = self._rehearsing.runs(experiment)
        return runs[a], runs[b]

    def _met(self, experiment: Experiment, metric: Metric, a: str, b: str) -> list[Met]:
        design = experiment.design
        origin = RunsOrigin(experiment.runs, design.population or "")
        values = self._rooms.store.participants.values(origin, design, metric.id, a, b)
        return [Met(*one) for one in values]

    def _told(self, runs: tuple[Run, Run], people: Sequence[Met]) -> tuple[Beside, ...]:
        store = self._rooms.store
        ids = [one.contact for one in people]
        events = [store.events.of_contacts(run.id, ids) for run in runs]
        told = store.populations.attributes(runs[0].population_id, ids)
        labels = self._labels(runs)
        return tuple(
            _beside(one, runs, [some[one.contact] for some in events], told, labels)
            for one in people
        )

    def _labels(self, runs: tuple[Run, Run]) -> tuple[Mapping[tuple[str, str], str], ...]:
        flows = [self._rooms.flows.compiled(run.flow_id, run.flow_version) for run in runs]
        return tuple(_ways(flow) for flow in flows)


def _metric(experiment: Experiment, id: str | None) -> Metric:
    if id is None and experiment.design.primary is not None:
        return experiment.design.primary
    found = next((one for one in experiment.design.metrics if one.id == id), None)
    if found is None:
        raise NotFound(f"There is no metric '{id}'.", place="metric")
    return found


def _beside(
    one: Met,
    runs: tuple[Run, Run],
    events: Sequence[Sequence[Event]],
    told: Mapping[str, Mapping[str, Any]],
    labels: Sequence[Mapping[tuple[str, str], str]],
) -> Beside:
    attributes = told.get(one.contact, {})
    name = str(attributes.get("name") or one.contact)
    who = str(attributes.get("first_name") or name.split()[0])
    outcomes = [title(who, some) if some else "was not played" for some in events]
    return Beside(
        contact_id=one.contact,
        name=name,
        persona=_persona(events),
        run_a=runs[0].id,
        run_b=runs[1].id,
        outcome_a=outcomes[0],
        outcome_b=outcomes[1],
        value_a=one.a,
        value_b=one.b,
        parts_at=parting(events[0], events[1], labels),
    )


def _persona(events: Sequence[Sequence[Event]]) -> str:
    entered = next((event for some in events for event in some if event.kind == "entered"), None)
    return str(entered.payload.get("persona") or "") if entered else ""


def _ways(flow: CompiledFlow) -> dict[tuple[str, str], str]:
    """What stands on each way out of a flow's steps."""
    return {(step, way.name): way.label or way.name for step, way in all_ways(flow)}


def parting(
    a: Sequence[Event], b: Sequence[Event], labels: Sequence[Mapping[tuple[str, str], str]]
) -> str | None:
    """Where two ways through a flow first part, in words; None where they do not.

    Args:
        a: What happened to a contact in the first variant.
        b: The same contact in the second.
        labels: What stands on the ways out of steps, in each variant.
    """
    ways = [_moves(events) for events in (a, b)]
    longest = max(map(len, ways))
    for at in range(longest):
        one, two = (moves[at] if at < len(moves) else None for moves in ways)
        if one == two:
            continue
        if one and two and one[0] == two[0]:
            said = [
                label.get(move, move[1]) for label, move in zip(labels, (one, two), strict=True)
            ]
            return f"At “{one[0]}”: “{said[0]}” in the one, “{said[1]}” in the other"
        before = f"After “{ways[0][at - 1][0]}”" if at else "At the start"
        places = [f"“{move[0]}”" if move else "the end" for move in (one, two)]
        return f"{before}: {places[0]} in the one, {places[1]} in the other"
    return None


def _moves(events: Sequence[Event]) -> list[tuple[str, str]]:
    return [
        (event.step_id or "", str(event.payload.get("way") or ""))
        for event in events
        if event.kind in ("branched", "ended")
    ]
