"""Sums agree: report, funnel, steps, ways, interactions, people and CSV count the same things."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.reports import Report
from core.rehearsal import Reports
from core.rehearsal.interactions import interaction_steps
from tests.support.flow_documents import flow_documents
from tests.support.synthetic import Theatre

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    made = Theatre(tmp_path_factory.mktemp("theatre"))
    yield made
    made.close()


def reports_of(theatre: Theatre) -> Reports:
    return Reports(theatre.store, theatre.compiled)


def with_kind(rows: Rows, *kinds: str) -> Rows:
    return [row for row in rows if row["kind"] in kinds]


def contacts(rows: Rows, *kinds: str) -> set[str]:
    return {row["contact_id"] for row in with_kind(rows, *kinds)}


@settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    document=flow_documents(), seed=st.integers(0, 10_000), only=st.sampled_from([None, 0, 1, 5])
)
def test_equal_questions_have_equal_answers(
    theatre: Theatre, document: dict[str, Any], seed: int, only: int | None
) -> None:
    version = theatre.write_flow(document)
    run = theatre.play(version, seed, only=only)
    rows, reports = theatre.rows[run.id], reports_of(theatre)
    report = reports.report(run.id)
    assert report.facts.events == len(rows)
    steps_add_up(report, rows)
    people_add_up(report, rows)
    messages_add_up(report, rows)
    every_list_agrees(reports, report, rows)


def steps_add_up(report: Report, rows: Rows) -> None:
    entered = Counter(row["step_id"] for row in with_kind(rows, "stepped"))
    left = Counter((row["step_id"], row["payload"]["way"]) for row in with_kind(rows, "branched"))
    stopped = Counter((r["step_id"], r["payload"]["reason"]) for r in with_kind(rows, "ended"))
    for step in report.steps:
        assert step.visits == entered[step.step_id]
        assert step.visits == sum(step.ways.values()) + sum(step.stopped.values())
        assert step.still_waiting == 0
        assert {w: n for w, n in step.ways.items() if n} == pick(left, step.step_id)
        assert step.stopped == pick(stopped, step.step_id)
    arrived = Counter(row["payload"]["to"] for row in with_kind(rows, "branched"))
    for way in report.ways:
        assert way.visits == left[way.step_id, way.way]
        assert way.reached == (way.visits + way.ended > 0)
    drawn: Counter[str] = Counter()
    for way in report.ways:
        if way.to is not None:
            drawn[way.to] += way.visits
    assert +drawn == arrived
    assert [step.people for step in report.funnel.steps] == [step.people for step in report.steps]
    covered = report.coverage
    assert covered.steps_reached == len(entered)
    assert covered.ways_reached == sum(way.reached for way in report.ways)


def pick(counts: Counter[tuple[str, str]], step: str) -> dict[str, int]:
    return {name: count for (id, name), count in counts.items() if id == step}


def people_add_up(report: Report, rows: Rows) -> None:
    stages = {stage.key: stage.people.count for stage in report.funnel.stages}
    assert stages["entered"] == report.facts.done == len(contacts(rows, "entered"))
    known = report.facts.done - len(nothing_known(rows))
    assert report.answered.rate.of == known
    assert sum(row.answered.of for row in report.personas) == known
    assert bool(report.unanswered) == bool(with_kind(rows, "engine_failed"))
    for before, stage in pairwise(report.funnel.stages):
        if not stage.key.startswith("goal:"):
            assert before.people.count <= stage.people.count + stage.lost + stage.unknown
    assert stages["opened"] == report.read.rate.count == len(contacts(rows, "read"))
    assert report.answered.rate.count == len(contacts(rows, "replied"))
    assert report.clicked.rate.count == len(contacts(rows, "clicked"))
    assert report.opted_out.rate.count == len(contacts(rows, "opted_out"))
    middle = "answered" if "answered" in stages else "clicked"
    assert stages[middle] == getattr(report, middle).rate.count
    if report.goal:
        reached = contacts(rows, "goal_reached") - nothing_known(rows)
        assert stages["goal"] == report.goal.rate.count == len(reached)
    for figure in (report.answered, report.clicked, report.opted_out, report.goal, *report.goals):
        if figure is not None:
            assert sum(share.count for share in figure.made_of) == figure.rate.count
    assert sum(row.people for row in report.personas) == report.facts.done
    assert sum(row.answered.count for row in report.personas) == report.answered.rate.count


def nothing_known(rows: Rows) -> set[str]:
    """People of whom no reaction has a usable answer."""
    acted = contacts(rows, "read", "clicked", "replied", "ignored", "opted_out")
    return contacts(rows, "engine_failed") - acted


def messages_add_up(report: Report, rows: Rows) -> None:
    failed = Counter(row["step_id"] for row in with_kind(rows, "engine_failed"))
    for kind, name in (("read", "read"), ("clicked", "clicked"), ("replied", "replied")):
        counts = Counter(row["step_id"] for row in with_kind(rows, kind))
        for message in report.messages:
            assert getattr(message, name).count == counts[message.step_id]
            assert getattr(message, name).of == message.sent - failed[message.step_id]
    for message in report.messages:
        assert sum(message.sentiments.values()) == message.replied.count
        assert sum(message.intents.values()) == message.replied.count
    sent = len(with_kind(rows, "sent"))
    assert sum(message.sent for message in report.messages) == sent
    assert sum(report.facts.reactions.model_dump().values()) == sent
    held = [row for row in with_kind(rows, "failed") if row["payload"]["reason"] == "opted_out"]
    assert sum(message.held_back for message in report.messages) == len(held)
    found = [f for f in report.findings if f.type == "message_after_opt_out"]
    assert {f.step_id for f in found} == {row["step_id"] for row in held}


def every_list_agrees(reports: Reports, report: Report, rows: Rows) -> None:
    run_id = report.facts.run_id
    steps = set(interaction_steps(reports.flow_of(reports.run(run_id))))
    every = list(reports.every_interaction(run_id))
    visits = [row for row in with_kind(rows, "stepped") if row["step_id"] in steps]
    assert len(every) == len(visits) == reports.interaction_count(run_id)
    assert len({one.id for one in every}) == len(every)
    said = Counter(one.step_id for one in every if one.ai_response is not None)
    assert said == Counter(row["step_id"] for row in with_kind(rows, "replied"))
    size = max(7, len(every) // 4)
    paged = [
        one
        for offset in range(0, len(every), size)
        for one in reports.interactions(run_id, limit=size, offset=offset)
    ]
    assert paged == every
    lines = b"".join(reports.export(run_id, "csv")).decode()
    read = list(csv.DictReader(io.StringIO(lines, newline="")))
    assert [line["id"] for line in read] == [one.id for one in every]
    assert sum(line["ai_response"] != "" for line in read) == said.total()
    page = reports.contacts(run_id, limit=1_000)
    assert page.total == len(page.rows) == report.facts.done
    assert sum(row.messages for row in page.rows) == len(with_kind(rows, "sent"))
    assert sum(row.opted_out for row in page.rows) == report.opted_out.rate.count
    answered = reports.contacts(run_id, outcome="answered").total
    assert answered == report.answered.rate.count
    silent = {
        row.contact_id for row in reports.contacts(run_id, outcome="silent", limit=1_000).rows
    }
    assert silent == contacts(rows, "entered") - contacts(rows, "replied", "engine_failed")
    assert reports.contacts(run_id, outcome="unanswered").total == len(
        contacts(rows, "engine_failed")
    )


def test_an_unfinished_run_says_how_far_it_is(theatre: Theatre) -> None:
    version = theatre.write_flow(
        {"name": "One", "steps": [{"id": "a", "type": "send_sms", "config": {"body": "Hi?"}}]}
    )
    reports = reports_of(theatre)
    none = reports.report(theatre.play(version, only=0).id)
    assert (none.verdict, none.score, none.recommendations) == ("unfinished", None, [])
    assert none.headline == "One: nobody has been played yet"
    assert none.answered.rate.text == "0/0, no data"
    some = reports.report(theatre.play(version, only=5).id)
    assert some.summary[0].startswith("5 of 12 people met")
    assert some.facts.status == "interrupted"
