"""Somebody made up, who says what is written down, on the way through a flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.domain.flow_tests import ScriptedReply
from core.domain.personas import Persona
from core.domain.populations import Person
from core.flows.compiled import CompiledFlow
from core.flows.journal import Row
from core.flows.machine import Player
from core.minds import GroundedMind, RepliesMind

MADE_UP = "made-up"
REACHABLE = {"email": "made.up@example.com", "phone": "+447700900000"}
"""A made-up person can be reached on every channel, unless the contact says that one is null."""


def made_up(contact: Mapping[str, Any]) -> Person:
    """A person with these attributes; ``id`` is ``made-up-0001`` where none is given."""
    given = {name: value for name, value in contact.items() if name not in ("id", "traits")}
    attributes = {**REACHABLE, **given}
    for name in REACHABLE:
        if attributes[name] is None:
            del attributes[name]
    return Person(str(contact.get("id") or f"{MADE_UP}-0001"), MADE_UP, attributes, {})


def made_up_persona() -> Persona:
    """What a made-up person is a copy of: nobody in particular."""
    return Persona(id=MADE_UP, name="Made up")


async def play_scripted(
    flow: CompiledFlow,
    contact: Mapping[str, Any],
    replies: Sequence[ScriptedReply],
    seed: int = 7,
) -> list[Row]:
    """Everything that happens to somebody made up, who replies as written.

    Args:
        flow: The compiled flow.
        contact: What flows read as ``contact``; ``id``, with the seed, decides chance.
        replies: What is replied.
        seed: The seed of chance.
    """
    return await Player(
        flow,
        made_up(contact),
        made_up_persona(),
        mind=RepliesMind(replies),
        twin=GroundedMind(),
        seed=seed,
        grounding=flow.texts,
    ).play()
