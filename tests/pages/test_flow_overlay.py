"""What a run did, laid over its flow: lines, people, problems and times of every step."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from core.domain.problems import Gone, Problems
from core.domain.reports import Report
from core.workbench import Workbench, Workspace
from pages.parts.context import provide
from pages.parts.flow_overlay import laid_over, overlay_of
from tests.conftest import TWO_STEPS

BROKEN = copy.deepcopy(TWO_STEPS)
BROKEN["steps"][2]["config"]["branches"][0]["when"] = 'reply.intent == "interested" && score > 1'


def played(workspace: Workspace, document: dict[str, Any] = TWO_STEPS) -> Report:
    flow = workspace.flows.create(document)
    people = workspace.populations.from_words("all", 20, 7)
    run = workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, people.id).id)
    return workspace.reports.report(run.id)


@pytest.fixture(autouse=True)
def bench(workbench: Workbench) -> None:
    provide(workbench)


def test_every_step_and_way_says_what_happened(workspace: Workspace) -> None:
    report = played(workspace)
    overlay = overlay_of(report)
    json.dumps(overlay)
    assert overlay["run"] == {"id": report.facts.run_id, "number": 1, "people": 140}
    rows = {row.step_id: row for row in report.steps}
    assert set(overlay["steps"]) == set(rows)
    for id, step in overlay["steps"].items():
        assert (step["people"], step["failed"], step["problems"]) == (rows[id].people, 0, [])
        assert step["waited"] >= 0 and 0 < step["p50"] <= step["p95"]
    replied = overlay["ways"]["wait\u0000on_reply"]
    assert overlay["steps"]["wait"]["line"] == f"{replied} replied · {140 - replied} did not"
    message = report.messages[0]
    line = f"{message.sent} sent · {message.read.count} read"
    assert overlay["steps"]["hello"]["line"] == line
    assert overlay["steps"]["sort"]["line"] == " · ".join(
        str(overlay["ways"][f"sort\u0000{way}"]) for way in ("branch:0", "else")
    )
    assert {tuple(key.split("\u0000")) for key in overlay["ways"]} == {
        (row.step_id, row.way) for row in report.ways
    }


def test_a_step_that_failed_says_why(workspace: Workspace) -> None:
    report = played(workspace, BROKEN)
    sort = overlay_of(report)["steps"]["sort"]
    assert sort["failed"] == sum(problem["people"] for problem in sort["problems"]) > 0
    (problem,) = sort["problems"]
    assert problem["saw"] == {"reply.intent": "interested", "score": "no value"}
    assert "“score” has no value" in problem["message"] and problem["fix"]
    event = workspace.events.of_contact(report.facts.run_id, problem["contact_id"])[problem["seq"]]
    assert (event.kind, event.step_id) == ("branched", "sort")


def test_those_without_an_answer_went_no_way(workspace: Workspace) -> None:
    report = played(workspace)
    flow = workspace.flows.compiled(report.facts.flow_id, 1)
    gone = [
        Gone(step_id="hello", way=None, people=140, unsure=0),
        Gone(step_id="wait", way=None, people=9, unsure=131),
        Gone(step_id="wait", way="on_timeout", people=9, unsure=131),
        Gone(step_id="done", way=None, people=0, unsure=131),
    ]
    overlay = laid_over(flow, report, Problems(rows=[], failed={}, gone=gone), [])
    assert overlay["ways"]["wait\u0000on_timeout"] == 9
    assert overlay["steps"]["wait"]["line"] == "0 replied · 9 did not · 131 unsure"
    assert overlay["steps"]["done"]["line"] == "131 people, unsure"
    assert overlay["steps"]["book"]["line"] == "nobody came here"
    assert overlay["steps"]["hello"]["p50"] is None
