"""Runs and workflow tests over HTTP, from the start to the last export."""

from __future__ import annotations

import io
import json
import time
from collections import Counter
from typing import Any
from xml.etree import ElementTree

import httpx
import pyarrow.parquet
import pytest

from tests.api.conftest import V1, rested
from tests.conftest import TWO_STEPS

TESTS = f"{V1}/ai-testing"
INTERACTION = {
    "id",
    "test_id",
    "step_id",
    "step_type",
    "message_sent",
    "ai_response",
    "ai_reasoning",
    "expected_outcome",
    "actual_outcome",
    "passed",
    "created_at",
}
TEST = {"id", "workflow_id", "persona_id", "status", "config", "started_at", "completed_at"}


@pytest.mark.parametrize("way", ["query", "body"])
def test_one_persona_answers_with_its_result(client: httpx.Client, flow: str, way: str) -> None:
    where = f"{TESTS}/workflows/{flow}/test"
    if way == "query":
        answer = client.post(where, params={"persona_id": "eager-eddie"})
    else:
        answer = client.post(where, json={"persona_id": "Eager Eddie", "seed": 7})
    assert answer.status_code == 200, answer.text
    result = answer.json()
    assert set(result) >= TEST and set(result["interactions"][0]) >= INTERACTION
    assert (result["workflow_id"], result["persona_id"]) == (flow, "eager-eddie")
    assert result["status"] == "finished" and result["completed_at"]
    kept = client.get(answer.headers["location"]).json()
    assert kept["interactions"] == result["interactions"]


def test_more_than_one_is_a_run_to_watch(client: httpx.Client, flow: str) -> None:
    body = {"cast": [{"persona": "busy-bob", "copies": 3}]}
    answer = client.post(f"{TESTS}/workflows/{flow}/test", json=body)
    assert answer.status_code == 202
    run = rested(client, answer.headers["location"])
    assert (run["contacts"], run["status"]) == (3, "finished")


def test_who_takes_part_is_said_once(client: httpx.Client, flow: str) -> None:
    where = f"{TESTS}/workflows/{flow}/test"
    both = client.post(where, params={"persona_id": "busy-bob"}, json={"cast": "all"})
    for answer in (client.post(where), both):
        assert answer.status_code == 422 and answer.json()["field"] == "persona_id"


def test_a_test_and_its_report(client: httpx.Client, run: dict[str, Any]) -> None:
    where = f"{TESTS}/tests/{run['id']}"
    first = client.get(where, params={"limit": 3}).json()
    assert len(first["interactions"]) == 3 and first["total"] > 3
    second = client.get(first["next"]).json()
    assert second["interactions"][0]["id"] != first["interactions"][0]["id"]
    report = client.get(f"{where}/report").json()
    assert isinstance(report["summary"], str) and isinstance(report["score"], int)
    assert all(isinstance(text, str) for text in report["recommendations"])
    assert report["conversion_likelihood"] == round(100 * report["report"]["goal"]["rate"]["rate"])


def test_a_run_is_listed_and_read(client: httpx.Client, run: dict[str, Any]) -> None:
    page = client.get(f"{V1}/runs", params={"flow": run["flow_id"], "limit": 1}).json()
    assert page["total"] >= 1 and len(page["items"]) == 1
    numbers = [one["number"] for one in client.get(f"{V1}/runs").json()["items"]]
    assert numbers == sorted(numbers, reverse=True)
    assert client.get(f"{V1}/runs/{run['number']}").json() == run
    refused = client.put(f"{V1}/runs/{run['id']}", json={})
    assert refused.status_code == 409


def test_a_flow_document_can_be_rehearsed_as_it_is(client: httpx.Client) -> None:
    body = {"flow": {**TWO_STEPS, "name": "Straight"}, "cast": "Busy Bob", "copies": 2}
    first = client.post(f"{V1}/runs", json=body).json()
    again = client.post(f"{V1}/runs", json=body).json()
    assert (first["flow_id"], first["flow_version"]) == (again["flow_id"], again["flow_version"])
    for run in (first, again):
        rested(client, f"{V1}/runs/{run['id']}")
    assert log(client, first["id"]) == log(client, again["id"])


def log(client: httpx.Client, run_id: str) -> list[dict[str, Any]]:
    events = client.get(f"{V1}/runs/{run_id}/log", params={"limit": 1000}).json()["items"]
    return [{k: v for k, v in e.items() if k not in ("run_id", "occurred_at")} for e in events]


def test_watching_ends_when_the_run_rests(client: httpx.Client, flow: str) -> None:
    body = {"flow_id": flow, "cast": "all", "copies": 40}
    started = client.post(f"{V1}/runs", json=body).json()
    with client.stream("GET", f"{V1}/runs/{started['id']}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = list(stream.iter_lines())
    kinds = [line.removeprefix("event: ") for line in lines if line.startswith("event:")]
    last = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data:")]
    assert kinds[-1] == "rest" and kinds.count("rest") == 1
    assert last[-1]["status"] == "finished" and last[-1]["done"] == 280
    assert client.get(f"{V1}/runs/nothing/events").status_code == 404


def test_a_run_is_stopped_resumed_and_deleted(client: httpx.Client, flow: str) -> None:
    body = {"flow_id": flow, "cast": "all", "copies": 1500, "seed": 3}
    started = client.post(f"{V1}/runs", json=body).json()
    where = f"{V1}/runs/{started['id']}"
    assert client.delete(where).status_code == 409
    stopped = client.post(f"{where}/stop").json()
    assert stopped["status"] == "paused" and stopped["done"] < stopped["contacts"]
    unfinished = client.get(f"{where}/report").json()
    assert unfinished["verdict"] == "unfinished"
    assert client.post(f"{where}/resume").status_code == 202
    while client.get(where).json()["done"] == stopped["done"]:
        time.sleep(0.01)
    assert client.post(f"{where}/stop").json()["done"] > stopped["done"]
    assert client.delete(where).status_code == 204
    assert client.get(where).status_code == 404


def test_resuming_a_finished_run_shows_it(client: httpx.Client, run: dict[str, Any]) -> None:
    answer = client.post(f"{V1}/runs/{run['id']}/resume")
    assert (answer.status_code, answer.json()) == (200, run)


def test_log_report_and_people_give_equal_counts(client: httpx.Client, run: dict[str, Any]) -> None:
    where = f"{V1}/runs/{run['id']}"
    events = client.get(f"{where}/log", params={"limit": 1000}).json()
    kinds = Counter(event["kind"] for event in events["items"])
    report = client.get(f"{where}/report").json()
    people = client.get(f"{where}/contacts").json()
    assert events["total"] == len(events["items"]) == run["events"] == report["facts"]["events"]
    assert kinds["entered"] == people["total"] == run["contacts"] == 10
    assert kinds["opted_out"] == report["opted_out"]["rate"]["count"]
    assert sum(one["opted_out"] for one in people["items"]) == kinds["opted_out"]
    only = client.get(f"{where}/contacts", params={"persona": "cold-carl"}).json()
    assert {one["persona"] for one in only["items"]} == {"cold-carl"} and only["total"] == 5
    transcript = client.get(f"{where}/contacts/{people['items'][0]['contact_id']}").json()
    assert transcript["turns"]


def test_two_runs_are_compared(client: httpx.Client, run: dict[str, Any]) -> None:
    body = {"flow_id": run["flow_id"], "population_id": run["population_id"], "seed": 7}
    other = client.post(f"{V1}/runs", json=body).json()
    rested(client, f"{V1}/runs/{other['id']}")
    comparison = client.get(f"{V1}/runs/{run['id']}/compare/{other['id']}").json()
    assert comparison["paired"] and comparison["differences"]
    assert all(one["difference"] in (0, None) for one in comparison["differences"])


def test_a_run_is_exported(client: httpx.Client, run: dict[str, Any]) -> None:
    files = {}
    for format in ("json", "csv", "md", "junit", "parquet", "jsonl", "events_csv"):
        answer = client.get(f"{V1}/runs/{run['id']}/export", params={"format": format})
        assert answer.status_code == 200
        assert "attachment; filename=" in answer.headers["content-disposition"]
        files[format] = answer.content
    assert json.loads(files["json"])["facts"]["run_id"] == run["id"]
    assert ElementTree.fromstring(files["junit"]).tag.startswith("testsuite")
    assert files["md"].startswith(b"# ")
    table = pyarrow.parquet.read_table(io.BytesIO(files["parquet"]))
    assert table.num_rows == run["events"]
    lines = [json.loads(line) for line in files["jsonl"].splitlines()]
    assert len(lines) == run["events"] and isinstance(lines[0]["payload"], dict)
    assert lines[0]["simulated_at"].endswith("Z")
    assert files["events_csv"].count(b"\n") >= run["events"] + 1


def test_where_time_and_money_go(client: httpx.Client, run: dict[str, Any]) -> None:
    answer = client.get(f"{V1}/runs/{run['id']}/times")
    assert answer.status_code == 200, answer.text
    rows = {row["step_id"]: row for row in answer.json()["rows"]}
    assert rows["hello"]["visits"] == 10 and rows["hello"]["execution_p50"] > 0
    assert rows["wait"]["waited_seconds"] > rows["hello"]["waited_seconds"]
    assert rows["hello"]["cost_usd"] == rows["hello"]["calls"] == 0
    assert client.get(f"{V1}/runs/r-nothere/times").status_code == 404


def test_what_went_wrong(client: httpx.Client) -> None:
    steps = [
        {
            "id": "sort",
            "type": "condition",
            "config": {"branches": [{"when": "score > 2", "next": "done"}], "else": "done"},
        },
        {"id": "done", "type": "end"},
    ]
    body = {"flow": {"name": "A name that nothing sets", "steps": steps}, "cast": "Eager Eddie"}
    run = rested(client, client.post(f"{V1}/runs", json=body).headers["location"])
    found = client.get(f"{V1}/runs/{run['id']}/problems").json()
    (row,) = found["rows"]
    assert (row["step_id"], row["kind"], row["saw"]) == (
        "sort",
        "condition_error",
        {"score": "no value"},
    )
    assert found["failed"] == {"sort": run["contacts"]}
    log = client.get(f"{V1}/runs/{run['id']}/log", params={"limit": 1000}).json()["items"]
    example = [one for one in log if one["contact_id"] == row["contact_id"]][row["seq"]]
    assert (example["kind"], example["step_id"]) == ("branched", "sort")
