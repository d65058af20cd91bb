"""The mind of a debugged contact: asks another one, remembers its words, can be overruled."""

from __future__ import annotations

import asyncio
import copy
import hashlib
from collections.abc import Mapping, MutableMapping
from dataclasses import asdict, replace
from typing import Any

from core.debugger.canon import canonical
from core.domain.flow_tests import ScriptedReply
from core.domain.reactions import Message, Reaction, Reply, Situation
from core.domain.words import ReactionStatus
from core.minds import MAX_CALLS, Mind, reaction_of, remember

Told = tuple[str, int]
"""A step and which visit of it."""
BY_HAND = "It was written so in the debugger."


class Asked(Exception):
    """A model would have to be asked, where that is not wanted."""


class Paused(Exception):
    """Somebody paused while a model was being asked."""


class Waiting:
    """Asks a model beside the player, so that a pause need not wait for the answer.

    An answer that comes after a pause is kept: it is paid for.

    Args:
        memo: The answers, by what was asked.
    """

    def __init__(self, memo: MutableMapping[str, Reaction]) -> None:
        self.memo = memo
        self._tasks: dict[str, asyncio.Task[Reaction]] = {}
        self._paused: asyncio.Event | None = None

    def begin(self) -> None:
        """Take pauses from now on."""
        self._paused = asyncio.Event()

    async def pause(self) -> None:
        """Let whoever waits for an answer stop waiting."""
        if self._paused is not None:
            self._paused.set()

    async def answer(self, address: str, mind: Mind, situation: Situation) -> Reaction:
        """What the mind says.

        Raises:
            Paused: If somebody paused before it was said.
        """
        paused = self._paused or asyncio.Event()
        if paused.is_set():
            raise Paused
        task = self._tasks.get(address)
        if task is None:
            task = self._tasks[address] = asyncio.create_task(self._ask(address, mind, situation))
        stop = asyncio.create_task(paused.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done():
            raise Paused
        return task.result()

    async def _ask(self, address: str, mind: Mind, situation: Situation) -> Reaction:
        try:
            said = self.memo[address] = await mind.react(situation)
            return said
        finally:
            self._tasks.pop(address, None)


class DebugMind:
    """Decides by another mind, unless a reply was written by hand.

    Args:
        inner: Who decides.
        waiting: Asks a model and remembers what it said; None where no model is asked.
        recorded: What was said in the run that is looked at, as long as nothing was changed.

    Attributes:
        written: What is replied to messages that are still to be sent; None for nothing.
        messages: The last message of each step that sent one, and at which visit.
        changed: Whether anything was changed by hand by now.
        closed: Whether no model may be asked any more.
    """

    def __init__(
        self, inner: Mind, waiting: Waiting | None, recorded: Mapping[Told, Reaction]
    ) -> None:
        self._inner = inner
        self._waiting = waiting
        self._recorded = recorded
        self._calls = 0
        self.written: dict[Told, ScriptedReply | None] = {}
        self.messages: dict[str, tuple[Message, int]] = {}
        self.changed = False
        self.closed = False

    async def react(self, situation: Situation) -> Reaction:
        """What the person does with a message.

        Raises:
            Asked: If a model would have to be asked, and none may be.
            Paused: If somebody paused while one was asked.
        """
        message = situation.message
        self.messages[message.step_id] = (message, situation.visit)
        told = message.step_id, situation.visit
        if told not in self.written:
            return await self._decide(situation)
        reply = self.written[told]
        if self._waiting is None:
            return overruled(await self._decide(situation), reply)
        said = overruled(Reaction("ignored", BY_HAND, read_after=0.0), reply)
        remember(situation.memory, said)
        return said

    async def _decide(self, situation: Situation) -> Reaction:
        if self._waiting is None:
            return await self._inner.react(situation)
        said = await self._said(situation, self._waiting)
        remember(situation.memory, said)
        return said

    async def _said(self, situation: Situation, waiting: Waiting) -> Reaction:
        """What a model says, or said before to the same."""
        told = situation.message.step_id, situation.visit
        if not self.changed and told in self._recorded:
            return self._recorded[told]
        address = _address(situation)
        kept = waiting.memo.get(address)
        if kept is not None:
            return kept
        if self.closed:
            raise Asked
        self._calls += 1
        if self._calls > MAX_CALLS:
            words = f"Not asked: this person's {MAX_CALLS} calls were used up before."
            return Reaction("skipped", words)
        apart = replace(
            situation, history=list(situation.history), memory=copy.deepcopy(situation.memory)
        )
        return await waiting.answer(address, self._inner, apart)


def overruled(said: Reaction, reply: ScriptedReply | None) -> Reaction:
    """A reaction with another reply, or with none."""
    arrived = said.delivered_after or 0.0
    if reply is None:
        status: ReactionStatus = "ignored" if said.clicked_after is None else "answered"
        return replace(said, reply=None, status=status, reasoning=BY_HAND)
    written = reply_of(reply)
    read = arrived if said.read_after is None else said.read_after
    return replace(
        said,
        status="answered",
        reasoning=BY_HAND,
        failure=None,
        delivered_after=min(arrived, written.after),
        read_after=min(read, written.after),
        reply=written,
    )


def reply_of(reply: ScriptedReply) -> Reply:
    """A written reply as the machine takes it."""
    said = reaction_of(reply).reply
    if said is None:
        raise ValueError("a written reply says something")
    return said


def _address(situation: Situation) -> str:
    """What decides a model's answer: who is asked what, and what went before."""
    asked: dict[str, Any] = {
        "draw": situation.draw,
        "visit": situation.visit,
        "message": asdict(situation.message),
        "person": situation.person.attributes,
        "persona": situation.persona,
        "history": situation.history,
        "memory": situation.memory,
    }
    return hashlib.sha256(canonical(asked)).hexdigest()
