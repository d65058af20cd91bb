"""What a contact knew at an event: the log alone gives what the machine had."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cast import built_in_personas
from core.domain.events import Event
from core.domain.populations import Person
from core.domain.reactions import TwinAnswer, TwinRequest
from core.flows import CompiledFlow, Player, compile_flow, known_before, names_read, values_of
from core.minds import BehaviourMind, load_parameters, load_phrases
from core.settings import Settings
from tests.support.flow_documents import flow_documents

PERSONA = built_in_personas(Settings().data / "samples" / "personas")["eager-eddie"]
MIND = BehaviourMind(load_parameters(), load_phrases())
ATTRIBUTES = {
    "name": "Eddie Marsh",
    "first_name": "Eddie",
    "email": "e@example.com",
    "phone": "+447700900123",
    "timezone": "UTC",
    "visits": 3,
    "age": 44,
    "purchases": 0,
    "tags": ["warm"],
}
SHORT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Quiet:
    async def answer(self, request: TwinRequest) -> TwinAnswer:
        return TwinAnswer("Yes.", True)


def log(flow: CompiledFlow, number: int, seed: int) -> list[Event]:
    person = Person(f"eager-eddie-{number:04}", "eager-eddie", dict(ATTRIBUTES), {})
    player = Player(flow, person, PERSONA, mind=MIND, twin=Quiet(), seed=seed)
    names = ("seq", "simulated_at", "actor", "kind", "step_id", "channel", "body", "payload")
    events = []
    for row in asyncio.run(player.play()):
        said = dict(zip(names, row, strict=True))
        said["simulated_at"] = datetime.fromtimestamp(said["simulated_at"] / 1e6, UTC)
        said["payload"] = json.loads(said["payload"])
        more = {"run_id": "r", "contact_id": person.id, "variant": None}
        events.append(Event(**said, **more, occurred_at=said["simulated_at"]))
    return events


CONDITIONS = (
    'reply.intent == "interested"',
    'reply.sentiment == "negative" || reply.hours > 20.0',
    'reply.text.contains("?")',
    "answers.energy >= 5",
    'answers.energy == null && reply.channel == "web"',
    "score > 2",
    "contact.opted_out",
    '"hot" in contact.tags',
)
conditions = st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3)


@st.composite
def talks(draw: st.DrawFn) -> dict[str, Any]:
    """Two rounds of asking, waiting, a check-in, setting and tagging, each with a condition."""
    steps: list[dict[str, Any]] = []

    def add(kind: str, config: dict[str, Any], **ways: str) -> None:
        steps.append({"id": f"s{len(steps)}", "type": kind, "config": config, **ways})

    def sort() -> None:
        following = f"s{len(steps) + 1}"
        branches = [{"when": when, "next": following} for when in draw(conditions)]
        add("condition", {"branches": branches, "else": following})

    timeouts = st.sampled_from(["20m", "5h", "3d"])
    for _ in range(2):
        add(
            "send_web",
            {"body": "Shall I keep a seat? What do you think?"},
            next=f"s{len(steps) + 1}",
        )
        following = f"s{len(steps) + 1}"
        wait = {"timeout": draw(timeouts)}
        add("wait_for_reply", wait, on_reply=following, on_timeout=following)
        sort()
        question = {"id": "energy", "text": "Energy?", "kind": "scale", "min": 1, "max": 10}
        config = {"body": "How is it?", "questions": [question], "timeout": draw(timeouts)}
        add("check_in", config, next=f"s{len(steps) + 1}")
        sort()
        add("set", {"values": {"score": draw(st.integers(0, 5))}}, next=f"s{len(steps) + 1}")
        tags = {"add": ["hot"], "remove": ["warm"]} if draw(st.booleans()) else {"remove": ["hot"]}
        add("tag", tags, next=f"s{len(steps) + 1}")
        sort()
    add("end", {})
    return {"name": "Talks", "steps": steps}


def check(document: dict[str, Any], number: int, seed: int) -> int:
    """Every condition of a play comes out as it did; gives how many there were."""
    flow = compile_flow(document)
    events = log(flow, number, seed)
    checked = 0
    for event in events:
        step = flow.steps.get(event.step_id or "")
        if event.kind != "branched" or step is None or step.type != "condition":
            continue
        known = known_before(flow, ATTRIBUTES, events, event.seq)
        way, error = "else", None
        for at, condition in enumerate(step.conditions):
            holds, wrong = condition.evaluate(known)
            error = error or (f"{condition.source}: {wrong}" if wrong else None)
            if holds:
                way = f"branch:{at}"
                break
        assert (way, error) == (event.payload["way"], event.payload.get("error"))
        checked += 1
    return checked


@SHORT
@given(talks(), st.integers(0, 500), st.integers(0, 9))
def test_conditions_come_out_as_they_did(document: dict[str, Any], number: int, seed: int) -> None:
    assert check(document, number, seed) == 6


@SHORT
@given(flow_documents(), st.integers(0, 50), st.integers(0, 9))
def test_in_any_flow(document: dict[str, Any], number: int, seed: int) -> None:
    check(document, number, seed)


def test_names_are_those_that_are_read() -> None:
    assert names_read(['reply.intent == "no" && size(contact.tags) > 1', "score > 2"]) == [
        "reply.intent",
        "contact.tags",
        "score",
    ]


def test_what_has_no_value_says_so() -> None:
    known = {"contact": {"age": None}, "answers": {}}
    names = ["contact.age", "answers.energy", "score"]
    assert values_of(names, known) == {
        "contact.age": None,
        "answers.energy": "no value",
        "score": "no value",
    }
