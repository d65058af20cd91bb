"""Commands as functions: their arguments, their answers, what they leave behind."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from core.commands import COMMANDS, FILES, Answer, Room, export_run, find_command, run_command
from core.domain.errors import BadInput, InvalidFlow, NotFound
from core.domain.runs import Run
from core.workbench import Workbench, Workspace
from tests.conftest import TWO_STEPS

KEYS = {
    "run_id",
    "status",
    "verdict",
    "seed",
    "population",
    "engine",
    "contacts",
    "events",
    "goals",
    "opted_out",
    "cost",
    "tests",
}


@pytest.fixture
def room(workbench: Workbench) -> Room:
    return Room(workbench)


def rehearse(room: Room, flow: dict[str, Any] = TWO_STEPS, **given: Any) -> Answer:
    arguments = {"text": json.dumps(flow), "cast": "all", "copies": 2, **given}
    return run_command(room, "rehearse", arguments)


def test_rehearse_answers_with_exactly_these_keys(room: Room) -> None:
    answer = rehearse(room)
    assert set(answer.document) == KEYS
    assert (answer.exit_code, answer.document["status"]) == (0, "finished")
    assert answer.document["contacts"] == 14
    assert answer.document["run_id"] in answer.text and "/14, " in answer.text
    json.dumps(answer.document)


@pytest.mark.parametrize(
    ("expect", "code", "status"),
    [
        ({"max_messages": 5}, 0, "passed"),
        ({"never": ["hello"]}, 1, "failed"),
        ({"goal": "booked", "at_least": 0.9}, 3, "inconclusive"),
    ],
)
def test_exit_codes_follow_the_flows_tests(
    room: Room, expect: dict[str, Any], code: int, status: str
) -> None:
    tests = [{"persona": "Eager Eddie", "copies": 2, "expect": expect}]
    answer = rehearse(room, {**TWO_STEPS, "tests": tests}, cast="Eager Eddie")
    assert (answer.exit_code, answer.document["tests"][0]["status"]) == (code, status)


def test_the_same_again_is_the_same_flow_and_population(room: Room) -> None:
    first, again = rehearse(room), rehearse(room)
    assert first.document["run_id"] != again.document["run_id"]
    assert first.document["population"] == again.document["population"]
    rows = run_command(room, "runs-list", {}).document
    assert [row["run_id"] for row in rows] == [again.document["run_id"], first.document["run_id"]]
    assert {row["flow_version"] for row in rows} == {1}
    assert all(row["status"] == "finished" for row in rows)


def test_a_finished_run_is_shown_again(room: Room) -> None:
    run = rehearse(room).document
    assert run_command(room, "resume", {"run": run["run_id"]}).document == run
    assert run_command(room, "report", {"run": "1"}).document == run


def test_what_is_refused_leaves_nothing_behind(room: Room) -> None:
    broken = {"name": "Broken", "steps": [{"id": "a", "type": "send_sms", "next": "b"}]}
    with pytest.raises(InvalidFlow):
        rehearse(room, broken)
    with pytest.raises(NotFound):
        rehearse(room, cast="Nobody At All")
    workspace = room.workspace()
    assert not workspace.flows.list() and not workspace.rehearsals.count()


@pytest.mark.parametrize(
    ("given", "place"),
    [({"copies": 0}, "copies"), ({"seed": "x"}, "seed"), ({"colour": 1}, "colour")],
)
def test_bad_arguments_are_named(room: Room, given: dict[str, Any], place: str) -> None:
    with pytest.raises(BadInput) as caught:
        rehearse(room, **given)
    assert caught.value.place == place


def test_listing_and_freezing(room: Room) -> None:
    personas = run_command(room, "personas-list", {}).document
    assert len(personas) == 7 and all(one["built_in"] and one["name"] for one in personas)
    given = {"cast": "Busy Bob, Eager Eddie", "copies": 3, "name": "Two"}
    frozen = run_command(room, "populations-freeze", given).document
    assert (frozen["size"], frozen["name"]) == (6, "Two")
    assert run_command(room, "populations-list", {}).document == [frozen]
    imported = run_command(room, "flows-import", {"text": json.dumps(TWO_STEPS)}).document
    assert run_command(room, "flows-list", {}).document[0]["id"] == imported["id"]
    by_population = {"flow": imported["id"], "cast": frozen["id"]}
    assert run_command(room, "rehearse", by_population).document["contacts"] == 6


def test_a_run_is_deleted(room: Room) -> None:
    run = rehearse(room).document["run_id"]
    assert run_command(room, "runs-delete", {"run": run}).document["deleted"]
    assert run_command(room, "runs-list", {}).document == []


def test_every_format_can_be_written(room: Room, workspace: Workspace) -> None:
    run = rehearse(room).document
    for format in FILES:
        export = export_run(workspace, run["run_id"], format)
        assert b"".join(export.chunks) and export.filename.startswith("two-steps-run-1.")
    events = b"".join(export_run(workspace, run["run_id"], "events_csv").chunks)
    lines = b"".join(export_run(workspace, run["run_id"], "jsonl").chunks)
    assert lines.count(b"\n") == run["events"]
    assert events.startswith(b'"run_id","contact_id","seq"')
    with pytest.raises(BadInput):
        export_run(workspace, run["run_id"], "docx")


def test_progress_is_told(workbench: Workbench) -> None:
    told: list[int] = []
    room = Room(workbench, None, lambda progress: told.append(progress.done))
    rehearse(room)
    assert told[-1] == 14


@pytest.mark.timeout(300)
def test_the_demo_is_made_once_and_quickly(room: Room) -> None:
    started = time.monotonic()
    first = run_command(room, "demo", {})
    assert time.monotonic() - started < 120
    again = run_command(room, "demo", {})
    assert first == again and first.exit_code == 0
    demo = room.workbench.workspace("demo")
    (twin,) = demo.twins.list()
    assert first.document["twins"] == ["maya-okafor"] == [twin.slug]
    assert len(demo.twins.versions(twin.id)) == 1 == len(demo.twin_tests.results(twin.id))
    assert len(demo.twins.pieces(twin.id)) == 13
    assert demo.demo and len(first.document["runs"]) == 5 == demo.rehearsals.count() - 1
    rehearsed, live = (demo.experiments.get(id) for id in first.document["experiments"])
    assert rehearsed.demo and rehearsed.decided and rehearsed.decided.outcome == "winner"
    assert live.demo and live.status == "running" and live.looks == 1
    assert all(demo.experiments.newest(one.id) for one in (rehearsed, live))
    assert len(demo.personas.list()) == 8
    versions = {run.flow_version for run in demo.rehearsals.list(first.document["flows"][0])}
    assert versions == {1, 2}
    a, b = sorted(
        (run for run in demo.rehearsals.list(first.document["flows"][0]) if run.contacts == 350),
        key=lambda run: run.flow_version,
    )
    assert demo.reports.compare(a.id, b.id).paired
    shows_what_can_be_seen_on_a_flow(demo, a, b)
    assert room.workspace().rehearsals.count() == 0


def shows_what_can_be_seen_on_a_flow(demo: Workspace, a: Run, b: Run) -> None:
    flow = demo.flows.get(a.flow_id)
    assert flow.text is not None and "# One rule for this flow" in flow.text
    assert flow.document["canvas"]["notes"] and any("comment" in s for s in flow.document["steps"])
    kinds = [
        {name for name in ("persona", "replies", "transcript") if test.get(name)}
        for test in flow.document["tests"]
    ]
    assert {"persona"} in kinds and {"replies"} in kinds and {"transcript"} in kinds
    kept = demo.flow_tests.last(flow.id)
    assert kept is not None and {row.result.status for row in kept.rows} == {"passed"}
    failing = {
        row.step_id
        for row in demo.reports.steps.problems(a.id).rows
        if row.kind == "condition_error"
    }
    assert failing == {"how_warm"}
    assert all(row.kind != "condition_error" for row in demo.reports.steps.problems(b.id).rows)
    assert all(row.execution_p50 for row in demo.reports.steps.times(b.id))
    assert demo.versions.compared(flow.id, 1, 2).parted > 0


def test_every_command_says_what_it_does() -> None:
    for command in COMMANDS:
        assert find_command(command.name) is command
        assert command.help.endswith(".") and len(command.help) < 100
    with pytest.raises(NotFound):
        find_command("nothing")
