"""Messages checked over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.conftest import V1

GOOD = {"channel": "sms", "body": "Hi Anna, see you on Monday. Reply STOP to opt out."}
PRIZE = "WIN CASH NOW!!! Claim your FREE £1000 prize, call 09061701461 now!!!"


def check(client: httpx.Client, body: Any) -> httpx.Response:
    return client.post(f"{V1}/messages/check", json=body)


def test_messages_come_back_in_their_order(client: httpx.Client) -> None:
    mail = {"channel": "email", "subject": "", "body": PRIZE}
    answer = check(client, {"messages": [GOOD, mail]})
    assert answer.status_code == 200
    first, second = answer.json()["items"]
    assert (first["is_spam"], first["segments"], first["findings"]) == (False, 1, [])
    assert second["is_spam"] and second["segments"] is None
    found = {one["type"] for one in second["findings"]}
    assert found == {"spam_risk", "missing_opt_out", "bad_subject"}


def test_they_come_back_as_they_came_with_what_was_found(client: httpx.Client) -> None:
    rows = [{"id": 7, **GOOD, "a": {"b": [None, 1.5]}}, {**GOOD, "channel": "push", "tone": "?"}]
    items = check(client, {"messages": rows}).json()["items"]
    assert {key: items[0][key] for key in rows[0]} == rows[0]
    assert list(items[0])[:4] == ["id", "channel", "body", "a"]
    assert "subject" not in items[0]
    assert (items[1]["channel"], items[1]["tone"]) == ("push", "neutral")


def test_none_is_none(client: httpx.Client) -> None:
    assert check(client, {"messages": []}).json() == {"items": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "messages"),
        ({"messages": [{"channel": "pigeon", "body": "x"}]}, "messages[0].channel"),
        ({"messages": [GOOD, {"channel": "sms"}]}, "messages[1].body"),
        ({"messages": [GOOD, {"body": "x", "extra": 1}]}, "messages[1].channel"),
    ],
)
def test_what_is_wrong_is_named(client: httpx.Client, body: Any, field: str) -> None:
    answer = check(client, body)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
