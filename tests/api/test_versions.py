"""Versions compared by rehearsal, over HTTP."""

from __future__ import annotations

import copy

import httpx

from tests.api.conftest import V1, rested
from tests.conftest import TWO_STEPS


def test_two_versions_are_rehearsed_and_compared(client: httpx.Client) -> None:
    flow = client.post(f"{V1}/flows", json=TWO_STEPS | {"name": "Two versions"}).json()["id"]
    second = copy.deepcopy(TWO_STEPS) | {"name": "Two versions"}
    second["steps"][2]["config"]["branches"][0]["when"] = 'reply.intent != "opt_out"'
    assert client.put(f"{V1}/flows/{flow}", json=second).status_code == 200
    asked = f"{V1}/flows/{flow}/versions/compared"
    missing = client.get(asked, params={"a": 1, "b": 2})
    assert missing.status_code == 404 and missing.json()["field"] == "b"

    body = {"a": 1, "b": 2, "cast": "all", "copies": 20, "seed": 3}
    answer = client.post(f"{V1}/flows/{flow}/versions/rehearse", json=body)
    assert answer.status_code == 202, answer.text
    for side in ("a", "b"):
        rested(client, f"{V1}/runs/{answer.json()[side]['id']}")
    again = client.post(f"{V1}/flows/{flow}/versions/rehearse", json=body)
    assert again.status_code == 200
    found = client.get(asked, params={"a": 1, "b": 2}).json()
    assert again.json()["compared"] == found
    assert found["people"] == 140 and found["comparison"]["same_chance"]
    assert found["partings"][0]["step_id"] == "sort"


def test_what_makes_no_sense_is_refused(client: httpx.Client, flow: str) -> None:
    where = f"{V1}/flows/{flow}/versions/rehearse"
    same = client.post(where, json={"a": 1, "b": 1, "cast": "all"})
    assert same.status_code == 422 and same.json()["field"] == "b"
    nobody = client.post(where, json={"a": 1, "b": 2})
    assert nobody.status_code == 422 and nobody.json()["field"] == "cast"
    missing = client.post(where, json={"a": 1, "b": 99, "cast": "Eager Eddie"})
    assert missing.status_code == 404
