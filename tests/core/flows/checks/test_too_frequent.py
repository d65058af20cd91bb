"""A third message within an hour, or a fourth within a day, with no reply between."""

from __future__ import annotations

import pytest

from core.flows import validate_document
from core.flows.checks.view import Thresholds
from core.flows.config import ValidationConfig
from tests.support.short_flows import flow, found

TOO_MANY = {
    "three at once": (["sms a", "email b", "push c", "end"], ["c"]),
    "four at once": (["sms a", "email b", "push c", "web d", "end"], ["c", "d"]),
    "on the last second of the hour": (
        ["sms a", "pause 30m", "sms b", "pause 30m", "sms c", "end"],
        ["c"],
    ),
    "a fourth within a day": (
        ["sms a", "pause 3h", "sms b", "pause 3h", "sms c", "pause 3h", "sms d", "end"],
        ["d"],
    ),
    "a fourth on the last second of the day": (
        ["sms a", "pause 8h", "sms b", "pause 8h", "sms c", "pause 8h", "sms d", "end"],
        ["d"],
    ),
    "time-outs pass in silence": (
        ["sms a", "wait 20m reply=done", "sms b", "wait 20m reply=done", "sms c", "end done"],
        ["c"],
    ),
    "a loop": (["sms a", "wait 3h reply=done timeout=a", "end done"], ["a"]),
    "three after a reply": (
        ["sms a", "wait 2d reply=b timeout=done", "twin b", "sms c", "sms d", "end done"],
        ["d"],
    ),
    "along one way alone": (
        ["sms a", "if c contact.visits>3 then=b else=pause2", "pause 1d", "sms b", "sms d", "end"],
        ["d"],
    ),
    "until a moment that has come": (
        ["sms a", "pause monday/09:00", "sms b", "pause 09:00", "sms c", "end"],
        ["c"],
    ),
    "until a moment soon after a reply": (
        ["sms a", "wait 1d reply=b timeout=done", "sms b", "pause 12:00", "sms c", "sms d", "end"],
        ["d"],
    ),
    "check-ins and lessons are messages": (["check a", "lesson b", "lesson c", "end"], []),
    "lessons are messages": (["lesson a", "lesson b", "lesson c", "end"], ["c"]),
    "a counted loop": (
        ["set n n:0", "sms a", "pause 2h", "set m n:n+1", "if c n<4 then=a else=done", "end done"],
        ["a"],
    ),
}
FEW = {
    "two": ["sms a", "sms b", "end"],
    "a third after the hour": ["sms a", "sms b", "pause 61m", "sms c", "end"],
    "three a day": ["sms a", "pause 4h", "sms b", "pause 4h", "sms c", "pause 17h", "sms d", "end"],
    "a reply between": ["sms a", "sms b", "wait 1h reply=c timeout=done", "sms c", "end done"],
    "a reply between, on both ways": [
        "sms a",
        "sms b",
        "wait 1h reply=c timeout=pause3",
        "pause 1d",
        "sms c",
        "end",
    ],
    "a check-in waits": ["sms a", "check b", "pause 23h", "sms c", "sms d", "end"],
    "a loop of a day and more": ["sms a", "wait 9h reply=done timeout=a", "end done"],
    "a loop over a reply": [
        "sms a",
        "wait 9h reply=b timeout=done",
        "twin b",
        "pause 1m",
        "if c contact.visits>3 then=a else=done",
        "end done",
    ],
    "apart by a moment": [
        "sms a",
        "pause 18:00",
        "sms b",
        "pause 10:00",
        "sms c",
        "pause 18:00",
        "sms d",
        "end",
    ],
    "different ways": [
        "sms a",
        "if c contact.visits>3 then=b else=d",
        "sms b next=done",
        "sms d",
        "end done",
    ],
    "a counted loop": [
        "set n n:0",
        "sms a",
        "pause 2h",
        "set m n:n+1",
        "if c n<3 then=a else=done",
        "end done",
    ],
}


@pytest.mark.parametrize("name", TOO_MANY)
def test_too_many(name: str) -> None:
    lines, steps = TOO_MANY[name]
    assert found("too_frequent", *lines) == steps


@pytest.mark.parametrize("name", FEW)
def test_few_enough(name: str) -> None:
    assert found("too_frequent", *FEW[name]) == []


def test_messages_are_counted_when_they_go_out() -> None:
    lines = ("sms a", "pause 10h", "sms b", "pause 3h", "sms c", "pause 2h", "sms d", "end")
    assert found("too_frequent", *lines) == ["d"]
    assert found("too_frequent", *lines, quiet_hours={"from": "21:00", "to": "08:00"}) == []


def test_the_finding_says_which_message_it_is() -> None:
    findings = validate_document(flow("web a", "web b", "web c", "web d", "end")).findings
    assert [one.message for one in findings if one.type == "too_frequent"] == [
        "“c” can be the third message within an hour, with no reply between",
        "“d” can be the third message within an hour, with no reply between",
    ]


def test_how_many_are_too_many_is_a_setting() -> None:
    def steps(**limits: int) -> list[str | None]:
        config = ValidationConfig(thresholds=Thresholds(**limits))
        findings = validate_document(flow("web a", "web b", "web c", "end"), config).findings
        return [one.step_id for one in findings if one.type == "too_frequent"]

    assert steps(messages_per_hour=1) == ["b", "c"]
    assert steps(messages_per_hour=9, messages_per_day=2) == ["c"]
    assert steps(messages_per_hour=0) == ["a", "b", "c"]
    assert steps(messages_per_hour=3) == []
