"""People made up to take a way, and what they take when the machine plays them."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import ValidationError

from core.domain.coverage import Witness
from core.domain.events import Actor, Kind
from core.domain.flow_tests import ScriptedReply
from core.flows.compiled import CompiledFlow
from core.flows.journal import Journal, Row
from core.flows.machine import MAX_VISITS, Player
from core.flows.made_up import made_up, made_up_persona
from core.flows.reach.reading import Target
from core.minds import GroundedMind, RepliesMind

T = TypeVar("T")
KIND, STEP = 3, 4
LEAVING = ("branched", "ended")
MOST_STEPS = 60
"""A play is followed so much further than a flow has steps."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Somebody who may take a way."""

    contact: dict[str, Any] = field(default_factory=dict)
    replies: tuple[ScriptedReply, ...] = ()
    seed: int = 7

    def witness(self) -> Witness | None:
        """The same, as a witness; None where there is more of it than one can have."""
        try:
            return Witness(contact=self.contact, replies=list(self.replies), seed=self.seed)
        except ValidationError:
            return None


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a play.

    Attributes:
        ways: The ways that were taken, each once and in order, with how much was said by then.
        told: The replies that were used, by their place, in order.
        order: The ways again, in order and as often as they were taken.
    """

    ways: Mapping[Target, int]
    told: tuple[int, ...]
    order: tuple[Target, ...]

    def cut(self, guess: Guess, target: Target) -> Guess:
        """Whoever was played, with nothing that is said only after a way: the play is the same."""
        told = sorted(self.told[: self.ways[target]])
        return replace(guess, replies=tuple(guess.replies[at] for at in told))


class Enough(Exception):
    """So many steps were played, or the way was taken."""


class Telling(RepliesMind):
    """Replies by a list, and notes which replies were used.

    Attributes:
        told: Their places, in the order in which they were used.
    """

    def __init__(self, guess: Guess) -> None:
        super().__init__(guess.replies)
        self.told: list[int] = []

    def _find(self, step_id: str, visit: int, used: set[int]) -> int | None:
        at = super()._find(step_id, visit, used)
        if at is not None:
            self.told.append(at)
        return at


class Limited(Journal):
    """A journal that ends a play after a number of steps: what came before is as it always is.

    Args:
        most: How many steps.
        told: What the person's mind has said so far.
        target: A way at which the play ends.
    """

    __slots__ = ("_left", "_said", "_target", "_told")

    def __init__(self, most: int, told: list[int], target: Target | None = None) -> None:
        super().__init__()
        self._left = most
        self._told = told
        self._target = target
        self._said: list[tuple[int, int]] = []

    def write(self, moment: float, actor: Actor, kind: Kind, *rest: Any, **more: Any) -> None:
        """Append an event."""
        if kind == "stepped":
            if self._left <= 0:
                raise Enough
            self._left -= 1
        super().write(moment, actor, kind, *rest, **more)
        if kind not in LEAVING:
            return
        row = self.rows[-1]
        self._said.append((row[0], len(self._told)))
        if self._target and row[STEP] == self._target[0] and self._target in ways_in([row]):
            raise Enough

    def played(self) -> Played:
        """What came of the play."""
        ways: dict[Target, int] = {}
        order: list[Target] = []
        for at, said in self._said:
            for way in ways_in(self.rows[at : at + 1]):
                ways.setdefault(way, said)
                order.append(way)
        return Played(ways, tuple(self._told), tuple(order))


class Players:
    """Plays people through one flow, and counts the steps that they take.

    Attributes:
        most: How far a play is followed, but for a path that is known to be longer.
        steps: How many steps were played.
    """

    def __init__(self, flow: CompiledFlow) -> None:
        self.flow = flow
        self.most = min(len(flow.steps) + MOST_STEPS, MAX_VISITS)
        self.steps = 0
        self._twin = GroundedMind()

    def played(self, guess: Guess, most: int, target: Target | None = None) -> Played:
        """What happens to somebody, up to a number of steps, or up to a way."""
        mind = Telling(guess)
        journal = Limited(most, mind.told, target)
        player = Player(
            self.flow,
            made_up(guess.contact),
            made_up_persona(),
            mind=mind,
            twin=self._twin,
            seed=guess.seed,
            grounding=self.flow.texts,
            journal=journal,
        )
        try:
            finished(player.play())
        except Enough:
            pass
        finally:
            self.steps += player.contact.visited
        return journal.played()

    def taken(self, guess: Guess, most: int = MOST_STEPS) -> frozenset[Target]:
        """The ways that somebody takes within a number of steps."""
        return frozenset(self.played(guess, most).ways)

    def reaches(self, guess: Guess, target: Target, most: int) -> bool:
        """Whether somebody takes a way within a number of steps."""
        return target in self.played(guess, most, target).ways

    def simplest(self, guess: Guess, target: Target, most: int, steps: int) -> Guess:
        """The same person with nothing that this way does not need, as far as some steps show."""
        end = self.steps + steps

        def takes(simpler: Guess) -> bool:
            left = end - self.steps
            return left > 0 and self.reaches(simpler, target, min(most, left))

        said = fewest(guess.replies, lambda some: takes(replace(guess, replies=some)))
        guess = replace(guess, replies=said)

        def carrying(names: tuple[str, ...]) -> Guess:
            return replace(guess, contact={name: guess.contact[name] for name in names})

        return carrying(fewest(tuple(guess.contact), lambda some: takes(carrying(some))))


def fewest(items: tuple[T, ...], enough: Callable[[tuple[T, ...]], bool]) -> tuple[T, ...]:
    """Some of these that are enough, without those that can be left out, in parts or one by one."""
    size = len(items)
    while size:
        for start in reversed(range(0, len(items), size)):
            fewer = (*items[:start], *items[start + size :])
            if enough(fewer):
                items = fewer
        size //= 2
    return items


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
