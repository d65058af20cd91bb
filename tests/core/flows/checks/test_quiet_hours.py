"""A message that no reply called for, and that can fall into the quiet hours."""

from __future__ import annotations

import pytest

from core.flows import repair, validate_document
from core.flows.checks.view import Thresholds
from core.flows.config import ValidationConfig
from tests.support.short_flows import flow, found

LOUD = {
    "twelve hours after nine": (["email a", "pause 12h", "sms b", "end"], ["b"]),
    "until an evening": (["sms a", "pause 22:15", "push b", "end"], ["b"]),
    "until seven in the morning": (["sms a", "pause thursday/07:59", "sms b", "end"], ["b"]),
    "at a time-out": (["sms a", "wait 13h reply=done timeout=b", "email b", "end done"], ["b"]),
    "on the web": (["web a", "pause 14h", "web b", "end"], ["b"]),
    "a lesson": (["sms a", "pause 20h", "lesson b", "end"], ["b"]),
    "a check-in": (["sms a", "pause 20h", "check b", "end"], ["b"]),
    "the check-in's time-out": (["pause 18:30", "check a", "sms b", "end"], []),
    "an hour after a check-in of the evening": (
        ["pause 18:30", "check a", "pause 1h", "sms b", "end"],
        ["b"],
    ),
    "some time after a reply": (
        ["sms a", "wait 2d reply=pause2 timeout=done", "pause 3h", "sms b", "end done"],
        ["b"],
    ),
    "the time-out of a wait after a reply": (
        ["sms a", "wait 2d reply=t timeout=done", "twin t", "wait 1d", "sms b", "end done"],
        ["b"],
    ),
    "a twin's answer to nobody": (["sms a", "pause 14h", "twin b", "end"], ["b"]),
    "a loop that wanders through the day": (
        ["sms a", "wait 7h reply=done timeout=a", "end done"],
        ["a"],
    ),
    "only the third turn": (
        ["set n n:0", "sms a", "pause 4h", "set m n:n+1", "if c n<4 then=a else=done", "end done"],
        ["a"],
    ),
}
CALM = {
    "the beginning": ["sms a", "end"],
    "whole days": ["sms a", "pause 2d", "sms b", "pause 1w", "sms c", "end"],
    "eleven hours and 59 minutes": ["sms a", "pause PT11H59M", "sms b", "end"],
    "eight in the morning": ["sms a", "pause 08:00", "sms b", "end"],
    "one minute to nine": ["sms a", "pause 20:59", "sms b", "end"],
    "a reply calls for it": ["sms a", "wait 2d reply=b timeout=done", "sms b", "end done"],
    "a reply calls for two": ["sms a", "wait 2d reply=b timeout=done", "sms b", "twin", "end done"],
    "a twin answers late": [
        "sms a",
        "wait 2d reply=pause2 timeout=done",
        "pause 5h",
        "twin b",
        "end done",
    ],
    "a short wait, and a short pause": [
        "sms a",
        "wait 2h reply=pause2 timeout=done",
        "pause 3h",
        "sms b",
        "end done",
    ],
    "a pause until the morning": [
        "sms a",
        "wait 2d reply=pause2 timeout=done",
        "pause 09:30",
        "sms b",
        "end done",
    ],
    "nobody gets there": ["sms a", "end", "pause 12h", "sms lost", "end"],
    "a loop of days": ["sms a", "wait 1d reply=done timeout=a", "end done"],
    "two turns alone": [
        "set n n:0",
        "sms a",
        "pause 4h",
        "set m n:n+1",
        "if c n<3 then=a else=done",
        "end done",
    ],
}


@pytest.mark.parametrize("name", LOUD)
def test_it_can_fall_into_the_quiet_hours(name: str) -> None:
    lines, steps = LOUD[name]
    assert found("quiet_hours", *lines) == steps


@pytest.mark.parametrize("name", CALM)
def test_it_cannot(name: str) -> None:
    assert found("quiet_hours", *CALM[name]) == []


@pytest.mark.parametrize("name", LOUD)
def test_quiet_hours_of_its_own_mend_a_flow(name: str) -> None:
    lines, _ = LOUD[name]
    assert found("quiet_hours", *lines, quiet_hours={"from": "22:00", "to": "07:00"}) == []


def test_a_pause_that_cannot_be_read_proves_nothing() -> None:
    assert found("quiet_hours", "sms a", "pause 12x", "sms b", "end") == []


def test_the_finding_says_when() -> None:
    (finding,) = validate_document(flow("sms a", "pause 12h", "sms b", "end")).findings
    assert finding.message == "“b” can go out at 21:00, and no reply called for it"
    lines = ("sms a", "wait 14h reply=pause2 timeout=done", "pause 1h", "sms b", "end done")
    (finding,) = validate_document(flow(*lines)).findings
    assert "between 21:00 and 00:00" in finding.message


def test_it_is_mended_by_quiet_hours() -> None:
    document = flow("sms a", "pause 12h", "sms b", "end")
    (finding,) = validate_document(document).findings
    mended = repair(document, finding)
    assert mended is not None
    assert mended["quiet_hours"] == {"from": "21:00", "to": "08:00"}
    assert validate_document(mended).findings == []


def test_the_hours_are_a_setting() -> None:
    thresholds = Thresholds(quiet_from=18 * 60, quiet_to=6 * 60)
    document = flow("sms a", "pause 9h", "sms b", "pause 12h", "sms c", "end")
    findings = validate_document(document, ValidationConfig(thresholds=thresholds)).findings
    assert [one.step_id for one in findings if one.type == "quiet_hours"] == ["b"]
