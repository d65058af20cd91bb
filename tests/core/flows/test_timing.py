"""When messages can go out: a law for each way of passing time, and every play of small flows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.domain.flows import Until
from core.flows import clock as machine_clock
from core.flows import validate_document
from core.flows.timing import DAY, HOUR, Dial, Hours
from tests.support.flow_documents import flow_documents
from tests.support.short_flows import flow
from tests.support.timed_flows import Sent, every_play, play, timed_flows

UTC = ZoneInfo("UTC")
MONDAY = int(machine_clock.start_of_simulation(UTC)) - 9 * HOUR
WEEK = 7 * DAY
HALVES = st.integers(0, WEEK // 1_800 - 1).map(lambda half: half * 1_800)
TYPES = ("quiet_hours", "too_frequent", "whatsapp_window")


@pytest.fixture(scope="module")
def week() -> Dial:
    return Dial.fitting(WEEK, [9 * HOUR, 30 * 60])


def test_marks_lie_twice_as_close_as_the_times_of_a_flow() -> None:
    assert Dial.fitting(DAY, [9 * HOUR, 2 * HOUR]).mark == 1_800
    assert Dial.fitting(DAY, [9 * HOUR, 20 * 60]).mark == 600
    assert Dial.fitting(DAY, [7]).mark == 1_800, "seconds are rounded to minutes"


@given(at=HALVES, pause=st.integers(0, 400).map(lambda half: half * 1_800))
def test_a_pause_shifts_the_clock(week: Dial, at: int, pause: int) -> None:
    assert week.later(week.at(at), pause) == week.at((at + pause) % WEEK)


@given(at=HALVES, pause=st.integers(0, 400).map(lambda half: half * 1_800))
def test_a_reply_comes_at_any_mark_of_its_wait(week: Dial, at: int, pause: int) -> None:
    marks = range(at, at + pause + 1, week.mark)
    assert week.within(week.at(at), pause) == _any(week, (mark % WEEK for mark in marks))


@given(moments=st.sets(HALVES, min_size=1, max_size=5), target=HALVES, weekly=st.booleans())
def test_until_waits_as_the_machine_does(
    week: Dial, moments: set[int], target: int, weekly: bool
) -> None:
    time = f"{target % DAY // HOUR:02d}:{target % HOUR // 60:02d}"
    day = machine_clock.WEEKDAYS[target // DAY] if weekly else None
    until = Until.model_validate({"weekday": day, "time": time})
    waits: dict[int, list[int]] = {}
    for moment in moments:
        after = int(machine_clock.until(MONDAY + moment, until, UTC)) - MONDAY
        waits.setdefault(after % WEEK, []).append(after - moment)
    cycle = WEEK if weekly else DAY
    passed = list(week.until(_any(week, moments), target % cycle, cycle))
    assert {one.clock: (one.least, one.most) for one in passed} == {
        week.at(after): (min(each), max(each)) for after, each in waits.items()
    }


@given(moments=st.sets(HALVES, min_size=1, max_size=5), start=HALVES, end=HALVES)
def test_quiet_hours_hold_as_the_machine_does(
    week: Dial, moments: set[int], start: int, end: int
) -> None:
    quiet = Hours(start % DAY, end % DAY)
    minutes = (quiet.start // 60, quiet.end // 60)
    held = {}
    for moment in moments:
        after = int(machine_clock.end_of_quiet(MONDAY + moment, minutes, UTC)) - MONDAY
        held[moment] = after
    passed = list(week.held(_any(week, moments), quiet))
    clock = 0
    for one in passed:
        clock |= one.clock
    assert clock == _any(week, (after % WEEK for after in held.values()))
    assert max(one.most for one in passed) == max(after - at for at, after in held.items())
    assert min(one.least for one in passed) == min(after - at for at, after in held.items())
    inside = week.inside(_any(week, moments), quiet)
    assert (inside is None) == all(after == at for at, after in held.items())


def _any(dial: Dial, moments: Iterable[int]) -> int:
    clock = 0
    for moment in moments:
        clock |= dial.at(moment)
    return clock


def found(document: dict[str, Any]) -> set[tuple[str, str | None]]:
    findings = validate_document(document).findings
    return {(one.type, one.step_id) for one in findings if one.type in TYPES}


def shown(messages: list[Sent], steps: dict[str, str], quiet: bool) -> set[tuple[str, str]]:
    """What one play shows."""
    seen = set()
    for sent in messages:
        twin = steps[sent.step] == "twin_reply"
        called = sent.called_at is not None if twin else sent.called_at == sent.at
        if sent.quiet and not called and not quiet:
            seen.add(("quiet_hours", sent.step))
        if sent.within(HOUR) >= 2 or sent.within(DAY) >= 3:
            seen.add(("too_frequent", sent.step))
        old = sent.replied_at is None or sent.at - sent.replied_at > DAY
        if sent.channel == "whatsapp" and not sent.template and old:
            seen.add(("whatsapp_window", sent.step))
    return seen


def types(document: dict[str, Any]) -> dict[str, str]:
    return {step["id"]: step["type"] for step in document["steps"]}


SLOWLY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@SLOWLY
@given(st.booleans().flatmap(lambda quiet: timed_flows(quiet=quiet)))
def test_the_findings_are_what_some_play_shows(document: dict[str, Any]) -> None:
    seen: set[tuple[str, str]] = set()
    for messages, _ in every_play(document):
        seen |= shown(messages, types(document), "quiet_hours" in document)
    assert found(document) == seen


@SLOWLY
@given(flow_documents(), st.dictionaries(st.text("0123456789", max_size=1), st.integers(0, 200)))
def test_whatever_a_play_shows_is_found(document: dict[str, Any], hours: dict[str, int]) -> None:
    """With replies at any time: late ones, and such as no step waits for, included."""
    replies = {f"s{number}": at * HOUR for number, at in hours.items()}
    messages, _ = play({**document, "timezone": "UTC"}, replies)
    late = {"whatsapp_window"} if replies else set()
    seen = shown(messages, types(document), "quiet_hours" in document)
    assert {one for one in seen if one[0] not in late} <= found(document)


@SLOWLY
@given(timed_flows(most_asks=0), st.integers(0, 5))
def test_a_loop_that_counts_is_followed_as_often_as_it_turns(
    document: dict[str, Any], turns: int
) -> None:
    last = document["steps"][-1]["id"]
    again = [{"when": f"turns <= {turns}", "next": "s0"}]
    document["steps"][-1:] = [
        {"id": last, "type": "set", "config": {"values": {"turns": "turns + 1"}}, "next": "more"},
        {"id": "more", "type": "condition", "config": {"branches": again, "else": "over"}},
        {"id": "over", "type": "end"},
    ]
    document["variables"] = {"turns": 0}
    messages, reason = play(document, {})
    assume(reason != "too_long")
    assert found(document) == shown(messages, types(document), False)


def test_a_loop_of_minutes_is_walked_until_the_reply_is_old() -> None:
    lines = (
        "template a",
        "wait 3d",
        "pause 1m",
        "if c contact.visits>3 then=pause2 else=b",
        "whatsapp b",
        "pause monday/09:00 next=d",
        "if d contact.age>3 then=a else=done",
        "end done",
    )
    assert found(flow(*lines)) >= {("whatsapp_window", "b"), ("quiet_hours", "b")}


def test_more_ways_than_can_be_followed_come_to_an_end() -> None:
    steps: list[dict[str, Any]] = []
    for number in range(40):
        pauses = [f"d{number}-{minutes}" for minutes in range(4)]
        arms = [{"name": pause, "next": pause} for pause in pauses]
        steps.append({"id": f"c{number}", "type": "split", "config": {"arms": arms}})
        for minutes, pause in enumerate(pauses):
            config = {"duration": f"{minutes * 37 + number + 1}m"}
            steps.append({"id": pause, "type": "delay", "config": config, "next": f"s{number}"})
        after = f"c{number + 1}" if number < 39 else "u"
        body = {"body": "Well"}
        steps.append({"id": f"s{number}", "type": "send_push", "config": body, "next": after})
    until = {"until": {"weekday": "monday", "time": "09:00"}}
    steps.append({"id": "u", "type": "delay", "config": until, "next": "c0"})
    assert ("too_frequent", "s39") in found({"name": "Mesh", "steps": steps})
