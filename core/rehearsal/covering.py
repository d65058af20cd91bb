"""What of a flow is covered: by a run, by its tests, and what a solver knows of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.domain.coverage import Covered, FlowCoverage, OutcomeCoverage, WayCoverage
from core.domain.errors import BadInput
from core.domain.flow_tests import Expectation, FlowTest
from core.domain.runs import Run, TestStatus
from core.domain.trials import Outcomes, Taken, Tried
from core.flows import CompiledFlow, CompiledStep, all_ways
from core.flows.reach import solve
from core.rehearsal.testing import Leaving, outcomes_of
from core.rehearsal.wording import count_of
from core.store import Reading

Solved = Sequence[WayCoverage]
"""What a solver found out about each way out of a step."""


@dataclass(frozen=True)
class Seen:
    """Where coverage is counted from.

    Attributes:
        run: The run, and what its people reached.
        tests: The flow's tests that were played, None where they were not looked at.
        solved: What a solver found, None where none was asked.
        notes: What was cut short.
    """

    run: tuple[Run, Taken] | None = None
    tests: Sequence[Tried] | None = None
    solved: Solved | None = None
    notes: list[str] = field(default_factory=list)

    def taken(self, *statuses: TestStatus) -> list[Taken]:
        """What the tests with one of these statuses reached."""
        return [tried.taken for tried in self.tests or () if tried.result.status in statuses]

    def all(self) -> list[Taken]:
        """Everything that anybody reached."""
        run = [] if self.run is None else [self.run[1]]
        return run + [tried.taken for tried in self.tests or ()]

    @property
    def words(self) -> str:
        """That nobody was seen, and where: ``Nobody took it in rehearsal 3 or the tests``."""
        named = [] if self.run is None else [f"rehearsal {self.run[0].number}"]
        named += ["the tests"] if self.tests is not None else []
        if not named:
            return "No rehearsal and no test was looked at"
        return f"Nobody took it in {' or '.join(named)}"


def taken_in(reading: Reading, run_id: str, flow: CompiledFlow) -> Taken:
    """What the people of a run reached.

    Args:
        reading: The events.
        run_id: The run.
        flow: The flow that it played.
    """
    return Taken(
        steps={row.step_id: row.people for row in reading.visits(run_id) if row.way is None},
        ways=reading.way_people(run_id),
        timeouts=reading.timed_out(run_id),
        outcomes=outcomes_of(flow, reading.left(run_id)),
    )


def cover(flow: CompiledFlow, seen: Seen) -> FlowCoverage:
    """Coverage of every step, way, condition and time-out.

    What somebody reached is reached, whatever a solver says of it.

    Args:
        flow: The flow.
        seen: Where it is counted from.
    """
    everything = seen.all()
    tested = seen.tests is not None
    return FlowCoverage(
        **covered(flow, everything).model_dump(),
        rows=_rows(flow, seen),
        conditions=_conditions(flow, everything),
        passing=covered(flow, seen.taken("passed")) if tested else None,
        failing=covered(flow, seen.taken("failed", "error")) if tested else None,
        people={id: sum(one.steps.get(id, 0) for one in everything) for id in flow.steps},
        notes=seen.notes,
    )


def covered(flow: CompiledFlow, everything: Sequence[Taken]) -> Covered:
    """How much some people reached together, of all that there is."""
    steps = {id for taken in everything for id in taken.steps}
    left = {(id, way) for taken in everything for id, ways in taken.ways.items() for way in ways}
    ways = [(id, way.name) for id, way in all_ways(flow)]
    waiting = {id for id, step in flow.steps.items() if waits(step)}
    timed_out = {id for taken in everything for id in taken.timeouts}
    conditions = _conditions(flow, everything)
    held = sum(bool(one.held) for one in conditions)
    failed = sum(bool(one.failed or one.raised) for one in conditions)
    return Covered(
        steps=(len(steps & set(flow.steps)), len(flow.steps)),
        ways=(sum(way in left for way in ways), len(ways)),
        outcomes=(held + failed, 2 * len(conditions)),
        timeouts=(len(waiting & timed_out), len(waiting)),
    )


def waits(step: CompiledStep) -> bool:
    """Whether somebody is waited for here, so that the time can run out."""
    if step.type == "wait_for_reply":
        return True
    return step.type in ("check_in", "assessment") and bool(getattr(step.config, "questions", ()))


def witness_test(row: WayCoverage, name: str | None = None) -> FlowTest:
    """A test that holds somebody who takes a way, so that it stays covered.

    Args:
        row: A way with a witness.
        name: What the test is called; made from the way where it is not given.

    Raises:
        BadInput: If nobody is known who takes it.
    """
    if row.witness is None:
        raise BadInput(
            f"Nobody is known who takes {row.way} out of {row.step}.",
            fix="Search for somebody first.",
        )
    return FlowTest(
        name=(name or f"Takes {row.step}: {row.label or row.way}")[:255],
        contact=row.witness.contact,
        replies=row.witness.replies,
        seed=row.witness.seed,
        expect=Expectation(ways=[f"{row.step}:{row.way}"]),
    )


def _rows(flow: CompiledFlow, seen: Seen) -> list[WayCoverage]:
    people = {} if seen.run is None else seen.run[1].ways
    passing = _tests_by_way(seen.taken("passed"))
    failing = _tests_by_way(seen.taken("failed", "error"))
    undecided = _tests_by_way(seen.taken("inconclusive"))
    known = {(row.step, row.way): row for row in seen.solved or ()}
    rows = []
    for id, way in all_ways(flow):
        row = WayCoverage(
            step=id,
            way=way.name,
            label=way.label,
            to=way.to,
            verdict="unknown",
            people=people.get(id, {}).get(way.name, 0),
            passing=passing[id, way.name],
            failing=failing[id, way.name],
            undecided=undecided[id, way.name],
        )
        rows.append(_judged(row, known.get((id, way.name)), seen))
    return rows


def _judged(row: WayCoverage, known: WayCoverage | None, seen: Seen) -> WayCoverage:
    """A row with its verdict: reached, else what the solver says, else that nobody was seen."""
    tests = row.passing + row.failing + row.undecided
    if row.people or tests:
        said = _reached(row.people, tests, seen)
        witness = known.witness if known is not None else None
        return row.model_copy(update={"verdict": "reached", "reason": said, "witness": witness})
    if known is None:
        return row.model_copy(update={"reason": seen.words})
    found = {"verdict": known.verdict, "witness": known.witness, "reason": known.reason}
    if known.verdict == "reachable" and not known.reason:
        found["reason"] = f"{seen.words}, but somebody can"
    return row.model_copy(update=found)


def _reached(people: int, tests: int, seen: Seen) -> str:
    said = []
    if people and seen.run is not None:
        said.append(f"{count_of(people, 'person', 'people')} of rehearsal {seen.run[0].number}")
    if tests:
        said.append(f"somebody in {count_of(tests, 'test')}")
    return f"{' and '.join(said)} took it"


def _tests_by_way(everything: Iterable[Taken]) -> Counter[Leaving]:
    counts: Counter[Leaving] = Counter()
    for taken in everything:
        counts.update((id, way) for id, ways in taken.ways.items() for way in ways)
    return counts


def _conditions(flow: CompiledFlow, everything: Sequence[Taken]) -> list[OutcomeCoverage]:
    return [
        _added(step, at, condition.source, [taken.outcomes for taken in everything])
        for step in flow.steps.values()
        for at, condition in enumerate(step.conditions)
    ]


def _added(
    step: CompiledStep, at: int, when: str, found: Sequence[dict[str, list[Outcomes]]]
) -> OutcomeCoverage:
    ones = [rows[at] for one in found if (rows := one.get(step.id)) and at < len(rows)]
    return OutcomeCoverage(
        step=step.id,
        branch=at,
        when=when,
        held=sum(one.held for one in ones),
        failed=sum(one.failed for one in ones),
        raised=sum(one.raised for one in ones),
    )


def searched(flow: CompiledFlow, seconds: float | None = None) -> Solved:
    """What a search finds out about every way of a flow.

    Args:
        flow: The flow.
        seconds: For how long at most; None for as long as it usually may take.
    """
    return solve(flow) if seconds is None else solve(flow, budget_seconds=seconds)
