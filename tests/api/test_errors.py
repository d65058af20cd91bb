"""One error shape over every route, limits, and what happens only once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from api import build_api
from core.commands import COMMANDS
from tests.api.conftest import V1, listening
from tests.conftest import TWO_STEPS

SHAPE = {"type", "title", "status", "detail", "field", "fix", "errors", "reference"}
PERSONAS = f"{V1}/ai-testing/personas"
NEED_NO_WORKSPACE = {
    f"{V1}/{path}" for path in ("health", "workspaces", "flows/schema", "checks", "models/presets")
}


def operations() -> Iterator[tuple[str, str]]:
    for path, methods in build_api().openapi()["paths"].items():
        for method in methods:
            yield method.upper(), "/api" + path


def assert_problem(answer: httpx.Response, *statuses: int) -> dict[str, Any]:
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(problem) == SHAPE and problem["status"] == answer.status_code
    assert problem["detail"] and problem["title"]
    assert "Traceback" not in answer.text
    if statuses:
        assert answer.status_code in statuses, answer.text
    return problem


@pytest.mark.parametrize(("method", "path"), list(operations()))
def test_every_route_answers_with_one_error_shape(
    client: httpx.Client, method: str, path: str
) -> None:
    """Asked about what is not there, in a workspace that is not there, with a broken body."""
    place = path.replace("{", "no_").replace("}", "")
    lost = client.request(method, place, headers={"Greenroom-Workspace": "nowhere"})
    if path not in NEED_NO_WORKSPACE:
        assert_problem(lost, 404, 409, 415, 422)
    broken = {"content": b'{"a": NaN', "headers": {"content-type": "application/json"}}
    if method in ("POST", "PUT", "PATCH"):
        assert_problem(client.request(method, place, **broken), 404, 409, 422)


@pytest.mark.parametrize(("method", "path"), list(operations()))
def test_a_wrong_method_is_said_in_the_same_shape(
    client: httpx.Client, method: str, path: str
) -> None:
    place = path.replace("{", "no_").replace("}", "")
    problem = assert_problem(client.request("TRACE", place), 405)
    assert problem["type"] == "method-not-allowed"


def test_an_unknown_address(client: httpx.Client) -> None:
    for place in ("/api/nothing", f"{V1}/nothing", f"{V1}/runs/a/b/c/d"):
        assert_problem(client.get(place), 404)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (PERSONAS, {}, "name"),
        (PERSONAS, {"name": "a\x00b"}, "name"),
        (PERSONAS, {"name": "A", "demographics": {"x": "y" * 5000}}, "demographics.x"),
        (PERSONAS, {"name": "A", "colour": "red"}, "colour"),
        (f"{V1}/populations", {"cast": []}, "cast"),
        (f"{V1}/populations", {"cast": [{"persona": "x", "copies": 0}]}, "cast[0].copies"),
        (f"{V1}/populations", {"cast": [{"persona": "nobody"}]}, "cast"),
        (f"{V1}/flows", {"name": "x"}, "steps"),
        (f"{V1}/runs", {"flow_id": "x", "cast": "all", "seed": -1}, "seed"),
        (f"{V1}/runs", {"flow_id": "x", "population_id": "y"}, "population_id"),
        (f"{V1}/runs", {"flow_id": "x", "cast": ""}, "cast"),
        (f"{V1}/runs", {"flow_id": "x", "cast": []}, "cast"),
        (f"{V1}/runs", {"flow_id": "x", "cast": ["a", "a"]}, "cast"),
        (f"{V1}/runs", {"flow_id": "x", "cast": 5}, "cast"),
        (f"{V1}/runs", {"flow_id": "x", "cast": [{"copies": 2}]}, "cast[0].persona"),
        (f"{V1}/runs", {"flow_id": "x", "cast": "nobody"}, "cast"),
        (f"{V1}/runs", {"flow_id": "x", "cast": "busy-bob"}, "flow_id"),
        (f"{V1}/runs", {}, "flow_id"),
        (f"{V1}/commands/rehearse", {}, "flow"),
        (f"{V1}/ai-testing/workflows/x/test?persona_id=nobody", {}, "persona_id"),
        (f"{V1}/ai-testing/workflows/x/test?persona_id=busy-bob", {}, "workflow_id"),
        (f"{V1}/ai-testing/workflows/x/test?persona=busy-bob", {}, "persona"),
        (f"{V1}/populations?colour=red", {"cast": [{"persona": "busy-bob"}]}, "colour"),
        (PERSONAS, {"name": "A", "personality": {"x" * 9_000: 1}}, "personality"),
        (PERSONAS, {"name": "A", "personality": {"x": "y" * 5_000}}, "personality.x"),
        (PERSONAS, {"name": "A", "personality": {f"x{n}": n for n in range(60)}}, "personality"),
        (PERSONAS, {"name": "A, B"}, "name"),
        (PERSONAS, {"name": "ALL"}, "name"),
        (f"{V1}/commands/rehearse", {"flow": "x", "copies": "many"}, "copies"),
    ],
)
def test_an_error_names_the_field(
    client: httpx.Client, path: str, body: dict[str, Any], field: str
) -> None:
    problem = assert_problem(client.post(path, json=body), 404, 422)
    assert problem["field"] == field
    assert problem["errors"][0]["field"] == field
    assert len(problem["detail"]) < 600 and "Input should" not in problem["detail"]


def test_a_flow_that_cannot_be_played_names_its_places(client: httpx.Client) -> None:
    body = {"flow": {"name": "x", "steps": [{"id": "a", "type": "no"}]}, "cast": "all"}
    problem = assert_problem(client.post(f"{V1}/runs", json=body), 422)
    assert (problem["field"], problem["errors"][0]["field"]) == ("flow", "steps[0].type")
    kept = client.post(f"{V1}/flows", json=body["flow"]).json()
    assert kept["findings"][0]["type"] == "unknown_type"
    problem = assert_problem(
        client.post(f"{V1}/runs", json={"flow_id": kept["id"], "cast": "all"}), 422
    )
    assert (problem["field"], problem["errors"][0]["field"]) == ("flow_id", "steps[0].type")
    again = client.put(f"{V1}/flows/{kept['id']}", json=body["flow"])
    assert again.json()["findings"]
    client.delete(f"{V1}/flows/{kept['id']}")


def test_a_key_that_is_there_twice(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}
    answer = client.post(PERSONAS, content='{"name": "A", "name": "B"}', headers=headers)
    assert assert_problem(answer, 422)["field"] == "name"


def test_sentences_have_no_jargon(client: httpx.Client) -> None:
    long = client.post(PERSONAS, json={"name": "A", "description": "x" * 5_000}).json()
    assert long["detail"] == "description: Has 5,000 characters; at most 4,000 are allowed."
    assert "one line" in client.post(PERSONAS, json={"name": "a\nb"}).json()["detail"]


@pytest.mark.parametrize("path", ["%2e%2e", "..%2fx", "%00", "%2e%2e/%2e%2e"])
def test_a_path_with_dots_or_nothing_in_it(client: httpx.Client, path: str) -> None:
    for place in (f"{V1}/runs/{path}", f"{V1}/{path}"):
        assert_problem(client.get(place), 400, 404)


def test_no_run_is_said_in_one_way(client: httpx.Client) -> None:
    for place in ("", "/report", "/log", "/contacts", "/export"):
        problem = assert_problem(client.get(f"{V1}/runs/nope{place}"), 404)
        assert (problem["detail"], problem["field"]) == ("There is no run 'nope' here.", "run_id")


def test_a_workflow_test_takes_its_copies_from_the_query(client: httpx.Client, flow: str) -> None:
    place = f"{V1}/ai-testing/workflows/{flow}/test"
    answer = client.post(f"{place}?persona_id=busy-bob&copies=3&seed=11")
    assert (answer.status_code, answer.json()["contacts"], answer.json()["seed"]) == (202, 3, 11)


@pytest.mark.parametrize(
    "text",
    ['{"name": "\\ud800"}', '{"name": NaN}', "[" * 5000, "\x00", '{"name": 1e999}', "", "null"],
)
def test_json_that_is_no_json(client: httpx.Client, text: str) -> None:
    headers = {"content-type": "application/json"}
    assert_problem(client.post(PERSONAS, content=text, headers=headers), 422)


def test_html_in_a_name_is_only_text(client: httpx.Client) -> None:
    name = "<script>alert(1)</script>"
    made = client.post(PERSONAS, json={"name": name})
    assert made.json()["name"] == name
    client.delete(made.headers["location"])


def test_a_body_that_is_too_large(client: httpx.Client) -> None:
    """Whether its length is declared or not."""
    large = b'{"name": "' + b"x" * 300_000 + b'"}'
    assert_problem(client.post(PERSONAS, content=large), 413)

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(large), 10_000):
            yield large[start : start + 10_000]

    with suppress(httpx.WriteError):  # the server may hang up before everything was sent
        assert_problem(client.post(PERSONAS, content=pieces()), 413)
    assert client.get(f"{V1}/health").status_code == 200


def test_what_we_did_not_foresee() -> None:
    """A reference for the person, no word of what is inside."""
    api = build_api()

    def broken() -> None:
        raise ZeroDivisionError("the secret inside")

    api.add_api_route("/broken", broken)
    with listening(api) as address:
        answer = httpx.get(f"{address}/broken", trust_env=False)
    problem = assert_problem(answer, 500)
    assert problem["reference"] and "secret" not in answer.text


def test_a_post_with_a_key_happens_once(client: httpx.Client, unique: Callable[[str], str]) -> None:
    body = {"name": unique("Once")}
    key = {"Idempotency-Key": unique("key")}
    first = client.post(PERSONAS, json=body, headers=key)
    again = client.post(PERSONAS, json=body, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["location"] == first.headers["location"]
    assert client.post(PERSONAS, json=body).status_code == 409
    other = client.post(PERSONAS, json={"name": unique("Other")}, headers=key)
    assert assert_problem(other, 422)["field"] == "Idempotency-Key"


def test_a_run_with_a_key_is_played_once(client: httpx.Client, flow: str) -> None:
    body = {"flow_id": flow, "cast": "busy-bob", "copies": 1}
    key = {"Idempotency-Key": "one run"}
    runs = {client.post(f"{V1}/runs", json=body, headers=key).json()["id"] for _ in range(3)}
    assert len(runs) == 1


def test_a_refused_flow_leaves_nothing_behind(client: httpx.Client) -> None:
    before = client.get(f"{V1}/flows").json()["total"]
    broken = {"name": "Broken", "steps": [{"id": "a", "type": "send_sms", "next": "b"}]}
    for body in (
        {"flow": broken, "cast": "all"},
        {"flow": {**TWO_STEPS, "name": "Fine"}, "cast": "nobody"},
    ):
        assert_problem(client.post(f"{V1}/runs", json=body), 404, 422)
    assert client.get(f"{V1}/flows").json()["total"] == before


def test_every_command_is_there() -> None:
    paths = {path for _, path in operations()}
    assert {f"{V1}/commands/{command.name}" for command in COMMANDS} <= paths


def test_a_page_of_another_site_changes_nothing(client: httpx.Client, flow: str) -> None:
    """A browser sends such a request with its own origin; nothing of the kind gets through."""
    foreign = {"Origin": "https://elsewhere.example"}
    refused = client.delete(f"{V1}/flows/{flow}", headers=foreign)
    assert (refused.status_code, refused.json()["type"]) == (403, "other-origin")
    assert client.get(f"{V1}/flows/{flow}", headers=foreign).status_code == 200
    ours = {"Origin": str(client.base_url).rstrip("/")}
    assert client.post(f"{V1}/populations", json={}, headers=ours).status_code == 422
