"""Who answers: a mind decides what a contact does with a message, a twin mind answers them."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from core.domain.reactions import Reaction, Situation, TwinAnswer, TwinRequest


@runtime_checkable
class Mind(Protocol):
    """Decides what a contact does with a message.

    A mind never raises for one person's sake: what it cannot answer is a reaction whose status
    says so (refused, invalid, unavailable, skipped). It may keep what it likes in
    ``situation.memory`` and takes every random number from ``situation.chance``.
    """

    async def react(self, situation: Situation) -> Reaction:
        """What this person does with this message.

        Raises:
            MindUnavailable: If the engine as a whole cannot answer anybody.
        """
        ...


@runtime_checkable
class TwinMind(Protocol):
    """Answers a contact in the creator's place."""

    async def answer(self, request: TwinRequest) -> TwinAnswer:
        """What the twin writes back; ``answered`` is false where its content has no answer."""
        ...
