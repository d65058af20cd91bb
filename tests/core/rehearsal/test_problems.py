"""What went wrong in a run: each failure once, with what was seen there, a fix and an example."""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.problems import Problems, StepProblem
from core.domain.runs import Run
from core.rehearsal import Reports
from core.store import Store
from core.workbench import Workspace
from tests.support.flow_documents import flow_documents
from tests.support.synthetic import Theatre

FLOW: dict[str, Any] = {
    "name": "Where things go wrong",
    "variables": {"price": 49},
    "steps": [
        {"id": "ask", "type": "send_sms", "config": {"body": "A seat? STOP"}, "next": "wait"},
        {
            "id": "wait",
            "type": "wait_for_reply",
            "config": {"timeout": "2d"},
            "on_reply": "sort",
            "on_timeout": "sort",
        },
        {
            "id": "sort",
            "type": "condition",
            "config": {
                "branches": [{"when": "price > 10 && score > 2", "next": "late"}],
                "else": "late",
            },
        },
        {
            "id": "late",
            "type": "set",
            "config": {"values": {"half": "price * 0.5"}},
            "next": "again",
        },
        {"id": "again", "type": "send_sms", "config": {"body": "Still there?"}, "next": "done"},
        {"id": "done", "type": "end"},
    ],
}


def played(workspace: Workspace, document: dict[str, Any] = FLOW, copies: int = 30) -> Run:
    flow = workspace.flows.keep(document)
    people = workspace.populations.from_words("all", copies, 7)
    return workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, people.id).id)


@pytest.fixture
def told(workspace: Workspace) -> dict[tuple[str, str], StepProblem]:
    rows = workspace.reports.steps.problems(played(workspace).id).rows
    return {(row.step_id, row.kind): row for row in rows}


def test_a_condition_that_cannot_be_worked_out(
    workspace: Workspace, told: dict[tuple[str, str], StepProblem]
) -> None:
    problem = told["sort", "condition_error"]
    assert problem.message == (
        "“price > 10 && score > 2” could not be worked out: “score” has no value. "
        "It counts as “no”."
    )
    assert problem.saw == {"price": 49, "score": "no value"}
    assert "Set score before this step" in problem.fix
    assert problem.people == 210 and problem.severity == "error"
    run = workspace.rehearsals.list()[0]
    event = workspace.events.of_contact(run.id, problem.contact_id)[problem.seq]
    assert (event.seq, event.kind, event.step_id) == (problem.seq, "branched", "sort")


def test_a_value_that_cannot_be_worked_out(told: dict[tuple[str, str], StepProblem]) -> None:
    problem = told["late", "value_error"]
    assert problem.message.startswith("“half” could not be worked out: these values are of")
    assert problem.saw == {"price": 49}


def test_a_message_after_an_opt_out(told: dict[tuple[str, str], StepProblem]) -> None:
    problem = told["again", "opted_out"]
    assert problem.saw == {"contact.opted_out": True}
    assert "leave the flow" in problem.fix


def test_a_bounce_is_nobodys_fault(workspace: Workspace) -> None:
    found = workspace.reports.steps.problems(played(workspace, copies=60).id)
    bounced = [row for row in found.rows if row.kind == "bounced"]
    assert bounced and all(row.severity == "info" for row in bounced)
    assert "ask" not in found.failed
    assert found.failed["sort"] == 420


def test_a_text_that_cannot_be_made(workspace: Workspace) -> None:
    document = copy.deepcopy(FLOW)
    document["variables"]["nought"] = 0
    document["steps"][0]["config"]["body"] = "{{ price | divided_by: nought }} STOP"
    rows = workspace.reports.steps.problems(played(workspace, document, copies=2).id).rows
    problem = next(row for row in rows if row.kind == "template_error")
    assert problem.step_id == "ask" and problem.saw == {"price": 49, "nought": 0}
    assert problem.message.startswith("The text could not be made: ")


def test_a_flow_without_faults_has_none(workspace: Workspace) -> None:
    document = copy.deepcopy(FLOW)
    document["steps"] = [document["steps"][0] | {"next": "done"}, document["steps"][-1]]
    found = workspace.reports.steps.problems(played(workspace, document).id)
    assert not found.failed
    assert all(row.severity == "info" for row in found.rows)


# Any log at all

SMALL = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def python_gone(rows: list[dict[str, Any]]) -> dict[tuple[str, str | None], tuple[int, int]]:
    """People by step and way, and those of whom it is not known, one event after the other."""
    known: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    everybody: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    lost: set[str] = set()
    for row in sorted(rows, key=lambda row: (row["contact_id"], row["seq"])):
        way = row["payload"].get("way")
        if row["kind"] == "engine_failed":
            lost.add(row["contact_id"])
        elif row["kind"] == "stepped" or (row["kind"] in ("branched", "ended") and way):
            place = (row["step_id"], None if row["kind"] == "stepped" else way)
            everybody[place].add(row["contact_id"])
            if row["contact_id"] not in lost:
                known[place].add(row["contact_id"])
    return {place: (len(known[place]), len(all - known[place])) for place, all in everybody.items()}


@SMALL
@given(flow_documents(), st.integers(0, 99))
def test_nobody_without_an_answer_is_said_to_have_gone_a_way(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any], seed: int
) -> None:
    theatre = Theatre(tmp_path_factory.mktemp("gone"))
    run = theatre.play(theatre.write_flow(document), seed)
    found = problems_of(theatre.store, theatre, run)
    rows = theatre.rows[run.id]
    assert {(one.step_id, one.way): (one.people, one.unsure) for one in found.gone} == (
        python_gone(rows)
    )
    wrong = [row for row in rows if row["kind"] in ("failed", "engine_failed")]
    wrong += [row for row in rows if row["payload"].get("reason") == "too_long"]
    failed: dict[str, set[str]] = defaultdict(set)
    for row in wrong:
        if row["payload"].get("reason") != "bounced":
            failed[row["step_id"]].add(row["contact_id"])
    assert found.failed == {step: len(who) for step, who in failed.items()}
    assert sum(row.times for row in found.rows) == len(wrong)
    for row in found.rows:
        event = next(
            one for one in rows if (one["contact_id"], one["seq"]) == (row.contact_id, row.seq)
        )
        assert event in wrong and event["step_id"] == row.step_id
    theatre.close()


def problems_of(store: Store, theatre: Theatre, run: Run) -> Problems:
    return Reports(store, theatre.compiled).steps.problems(run.id)
