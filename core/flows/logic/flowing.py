"""What is known at every step of a flow: carried along its ways until nothing changes.

At a step, what is known is kept apart by what has been set and whether a reply may be there, so
that a path on which a name was never set is not mixed with one on which it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any, cast

from core.domain.flows import ConditionConfig
from core.flows.checks.view import FlowView
from core.flows.compiled import CompiledStep, Way
from core.flows.conditions import Condition
from core.flows.logic.sources import (
    GONE,
    THERE,
    Scene,
    Sources,
    branching,
    mended,
    mistakes,
    questions_of,
)
from core.flows.logic.syntax import Reading, parse, reads_of
from core.flows.logic.values import ABSENT, UNKNOWN, Fields

MOST_APART = 4
MOST_SCENES = 800
"""A flow of many steps is told apart less: this many states of knowledge, shared out."""
_WORD = re.compile(r"[A-Za-z_]\w*")
WIDEN_AFTER = 4
MOST_WORK = 250_000
"""How many names may be looked at, at all steps and branches; in a larger flow nothing is known."""
Key = tuple[object, ...] | None
Place = tuple[str, Key]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known at the steps of a flow.

    Attributes:
        sources: What its steps leave behind.
        scenes: By step, what can be known when it is reached; apart from each other by what has
            been set. A step that nobody can reach is not here.
        came: The way by which each of them was first reached.
        mistaken: What each of them reads too early.
    """

    sources: Sources
    scenes: dict[str, dict[Key, Scene]] = field(default_factory=dict)
    came: dict[Place, Place | None] = field(default_factory=dict)
    mistaken: dict[Place, set[Reading]] = field(default_factory=dict)

    def path_to(self, step_id: str, key: Key) -> list[str]:
        """A way from the start to a step."""
        path: list[str] = []
        place: Place | None = (step_id, key)
        while place is not None:
            path.append(place[0])
            place = self.came[place]
        return path[::-1]


def known(view: FlowView) -> Knowledge:
    """What is known at every step that can be reached."""
    return _Walk(view, view.shared(sources_of)).walk()


def known_of_anybody(view: FlowView) -> Knowledge:
    """The same for contacts of whom nothing is known, and with nothing mended: as it is played."""
    return _Walk(view, sources_of(view).of_anybody(), mending=False).walk()


def sources_of(view: FlowView) -> Sources:
    """What the steps of a flow leave behind."""
    flow = view.flow
    links = view.document.get("links")
    steps = {id: step for id, step in view.steps.items() if id in view.reached}
    head = {"name": flow.name, "timezone": flow.timezone} if flow else {}
    named = [str(name) for name in links] if isinstance(links, dict) else []
    return Sources(steps, flow.variables if flow else None, head, named)


def conditions_of(step: CompiledStep) -> list[Condition | None]:
    """The condition of each branch, None for one that cannot be read."""
    if step.type != "condition":
        return []
    compiled = {one.source: one for one in step.conditions}
    return [compiled.get(one.when) for one in cast(ConditionConfig, step.config).branches]


def sources_in(step: CompiledStep) -> list[str | None]:
    """The source of each branch's condition."""
    return [None if one is None else one.source for one in conditions_of(step)]


def values_in(step: CompiledStep) -> dict[str, str]:
    """The expressions of a ``set`` step, by variable."""
    return {name: one.source for name, one in step.values.items() if isinstance(one.source, str)}


class _Walk:
    """Carries what is known from step to step."""

    def __init__(self, view: FlowView, sources: Sources, *, mending: bool = True) -> None:
        self._view = view
        self._mending = mending
        self._found = Knowledge(sources)
        self._order = _ranks(view)
        self._apart = max(1, min(MOST_APART, MOST_SCENES // max(len(view.reached), 1)))
        self._names = _tracked(view)
        self._visits: dict[Place, int] = {}
        self._open: list[tuple[int, int, Place]] = []
        self._waiting: set[Place] = set()
        self._tick = count()
        self._statuses: dict[Fields, tuple[int, ...]] = {}

    def walk(self) -> Knowledge:
        """Everything that is known; nothing where that would take too long."""
        start = self._view.start
        if start is None:
            return self._found
        self._arrive(start, self._found.sources.start, None)
        work = 0
        while self._open:
            place = heappop(self._open)[2]
            self._waiting.discard(place)
            scene = self._found.scenes[place[0]][place[1]]
            step = self._view.steps.get(place[0])
            work += (len(scene.names.named) + 10) * (1 + len(step.conditions) if step else 1)
            if work > MOST_WORK:
                return Knowledge(self._found.sources)
            for to, after in self._after(place, scene):
                self._arrive(to, after, place)
        return self._found

    def _after(self, place: Place, scene: Scene) -> Iterator[tuple[str, Scene]]:
        step = self._view.steps.get(place[0])
        if step is None:
            for _, to in self._view.targets.get(place[0], ()):
                yield to, _anything(scene)
            return
        for way, after in self._ways(step, place, scene):
            if after is not None and way.to is not None:
                yield way.to, after

    def _ways(
        self, step: CompiledStep, place: Place, scene: Scene
    ) -> Iterator[tuple[Way, Scene | None]]:
        sources = self._found.sources
        if step.type != "condition":
            if step.values:
                values = values_in(step).values()
                self._found.mistaken[place] = mistakes(values, scene, ordered=False)
            return sources.after(step, scene)
        conditions = sources_in(step)
        paths = self._found.mistaken[place] = mistakes(conditions, scene)
        seen = mended(scene, paths, sources.reply) if self._mending else scene
        left = branching(conditions, seen)
        return zip(step.ways, left, strict=True)

    def _arrive(self, to: str, scene: Scene, place: Place | None) -> None:
        if to not in self._view.places:
            return
        apart = self._found.scenes.setdefault(to, {})
        key = self._key(scene)
        if key not in apart and len(apart) >= self._apart:
            key = None
        here = (to, key)
        before = apart.get(key)
        visits = self._visits[here] = self._visits.get(here, 0) + 1
        after = scene if before is None else before.join(scene, widen=visits > WIDEN_AFTER)
        if before is None:
            self._found.came[here] = place
        elif after is before or after == before:
            return
        apart[key] = after
        if here not in self._waiting:
            self._waiting.add(here)
            heappush(self._open, (self._order.get(to, 0), next(self._tick), here))

    def _key(self, scene: Scene) -> Key:
        """What has been set, and what has become of a reply."""
        answers = scene.names.get("answers").fields or Fields({})
        if answers not in self._statuses:
            self._statuses[answers] = _statuses(answers, self._names[1])
        return (scene.waited, _statuses(scene.names, self._names[0]), self._statuses[answers])


def _statuses(names: Fields, tracked: list[str]) -> tuple[int, ...]:
    """Of each name, whether it is absent (0), set (1), or either (2)."""
    values = [names.named.get(name, ABSENT) for name in tracked]
    return tuple([0 if one is ABSENT or not one.some else 2 if one.absent else 1 for one in values])


def _ranks(view: FlowView) -> dict[str, int]:
    """The steps in an order in which most ways lead forward."""
    ranks: dict[str, int] = {}
    start = view.start
    if start is None:
        return ranks
    seen = {start}
    stack: list[tuple[str, Iterator[tuple[str, str]]]] = [(start, iter(view.targets[start]))]
    while stack:
        step_id, rest = stack[-1]
        for _, to in rest:
            if to in view.places and to not in seen:
                seen.add(to)
                stack.append((to, iter(view.targets.get(to, ()))))
                break
        else:
            ranks[step_id] = -len(ranks)
            stack.pop()
    return ranks


def _tracked(view: FlowView) -> tuple[list[str], list[str]]:
    """The names that some step sets, the flow does not, and something reads; and the questions."""
    given = view.flow.variables if view.flow else {}
    names: dict[str, None] = {}
    questions: dict[str, None] = {}
    read: set[str] = set()
    for step in view.steps.values():
        names.update(dict.fromkeys(set_by(step)))
        questions.update((one.id, None) for one in questions_of(step))
        read.update(_read_by(step))
    return [one for one in names if one in read and one not in given], [
        one for one in questions if one in read
    ]


def _read_by(step: CompiledStep) -> Iterator[str]:
    """Every variable and answer that a step may read."""
    for template in step.templates.values():
        yield from template.variables
        yield from _WORD.findall(template.source) if "answers" in template.variables else ()
    for source in (*values_in(step).values(), *filter(None, sources_in(step))):
        for path in reads_of(parse(source)):
            yield path[1] if path[0] == "answers" and len(path) > 1 else path[0]


def set_by(step: CompiledStep) -> Mapping[str, Any]:
    """The variables that a step sets."""
    if step.type == "set":
        return cast(Mapping[str, Any], getattr(step.config, "values", {}))
    return step.sample.values if step.sample is not None else {}


def _anything(scene: Scene) -> Scene:
    """What is known behind a step that cannot be read: hardly anything."""
    kept = {name: scene.names.get(name) for name in ("contact", "flow", "links")}
    names = Fields({**kept, "answers": UNKNOWN.there, "reply": UNKNOWN}, open=True)
    return Scene(names, frozenset((GONE, THERE)))
