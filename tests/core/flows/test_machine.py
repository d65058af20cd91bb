"""What a flow means: each rule of DESIGN's page, played by people who do as they are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.reactions import Reaction, Reply, Situation, TwinAnswer, TwinRequest
from core.flows import Player, compile_flow
from core.minds import ScriptedMind

HOUR = 3600.0
Act = Callable[[Situation], Reaction]


class Echo:
    """A twin that repeats the question."""

    async def answer(self, request: TwinRequest) -> TwinAnswer:
        return TwinAnswer(f"You asked: {request.question}", bool(request.question), ("a source",))


def silent(_: Situation) -> Reaction:
    return Reaction("ignored", "says nothing", delivered_after=1.0, read_after=60.0)


def says(text: str, after: float = HOUR, intent: Any = "interested", **more: Any) -> Act:
    def act(situation: Situation) -> Reaction:
        asked = situation.message.questions
        answers = {question.id: more["answers"].get(question.id) for question in asked} or None
        reply = Reply(after, text, intent, more.get("sentiment", "positive"), answers)
        return Reaction("answered", "because", delivered_after=1.0, read_after=2.0, reply=reply)

    more.setdefault("answers", {})
    return act


class Event(dict[str, Any]):
    """One row, by name."""

    __getattr__ = dict.__getitem__


def play(document: dict[str, Any], act: Act = silent, **attributes: Any) -> list[Event]:
    person = Person(
        "eager-eddie-0001",
        "eager-eddie",
        {
            "name": "Eddie Marsh",
            "first_name": "Eddie",
            "email": "e@example.com",
            "phone": "+447700900123",
            "timezone": "UTC",
            "visits": 3,
            "tags": [],
            **attributes,
        },
        {},
    )
    persona = Persona(id="eager-eddie", name="Eager Eddie")
    flow = compile_flow({"name": "Test", **document})
    player = Player(flow, person, persona, mind=ScriptedMind(act), twin=Echo(), seed=7)
    names = ("seq", "at", "actor", "kind", "step_id", "channel", "body", "payload")
    events = [Event(zip(names, row, strict=True)) for row in asyncio.run(player.play())]
    for event in events:
        event["payload"] = json.loads(event["payload"])
    assert [event.seq for event in events] == list(range(len(events)))
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[0].kind == "entered"
    assert [event.kind for event in events].count("ended") == 1
    assert events[-1].kind == "ended"
    return events


def of(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event.kind == kind]


def hours(events: list[Event], event: Event) -> float:
    return float((event.at - events[0].at) / 3.6e9)


def sms(id: str = "hello", body: str = "Hi", next: str | None = "wait") -> dict[str, Any]:
    step = {"id": id, "type": "send_sms", "config": {"body": body}}
    return {**step, "next": next} if next else step


def wait(id: str = "wait", timeout: str = "2d", **ways: str) -> dict[str, Any]:
    return {"id": id, "type": "wait_for_reply", "config": {"timeout": timeout}, **ways}


END = {"id": "done", "type": "end"}


def goal(id: str = "book", next: str | None = "done") -> dict[str, Any]:
    step = {"id": id, "type": "goal", "config": {"name": "booked", "value": 49}}
    return {**step, "next": next} if next else step


def test_a_reply_in_time_takes_on_reply() -> None:
    steps = [sms(), wait(on_reply="book", on_timeout="done"), goal(), END]
    events = play({"steps": steps}, says("Yes please", after=5 * HOUR))
    (replied,) = of(events, "replied")
    assert (replied.body, replied.step_id, replied.payload["late"]) == (
        "Yes please",
        "hello",
        False,
    )
    assert hours(events, replied) == 5
    assert of(events, "goal_reached")[0].payload == {"name": "booked", "value": 49}
    assert events[-1].payload["reason"] == "end"


def test_no_reply_takes_on_timeout_at_its_time() -> None:
    steps = [sms(), wait(on_reply="book", on_timeout="done"), goal(), END]
    events = play({"steps": steps})
    (late,) = of(events, "timed_out")
    assert hours(events, late) == 48
    assert late.payload == {"after": 172800.0}
    assert [event.payload["way"] for event in of(events, "branched")] == ["next", "on_timeout"]
    assert of(events, "ignored")[0].payload["read"] is True


def test_a_reply_before_its_wait_is_used_by_it_and_is_late() -> None:
    delay = {"id": "pause", "type": "delay", "config": {"duration": "1d"}, "next": "wait"}
    steps = [sms(next="pause"), delay, wait(on_reply="book", on_timeout="done"), goal(), END]
    events = play({"steps": steps}, says("Early", after=HOUR))
    assert of(events, "replied")[0].payload["late"] is True
    assert of(events, "branched")[-2].payload["way"] == "on_reply"
    assert hours(events, of(events, "goal_reached")[0]) == 24


def test_a_reply_after_its_timeout_goes_to_the_next_wait_once() -> None:
    def act(situation: Situation) -> Reaction:
        first = situation.message.step_id == "hello"
        return says("Sorry, I was away", after=60 * HOUR)(situation) if first else silent(situation)

    steps = [
        sms(),
        wait(on_reply="done", on_timeout="nudge"),
        sms("nudge", next="again"),
        wait("again", "1d", on_reply="third", on_timeout="done"),
        wait("third", "1d", on_reply="done", on_timeout="late"),
        {"id": "late", "type": "end", "config": {"reason": "quiet"}},
        END,
    ]
    events = play({"steps": steps}, act)
    (replied,) = of(events, "replied")
    assert replied.payload["late"] is True
    assert [e.payload["way"] for e in of(events, "branched") if e.step_id == "again"] == [
        "on_reply"
    ]
    assert events[-1].payload["reason"] == "quiet", "one reply serves one wait"


def test_a_timeout_clears_the_reply() -> None:
    steps = [
        sms(),
        wait(on_reply="second", on_timeout="done"),
        sms("second", next="wait2"),
        wait("wait2", on_reply="done", on_timeout="sort"),
        {
            "id": "sort",
            "type": "condition",
            "config": {"branches": [{"when": 'reply.intent == "interested"', "next": "book"}]},
        },
        goal(),
        END,
    ]

    def act(situation: Situation) -> Reaction:
        first = situation.message.step_id == "hello"
        return says("Yes")(situation) if first else silent(situation)

    events = play({"steps": steps}, act)
    assert not of(events, "goal_reached")
    assert events[-1].payload["reason"] == "no_next"
    assert events[-1].payload["way"] == "else"


def test_what_comes_after_an_opt_out_is_held_back() -> None:
    steps = [
        sms(),
        wait(on_reply="bye", on_timeout="done"),
        sms("bye", "Sorry to see you go", next="done"),
        END,
    ]
    events = play({"steps": steps}, says("STOP", intent="opt_out", sentiment="negative"))
    kinds = [event.kind for event in events]
    assert kinds.index("opted_out") == kinds.index("replied") + 1
    assert len(of(events, "sent")) == 1
    (held,) = of(events, "failed")
    assert (held.step_id, held.payload["reason"]) == ("bye", "opted_out")


def test_the_unsubscribe_link_counts_on_all_channels() -> None:
    def act(_: Situation) -> Reaction:
        return Reaction(
            "answered",
            "enough",
            delivered_after=1.0,
            read_after=2.0,
            clicked_after=3.0,
            link="https://example.org/unsubscribe",
            unsubscribed_after=3.0,
        )

    mail = {"id": "mail", "type": "send_email", "config": {"subject": "S", "body": "B"}}
    pause = {"id": "pause", "type": "delay", "config": {"duration": "1h"}, "next": "hello"}
    events = play({"steps": [{**mail, "next": "pause"}, pause, sms(next="done"), END]}, act)
    assert [e.kind for e in events if e.kind in ("clicked", "opted_out")] == [
        "clicked",
        "opted_out",
    ]
    assert of(events, "failed")[0].payload["reason"] == "opted_out"


def test_an_opt_out_after_the_end_is_recorded_before_ended() -> None:
    events = play({"steps": [sms(next="done"), END]}, says("STOP", intent="opt_out"))
    assert [event.kind for event in events[-3:]] == ["replied", "opted_out", "ended"]
    assert events[-1].payload["at"] == "2026-01-05T09:00:00Z"
    assert events[-1].payload["hours"] == 0.0


def test_quiet_hours_hold_a_message_until_they_end() -> None:
    pause = {"id": "pause", "type": "delay", "config": {"duration": "13h"}, "next": "hello"}
    flow = {
        "start": "pause",
        "quiet_hours": {"from": "21:00", "to": "08:00"},
        "steps": [pause, sms(next="done"), END],
    }
    (sent,) = of(play(flow), "sent")
    assert sent.payload["held_until"] == "2026-01-06T08:00:00Z"
    (sent,) = of(play(flow, timezone="America/New_York"), "sent")
    assert "held_until" not in sent.payload, "it is 17:00 there"


def test_delay_until_uses_the_contacts_own_clock() -> None:
    config = {"until": {"weekday": "Tuesday", "time": "09:00"}}
    pause = {"id": "pause", "type": "delay", "config": config, "next": "done"}
    events = play({"steps": [pause, END]}, timezone="America/New_York")
    assert events[-1].payload["at"] == "2026-01-06T14:00:00Z"


def test_a_condition_that_raises_is_false_and_says_why() -> None:
    branches = [
        {"when": "discount > 10", "next": "book"},
        {"when": "contact.visits >= 3", "next": "done"},
    ]
    sort = {"id": "sort", "type": "condition", "config": {"branches": branches, "else": "book"}}
    (branched,) = of(play({"steps": [sort, goal(), END]}), "branched")
    assert branched.payload["way"] == "branch:1"
    assert "discount" in branched.payload["error"]


def test_a_condition_that_raises_and_leads_nowhere_says_so_at_the_end() -> None:
    branches = [{"when": "discount > 10", "next": "done"}]
    sort = {"id": "sort", "type": "condition", "config": {"branches": branches}}
    (ended,) = of(play({"steps": [sort, END]}), "ended")
    assert (ended.payload["reason"], ended.payload["way"]) == ("no_next", "else")
    assert "discount" in ended.payload["error"]


def test_a_split_takes_each_arm_by_its_weight_and_always_the_same_one() -> None:
    arms = [
        {"name": "a", "weight": 1, "next": "done"},
        {"name": "b", "weight": 1e-9, "next": "book"},
    ]
    split = {"id": "split", "type": "split", "config": {"arms": arms}}
    (branched,) = of(play({"steps": [split, goal(), END]}), "branched")
    assert branched.payload["way"] == "arm:a"


def test_answers_are_set_and_null_where_left_out() -> None:
    questions = [
        {"id": "energy", "text": "Energy?", "kind": "scale", "min": 1, "max": 10},
        {"id": "plan", "text": "Plan?", "kind": "text"},
    ]
    steps = [
        {"id": "ask", "type": "assessment", "next": "sort",
         "config": {"title": "Check", "questions": questions, "channel": "web"}},
        {"id": "sort", "type": "condition", "config": {"branches": [
            {"when": "answers.plan == null && answers.energy == 8", "next": "book"},
         ], "else": "done"}},
        goal(),
        END,
    ]  # fmt: skip
    events = play({"steps": steps}, says("8", answers={"energy": 8}))
    assert of(events, "goal_reached")
    assert of(events, "sent")[0].payload["questions"] == ["Energy?", "Plan?"]
    silence = play({"steps": steps})
    assert not of(silence, "goal_reached")
    assert hours(silence, of(silence, "timed_out")[0]) == 48


def test_variables_tags_and_webhooks() -> None:
    steps = [
        {"id": "count", "type": "set", "next": "hook",
         "config": {"values": {"score": "contact.visits * 2", "odd": "nothing + 1"}}},
        {"id": "hook", "type": "webhook", "next": "tag",
         "config": {"url": "https://example.org/x", "sample": {"paid": True}}},
        {"id": "tag", "type": "tag", "next": "sort", "config": {"add": ["warm"]}},
        {"id": "sort", "type": "condition", "config": {"branches": [
            {"when": 'score == 6 && paid && hook.paid && "warm" in contact.tags', "next": "book"},
         ]}},
        goal(next=None),
    ]  # fmt: skip
    events = play({"steps": steps})
    count, hook = of(events, "set")
    assert count.payload["values"] == {"score": 6, "odd": None}
    assert set(count.payload["error"]) == {"odd"}
    assert hook.payload["called"] is False
    assert of(events, "goal_reached")
    assert events[-1].payload["reason"] == "no_next"


def test_the_twin_answers_on_the_channel_of_the_last_reply() -> None:
    steps = [
        sms(),
        wait(on_reply="answer", on_timeout="done"),
        {
            "id": "answer",
            "type": "twin_reply",
            "config": {"instructions": "Shortly."},
            "next": "done",
        },
        END,
    ]
    events = play({"steps": steps}, says("How long is it?", intent="question"))
    answer = of(events, "sent")[1]
    assert (answer.actor, answer.channel) == ("twin", "sms")
    assert answer.body == "You asked: How long is it?"
    assert answer.payload["answers"] is True
    assert answer.payload["citations"] == ["a source"]


def test_a_loop_ends_after_a_thousand_visits() -> None:
    steps = [{"id": "a", "type": "tag", "next": "b"}, {"id": "b", "type": "tag", "next": "a"}]
    events = play({"steps": steps})
    assert len(of(events, "stepped")) == 1_000
    assert events[-1].payload["reason"] == "too_long"


def test_a_flow_ends_after_a_year() -> None:
    steps = [{"id": "a", "type": "delay", "config": {"duration": "200d"}, "next": "a"}]
    events = play({"steps": steps})
    assert hours(events, events[-1]) == 365 * 24
    assert events[-1].payload["reason"] == "too_long"


@pytest.mark.parametrize("status", ["refused", "invalid", "unavailable", "skipped"])
def test_a_mind_that_cannot_answer_is_recorded_and_the_run_goes_on(status: Any) -> None:
    events = play(
        {"steps": [sms(), wait(on_reply="done", on_timeout="done"), END]},
        lambda _: Reaction(status, "no answer came"),
    )
    (failed,) = of(events, "engine_failed")
    assert (failed.actor, failed.payload["status"]) == ("engine", status)
    assert of(events, "timed_out")


def test_a_message_without_an_address_is_not_sent() -> None:
    events = play({"steps": [sms(next="done"), END]}, phone="")
    assert of(events, "failed")[0].payload["reason"] == "no_address"


def test_a_condition_may_ask_who_opted_out_and_a_template_what_day_it_is() -> None:
    branches = [{"when": "contact.opted_out", "next": "done"}]
    steps = [
        sms(body="Today is {{ 'now' | date: '%A' }}", next="pause"),
        {"id": "pause", "type": "delay", "config": {"duration": "1d"}, "next": "sort"},
        {"id": "sort", "type": "condition", "config": {"branches": branches, "else": "hello"}},
        END,
    ]
    events = play({"steps": steps}, says("STOP", after=30 * HOUR, intent="opt_out"))
    assert [event.body for event in of(events, "sent")] == ["Today is Monday", "Today is Tuesday"]
    assert not of(events, "failed")


def test_names_are_words_and_never_code() -> None:
    body = "Hi {{ contact.first_name }} {{ contact.__class__ }}"
    (sent,) = of(
        play({"steps": [sms(body=body, next="done"), END]}, first_name="{{ 7 }}<b>"), "sent"
    )
    assert sent.body == "Hi {{ 7 }}<b> "


def test_every_step_is_left_once_for_each_time_that_it_is_entered() -> None:
    steps = [sms(), wait(on_reply="hello", on_timeout="done"), END]
    events = play({"steps": steps}, says("Again", after=HOUR))
    for step in ("hello", "wait", "done"):
        entered = [e for e in of(events, "stepped") if e.step_id == step]
        left = [e for e in events if e.kind in ("branched", "ended") and e.step_id == step]
        assert len(entered) == len(left)
        assert [e.payload["visit"] for e in entered] == list(range(1, len(entered) + 1))


def test_handing_over_ends_the_flow() -> None:
    events = play({"steps": [{"id": "p", "type": "handoff", "config": {"to": "support"}}]})
    assert of(events, "handed_off")[0].payload == {"to": "support", "reason": ""}
    assert events[-1].payload["reason"] == "handoff"


def test_a_mind_knows_the_visit_and_which_sample_is_its_own() -> None:
    seen: list[tuple[str, int, str]] = []

    def act(situation: Situation) -> Reaction:
        seen.append((situation.message.step_id, situation.visit, situation.draw))
        return says("Again", after=HOUR)(situation) if len(seen) < 3 else silent(situation)

    play({"steps": [sms(), wait(on_reply="hello", on_timeout="done"), END]}, act)
    draw = "7/eager-eddie-0001"
    assert seen == [("hello", 1, draw), ("hello", 2, draw), ("hello", 3, draw)]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("replied", {"reply": Reply(9.0, "Yes", "interested", "positive")}),
        ("clicked", {"clicked_after": 5.0, "link": "https://x.example"}),
        ("opted_out", {"unsubscribed_after": 5.0}),
        ("ignored", {"status": "ignored"}),
        ("engine_failed", {"status": "invalid"}),
    ],
)
def test_events_say_which_model_said_it(kind: str, more: dict[str, Any]) -> None:
    source = {"model": "openai/some", "prompt": "reaction-1", "call": "ab12"}

    def act(source: dict[str, str]) -> Act:
        given = {"status": "answered", "reasoning": "why", "read_after": 1.0, **more}
        return lambda _: Reaction(**given, source=source)

    steps = [sms(), wait(on_reply="done", on_timeout="done"), END]
    (said,) = of(play({"steps": steps}, act(source)), kind)
    assert said.payload["source"] == source
    (plain,) = of(play({"steps": steps}, act({})), kind)
    assert "source" not in plain.payload
