"""What the solver is told of conditions, held against what they give."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from core.domain.words import INTENTS, SENTIMENTS
from core.flows.conditions import Condition
from core.flows.logic.spans import NATURAL
from core.flows.logic.syntax import parse, reads_of
from core.flows.logic.values import MISSING, TEXT, Fields, Value, constant, one_of
from core.flows.reach.encoding import question
from core.flows.reach.patterns import samples_of
from core.flows.reach.store import CONTACT
from tests.core.flows.reach.generator import ATOMS

MORE = (
    "contact.age / 7 == 5",
    "contact.age % 7 == 4",
    "-contact.age / 7 == -5",
    "-contact.age % 7 < 0",
    "(0 - contact.age) / 7 * 7 + (0 - contact.age) % 7 == 0 - contact.age",
    "contact.age / contact.visits > 3",
    "double(contact.age) / 2.0 == 19.5",
    "int(limit) == 2",
    "int(limit) * 2 > contact.visits",
    "double(contact.visits) < limit",
    'string(contact.visits) == "5"',
    'contact.first_name + "!" == "Ada!"',
    "size(contact.first_name) == 3",
    'contact.plan == null || contact.plan == ""',
    'reply.text.contains(contact.first_name) || reply.text == "no"',
    "contact.age == 39.0",
    "contact.age > limit",
    '(contact.age > 30 ? "old" : "young") == "old"',
    "(contact.visits > 3 ? contact.age : 0) > 20",
    "contact.plan in [contact.first_name, 'pro']",
    "contact.tags == ['vip']",
    "!(contact.plan == 1)",
    "contact.plan < 'q'",
    "contact.age + limit > 3.0",
    "n - 1 == contact.visits || n * n > 10",
    "limit * 2.0 - 1.0 >= 4.0",
)
REPLY = Value(
    fields=Fields(
        {
            "text": TEXT,
            "intent": one_of(INTENTS),
            "sentiment": one_of(SENTIMENTS),
            "channel": one_of(["sms", "email"]),
            "hours": Value(doubles=NATURAL),
        }
    )
)


def somebody(random: Random) -> dict[str, Any]:
    """What some person's conditions see; anything may be missing."""
    odd: tuple[Any, ...] = (MISSING, None, "", 1.5)

    def one(*values: Any) -> Any:
        return random.choice(values if random.random() < 0.8 else odd)

    contact = {
        "age": one(20, 39, 40, 28),
        "visits": one(0, 2, 5),
        "plan": one("pro", "free"),
        "first_name": one("Ada", "Bob"),
        "tags": random.choice(([], ["vip"], ["vip", "new"])),
        "opted_out": random.random() < 0.5,
    }
    reply = {
        "text": random.choice(("yes please", "no", "STOP", "", "Ünï")),
        "intent": random.choice(("interested", "opt_out", "other")),
        "sentiment": random.choice(("positive", "negative")),
        "channel": "sms",
        "hours": random.choice((0.5, 30.0, 100.5)),
    }
    answers = {
        "energy": one(1, 3, 5),
        "mood": one("good"),
        "hours": one(0, 5.5),
        "goal": one("yes"),
    }
    rest = {"n": one(0, 2, 5), "score": one(5, 12), "stage": one("hot"), "limit": one(2.5, 7.0)}
    rest |= {"seen": one(True, False), "status": one("ok"), "items": ["a"]}
    if random.random() < 0.8:
        rest["reply"] = reply
    context = {**rest, "contact": _there(contact), "answers": _there(answers)}
    return _there(context)


def _there(values: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in values.items() if one is not MISSING}


@pytest.mark.parametrize("source", [*ATOMS, *MORE])
def test_what_came_out_is_never_refuted(source: str, worlds: dict[str, Any]) -> None:
    random = Random(source)
    condition = Condition.compile(source)
    for _ in range(12):
        context = somebody(random)
        names = Fields({name: constant(value) for name, value in context.items()})
        holds = condition.evaluate(context)[0]
        asked = question(names, [(parse(source), holds)], worlds)
        assert asked.answer(likely=False) != "no", (context, holds)


@pytest.mark.parametrize(
    "source",
    [
        one
        for one in (*ATOMS, *MORE)
        if {path[0] for path in reads_of(parse(one))} in ({"contact"}, {"reply"})
        and "opted_out" not in one
        and "exists" not in one
        and "==  [" not in one.replace("== [", "==  [")
    ],
)
def test_what_is_found_makes_it_come_out(source: str, worlds: dict[str, Any]) -> None:
    names = Fields({"contact": CONTACT, "reply": REPLY})
    asked = question(names, [(parse(source), True)], worlds)
    if asked.answer(likely=True) == "no":
        return
    context: dict[str, Any] = {"contact": {"tags": asked.tags()}, "reply": {}}
    for path, value in asked.values().items():
        if path != ("contact", "tags"):
            context[path[0]][path[1]] = value
    assert Condition.compile(source).evaluate(context)[0], context


def test_samples_of_a_pattern_fit_it() -> None:
    fits, other = samples_of("^(yes|ok)")
    assert fits
    assert other
    assert all(one.startswith(("yes", "ok")) for one in fits)
    assert samples_of("(") == ((), ())
    assert any(one.isdigit() for one in samples_of("^[0-9]{3}$")[0])


@pytest.fixture(scope="module")
def worlds() -> dict[str, Any]:
    return {}
