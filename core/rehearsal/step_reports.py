"""A run step by step: where time and money went, what went wrong, who went where for sure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from core.domain.errors import NotFound
from core.domain.findings import Finding
from core.domain.flow_tests import Expectation
from core.domain.personas import slug
from core.domain.problems import Problems, StepProblem
from core.domain.runs import Run
from core.domain.times import StepTime
from core.flows import CompiledFlow, known_before
from core.rehearsal.problems import told_problem, told_problems, wrong_of
from core.rehearsal.times import step_times
from core.store import Reading, Store

KEPT = 16
T = TypeVar("T")


class StepReports:
    """What is told of a run's steps.

    Args:
        store: The workspace's tables.
        flow_of: The compiled flow that a run played.
        findings_of: What is known to be wrong with (flow id, version).
    """

    def __init__(
        self,
        store: Store,
        flow_of: Callable[[Run], CompiledFlow],
        findings_of: Callable[[str, int], Sequence[Finding]],
    ) -> None:
        self._store = store
        self._flow_of = flow_of
        self._findings_of = findings_of
        self._reading = Reading(store.database)
        self._kept: OrderedDict[tuple[object, ...], Any] = OrderedDict()

    def times(self, run_id: str) -> list[StepTime]:
        """Where time and money went in a run.

        Raises:
            NotFound: If there is no such run.
        """
        return self._kept_of(self._run(run_id), "times", self._times)

    def problems(self, run_id: str) -> Problems:
        """What went wrong in a run, and who is known to have gone which way.

        Raises:
            NotFound: If there is no such run.
        """
        return self._kept_of(self._run(run_id), "problems", self._problems)

    def problem_at(self, run_id: str, contact_id: str, seq: int) -> StepProblem | None:
        """What went wrong at one event of one contact; None where nothing did.

        Raises:
            NotFound: If there is no such run.
        """
        run = self._run(run_id)
        events = self._store.events.of_contact(run.id, contact_id)
        event = next((one for one in events if one.seq == seq), None)
        wrong = wrong_of(event) if event else None
        if event is None or wrong is None:
            return None
        flow = self._flow_of(run)
        person = self._store.populations.person(run.population_id, contact_id)
        known = known_before(flow, person.attributes if person else {}, events, seq)
        findings = self._findings_of(run.flow_id, run.flow_version)
        return told_problem(flow, wrong, event, known, findings)

    def against(self, run_id: str, persona: str, expect: Expectation) -> str | None:
        """The first of a persona's people who shows why a test does not hold; else the first.

        Raises:
            NotFound: If there is no such run.
        """
        return self._reading.against(
            self._run(run_id).id,
            slug(persona),
            never=expect.never,
            reaches=expect.reaches,
            goal=expect.goal,
            most=expect.max_messages,
        )

    def _kept_of(self, run: Run, what: str, read: Callable[[Run], T]) -> T:
        """What was read of a run before, as long as the run is where it was then."""
        key = (what, run.id, run.status, run.done, run.finished_at)
        if key not in self._kept:
            self._kept[key] = read(run)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        found: T = self._kept[key]
        return found

    def _times(self, run: Run) -> list[StepTime]:
        table = self._store.step_times
        found = table.waited(run.id), table.measured(run.id), table.asked(run.account)
        return list(step_times(list(self._flow_of(run).steps), *found))

    def _problems(self, run: Run) -> Problems:
        with Reading.one_moment(self._store.database) as reading:
            wrongs = reading.wrong(run.id)
            failed, gone = reading.failed(run.id), reading.gone(run.id)
        examples = {wrong.contact_id for wrong in wrongs}
        events = self._store.events.of_contacts(run.id, examples)
        people = self._store.populations.attributes(run.population_id, examples)
        findings = self._findings_of(run.flow_id, run.flow_version)
        rows = told_problems(self._flow_of(run), wrongs, findings, events, people)
        return Problems(rows=list(rows), failed=failed, gone=gone)

    def _run(self, run_id: str) -> Run:
        run = self._store.runs.one(run_id)
        if run is None:
            raise NotFound(f"There is no run {run_id}.", fix="See which runs there are.")
        return run
