"""A flow's own tests, judged on what a run's people did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from core.domain.flow_tests import FlowTest
from core.domain.personas import slug
from core.domain.reports import TestResult
from core.domain.runs import Run, Verdict
from core.flows import CompiledFlow
from core.rehearsal.testing import Group, Leaving, judge
from core.store import Reading

Scripted = Callable[[int, FlowTest], TestResult]
"""Plays and judges a row that one made-up person plays."""


class Groups:
    """The personas of a run and of the runs that play its tests, by id and by name.

    Args:
        reading: The events.
        runs: The run first, then its children, each with its personas' names by id.
    """

    def __init__(self, reading: Reading, runs: Sequence[tuple[Run, dict[str, str]]]) -> None:
        self._reading = reading
        self._runs = runs
        self._groups: dict[str, dict[str, Group]] = {}

    def find(self, persona: str) -> Group | None:
        """The people to judge a test on; None where there is nobody of this persona."""
        for run, names in self._runs:
            for id, name in names.items():
                if id == persona or id == slug(persona) or name.casefold() == persona.casefold():
                    return self._of(run).get(id, Group(run.id, 0, {}, {}, {}))
        return None

    def _of(self, run: Run) -> dict[str, Group]:
        if run.id not in self._groups:
            self._groups[run.id] = self._read(run.id)
        return self._groups[run.id]

    def _read(self, run_id: str) -> dict[str, Group]:
        reading = self._reading
        unanswered, unknown = Counter[str](), Counter[str]()
        for some in reading.unanswered(run_id):
            unanswered[some.persona] += some.people
            unknown[some.persona] += 0 if some.known else some.people
        out = "unsure" if unanswered else None
        steps: dict[str, dict[str, int]] = {}
        for (persona, step), visitors in reading.steps_by_persona(run_id, out).items():
            steps.setdefault(persona, {})[step] = visitors
        ways: dict[str, dict[Leaving, int]] = {}
        for (persona, *leaving), visitors in reading.ways_by_persona(run_id, out).items():
            ways.setdefault(persona, {})[leaving[0], leaving[1]] = visitors
        goals: dict[str, dict[str, int]] = {}
        for goal in reading.goals(run_id, out):
            if goal.persona is not None:
                goals.setdefault(goal.persona, {})[goal.name] = goal.people
        tallies = {id: tally for id, (_, tally) in reading.most_messages(run_id, out).items()}
        return {
            persona: Group(
                run_id,
                sum(tallies.get(persona, {}).values()) + unanswered[persona],
                steps.get(persona, {}),
                goals.get(persona, {}),
                tallies.get(persona, {}),
                ways.get(persona, {}),
                unanswered[persona],
                unknown[persona],
            )
            for persona in tallies | unanswered
        }


def judged(flow: CompiledFlow, groups: Groups, scripted: Scripted) -> list[TestResult]:
    """Every test of the flow, in its order.

    Args:
        flow: The flow.
        groups: The people of the run.
        scripted: Plays the rows of people who say what is written down.
    """
    return [
        scripted(index, test)
        if test.scripted
        else judge(flow, index, test, groups.find(test.persona or ""))
        for index, test in enumerate(flow.flow.tests)
    ]


def verdict(run: Run, results: Sequence[TestResult]) -> Verdict:
    """What the tests say about the run as a whole."""
    if run.status != "finished":
        return "unfinished"
    statuses = {result.status for result in results}
    if statuses & {"failed", "error"}:
        return "failed"
    return "inconclusive" if "inconclusive" in statuses else "passed"
