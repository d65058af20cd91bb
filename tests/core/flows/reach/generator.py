"""Small flows made by a seed, and everybody in a small world who plays them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

from core.domain.flow_tests import ScriptedReply
from core.flows.compiled import CompiledFlow
from core.flows.reach.playing import Guess

Document = dict[str, Any]
Step = dict[str, Any]
AGES = (20, 28, 40)
VISITS = (0, 2, 5)
PLANS = ("pro", "free")
NAMES = ("Ada", "Bob")
INTENTS = ("interested", "question", "not_now", "opt_out")
SENTIMENTS = ("positive", "negative")
TEXTS = ("yes please", "no", "STOP")
HOURS = ("30m", "30h", "80h")
MOST_STEPS = 8
QUESTIONS = (
    {"id": "energy", "text": "Energy?", "kind": "scale", "min": 1, "max": 5},
    {"id": "mood", "text": "Mood?", "kind": "choice", "choices": ["good", "bad"]},
    {"id": "hours", "text": "Hours?", "kind": "number", "min": 0, "max": 10},
    {"id": "goal", "text": "Goal?", "kind": "text"},
)
ANSWERS: dict[str, tuple[Any, ...]] = {
    "energy": (1, 3, 5),
    "mood": ("good", "bad"),
    "hours": (0, 5, 10),
    "goal": ("yes please", "run"),
}
SAMPLES: tuple[Any, ...] = (
    {"status": "ok", "score": 7},
    {"status": "error"},
    {"lead": {"hot": True, "points": 3}},
    {"items": ["a", "b"]},
    None,
)
ATOMS = (
    *(f'reply.intent == "{one}"' for one in INTENTS),
    'reply.intent != "interested"',
    'reply.intent in ["interested", "question"]',
    'reply.intent in ["thanks"]',
    *(f'reply.sentiment == "{one}"' for one in SENTIMENTS),
    'reply.text.contains("yes")',
    'reply.text.startsWith("no")',
    'reply.text.endsWith("please")',
    'reply.text == "STOP"',
    "size(reply.text) > 3",
    "size(reply.text) == 0",
    'reply.text.matches("^(yes|ok)")',
    "reply.hours < 1.0",
    "reply.hours > 24.0",
    "reply.hours > 100.0",
    'reply.channel == "sms"',
    'reply.channel == "email"',
    "has(reply.intent)",
    "contact.age > 30",
    "contact.age < 25",
    "contact.age >= 18 && contact.age < 25",
    "contact.age > 30 && contact.age < 25",
    "contact.age == 40",
    "contact.visits > 3",
    "contact.visits == 0",
    "contact.visits < 0",
    "contact.visits >= 2 && contact.visits <= 2",
    "contact.visits * 2 > 7",
    "contact.visits % 2 == 1",
    "contact.visits + contact.age > 42",
    "contact.age / 2 == 14",
    'contact.plan == "pro"',
    'contact.plan in ["pro", "free"]',
    "has(contact.plan)",
    "!has(contact.plan)",
    'contact.first_name.startsWith("A")',
    'contact.first_name == "Bob"',
    '"vip" in contact.tags',
    '!("vip" in contact.tags)',
    '"new" in contact.tags',
    "size(contact.tags) > 1",
    'contact.tags.exists(t, t == "vip")',
    "contact.opted_out",
    "!contact.opted_out",
    "n > 2",
    "n == 1",
    "n >= 3",
    "n < 0",
    "n % 2 == 0",
    "score > 10",
    "score == 5",
    "score < contact.visits",
    "score > 3 && score < 4",
    'stage == "hot"',
    'stage != "cold"',
    'stage in ["cold", "warm"]',
    "seen",
    "!seen",
    "unset_name == 1",
    "answers.energy > 3",
    "answers.energy == null",
    "answers.energy != null && answers.energy < 2",
    "answers.energy > 5",
    'answers.mood == "good"',
    'answers.mood == "fine"',
    "answers.hours >= 5",
    "has(answers.energy)",
    'answers.goal.contains("yes")',
    "status == 'ok'",
    "score > 6 ? contact.age > 30 : contact.age < 25",
    "lead.points > 2",
    "lead.hot",
    "size(items) == 2",
    '"a" in items',
    "limit > 3.5",
    "double(n) > 1.5",
    "string(n) == '2'",
    "true",
    "false",
)
VALUES: dict[str, tuple[Any, ...]] = {
    "n": ("n + 1", "n + 1", "0", "n - 1", "n * 2", "contact.visits", "size(contact.tags)", 2),
    "score": (
        "contact.visits * 2",
        "score + 5",
        "5",
        "answers.energy",
        "answers.energy * 2",
        "contact.age - 18",
        "contact.visits > 3 ? 10 : 1",
        'reply.intent == "interested" ? 12 : score',
        None,
    ),
    "stage": (
        '"hot"',
        '"cold"',
        "reply.intent",
        'reply.sentiment == "positive" ? "hot" : "warm"',
        "contact.plan",
        "answers.mood",
        'contact.first_name + "!"',
    ),
    "seen": (True, False, "contact.visits > 0", '"vip" in contact.tags', "has(reply.text)"),
    "limit": ("reply.hours", "double(contact.visits) / 2.0", "3.5", "limit + 0.5"),
}
KINDS = (
    *("condition",) * 7,
    *("send_sms", "send_email", "send_web", "send_whatsapp") * 2,
    *("wait_for_reply",) * 5,
    *("set",) * 4,
    *("check_in", "assessment"),
    *("split", "tag", "tag", "webhook", "goal", "delay", "end", "lesson", "twin_reply", "handoff"),
)


def document(seed: int, most: int = MOST_STEPS) -> Document:
    """A small flow, always the same one for a seed."""
    return _Maker(Random(seed), most).document()


class _Maker:
    def __init__(self, random: Random, most: int) -> None:
        self._random = random
        self._ids = [f"s{number}" for number in range(random.randint(3, most))]

    def document(self) -> Document:
        random = self._random
        steps = [self._step(number, id) for number, id in enumerate(self._ids)]
        made: Document = {"name": "Made", "steps": steps}
        if random.random() < 0.7:
            made["variables"] = {"n": 0, "score": 5, "stage": "cold", "seen": False, "limit": 1.5}
        return made

    def _step(self, number: int, id: str) -> Step:
        kind = self._random.choice(KINDS)
        if number == 0 and self._random.random() < 0.6:
            kind = self._random.choice(("send_sms", "send_email", "check_in"))
        if number == 1 and self._random.random() < 0.4:
            kind = "wait_for_reply"
        made = getattr(self, f"_{kind}", self._message)(number)
        step: Step = {"id": id, "type": kind, **made}
        own = ("condition", "split", "wait_for_reply", "end", "handoff")
        if kind not in own:
            step["next"] = self._to(number)
        return step

    def _to(self, number: int) -> str | None:
        """Mostly the next step, sometimes another, before or behind, sometimes none."""
        chance, ids = self._random.random(), self._ids
        if chance < 0.6 and number + 1 < len(ids):
            return ids[number + 1]
        return None if chance > 0.94 else self._random.choice(ids)

    def _message(self, number: int) -> Step:
        return {"config": {"body": "Hello."}}

    def _condition(self, number: int) -> Step:
        branches = [
            {"when": self._when(), "next": self._to(number)}
            for _ in range(self._random.choice((1, 1, 2, 2, 3)))
        ]
        return {"config": {"branches": branches, "else": self._to(number)}}

    def _when(self, depth: int = 0) -> str:
        random = self._random
        one = random.choice(ATOMS)
        chance = random.random()
        if depth > 1 or chance < 0.6:
            return one
        if chance < 0.68:
            return f"!({one})"
        op = "&&" if chance < 0.88 else "||"
        return f"({one}) {op} ({self._when(depth + 1)})"

    def _wait_for_reply(self, number: int) -> Step:
        timeout = self._random.choice(("1h", "2d", "2d", "5d"))
        ways = {"on_reply": self._to(number), "on_timeout": self._to(number)}
        return {"config": {"timeout": timeout}, **ways}

    def _set(self, number: int) -> Step:
        names = self._random.sample(sorted(VALUES), self._random.choice((1, 1, 2)))
        return {"config": {"values": {one: self._random.choice(VALUES[one]) for one in names}}}

    def _check_in(self, number: int) -> Step:
        count = self._random.choice((1, 1, 2))
        channel = self._random.choice(("email", "web", "sms"))
        questions = [dict(one) for one in self._random.sample(QUESTIONS, count)]
        return {
            "config": {"body": "How?", "title": "Q", "channel": channel, "questions": questions}
        }

    _assessment = _check_in

    def _lesson(self, number: int) -> Step:
        return {"config": {"title": "T", "body": "B", "channel": "web"}}

    def _split(self, number: int) -> Step:
        weights = self._random.choice(((1, 1), (9, 1), (98, 1, 1)))
        arms = [
            {"name": f"a{at}", "weight": weight, "next": self._to(number)}
            for at, weight in enumerate(weights)
        ]
        return {"config": {"arms": arms}}

    def _tag(self, number: int) -> Step:
        word = self._random.choice(("vip", "new"))
        return {"config": {self._random.choice(("add", "add", "remove")): [word]}}

    def _webhook(self, number: int) -> Step:
        return {"config": {"url": "https://example.org", "sample": self._random.choice(SAMPLES)}}

    def _goal(self, number: int) -> Step:
        return {"config": {"name": "booked", "value": 1}}

    def _delay(self, number: int) -> Step:
        config = self._random.choice(
            ({"duration": "1d"}, {"duration": "2h"}, {"until": {"weekday": "monday"}})
        )
        return {"config": config}

    def _twin_reply(self, number: int) -> Step:
        return {"config": {"instructions": "Be kind."}}

    def _end(self, number: int) -> Step:
        return {"config": {}}

    def _handoff(self, number: int) -> Step:
        return {"config": {"to": "support"}}


# Everybody


def everybody(flow: CompiledFlow, text: str, most: int) -> Iterator[Guess]:
    """Everybody in a small world who may play a flow; a part, by chance, of too many.

    Args:
        flow: The flow.
        text: All that its expressions say.
        most: How many people at most.
    """
    contacts = list(_contacts(text))
    scripts = _scripts(flow, text)
    ids = range(1, 9 if any(one.type == "split" for one in flow.steps.values()) else 2)
    count = len(contacts) * len(ids)
    for _, options in scripts:
        count *= len(options)
    if count <= most:
        for contact, number, *said in product(contacts, ids, *(one for _, one in scripts)):
            yield _person(contact, number, said)
        return
    random = Random(count)
    for _ in range(most):
        said = [random.choice(options) for _, options in scripts]
        yield _person(random.choice(contacts), random.choice(ids), said)


def _person(contact: dict[str, Any], number: int, said: list[ScriptedReply | None]) -> Guess:
    replies = tuple(one for one in said if one is not None)
    return Guess({"id": f"p-{number:04d}", **contact}, replies, 7)


def _contacts(text: str) -> Iterator[dict[str, Any]]:
    fields: dict[str, tuple[Any, ...]] = {
        "age": (*AGES, None),
        "visits": VISITS,
        "plan": (*PLANS, None),
        "first_name": NAMES,
        "tags": ([], ["vip"], ["vip", "new"]),
    }
    read = {name: some for name, some in fields.items() if f"contact.{name}" in text}
    for values in product(*read.values()):
        contact = dict(zip(read, values, strict=True))
        yield {name: one for name, one in contact.items() if one is not None}


def _scripts(flow: CompiledFlow, text: str) -> list[tuple[str, list[ScriptedReply | None]]]:
    """For each message, what may be said to it, on its first visits."""
    found: list[tuple[str, list[ScriptedReply | None]]] = []
    for step in flow.steps.values():
        if step.channel is None and step.type != "twin_reply":
            continue
        asked = [one.id for one in getattr(step.config, "questions", ())]
        for visit in (1, 2):
            options = [None, *_replies(step.id, visit, text, asked)]
            found.append((step.id, options))
    return found


def _replies(step: str, visit: int, text: str, asked: list[str]) -> Iterator[ScriptedReply]:
    intents = INTENTS if "reply.intent" in text or "opted_out" in text else ("other", "opt_out")
    sentiments = SENTIMENTS if "reply.sentiment" in text else ("neutral",)
    texts = TEXTS if "reply.text" in text else ("",)
    hours = HOURS if "reply.hours" in text else ("30m", "80h")
    options = [ANSWERS[one] for one in asked]
    for intent, sentiment, said, after, *given in product(
        intents, sentiments, texts, hours, *options
    ):
        yield ScriptedReply(
            to=step,
            visit=visit,
            intent=intent,  # type: ignore[arg-type]
            sentiment=sentiment,  # type: ignore[arg-type]
            text=said,
            after=after,
            answers=dict(zip(asked, given, strict=True)),
        )


def text_of(document: Document) -> str:
    """All that the expressions of a document say."""
    return str([step["config"] for step in document["steps"]])
