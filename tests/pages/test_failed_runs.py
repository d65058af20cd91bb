"""Runs whose model gave no usable answer, on every page and on the command line; lost flows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from core.commands import Room, run_command
from core.domain.errors import MindUnavailable
from core.domain.models import ModelDraft
from core.domain.runs import Run
from core.workbench import Workbench, Workspace
from tests.conftest import TWO_STEPS
from tests.pages.conftest import OpenRoom, texts
from tests.support.model_bench import service, workbench
from tests.support.model_stub import Stub, model_stub

__all__ = ["service", "workbench"]

TESTS = [{"persona": "Cold Carl", "expect": {"max_messages": 9}}]


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with model_stub() as running:
        yield running


def prepared(workspace: Workspace, stub: Stub, model: str) -> Run:
    draft = ModelDraft(name="Stand-in", model=model, address=stub.openai, in_flight=1)
    made = workspace.models.add(draft)
    flow = workspace.flows.create({**TWO_STEPS, "tests": TESTS})
    people = workspace.populations.from_words("all", 1, 7)
    return workspace.rehearsals.prepare(flow.id, people.id, engine="language", model=made)


def failed(workspace: Workspace, stub: Stub) -> Run:
    run = prepared(workspace, stub, "openai/stub-prose")
    with pytest.raises(MindUnavailable):
        workspace.rehearsals.play(run.id)
    return workspace.rehearsals.get(run.id)


def partly_failed(workspace: Workspace, stub: Stub) -> Run:
    stub.script("prose", "prose")
    try:
        return workspace.rehearsals.play(prepared(workspace, stub, "openai/stub").id)
    finally:
        stub.queue.clear()


def test_the_report_of_a_failed_run_claims_nothing_of_its_people(
    open_room: OpenRoom, workspace: Workspace, stub: Stub
) -> None:
    run = failed(workspace, stub)
    app = open_room("report", run=run.id)
    assert not app.exception
    said = texts(app)
    assert "7 of 7 reactions have no usable answer: invalid" in said
    assert "no score: too many reactions failed" in said
    assert "Look at what the model answered" in said
    assert "price unknown" in said
    assert "Everybody was played" in said
    assert "0 of 1 test passed" in said
    assert "prompts reaction 1, repair 1" in said
    assert "prompt prompt" not in said
    assert {one.value for one in app.metric if one.label in ("Answered", "Opted out")} == {"–"}
    for claim in ("not played yet", "did not finish", "$0.00", "cost nothing", "silent", "of 100"):
        assert claim not in said.replace("That is not silence", ""), claim
    assert not re.search(r"\bnever (get|open|answer)", said)


def test_a_conversation_without_an_answer_says_so(
    open_room: OpenRoom, workspace: Workspace, stub: Stub
) -> None:
    run = failed(workspace, stub)
    contact = workspace.reports.contacts(run.id).rows[0].contact_id
    app = open_room("conversation", run=run.id, contact=contact)
    assert not app.exception
    assert ": the model gave no usable answer once" in texts(app)
    facts = str(app.main) + "".join(str(table.value) for table in app.table)
    assert "Last seen" in facts
    assert "Last seen days" not in facts


def test_a_few_without_an_answer_are_named_beside_the_rates(
    open_room: OpenRoom, workspace: Workspace, stub: Stub
) -> None:
    run = partly_failed(workspace, stub)
    assert run.status == "finished"
    report = workspace.reports.report(run.id)
    assert report.unanswered is not None
    assert report.answered.rate.of == 6
    said = texts(open_room("report", run=run.id))
    assert report.unanswered in said
    assert "1 without a usable answer left out" in said
    assert "no score" not in said
    assert "1 reaction without a usable answer" in texts(open_room("home"))


def test_the_command_line_says_the_same(
    workbench: Workbench, workspace: Workspace, stub: Stub
) -> None:
    run = failed(workspace, stub)
    answer = run_command(Room(workbench, workspace.name), "report", {"run": run.id})
    assert "7 of 7 reactions have no usable answer: invalid" in answer.text
    assert "no score: too many reactions failed" in answer.text
    assert "price unknown: " in answer.text
    assert "/100" not in answer.text
    assert "$0.00" not in answer.text
    assert answer.document["verdict"] == "unfinished"
    assert [test["status"] for test in answer.document["tests"]] == ["error"]


def test_a_flow_that_is_not_there_has_a_way_back(open_room: OpenRoom, workspace: Workspace) -> None:
    for params in (
        {"flow": "gone"},
        {"flow": workspace.flows.create(TWO_STEPS).id, "version": "9"},
    ):
        app = open_room("flows", **params)
        assert not app.exception
        assert "This flow is not here" in texts(app)
        app.button(key="all_flows").click().run()
        assert not app.exception
        assert "flow" not in app.query_params
        assert "This flow is not here" not in texts(app)
