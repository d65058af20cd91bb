"""A debug session as it is kept: everything that playing it again needs, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from core.domain.debugging import DebugSession, StopReason
from core.domain.flow_tests import ScriptedReply
from core.domain.models import Model
from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.reactions import Reaction, Reply


class Part(BaseModel):
    """Who is played, and by what: frozen, so that nothing that changes elsewhere changes it.

    Attributes:
        person: The contact's id, persona, attributes and traits.
        persona: What it is a copy of.
        parameters: The behaviour model's values that differ from those we ship.
        twins: The version of each trained twin that the flow names, by slug.
        model: The language model, where one is asked.
        replies: What is replied, where that is written down.
        recorded: What was said in the run that is looked at: step, visit, reaction.
    """

    person: dict[str, Any]
    persona: Persona
    parameters: dict[str, float] = {}
    twins: dict[str, int] = {}
    model: Model | None = None
    replies: list[ScriptedReply] | None = None
    recorded: list[tuple[str, int, dict[str, Any]]] = []

    @property
    def who(self) -> Person:
        """The contact."""
        return Person(**self.person)


class Kept(BaseModel):
    """A session, what it plays, what models said, and where it stopped."""

    session: DebugSession
    part: Part
    memo: dict[str, dict[str, Any]] = {}
    stop: StopReason = "start"
    stopped_by: str | None = None

    @classmethod
    def read(cls, document: dict[str, Any]) -> Kept:
        """What was kept; moments have no zone inside."""
        kept = cls.model_validate(document)
        kept.session.changed_at = kept.session.changed_at.replace(tzinfo=None)
        return kept


def person_kept(person: Person) -> dict[str, Any]:
    """A person as it is kept."""
    return asdict(person)


def reaction_kept(reaction: Reaction) -> dict[str, Any]:
    """A reaction as it is kept."""
    kept = {name: getattr(reaction, name) for name in Reaction.__slots__}
    kept["why"], kept["source"] = dict(reaction.why), dict(reaction.source)
    kept["reply"] = asdict(reaction.reply) if reaction.reply else None
    return kept


def reaction_of(kept: Mapping[str, Any]) -> Reaction:
    """A reaction that was kept."""
    reply = kept["reply"]
    return Reaction(**{**kept, "reply": Reply(**reply) if reply else None})


def told(
    recorded: Sequence[tuple[str, int, dict[str, Any]]],
) -> dict[tuple[str, int], Reaction]:
    """What was recorded, by step and visit."""
    return {(step, visit): reaction_of(kept) for step, visit, kept in recorded}
