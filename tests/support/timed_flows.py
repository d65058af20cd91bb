"""Small flows in which time passes, and every play of them with the real machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from hypothesis import strategies as st

from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.reactions import Reaction, Reply, Situation, TwinAnswer, TwinRequest
from core.flows import Player, compile_flow
from core.minds import ScriptedMind

HOUR = 3_600
DAY = 24 * HOUR
QUARTER = HOUR // 4
QUESTION = {"id": "mood", "text": "Well?", "kind": "text"}
PERSONA = Persona(id="somebody", name="Somebody")
PERSON = Person(
    "somebody-0001",
    "somebody",
    {"name": "S", "email": "s@example.com", "phone": "+447700900123", "timezone": "UTC"},
    {},
)
SENDS = ("send_sms", "send_whatsapp", "send_whatsapp", "send_push", "lesson")
PAUSES: tuple[dict[str, Any], ...] = (
    {"duration": "15m"},
    {"duration": "1h"},
    {"duration": "9h"},
    {"duration": "24h"},
    {"until": {"time": "20:30"}},
    {"until": {"time": "09:00"}},
    {"until": {"weekday": "thursday", "time": "22:00"}},
)

KINDS = "send send pause pause twin ask check".split()

Replies = Mapping[str, int]
"""After how many seconds somebody replies to the message of a step; never, where it is missing."""


class Twin:
    """A twin of few words."""

    async def answer(self, request: TwinRequest) -> TwinAnswer:
        return TwinAnswer("Yes.", True, ())


@dataclass
class Sent:
    """One message of a play, and what went before it; times in seconds since midnight, Monday."""

    step: str
    at: int
    channel: str
    template: bool
    silent_since: list[int] = field(default_factory=list)
    called_at: int | None = None
    replied_at: int | None = None

    @property
    def quiet(self) -> bool:
        return not 8 * HOUR <= self.at % DAY < 21 * HOUR

    def within(self, seconds: int) -> int:
        """How many messages before this one went out in this time, with no reply between."""
        return sum(self.at - before <= seconds for before in self.silent_since)


def play(document: dict[str, Any], replies: Replies) -> tuple[list[Sent], str]:
    """The messages of one play, and the reason of its end."""

    def act(situation: Situation) -> Reaction:
        after = replies.get(situation.message.step_id)
        answers = {question.id: "Well" for question in situation.message.questions} or None
        reply = None if after is None else Reply(after, "Well", "thanks", "neutral", answers)
        return Reaction("ignored" if after is None else "answered", "", 0.0, reply=reply)

    flow = compile_flow(document)
    player = Player(flow, PERSON, PERSONA, mind=ScriptedMind(act), twin=Twin(), seed=1)
    rows = asyncio.run(player.play())
    begin = rows[0][1] // 1_000_000 - 9 * HOUR
    return _messages(rows, begin), json.loads(rows[-1][-1])["reason"]


def _messages(rows: list[Any], begin: int) -> list[Sent]:
    found: list[Sent] = []
    silent: list[int] = []
    called = replied = None
    for _, micros, _, kind, step, channel, _, text in rows:
        at, payload = round(micros / 1_000_000 - begin), json.loads(text)
        if kind == "sent":
            template = bool(payload.get("template"))
            found.append(Sent(step, at, channel, template, list(silent), called, replied))
            silent.append(at)
        used = kind == "branched" and payload["way"] == "on_reply"
        if used or kind == "replied":
            silent, called = [], at
        replied = at if kind == "replied" else replied
    return found


def every_play(document: dict[str, Any]) -> Iterator[tuple[list[Sent], str]]:
    """Each play in which people reply on a quarter of an hour of their wait, or not at all."""
    asked = {
        step["id"]: range(0, int(wait[:-1]) * HOUR + 1, QUARTER)
        for step in document["steps"]
        if (wait := step.get("asks"))
    }
    for moments in product(*([None, *times] for times in asked.values())):
        pairs = zip(asked, moments, strict=True)
        yield play(document, {step: at for step, at in pairs if at is not None})


@st.composite
def timed_flows(draw: Any, *, most_asks: int = 2, quiet: bool = False) -> dict[str, Any]:
    """A flow that only leads forward; ``asks`` names the time-out of a message's wait."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=3, max_size=7))
    asks = 0
    steps: list[dict[str, Any]] = []
    count = len(kinds)
    for number, kind in enumerate([draw(st.sampled_from(["ask", "send"])), *kinds]):
        forward = st.sampled_from([f"s{min(number + by, count + 1)}" for by in (1, 1, 2, 3)])
        if kind in ("ask", "check"):
            asks += 1
            kind = kind if asks <= most_asks else "send"
        steps.extend(_block(draw, f"s{number}", kind, forward))
    return {
        "name": "Timed",
        "start": "s0",
        "steps": [*steps, {"id": f"s{count + 1}", "type": "end"}],
        **({"quiet_hours": {"from": "21:00", "to": "08:00"}} if quiet else {}),
    }


def _block(draw: Any, id: str, kind: str, forward: Any) -> Iterator[dict[str, Any]]:
    onward = f"s{int(id[1:]) + 1}"
    if kind == "pause":
        pause = draw(st.sampled_from(PAUSES))
        yield {"id": id, "type": "delay", "config": pause, "next": onward}
    elif kind == "twin":
        yield {"id": id, "type": "twin_reply", "config": {}, "next": onward}
    elif kind == "check":
        channel = draw(st.sampled_from(["whatsapp", "web"]))
        config = {"title": "Well", "questions": [QUESTION], "channel": channel, "timeout": "2h"}
        yield {"id": id, "type": "check_in", "config": config, "asks": "2h", "next": onward}
    else:
        message = _message(draw, id)
        if kind == "ask":
            timeout = draw(st.sampled_from(["1h", "3h"]))
            yield {**message, "asks": timeout, "next": f"w{id}"}
            ways = {"on_reply": draw(forward), "on_timeout": draw(forward)}
            config = {"timeout": timeout}
            yield {"id": f"w{id}", "type": "wait_for_reply", "config": config, **ways}
        else:
            yield {**message, "next": onward}


def _message(draw: Any, id: str) -> dict[str, Any]:
    type = draw(st.sampled_from(SENDS))
    config: dict[str, Any] = {"body": "Well"}
    if type == "send_whatsapp" and draw(st.booleans()):
        config["template"] = "hello"
    if type == "lesson":
        config["channel"] = "telegram"
    return {"id": id, "type": type, "config": config}
