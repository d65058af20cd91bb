"""People made up to take a way, and what they take when the machine plays them."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from core.domain.coverage import Witness
from core.domain.events import Actor, Kind
from core.domain.flow_tests import ScriptedReply
from core.flows.compiled import CompiledFlow
from core.flows.journal import Journal, Row
from core.flows.machine import Player
from core.flows.made_up import made_up, made_up_persona
from core.flows.reach.reading import Target
from core.minds import GroundedMind, RepliesMind

T = TypeVar("T")
KIND, STEP = 3, 4
MOST_STEPS = 60
"""A play is not followed further than this, but for a path that is known to be longer."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Somebody who may take a way."""

    contact: dict[str, Any] = field(default_factory=dict)
    replies: tuple[ScriptedReply, ...] = ()
    seed: int = 7

    def witness(self) -> Witness:
        """The same, as a witness."""
        return Witness(contact=self.contact, replies=list(self.replies), seed=self.seed)


class Enough(Exception):
    """So many steps were played."""


class Limited(Journal):
    """A journal that ends a play after a number of steps: what came before is as it always is."""

    __slots__ = ("_left",)

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most

    def write(self, moment: float, actor: Actor, kind: Kind, *rest: Any, **more: Any) -> None:
        """Append an event."""
        if kind == "stepped":
            if self._left <= 0:
                raise Enough
            self._left -= 1
        super().write(moment, actor, kind, *rest, **more)


class Players:
    """Plays people through one flow, and counts the steps that they take.

    Attributes:
        steps: How many steps were played.
    """

    def __init__(self, flow: CompiledFlow) -> None:
        self.flow = flow
        self.steps = 0
        self._twin = GroundedMind()

    def rows(self, guess: Guess, most: int = MOST_STEPS) -> list[Row]:
        """What happens to somebody, up to a number of steps."""
        journal = Limited(most)
        player = Player(
            self.flow,
            made_up(guess.contact),
            made_up_persona(),
            mind=RepliesMind(guess.replies),
            twin=self._twin,
            seed=guess.seed,
            grounding=self.flow.texts,
            journal=journal,
        )
        try:
            return finished(player.play())
        except Enough:
            return journal.rows
        finally:
            self.steps += player.contact.visited

    def taken(self, guess: Guess, most: int = MOST_STEPS) -> frozenset[Target]:
        """The ways that somebody takes within a number of steps."""
        return frozenset(ways_in(self.rows(guess, most)))

    def simplest(self, guess: Guess, target: Target, most: int = MOST_STEPS) -> Guess:
        """The same person with nothing that this way does not need."""
        for number in reversed(range(len(guess.replies))):
            replies = (*guess.replies[:number], *guess.replies[number + 1 :])
            guess = self._if_taken(replace(guess, replies=replies), guess, target, most)
        for name in tuple(guess.contact):
            contact = {other: one for other, one in guess.contact.items() if other != name}
            guess = self._if_taken(replace(guess, contact=contact), guess, target, most)
        return guess

    def _if_taken(self, simpler: Guess, guess: Guess, target: Target, most: int) -> Guess:
        return simpler if target in self.taken(simpler, most) else guess


def ways_in(rows: list[Row]) -> list[Target]:
    """The ways that were taken, in order; the last may lead nowhere."""
    found: list[Target] = []
    for row in rows:
        if row[KIND] == "branched":
            found.append((str(row[STEP]), json.loads(row[7])["way"]))
        elif row[KIND] == "ended":
            payload = json.loads(row[7])
            if "way" in payload:
                found.append((str(row[STEP]), payload["way"]))
    return found


def finished(work: Coroutine[Any, Any, T]) -> T:
    """What comes of a play: with written replies nothing in it ever waits."""
    try:
        work.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    work.close()
    raise RuntimeError("a play with written replies waited for something")
