"""Tests and coverage of flows over HTTP."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as Xml

import httpx
import pytest

from tests.api.conftest import V1
from tests.conftest import TWO_STEPS

YES = {"text": "Yes, sign me up", "intent": "interested", "sentiment": "positive"}
TESTS: list[dict[str, Any]] = [
    {"name": "Says yes", "contact": {}, "replies": [YES], "expect": {"goal": "booked"}},
    {"name": "Is silent", "contact": {}, "expect": {"reaches": ["book"]}},
    {"persona": "Eager Eddie", "copies": 10, "expect": {"max_messages": 1}},
    {"transcript": "bot: Shall I keep a seat for you?\nme: Who are you?"},
]
FLOW = {**TWO_STEPS, "name": "With tests", "tests": TESTS}


@pytest.fixture(scope="module")
def kept(client: httpx.Client) -> str:
    """A kept flow with tests that nobody has played yet."""
    return str(client.post(f"{V1}/flows", json=FLOW).json()["id"])


def post(client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"{V1}/flows/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_documents_tests_are_played_and_nothing_is_kept(client: httpx.Client) -> None:
    before = client.get(f"{V1}/runs").json()["total"]
    told = post(client, "tests", {"document": FLOW})
    assert [row["status"] for row in told["results"]] == ["passed", "failed", "passed", "passed"]
    assert (told["passed"], told["failed"], told["inconclusive"], told["errors"]) == (3, 1, 0, 0)
    assert told["results"][0]["debug"]["replies"][0]["text"] == YES["text"]
    debug = told["results"][2]["debug"]
    assert (debug["persona"], debug["copy_number"]) == ("Eager Eddie", 1)
    assert told["seconds_allowed"] > 0
    assert client.get(f"{V1}/runs").json()["total"] == before


def test_what_came_of_a_kept_flow_is_kept(client: httpx.Client) -> None:
    id = client.post(f"{V1}/flows", json={**FLOW, "name": "Kept tests"}).json()["id"]
    none = client.get(f"{V1}/flows/{id}/tests").json()
    assert (none["results"], none["made_at"], none["flow_version"]) == ([], None, 1)
    one = post(client, "tests", {"flow_id": id, "only": [1]})
    assert [row["index"] for row in one["results"]] == [1]
    post(client, "tests", {"flow_id": id, "only": [0]})
    last = client.get(f"{V1}/flows/{id}/tests").json()
    assert [row["index"] for row in last["results"]] == [0, 1]
    assert last["made_at"] is not None
    assert client.get(f"{V1}/flows/{id}/tests", params={"version": 9}).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "flow_id"),
        ({"document": FLOW, "version": 1}, "version"),
        ({"document": {"name": "none"}}, None),
        ({"document": FLOW, "only": [7]}, "only"),
        ({"document": FLOW, "most_copies": 0}, "most_copies"),
        ({"document": FLOW, "engine": "language"}, "engine"),
    ],
)
def test_what_cannot_be_tried_is_refused(
    client: httpx.Client, body: dict[str, Any], field: str | None
) -> None:
    answer = client.post(f"{V1}/flows/tests", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert field is None or answer.json()["field"] == field


def test_a_document_is_read_with_the_numbers_of_the_flow_that_it_is_drawn_over(
    client: httpx.Client,
) -> None:
    steps = [
        {
            "id": "sort",
            "type": "condition",
            "config": {
                "branches": [{"when": "type(price) == double", "next": "done"}],
                "else": None,
            },
        },
        {"id": "done", "type": "end", "config": {}},
    ]
    test = {"contact": {}, "expect": {"reaches": ["done"]}}
    drawn = {"name": "Whole", "variables": {"price": 49}, "steps": steps, "tests": [test]}
    kept = {**drawn, "variables": {"price": 49.0}}
    id = client.post(f"{V1}/flows", json=kept).json()["id"]
    assert post(client, "tests", {"document": drawn, "flow_id": id})["passed"] == 1
    assert post(client, "tests", {"document": drawn})["failed"] == 1
    taken = post(client, "coverage", {"document": drawn, "flow_id": id, "tests": True})["rows"]
    assert [row["verdict"] == "reached" for row in taken] == [True, False]
    body = {"document": drawn, "flow_id": "gone"}
    assert client.post(f"{V1}/flows/tests", json=body).status_code == 404


def test_coverage_counts_a_run_and_the_tests(
    client: httpx.Client, flow: str, run: dict[str, Any]
) -> None:
    nothing = post(client, "coverage", {"flow_id": flow})
    assert nothing["ways"] == [0, 6]
    assert {row["verdict"] for row in nothing["rows"]} == {"unknown"}
    by_run = client.get(f"{V1}/flows/{flow}/coverage", params={"run": run["id"]}).json()
    rows = {(row["step"], row["way"]): row for row in by_run["rows"]}
    assert rows["hello", "next"]["verdict"] == "reached"
    assert rows["hello", "next"]["people"] == by_run["people"]["hello"] == 10
    tested = post(client, "coverage", {"document": FLOW, "tests": True})
    assert tested["ways"] == [6, 6]
    assert tested["failing"]["ways"][0] < tested["passing"]["ways"][0]


def test_coverage_of_somebody_elses_run_is_refused(
    client: httpx.Client, kept: str, run: dict[str, Any]
) -> None:
    answer = client.get(f"{V1}/flows/{kept}/coverage", params={"run": run["id"]})
    assert (answer.status_code, answer.json()["field"]) == (422, "run")


def test_coverage_as_a_file_that_pipelines_draw(client: httpx.Client, kept: str) -> None:
    answer = client.get(f"{V1}/flows/{kept}/coverage.xml", params={"tests": True})
    assert answer.headers["content-type"].startswith("application/xml")
    root = Xml.fromstring(answer.text)
    assert root.get("branches-valid") == root.get("branches-covered") == "4"


def test_a_witness_becomes_a_test(client: httpx.Client) -> None:
    row = {
        "step": "sort",
        "way": "branch:0",
        "label": "interested",
        "to": "book",
        "verdict": "reachable",
        "witness": {"contact": {"age": 40}, "replies": [YES], "seed": 3},
    }
    made = post(client, "coverage/tests", {"row": row})
    assert made["expect"]["ways"] == ["sort:branch:0"]
    told = post(client, "tests", {"document": {**TWO_STEPS, "tests": [made]}})
    assert told["results"][0]["status"] == "passed"
    bare = client.post(f"{V1}/flows/coverage/tests", json={"row": {**row, "witness": None}})
    assert bare.status_code == 422
