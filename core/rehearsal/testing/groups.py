"""What the people of one test did, added up from what happened to each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from core.domain.trials import Outcomes, Taken
from core.flows import CompiledFlow, Row

Leaving = tuple[str, str]
"""A step and the way out of it."""


@dataclass(frozen=True)
class Group:
    """The people of one test, and what they did.

    ``steps``, ``ways`` and ``goals`` count people; ``messages`` says how many people got how many.
    Those with a reaction that has no usable answer are in none of them: they are ``unanswered``,
    and nothing at all is known of ``unknown`` of them. ``one`` is somebody who says what is
    written down; chance has no part in it.
    """

    run_id: str | None
    people: int
    steps: Mapping[str, int]
    goals: Mapping[str, int]
    messages: Mapping[int, int]
    ways: Mapping[Leaving, int] = field(default_factory=dict)
    unanswered: int = 0
    unknown: int = 0
    one: bool = False


@dataclass(frozen=True)
class Walk:
    """What one person did, read from their events."""

    contact_id: str
    steps: frozenset[str]
    ways: frozenset[Leaving]
    goals: frozenset[str]
    timeouts: frozenset[str]
    left: Mapping[tuple[str, str, str | None], int]
    messages: int


def walk_of(contact_id: str, rows: Sequence[Row]) -> Walk:
    """One person's events as what they reached."""
    steps, timeouts, goals = set[str](), set[str](), set[str]()
    left: Counter[tuple[str, str, str | None]] = Counter()
    messages = 0
    for _, _, _, kind, step, _, _, payload in rows:
        if step is None:
            continue
        if kind == "stepped":
            steps.add(step)
        elif kind == "sent":
            messages += 1
        elif kind == "timed_out":
            timeouts.add(step)
        elif kind == "goal_reached":
            goals.add(str(orjson.loads(payload)["name"]))
        elif kind in ("branched", "ended"):
            said = orjson.loads(payload)
            if "way" in said:
                left[step, said["way"], said.get("error")] += 1
    return Walk(
        contact_id,
        frozenset(steps),
        frozenset((step, way) for step, way, _ in left),
        frozenset(goals),
        frozenset(timeouts),
        left,
        messages,
    )


class Together:
    """What many people did, added up one by one.

    Args:
        flow: The flow that they met.
    """

    def __init__(self, flow: CompiledFlow) -> None:
        self._flow = flow
        self._steps: Counter[str] = Counter()
        self._ways: Counter[Leaving] = Counter()
        self._goals: Counter[str] = Counter()
        self._messages: Counter[int] = Counter()
        self._timeouts: Counter[str] = Counter()
        self._left: Counter[tuple[str, str, str | None]] = Counter()
        self.walks: list[Walk] = []

    def add(self, walk: Walk) -> None:
        """Count one more person."""
        self.walks.append(walk)
        self._steps.update(walk.steps)
        self._ways.update(walk.ways)
        self._goals.update(walk.goals)
        self._messages[walk.messages] += 1
        self._timeouts.update(walk.timeouts)
        self._left.update(walk.left)

    def group(self, *, one: bool = False) -> Group:
        """The people as a test judges them."""
        return Group(
            None,
            len(self.walks),
            dict(self._steps),
            dict(self._goals),
            dict(self._messages),
            dict(self._ways),
            one=one,
        )

    def taken(self) -> Taken:
        """The same as coverage counts it."""
        ways: dict[str, dict[str, int]] = {}
        for (step, way), people in sorted(self._ways.items()):
            ways.setdefault(step, {})[way] = people
        return Taken(
            steps=dict(sorted(self._steps.items())),
            ways=ways,
            timeouts=dict(sorted(self._timeouts.items())),
            outcomes=outcomes_of(self._flow, self._left),
        )


def outcomes_of(
    flow: CompiledFlow, left: Mapping[tuple[str, str, str | None], int]
) -> dict[str, list[Outcomes]]:
    """How the conditions of each step came out, from the ways by which it was left.

    The branch that was taken held, those before it did not; the error that was noted belongs to
    the first that could not be worked out. Those after it were not looked at.

    Args:
        flow: The flow.
        left: Visits by step, way and error.
    """
    found: dict[str, list[Outcomes]] = {}
    for (id, way, error), visits in left.items():
        step = flow.steps.get(id)
        if step is None or not step.conditions:
            continue
        rows = found.setdefault(id, [Outcomes() for _ in step.conditions])
        taken = _branch(way, len(rows))
        noted = False
        for at in range(taken):
            raised = not noted and _is_of(error, step.conditions[at].source)
            noted = noted or raised
            rows[at].raised += visits if raised else 0
            rows[at].failed += 0 if raised else visits
        if taken < len(rows):
            rows[taken].held += visits
    return found


def _branch(way: str, most: int) -> int:
    """Which branch a way is; ``else`` is the one after the last."""
    number = way.removeprefix("branch:")
    return int(number) if number != way and number.isdigit() else most


def _is_of(error: str | None, source: str) -> bool:
    return error is not None and error.startswith(f"{source}: ")
