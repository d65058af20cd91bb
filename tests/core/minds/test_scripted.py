"""The scripted mind: the contract, and each kind of script."""

from __future__ import annotations

import asyncio

from core.domain.reactions import Reaction, Reply
from core.minds import Mind, ScriptedMind
from tests.core.minds.cast import SEVEN, message, situation
from tests.core.minds.contract import MindContract

READ = Reaction(status="ignored", reasoning="Read it.", read_after=60.0)
YES = Reaction(
    status="answered",
    reasoning="Said yes.",
    read_after=60.0,
    reply=Reply(120.0, "Yes", "interested", "positive"),
)
EDDIE = SEVEN["eager-eddie"]


class TestContract(MindContract):
    def make(self) -> Mind:
        return ScriptedMind([READ])


def played(mind: ScriptedMind, *steps: str) -> list[Reaction]:
    """The reactions of one contact to these steps in turn."""
    memory: dict[str, object] = {}
    return [
        asyncio.run(mind.react(situation(EDDIE, message("Hi", step_id=step), memory=memory)))
        for step in steps
    ]


def test_a_list_is_played_in_order() -> None:
    mind = ScriptedMind([READ, YES])
    first, second, third = played(mind, "a", "b", "c")
    assert (first, second) == (READ, YES)
    assert third.status == "ignored"
    assert played(mind, "a") == [READ]


def test_steps_have_their_own_scripts() -> None:
    mind = ScriptedMind({"a": YES, "b": [READ, YES]}, otherwise=READ)
    assert played(mind, "a", "b", "a", "b", "c") == [YES, READ, YES, YES, READ]


def test_a_function_sees_the_situation() -> None:
    mind = ScriptedMind(lambda met: YES if met.message.channel == "sms" else READ)
    assert asyncio.run(mind.react(situation(EDDIE, message("Hi", "sms")))) == YES
    assert asyncio.run(mind.react(situation(EDDIE, message("Hi")))) == READ
