"""The debugger over HTTP: everything that a person can do, a program can."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.conftest import V1
from tests.conftest import TWO_STEPS

SESSIONS = f"{V1}/debug-sessions"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
PROGRAM = f"{V1}/testing/program-flow"
NO = {"text": "No.", "intent": "not_interested", "sentiment": "negative", "after": "3h"}


@pytest.fixture
def session(client: httpx.Client) -> Iterator[str]:
    body = {"document": TWO_STEPS, "who": {"persona": "Eager Eddie"}}
    answer = client.post(SESSIONS, json=body)
    assert answer.status_code == 201, answer.text
    id = answer.json()["session"]["id"]
    assert answer.headers["location"] == f"{SESSIONS}/{id}"
    yield id
    client.delete(f"{SESSIONS}/{id}")


def moved(client: httpx.Client, id: str, move: str, **more: Any) -> dict[str, Any]:
    answer = client.post(f"{SESSIONS}/{id}/moves", json={"move": move, **more})
    assert answer.status_code == 200, answer.text
    state: dict[str, Any] = answer.json()
    return state


def test_a_program_starts_breaks_steps_inspects_changes_and_resumes(
    client: httpx.Client, session: str
) -> None:
    here = f"{SESSIONS}/{session}"
    breakpoints = [{"kind": "condition", "when": 'reply.sentiment == "negative"'}]
    state = client.put(f"{here}/breakpoints", json=breakpoints).json()
    assert state["session"]["breakpoints"][0]["id"] == "b1"
    assert moved(client, session, "resume")["status"] == "ended"
    moved(client, session, "start")
    assert moved(client, session, "over")["step_id"] == "wait"
    changed = client.post(f"{here}/changes", json={"kind": "reply", "reply": NO})
    assert changed.status_code == 200
    assert changed.json()["branch"]["id"] == "what-if-1"
    stopped = moved(client, session, "resume")
    assert (stopped["step_id"], stopped["stop"], stopped["stopped_by"]) == (
        "sort",
        "breakpoint",
        "b1",
    )
    assert stopped["next"]["to"] == "done"
    assert stopped["reply"]["text"] == "No."
    again = client.post(f"{here}/step-again").json()
    assert again["same"] is True
    test = client.post(f"{here}/test", json={"name": "No means no"}).json()
    assert test["expect"]["reaches"] == ["done"]
    assert test["replies"][0]["text"] == "No."
    differences = client.get(f"{here}/differences", params={"a": "original", "b": "what-if-1"})
    assert differences.json()["same_until"] > 2
    back = client.put(f"{here}/branch", json={"branch": "original"}).json()
    assert back["branch"]["id"] == "original"
    listed = client.get(SESSIONS).json()["items"]
    assert session in [one["id"] for one in listed]
    assert client.get(here).json() == back


def test_a_reply_that_was_used_is_changed_in_one_call(client: httpx.Client) -> None:
    who = {"contact": {}, "replies": [{"text": "Yes.", "intent": "interested", "after": "2h"}]}
    stops = [{"kind": "step", "step_id": "sort"}, {"kind": "condition", "when": "nobody > 3"}]
    body = {"document": TWO_STEPS, "who": who, "breakpoints": stops}
    started = client.post(SESSIONS, json=body).json()
    id = started["session"]["id"]
    assert "nobody" in started["session"]["breakpoints"][1]["note"]
    first = moved(client, id, "resume")
    other = client.post(f"{SESSIONS}/{id}/changes", json={"kind": "reply", "reply": NO})
    assert other.status_code == 200, other.text
    state = other.json()
    assert (state["step_id"], state["stopped_by"]) == ("sort", "b1")
    assert state["reply"]["text"] == "No."
    assert state["next"]["to"] != first["next"]["to"]
    answers = {"kind": "reply", "name": "hello", "reply": {"answers": {"energy": 3}}}
    refused = client.post(f"{SESSIONS}/{id}/changes", json=answers)
    assert (refused.status_code, refused.json()["field"]) == (422, "reply.answers")
    for stops, field in (
        ([{"kind": "finding", "type": "nope"}], "breakpoints[0].type"),
        ([{"kind": "problem"}] * 201, None),
    ):
        refused = client.put(f"{SESSIONS}/{id}/breakpoints", json=stops)
        assert refused.status_code == 422
        assert field is None or refused.json()["field"] == field
    client.delete(f"{SESSIONS}/{id}")


def test_the_four_paths_of_the_source(client: httpx.Client) -> None:
    body = {"name": "A test program", "document": TWO_STEPS, "persona": "Cold Carl", "seed": 3}
    made = client.post(f"{PROGRAM}/create-test-program", json=body)
    assert made.status_code == 201, made.text
    program = made.json()
    assert program["version"] == 1
    assert client.get(f"{V1}/flows/{program['program_id']}").json()["name"] == "A test program"
    id = program["session_id"]
    body = {
        "session_id": id,
        "action": "resume",
        "breakpoints": [{"kind": "step", "step_id": "sort"}],
        "changes": [{"kind": "reply", "reply": NO}],
    }
    state = client.post(f"{PROGRAM}/execute-debug", json=body).json()
    assert (state["stop"], state["step_id"]) == ("breakpoint", "sort")
    trace = client.get(f"{PROGRAM}/execution-trace", params={"session_id": id}).json()
    assert [visit["step_id"] for visit in trace["trail"]] == ["hello", "wait", "sort"]
    assert trace["execution"]["steps"] == 3
    assert trace["execution"]["waited_seconds"] == 3 * 3600
    assert len(trace["events"]) == state["position"]
    body = {"conditions": ["contact.age > 30"], "samples": [], "personas": True}
    tried = client.post(f"{PROGRAM}/test-conditions", json=body).json()["results"][0]
    assert {row["name"] for row in tried["rows"]} >= {"Cold Carl", "Eager Eddie"}


def test_a_contact_of_a_run(client: httpx.Client, run: dict[str, Any]) -> None:
    who = {"run_id": run["id"], "contact_id": "eager-eddie-0002"}
    state = client.post(SESSIONS, json={"who": who}).json()
    assert state["session"]["flow_version"] == run["flow_version"]
    end = moved(client, state["session"]["id"], "end")
    kept = client.get(f"{V1}/runs/{run['id']}/log", params={"limit": 1000}).json()["items"]
    theirs = [one for one in kept if one["contact_id"] == "eager-eddie-0002"]
    assert [(one["kind"], one["body"], one["payload"]) for one in end["events"]] == [
        (one["kind"], one["body"], one["payload"]) for one in theirs
    ]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"who": {}}, 422, "who"),
        ({"who": {"contact": {}}}, 422, None),
        ({"document": TWO_STEPS, "who": {"persona": "Nobody"}}, 404, "who.persona"),
        ({"document": TWO_STEPS, "who": {"contact": {"tags": 5}}}, 422, "who.contact.tags"),
        ({"document": {"steps": []}, "who": {"contact": {}}}, 422, None),
        ({"flow_id": "none", "who": {"contact": {}}}, 404, "flow_id"),
        ({"who": {"run_id": "none", "contact_id": "x"}}, 404, "run_id"),
        (
            {
                "document": TWO_STEPS,
                "who": {"contact": {}},
                "breakpoints": [{"kind": "condition", "when": "a = 3"}],
            },
            422,
            "breakpoints[0].when",
        ),
        (
            {
                "document": TWO_STEPS,
                "who": {"contact": {}},
                "breakpoints": [{"kind": "step", "step_id": "nowhere"}],
            },
            422,
            "breakpoints[0].step_id",
        ),
    ],
)
def test_what_cannot_be_started_says_why(
    client: httpx.Client, body: dict[str, Any], status: int, field: str | None
) -> None:
    answer = client.post(SESSIONS, json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["detail"]
    if field is not None:
        assert problem["field"] == field


def test_unknown_sessions_and_branches(client: httpx.Client, session: str) -> None:
    for path in ("", "/moves", "/changes", "/test", "/pause", "/step-again"):
        body = {"kind": "draw"} if path == "/changes" else {}
        method = "POST" if path else "GET"
        answer = client.request(method, f"{SESSIONS}/d-none{path}", json=body if path else None)
        assert answer.status_code == 404, path
        assert answer.json()["field"] == "session_id"
    answer = client.put(f"{SESSIONS}/{session}/branch", json={"branch": "x"})
    assert (answer.status_code, answer.json()["field"]) == (422, "branch")
    trace = client.get(f"{PROGRAM}/execution-trace", params={"session_id": "d-none"})
    assert trace.status_code == 404
    assert client.delete(f"{SESSIONS}/{session}").status_code == 204
    assert client.get(f"{SESSIONS}/{session}").status_code == 404


def test_the_example_of_the_documentation_runs(
    client: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    block, *_ = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    exec(block.replace("http://localhost:8501", str(client.base_url).rstrip("/")), {})
    assert re.sub(r"done .*", "done", capsys.readouterr().out).split("\n") == [
        "done",
        "book",
        "['book', 'done']",
        "",
    ]
