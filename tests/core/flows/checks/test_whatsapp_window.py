"""A WhatsApp message without a template, when the last reply may be over 24 hours old."""

from __future__ import annotations

import pytest

from core.flows import validate_document
from tests.support.short_flows import flow, found

CLOSED = {
    "the first message": (["whatsapp a", "end"], ["a"]),
    "after a time-out": (["template a", "wait 2h reply=done", "whatsapp b", "end done"], ["b"]),
    "a day and an hour after a reply": (
        ["template a", "wait 2d reply=pause2 timeout=done", "pause 25h", "whatsapp b", "end done"],
        ["b"],
    ),
    "two time-outs after a reply": (
        [
            "template a",
            "wait 2d reply=t timeout=done",
            "twin t",
            "wait 20h reply=done",
            "template b",
            "wait 20h reply=done",
            "whatsapp c",
            "end done",
        ],
        ["c"],
    ),
    "on one of two ways": (
        ["template a", "wait 2d reply=b timeout=b", "whatsapp b", "end"],
        ["b"],
    ),
    "until a moment that may be a week away": (
        [
            "template a",
            "wait 1h reply=pause2 timeout=done",
            "pause friday/10:00",
            "whatsapp b",
            "end done",
        ],
        ["b"],
    ),
    "until tomorrow, and a little later": (
        [
            "template a",
            "wait 2d reply=pause2 timeout=done",
            "pause 09:00",
            "pause 15m",
            "whatsapp b",
            "end done",
        ],
        ["b"],
    ),
    "a check-in": (["check a whatsapp", "end"], ["a"]),
    "a lesson long after a reply": (
        [
            "template a",
            "wait 2d reply=pause2 timeout=done",
            "pause 2d",
            "lesson b whatsapp",
            "end done",
        ],
        ["b"],
    ),
    "the twin's answer, two days late": (
        ["template a", "wait 2d reply=pause2 timeout=done", "pause 2d", "twin b", "end done"],
        ["b"],
    ),
    "an empty template is none": (["whatsapp a", "end"], ["a"]),
    "a loop that lets the reply grow old": (
        [
            "template a",
            "wait 2d reply=b timeout=done",
            "whatsapp b",
            "wait 5h timeout=b reply=done",
            "end done",
        ],
        ["b"],
    ),
}
OPEN = {
    "a template": ["template a", "pause 3d", "template b", "end"],
    "at once after a reply": [
        "template a",
        "wait 30h reply=b timeout=done",
        "whatsapp b",
        "end done",
    ],
    "on the last second of the window": [
        "template a",
        "wait 2d reply=pause2 timeout=done",
        "pause 24h",
        "whatsapp b",
        "end done",
    ],
    "a reply on another channel counts": [
        "sms a",
        "wait 2d reply=b timeout=done",
        "whatsapp b",
        "end done",
    ],
    "a time-out within the window": [
        "template a",
        "wait 2d reply=t timeout=done",
        "twin t",
        "wait 20h reply=done",
        "whatsapp b",
        "end done",
    ],
    "until tomorrow": [
        "template a",
        "wait 2d reply=pause2 timeout=done",
        "pause 09:00",
        "whatsapp b",
        "end done",
    ],
    "the twin answers at once": [
        "template a",
        "wait 2d reply=b timeout=done",
        "twin b",
        "end done",
    ],
    "the twin answers late on another channel": [
        "sms a",
        "wait 2d reply=pause2 timeout=done",
        "pause 2d",
        "twin b",
        "end done",
    ],
    "another channel": ["sms a", "check b web", "lesson c", "end"],
    "nobody gets there": ["sms a", "end", "whatsapp lost", "end"],
}


@pytest.mark.parametrize("name", CLOSED)
def test_the_window_may_be_closed(name: str) -> None:
    lines, steps = CLOSED[name]
    assert found("whatsapp_window", *lines) == steps


@pytest.mark.parametrize("name", OPEN)
def test_the_window_is_open(name: str) -> None:
    assert found("whatsapp_window", *OPEN[name]) == []


def test_a_message_held_over_night_is_judged_by_when_it_goes_out() -> None:
    lines = (
        "template a",
        "wait 12h reply=pause2 timeout=done",
        "pause 22h",
        "whatsapp b",
        "end done",
    )
    assert found("whatsapp_window", *lines) == []
    assert found("whatsapp_window", *lines, quiet_hours={"from": "18:00", "to": "12:00"}) == ["b"]


def test_a_template_of_spaces_is_none() -> None:
    document = flow("whatsapp a", "end")
    document["steps"][0]["config"]["template"] = "  "
    types = [one.type for one in validate_document(document).findings]
    assert "whatsapp_window" in types


def test_the_finding_says_why() -> None:
    findings = validate_document(flow("whatsapp a", "end")).findings
    (message,) = [one.message for one in findings if one.type == "whatsapp_window"]
    assert message == "“a” can go out on WhatsApp without a template before any reply"
