"""Language models over the API: keys go in and never come out; runs, budgets, the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.api.conftest import V1, rested
from tests.support.model_stub import Stub, model_stub

KEY = "sk-nobody-may-see-this-0123456789"


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with model_stub() as running:
        yield running


def body(stub: Stub, name: str, **more: Any) -> dict[str, Any]:
    prices = {"input_price": 1.0, "output_price": 3.0}
    return {"name": name, "model": "openai/stub", "address": stub.openai, **prices, **more}


@pytest.fixture(scope="module")
def model(client: httpx.Client, stub: Stub) -> str:
    answer = client.post(f"{V1}/models", json=body(stub, "Stand-in", key=KEY))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_presets_are_places_to_begin(client: httpx.Client) -> None:
    presets = client.get(f"{V1}/models/presets").json()
    assert [one["name"] for one in presets][:3] == ["Anthropic", "OpenAI", "Ollama"]
    assert all(one["draft"]["model"] for one in presets)


def test_a_key_is_written_and_never_read(
    client: httpx.Client, stub: Stub, unique: Callable[[str], str]
) -> None:
    answer = client.post(f"{V1}/models", json=body(stub, unique("Keyed"), key=KEY))
    assert answer.status_code == 201
    where = answer.headers["location"]
    told = [answer.text, client.get(where).text, client.get(f"{V1}/models").text]
    changed = client.put(where, json=body(stub, unique("Keyed"), max_tokens=500))
    told.append(changed.text)
    assert not any(KEY in text for text in told)
    assert changed.json()["key_source"] == "saved"
    assert (changed.json()["version"], changed.json()["max_tokens"]) == (2, 500)
    assert client.delete(where).status_code == 204
    assert client.get(where).status_code == 404


def test_a_key_that_cannot_be_one_is_not_repeated(
    client: httpx.Client, stub: Stub, unique: Callable[[str], str]
) -> None:
    for wrong in (KEY + "\nwith a second line", "é" + KEY, KEY * 200):
        answer = client.post(f"{V1}/models", json=body(stub, unique("Wrong"), key=wrong))
        assert answer.status_code == 422
        assert answer.json()["field"] == "key"
        assert KEY not in answer.text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"address": "http://user:pw-of-mine@127.0.0.1:9/v1"}, "address"),
        ({"address": "https://user@127.0.0.1/v1"}, "address"),
        ({"address": "not a url"}, "address"),
        ({"address": "http://["}, "address"),
        ({"model": "foo/bar"}, "model"),
        ({"model": "noprovider", "address": None}, "model"),
    ],
)
def test_what_cannot_be_reached_is_not_added(
    client: httpx.Client, stub: Stub, given: dict[str, Any], field: str
) -> None:
    answer = client.post(f"{V1}/models", json=body(stub, "Nowhere", **given))
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert "pw-of-mine" not in answer.text


def test_models_have_a_purpose(
    client: httpx.Client, stub: Stub, unique: Callable[[str], str], flow: str
) -> None:
    made = {}
    for purpose in ("embedding", "transcription"):
        wanted = body(stub, unique(purpose), purpose=purpose, input_price=None, output_price=None)
        answer = client.post(f"{V1}/models", json=wanted)
        assert (answer.status_code, answer.json()["purpose"]) == (201, purpose), answer.text
        made[purpose] = answer.json()["id"]
        listed = client.get(f"{V1}/models", params={"purpose": purpose}).json()["items"]
        assert made[purpose] in [one["id"] for one in listed]
        assert {one["purpose"] for one in listed} == {purpose}
    chats = client.get(f"{V1}/models", params={"purpose": "chat", "limit": 1_000}).json()["items"]
    assert not set(made.values()) & {one["id"] for one in chats}
    trial = client.post(f"{V1}/models/{made['embedding']}/try", timeout=120).json()
    assert (trial["works"], trial["dimensions"]) == (True, 8)
    wanted = {"flow_id": flow, "cast": "all", "copies": 1, "model": made["transcription"]}
    refused = client.post(f"{V1}/runs", json=wanted)
    assert (refused.status_code, refused.json()["field"]) == (422, "model")
    assert "a model for transcription" in refused.text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"purpose": "painting"}, "purpose"),
        ({"purpose": "embedding", "output_price": None, "temperature": 1}, "temperature"),
        ({"purpose": "transcription"}, "input_price"),
    ],
)
def test_what_makes_no_sense_for_a_purpose_is_refused(
    client: httpx.Client, stub: Stub, given: dict[str, Any], field: str
) -> None:
    answer = client.post(f"{V1}/models", json=body(stub, "Senseless", **given))
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_a_name_is_used_once(client: httpx.Client, stub: Stub, model: str) -> None:
    answer = client.post(f"{V1}/models", json=body(stub, "stand-IN"))
    assert answer.status_code == 409
    assert answer.json()["field"] == "name"


def test_a_model_that_works_is_tried(client: httpx.Client, model: str) -> None:
    trial = client.post(f"{V1}/models/{model}/try", timeout=120).json()
    assert trial["works"], trial
    assert trial["answer"]
    assert trial["first_word_seconds"] <= trial["seconds"]
    assert trial["cost_usd"] > 0


def test_one_that_does_not_says_what_to_do(
    client: httpx.Client, stub: Stub, unique: Callable[[str], str]
) -> None:
    wrong = body(stub, unique("Unknown"), model="openai/stub-no_model")
    id = client.post(f"{V1}/models", json=wrong).json()["id"]
    trial = client.post(f"{V1}/models/{id}/try", timeout=120).json()
    assert not trial["works"]
    assert trial["message"] and trial["fix"]


def test_an_estimate_comes_before_a_run(client: httpx.Client, flow: str, model: str) -> None:
    wanted = {"flow_id": flow, "cast": "all", "copies": 2, "model": model}
    before = client.get(f"{V1}/runs").json()["total"]
    found = client.post(f"{V1}/runs/estimate", json=wanted, timeout=120).json()
    assert found["people"] == 14
    assert 0 < found["usd"]["low"] <= found["usd"]["likely"] <= found["usd"]["high"]
    assert client.get(f"{V1}/runs").json()["total"] == before
    del wanted["model"]
    refused = client.post(f"{V1}/runs/estimate", json=wanted)
    assert (refused.status_code, refused.json()["field"]) == (422, "model")


def test_a_run_pauses_at_its_budget_and_goes_on_when_it_is_raised(
    client: httpx.Client, flow: str, model: str
) -> None:
    wanted = {"flow_id": flow, "cast": "all", "copies": 2, "seed": 23, "model": model}
    answer = client.post(f"{V1}/runs", json={**wanted, "budget_usd": 0.001}, timeout=120)
    assert answer.status_code == 202, answer.text
    where = answer.headers["location"]
    run = rest(client, where)
    assert (run["status"], run["engine"], run["model"]["id"]) == ("paused", "language", model)
    assert "budget" in run["error"].lower()
    spent = run["cost_usd"]
    too_little = client.put(f"{where}/budget", json={"budget_usd": 0.0000001})
    assert spent == 0 or too_little.status_code == 422
    raised = client.put(f"{where}/budget", json={"budget_usd": 5})
    assert raised.json()["budget_usd"] == 5
    assert client.post(f"{where}/resume").status_code == 202
    run = rest(client, where)
    assert run["status"] == "finished", run
    assert spent < run["cost_usd"] < 5

    calls = client.get(f"{where}/calls", params={"limit": 1_000}).json()
    assert calls["total"] == len(calls["items"]) >= 14
    assert sum(one["cost_usd"] or 0 for one in calls["items"]) == pytest.approx(run["cost_usd"])
    contact = calls["items"][0]["contact_id"]
    of_one = client.get(f"{where}/calls", params={"contact": contact}).json()
    assert {one["contact_id"] for one in of_one["items"]} == {contact}

    facts = client.get(f"{where}/report").json()["facts"]
    assert (facts["model"], facts["model_name"]) == ("openai/stub", "Stand-in")
    assert "reaction-1" in facts["prompts"]
    assert facts["calibration"] == "uncalibrated"
    assert facts["spending"]["fresh"] + facts["spending"]["cached"] == calls["total"]
    talk = client.get(f"{where}/contacts/{contact}").json()
    said = [turn for turn in talk["turns"] if turn["source"]]
    assert said[0]["source"]["model"] == "openai/stub"
    assert said[0]["calls"][0]["prompt"] == "reaction-1"


def test_a_test_of_one_person_may_ask_a_model(client: httpx.Client, flow: str, model: str) -> None:
    asked = {"persona_id": "eager-eddie", "model": "Stand-in", "budget_usd": 1}
    path = f"{V1}/ai-testing/workflows/{flow}/test"
    test = client.post(path, params=asked, timeout=120).json()
    assert test["status"] == "finished", test
    assert test["config"]["engine"] == "language"
    assert test["config"]["model"] == "openai/stub"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"engine": "language"}, "model"),
        ({"engine": "behaviour", "model": "Stand-in"}, "model"),
        ({"budget_usd": 1}, "budget_usd"),
        ({"model": "nobody-knows-it"}, "model"),
    ],
)
def test_what_does_not_fit_together_is_named(
    client: httpx.Client, flow: str, model: str, given: dict[str, Any], field: str
) -> None:
    for path, more in (
        ("runs", {"flow_id": flow, "cast": "all"}),
        (f"ai-testing/workflows/{flow}/test", {"persona_id": "eager-eddie"}),
    ):
        answer = client.post(f"{V1}/{path}", json={**more, **given})
        assert answer.status_code in (404, 422), answer.text
        assert answer.json()["field"] == field


def test_the_behaviour_engine_has_no_budget_and_no_calls(
    client: httpx.Client, run: dict[str, Any]
) -> None:
    where = f"{V1}/runs/{run['id']}"
    assert client.put(f"{where}/budget", json={"budget_usd": 1}).status_code == 422
    assert client.get(f"{where}/calls").json()["items"] == []


def rest(client: httpx.Client, where: str) -> dict[str, Any]:
    """A run, once it rests; the first one waits for the model connection to be started."""
    until = time.monotonic() + 120
    while client.get(where).json()["status"] in ("pending", "running"):
        assert time.monotonic() < until
        time.sleep(0.05)
    return rested(client, where)
