"""What a run did at each step and way of a flow, as the canvas shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.domain.problems import Problems, StepProblem
from core.domain.reports import MessageRow, Report
from core.domain.times import StepTime
from core.flows import CompiledFlow, CompiledStep
from pages.parts.context import workspace
from pages.parts.page import counted

WAY = "\u0000"
"""Between a step and its way in the name of a way; no id can hold it."""
MOST_PROBLEMS = 20
"""What one card tells at most; the rest is in the report."""


@dataclass(frozen=True)
class Happened:
    """What is known of a run's steps: people by step and way, and those of whom it is not known."""

    people: Mapping[str, int] = field(default_factory=dict)
    unsure: Mapping[str, int] = field(default_factory=dict)
    ways: Mapping[tuple[str, str], int] = field(default_factory=dict)
    messages: Mapping[str, MessageRow] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report, problems: Problems) -> Happened:
        """What a report and its problems tell."""
        came = [one for one in problems.gone if one.way is None]
        return cls(
            people={one.step_id: one.people for one in came},
            unsure={one.step_id: one.unsure for one in came if one.unsure},
            ways={(one.step_id, one.way): one.people for one in problems.gone if one.way},
            messages={row.step_id: row for row in report.messages},
        )

    def line(self, step: CompiledStep) -> str:
        """What happened at a step, in one short line."""
        people, unsure = self.people.get(step.id, 0), self.unsure.get(step.id, 0)
        if not people and not unsure:
            return "nobody came here"
        if not people:
            return f"{counted(unsure, 'person', 'people')}, unsure"
        return f"{self._known(step, people)}{f' · {unsure:,} unsure' if unsure else ''}"

    def _known(self, step: CompiledStep, people: int) -> str:
        message = self.messages.get(step.id)
        if message is not None and message.sent:
            return f"{message.sent:,} sent · {message.read.count:,} read"
        taken = [self.ways.get((step.id, way.name), 0) for way in step.ways]
        if step.type == "wait_for_reply":
            return f"{taken[0]:,} replied · {taken[1]:,} did not"
        if step.type in ("condition", "split"):
            return " · ".join(f"{count:,}" for count in taken)
        if step.type == "goal":
            return f"{people:,} reached it"
        return counted(people, "person", "people")


def overlay_of(report: Report) -> dict[str, Any]:
    """What the canvas lays over a flow: the run, and what it did at every step and way.

    Real times are None for a run that was played before they were measured. ``failed`` counts
    people for whom something went wrong at the step; its card is red where it is not 0. What
    happens to anybody, such as an address that bounces, is no problem of a step.
    """
    facts, reports = report.facts, workspace().reports
    flow = workspace().flows.compiled(facts.flow_id, facts.flow_version)
    problems = reports.steps.problems(facts.run_id)
    times = reports.steps.times(facts.run_id)
    return laid_over(flow, report, problems, times)


def laid_over(
    flow: CompiledFlow, report: Report, problems: Problems, times: Sequence[StepTime]
) -> dict[str, Any]:
    """The same, of what was read already."""
    happened = Happened.of(report, problems)
    spent = {row.step_id: row for row in times}
    told: dict[str, list[StepProblem]] = {}
    for problem in problems.rows:
        if problem.severity == "info":
            continue
        told.setdefault(problem.step_id, []).append(problem)
    facts = report.facts
    return {
        "run": {"id": facts.run_id, "number": facts.number, "people": facts.done},
        "steps": {
            id: {
                "line": happened.line(step),
                "people": happened.people.get(id, 0),
                "unsure": happened.unsure.get(id, 0),
                "failed": problems.failed.get(id, 0),
                "problems": [_problem(one) for one in told.get(id, ())[:MOST_PROBLEMS]],
                **_time(spent.get(id)),
            }
            for id, step in flow.steps.items()
        },
        "ways": {
            f"{step.id}{WAY}{way.name}": happened.ways.get((step.id, way.name), 0)
            for step in flow.steps.values()
            for way in step.ways
        },
    }


def _problem(problem: StepProblem) -> dict[str, Any]:
    shown = {"message", "saw", "fix", "contact_id", "seq", "people", "severity"}
    return problem.model_dump(include=shown, mode="json")


def _time(row: StepTime | None) -> dict[str, Any]:
    if row is None:
        return {"waited": None, "p50": None, "p95": None, "tokens": 0, "cost": 0.0}
    return {
        "waited": row.waited_seconds,
        "p50": row.execution_p50,
        "p95": row.execution_p95,
        "tokens": row.prompt_tokens + row.completion_tokens,
        "cost": row.cost_usd,
    }
