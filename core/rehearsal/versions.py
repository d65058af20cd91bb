"""Two versions of a flow rehearsed with the same people: what the second does differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.domain.errors import BadInput, NotFound
from core.domain.models import Model
from core.domain.runs import Run
from core.domain.versions import (
    Example,
    Parting,
    PeopleChange,
    VersionComparison,
    VersionRehearsal,
)
from core.flows import CompiledFlow, all_ways
from core.rehearsal.compare import in_points, is_clear
from core.rehearsal.intervals import paired_shares
from core.rehearsal.jobs import Rehearsals
from core.rehearsal.report import Reports
from core.rehearsal.wording import people
from core.store import Parted, Reading, Store, Went

Ways = Mapping[tuple[str, str | None], str]
"""Every step (way None) and way of a version, with what stands on its edge."""


class Versions:
    """Rehearses two versions of a flow with the same people and chance, and compares them.

    Args:
        store: The workspace's tables.
        rehearsals: Its runs.
        reports: What is read from them.
    """

    def __init__(self, store: Store, rehearsals: Rehearsals, reports: Reports) -> None:
        self._store = store
        self._rehearsals = rehearsals
        self._reports = reports

    def rehearse(
        self,
        flow_id: str,
        a: int,
        b: int,
        population_id: str,
        *,
        seed: int = 7,
        model: Model | None = None,
        budget_usd: float | None = None,
    ) -> VersionRehearsal:
        """Play what has not been played of two versions; what has is used again.

        Raises:
            BadInput: If it is one version.
            InvalidFlow: If a version cannot be compiled.
            NotFound: If there is no such flow, version or population.
        """
        if a == b:
            raise BadInput("These are not two versions.", place="b", fix="Choose another one.")
        one, other = (
            self._rehearsals.prepare_once(
                flow_id,
                population_id,
                flow_version=version,
                seed=seed,
                model=model,
                budget_usd=budget_usd,
            )
            for version in (a, b)
        )
        if one.status == other.status == "finished":
            return VersionRehearsal(a=one, b=other, compared=self.compared_runs(one, other))
        return VersionRehearsal(
            a=self._rehearsals.start(one.id), b=self._rehearsals.start(other.id)
        )

    def compared(
        self,
        flow_id: str,
        a: int,
        b: int,
        *,
        population_id: str | None = None,
        seed: int | None = None,
    ) -> VersionComparison:
        """What version b does differently, by the newest two runs that can be compared.

        Raises:
            NotFound: If they were not rehearsed with the same people and seed.
        """
        pair = self.pair(flow_id, a, b, population_id=population_id, seed=seed)
        if pair is None:
            raise NotFound(
                f"Versions {a} and {b} were not rehearsed with the same people and seed.",
                place="b",
                fix="Rehearse both; runs that are there already are used again.",
            )
        return self.compared_runs(*pair)

    def pair(
        self,
        flow_id: str,
        a: int,
        b: int,
        *,
        population_id: str | None = None,
        seed: int | None = None,
    ) -> tuple[Run, Run] | None:
        """The newest two finished runs of two versions that differ in nothing else."""
        finished = [
            run
            for run in self._store.runs.all(flow_id)
            if run.status == "finished"
            and population_id in (None, run.population_id)
            and seed in (None, run.seed)
        ]
        seconds = [run for run in finished if run.flow_version == b]
        for run in finished:
            if run.flow_version == a:
                for other in seconds:
                    if _alike(run, other):
                        return run, other
        return None

    def compared_runs(self, a: Run, b: Run) -> VersionComparison:
        """What the run of the second version did differently."""
        flows = [self._reports.flow_of(run) for run in (a, b)]
        comparison = self._reports.compare(a.id, b.id)
        shared = [step for step in flows[0].steps if step in flows[1].steps]
        with Reading.one_moment(self._store.database) as reading:
            of, unsure = reading.in_both(a.id, b.id)
            went = reading.went(a.id, b.id)
            parted, places = reading.parted(a.id, b.id, shared)
        labels = [_places(flow) for flow in flows]
        changes = list(_changes(labels[0], labels[1], went, of))
        return VersionComparison(
            a=a.flow_version,
            b=b.flow_version,
            comparison=comparison,
            people=of,
            unsure=unsure,
            steps=[one for one in changes if one.way is None],
            ways=[one for one in changes if one.way is not None],
            parted=parted,
            partings=[self._parting(a, place, labels) for place in places],
        )

    def _parting(self, run: Run, place: Parted, labels: Sequence[Ways]) -> Parting:
        same = place.a_step == place.b_step
        names = self._store.populations.attributes(
            run.population_id, [contact for contact, *_ in place.examples]
        )
        step = place.a_step if same else place.before
        parting = Parting(
            step_id=step,
            a_way=place.a_way if same else None,
            b_way=place.b_way if same else None,
            a_to=None if same else place.a_step,
            b_to=None if same else place.b_step,
            people=place.people,
            sentence="",
            examples=[
                Example(
                    contact_id=contact,
                    name=str(names.get(contact, {}).get("name") or contact),
                    a_seq=a_seq,
                    b_seq=b_seq,
                )
                for contact, a_seq, b_seq in place.examples
            ],
        )
        return parting.model_copy(update={"sentence": _sentence(parting, labels)})


def _alike(a: Run, b: Run) -> bool:
    """Whether two runs had all in common but the flow's version."""
    same = ("population_id", "seed", "engine", "parameters_version", "model")
    twins = all(b.twins.get(name, version) == version for name, version in a.twins.items())
    return twins and all(getattr(a, name) == getattr(b, name) for name in same)


def _places(flow: CompiledFlow) -> Ways:
    places: dict[tuple[str, str | None], str] = {(step, None): step for step in flow.steps}
    return places | {(step, way.name): way.label for step, way in all_ways(flow)}


def _changes(a: Ways, b: Ways, went: list[Went], of: int) -> Iterator[PeopleChange]:
    """Every step and way of either version, those that changed most first."""
    counts = {(one.step_id, one.way): one for one in went}
    found = []
    for place in dict.fromkeys([*b, *a]):
        one = counts.get(place, Went(*place, 0, 0, 0, 0))
        low, high = paired_shares(one.only_a, one.only_b, of)
        difference = (one.only_b - one.only_a) / of if of else 0.0
        found.append(
            PeopleChange(
                step_id=place[0],
                way=place[1],
                label=b.get(place) or a.get(place) or "",
                a=one.a if place in a else None,
                b=one.b if place in b else None,
                only_a=one.only_a,
                only_b=one.only_b,
                difference=difference,
                low=low,
                high=high,
                clear=is_clear(low, high),
                text=in_points(difference, low, high),
            )
        )
    yield from sorted(found, key=lambda one: -(one.only_a + one.only_b))


def _sentence(place: Parting, labels: Sequence[Ways]) -> str:
    """Where people part, in a sentence."""
    one = place.people == 1
    who = people(place.people)
    if place.step_id and (place.a_way or place.b_way):
        before, now = (
            f"“{ways.get((place.step_id, way)) or way}”"
            for ways, way in zip(labels, (place.a_way, place.b_way), strict=True)
        )
        return f"At “{place.step_id}” {who} {'takes' if one else 'take'} {now} instead of {before}"
    before, now = (f"to “{to}”" if to else "to the end" for to in (place.a_to, place.b_to))
    start = f"From “{place.step_id}”" if place.step_id else "At the start"
    return f"{start} {who} {'goes' if one else 'go'} {now} instead of {before}"
