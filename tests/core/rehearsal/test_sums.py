"""Sums agree: report, funnel, table, CSV, JSON and log give equal counts for equal questions."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from core.domain.events import Event
from core.domain.reports import Report
from core.settings import Settings
from core.workbench import Workbench, Workspace
from tests.support.flow_documents import flow_documents


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Any:
    bench = Workbench(Settings(home=tmp_path_factory.mktemp("home"), workers=0))
    yield bench.workspace()
    bench.close()


def people_at(events: list[Event], kind: str) -> set[str]:
    return {event.contact_id for event in events if event.kind == kind}


def check_steps(report: Report, events: list[Event]) -> None:
    visits = Counter(event.step_id for event in events if event.kind == "stepped")
    went = Counter((e.step_id, e.payload["way"]) for e in events if e.kind == "branched")
    stopped = Counter((e.step_id, e.payload["reason"]) for e in events if e.kind == "ended")
    for row in report.steps:
        assert row.visits == visits[row.step_id]
        assert row.visits == sum(row.ways.values()) + sum(row.stopped.values()) + row.still_waiting
        assert row.still_waiting == 0
        assert row.reached == (row.visits > 0)
        assert {way: n for way, n in row.ways.items() if n} == {
            way: n for (step, way), n in went.items() if step == row.step_id
        }
        assert {reason: n for reason, n in row.stopped.items() if n} == {
            reason: n for (step, reason), n in stopped.items() if step == row.step_id
        }
    for way in report.ways:
        assert way.visits == went[way.step_id, way.way]
    unreached = [row.step_id for row in report.steps if not row.reached]
    assert sorted(report.coverage.steps_not_reached) == sorted(unreached)
    assert report.coverage.steps_reached + len(unreached) == report.coverage.steps_total
    assert report.coverage.ways_reached == sum(way.reached for way in report.ways)


def check_people(report: Report, events: list[Event], contacts: int) -> None:
    figures = (
        (report.answered, "replied"),
        (report.read, "read"),
        (report.clicked, "clicked"),
        (report.opted_out, "opted_out"),
        (report.goal, "goal_reached"),
    )
    for figure, kind in figures:
        if figure is None:  # the flow has no goal
            assert not people_at(events, kind)
            continue
        assert (figure.rate.count, figure.rate.of) == (len(people_at(events, kind)), contacts)
        assert sum(share.count for share in figure.made_of) == figure.rate.count
    stages = {stage.key: stage.people.count for stage in report.funnel.stages}
    assert stages["entered"] == contacts
    assert stages.get("answered", report.answered.rate.count) == report.answered.rate.count
    assert sum(row.people for row in report.personas) == contacts
    assert sum(row.goal.count for row in report.personas) == len(people_at(events, "goal_reached"))
    assert sum(row.opted_out.count for row in report.personas) == report.opted_out.rate.count
    for step in report.funnel.steps:
        visited = {
            e.contact_id for e in events if e.kind == "stepped" and e.step_id == step.step_id
        }
        assert step.people == len(visited)


def check_messages(report: Report, events: list[Event]) -> None:
    counts = Counter((event.step_id, event.kind) for event in events)
    for row in report.messages:
        assert row.sent == counts[row.step_id, "sent"]
        assert row.replied.count == counts[row.step_id, "replied"]
        assert row.read.count == counts[row.step_id, "read"]
        assert sum(row.intents.values()) == row.replied.count
    assert sum(row.sent for row in report.messages) == sum(
        1 for event in events if event.kind == "sent"
    )


def check_exports(workspace: Workspace, run_id: str, report: Report) -> None:
    exported = json.loads(b"".join(workspace.reports.export(run_id, "json")))
    interactions = workspace.reports.interactions(run_id, limit=100_000)
    assert len(exported["interactions"]) == len(interactions)
    assert workspace.reports.interaction_count(run_id) == len(interactions)
    text = b"".join(workspace.reports.export(run_id, "csv")).decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == len(interactions)
    outcomes = Counter(row.actual_outcome for row in interactions if row.message_sent is not None)
    assert sum(outcomes.values()) >= sum(row.sent for row in report.messages)


@settings(
    deadline=None,
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(flow_documents())
def test_equal_questions_get_equal_counts(shared: Workspace, document: dict[str, Any]) -> None:
    flow = shared.flows.create(document)
    population = shared.populations.from_words("all", 1, 7)
    run = shared.rehearsals.play(shared.rehearsals.prepare(flow.id, population.id).id)
    events = list(shared.events.every(run.id))
    assert run.events == len(events)
    report = shared.reports.report(run.id)
    check_steps(report, events)
    check_people(report, events, run.contacts)
    check_messages(report, events)
    check_exports(shared, run.id, report)


@pytest.mark.parametrize("template", ["webinar_launch", "re_engagement", "coaching_six_weeks"])
def test_the_templates_too(shared: Workspace, template: str, tmp_path: Path) -> None:
    (found,) = [one for one in shared.flows.templates() if one.id == template]
    flow = shared.flows.create(found.document)
    population = shared.populations.from_words("all", 10, 7)
    run = shared.rehearsals.play(shared.rehearsals.prepare(flow.id, population.id).id)
    events = list(shared.events.every(run.id))
    report = shared.reports.report(run.id)
    check_steps(report, events)
    check_people(report, events, run.contacts)
    check_messages(report, events)
    check_exports(shared, run.id, report)
    assert 3 <= len(report.recommendations) <= 5
    assert report.score is not None
    assert report.score.value == sum(part.points for part in report.score.parts)
    assert 0 <= report.score.value <= 100
