"""The source document's A/B Testing Suite: its four paths, its shape word for word."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.conftest import V1
from tests.api.test_experiments import E, table, upload

AB = f"{V1}/testing/ab-testing"
WANTED = {
    "creator_id": "creator_456",
    "test_name": "Motivation vs. Support Approach",
    "variants": [
        {"name": "Motivational Approach", "personality_config": {"warmth": 40}},
        {"name": "Supportive Approach", "personality_config": {"warmth": 80, "x": {"y": [1]}}},
    ],
}
SHAPE = {
    "test_id", "creator_id", "test_name", "status", "variants", "statistical_significance",
    "winner", "recommendations",
}  # fmt: skip
OF_A_VARIANT = {"variant_id", "name", "personality_config", "participants", "conversion_rate"}


def made(client: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = client.post(f"{AB}/create-test", json={**WANTED, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def results(client: httpx.Client, id: str) -> dict[str, Any]:
    answer = client.get(f"{AB}/results", params={"test_id": id})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_new_test_has_the_documents_shape(client: httpx.Client) -> None:
    test = made(client)
    assert set(test) >= SHAPE
    assert (test["creator_id"], test["test_name"]) == ("creator_456", WANTED["test_name"])
    assert test["status"] == "DRAFT"
    for given, found in zip(WANTED["variants"], test["variants"], strict=True):
        assert set(found) >= OF_A_VARIANT
        assert found["personality_config"] == given["personality_config"]
        assert (found["participants"], found["conversion_rate"]) == (0, None)
    assert [one["variant_id"] for one in test["variants"]] == ["variant_a", "variant_b"]
    assert test["statistical_significance"] is None and test["winner"] is None
    assert results(client, test["test_id"]) == test


def test_a_variant_is_added_until_the_test_has_started(client: httpx.Client) -> None:
    id = made(client)["test_id"]
    more = {"test_id": id, "name": "Both", "personality_config": {"directness": 70}}
    test = client.post(f"{AB}/add-variant", json=more).json()
    assert [one["variant_id"] for one in test["variants"]] == [
        "variant_a", "variant_b", "variant_c",
    ]  # fmt: skip
    twice = client.post(f"{AB}/add-variant", json={**more, "variant_id": "variant_a"})
    assert (twice.status_code, twice.json()["field"]) == (422, "variant_id")
    started = made(client, start=True)
    assert started["status"] == "ACTIVE" and started["fingerprint"]
    refused = client.post(f"{AB}/add-variant", json={**more, "test_id": started["test_id"]})
    assert refused.status_code == 409
    missing = client.post(f"{AB}/add-variant", json={**more, "test_id": "x-none"})
    assert (missing.status_code, missing.json()["field"]) == (404, "test_id")


def test_a_live_test_counts_whom_it_was_told_about(client: httpx.Client) -> None:
    id = made(client, start=True)["test_id"]
    nobody = results(client, id)
    assert [one["conversion_rate"] for one in nobody["variants"]] == [None, None]
    assert nobody["statistical_significance"] is None and nobody["winner"] is None
    people = [{"id": f"p{n}"} for n in range(30)]
    items = client.post(f"{E}/{id}/assign", json={"participants": people}).json()["items"]
    booked = [one["contact_id"] for one in items if one["variant"] == "variant_a"][:3]
    events = [{"contact_id": one, "kind": "goal_reached", "name": "g"} for one in booked]
    client.post(f"{E}/{id}/events", json={"events": events})
    test = results(client, id)
    a, b = test["variants"]
    assert a["participants"] + b["participants"] == 30 == test["participants"]
    assert a["conversion_rate"] == pytest.approx(3 / a["participants"])
    assert b["conversion_rate"] == 0
    assert a["conversion_low"] < a["conversion_rate"] < a["conversion_high"]


@pytest.fixture(scope="module")
def of_a_table(client: httpx.Client) -> str:
    """A test over a table in which the second variant is much better."""
    dataset = upload(client, "bookings.csv", table().encode()).json()["id"]
    variants = [
        {"variant_id": "control", "name": "Control"},
        {"variant_id": "warm", "name": "Warmer"},
    ]
    metrics = [{"id": "booked", "role": "primary", "value": "booked"}]
    id = made(client, variants=variants, metrics=metrics, source="table")["test_id"]
    client.put(f"{E}/{id}/data", json={"dataset_id": dataset})
    answer = client.post(f"{E}/{id}/start")
    assert answer.status_code == 200, answer.text
    return id


def test_the_significance_is_that_of_the_rule(client: httpx.Client, of_a_table: str) -> None:
    test = results(client, of_a_table)
    seen = client.get(f"{E}/{of_a_table}/results").json()
    always = seen["metrics"][0]["effects"][0]["always"]
    assert test["statistical_significance"] == pytest.approx(1 - always["p"])
    control, warm = test["variants"]
    assert (control["conversion_rate"], warm["conversion_rate"]) == (0.1, 0.3)
    assert control["control"] and control["effect"] is None and warm["p"] == always["p"]
    assert test["winner"] == "warm" and test["outcome"] == "winner"
    assert test["recommendations"][0] == seen["advice"]["headline"]


def test_analyze_winner_records_only_on_demand(client: httpx.Client, of_a_table: str) -> None:
    body = {"test_id": of_a_table}
    assert client.post(f"{AB}/analyze-winner", json=body).json()["status"] == "ACTIVE"
    test = client.post(f"{AB}/analyze-winner", json={**body, "decide": True}).json()
    assert (test["status"], test["winner"]) == ("COMPLETED", "warm")
    assert results(client, of_a_table)["winner"] == "warm"
    again = client.post(f"{AB}/analyze-winner", json={**body, "decide": True})
    assert again.status_code == 200 and again.json()["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("create-test", {}, "test_name"),
        ("create-test", {"test_name": "x", "variants": [{}]}, "variants[0].name"),
        ("create-test", {"test_name": "x", "control": "c"}, None),
        ("add-variant", {"name": "x"}, "test_id"),
        ("analyze-winner", {}, "test_id"),
    ],
)
def test_what_is_missing_is_named(
    client: httpx.Client, path: str, body: dict[str, Any], field: str | None
) -> None:
    answer = client.post(f"{AB}/{path}", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == field
