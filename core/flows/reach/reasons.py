"""Why nobody takes a way: looked for only where it is proven that nobody does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.flows.compiled import CompiledStep, Way
from core.flows.logic.operations import kinds_of
from core.flows.logic.reasoning import evaluate
from core.flows.logic.syntax import Path, Reading, parse, reads_of
from core.flows.logic.values import NOTHING, UNKNOWN, Fields, Value, constant
from core.flows.logic.wording import described
from core.flows.reach.encoding import question
from core.flows.reach.paths import Path as Walked
from core.flows.reach.paths import Want
from core.flows.reach.reading import Read, Target
from core.flows.reach.scenes import Scenes
from core.flows.reach.searching import Search, touching
from core.flows.reach.store import CONTACT, Store
from core.flows.reach.wording import (
    NO_MESSAGE,
    NO_REPLY,
    NO_WAY_HERE,
    NOBODY_HERE,
    TOO_LATE,
    behind,
    conflicts,
    contradicts,
    needs,
    never_left_over,
    ruled_out,
    shadowed,
)

ANYWHERE = Fields({"contact": CONTACT, "reply": UNKNOWN, "answers": UNKNOWN}, open=True)
"""What names can be where nothing is known."""
MOST_WANTS = 12
MOST_PATHS = 40
MOST_QUESTIONS = 400
MOST_BACK = 4


@dataclass
class Reasons:
    """Says why nobody takes a way.

    Args:
        read: What the flow reads.
        search: The search that met nobody.
        refused: Every way that nobody takes.
        scenes: What is known at each step.
        worlds: The solver's.
    """

    read: Read
    search: Search
    refused: set[Target]
    scenes: Scenes
    worlds: dict[str, Any]
    _left: int = MOST_QUESTIONS
    _alone: dict[tuple[Want, ...], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        flow = self.read.flow
        self._steps = flow.steps
        self._linked = {flow.start}
        open_ = [flow.start]
        while open_:
            new = set(self.read.links[open_.pop()]) - self._linked
            self._linked |= new
            open_ += sorted(new)

    def why(self, step: CompiledStep, way: Way, back: int = MOST_BACK) -> str:
        """The reason."""
        if step.id not in self._linked:
            return NO_WAY_HERE
        if all((step.id, one.name) in self.refused for one in step.ways):
            blocked = self._blocked(step, back)
            if blocked is not None:
                return blocked
        if step.type == "condition":
            return self._of_branch(step, step.ways.index(way))
        if step.type == "wait_for_reply" and way.name == "on_reply":
            return NO_MESSAGE
        return TOO_LATE

    def _blocked(self, step: CompiledStep, back: int) -> str | None:
        """Why nobody gets to a step; None where somebody does."""
        before = [
            (one, way)
            for one in self._steps.values()
            for way in one.ways
            if way.to == step.id and one.id in self._linked and one.id != step.id
        ]
        if step.id == self.read.flow.start or any(
            (one.id, way.name) not in self.refused for one, way in before
        ):
            return None
        met = [(one, way) for one, way in before if self._somebody_at(one)]
        if not met or back <= 0:
            return NOBODY_HERE
        one, way = met[0]
        return behind(one.id, way.label or way.name, self.why(one, way, back - 1))

    def _somebody_at(self, step: CompiledStep) -> bool:
        return any((step.id, way.name) not in self.refused for way in step.ways)

    # Branches

    def _of_branch(self, step: CompiledStep, number: int) -> str:
        if number == len(step.conditions):
            return self._of_else(step)
        source = step.conditions[number].source
        own = (parse(source), True)
        if self._never(own):
            return contradicts(source)
        before = [(parse(one.source), False) for one in step.conditions[:number]]
        if before and self._never(*before, own):
            return shadowed(number, step)
        known = self._known(step, source)
        if known:
            return needs(source, known)
        conflict = self._conflict(step, number)
        if conflict:
            return conflicts(source, conflict)
        known = self._in_scenes(step, source)
        if known:
            return needs(source, known)
        if before:
            return shadowed(number, step)
        return ruled_out(source)

    def _of_else(self, step: CompiledStep) -> str:
        wants = [(parse(one.source), False) for one in step.conditions]
        if not self._never(*wants):
            known = self._known(step, *(one.source for one in step.conditions))
            if known:
                return f"{never_left_over(step)[:-1]}, for {known}."
            conflict = self._conflict(step, len(step.conditions))
            if conflict:
                return conflicts(None, conflict)
        return never_left_over(step)

    def _never(self, *wants: Want) -> bool:
        """Whether conditions never come out like this, whatever their names are."""
        if wants not in self._alone:
            self._left -= 1
            asked = question(ANYWHERE, wants, self.worlds) if self._left >= 0 else None
            self._alone[wants] = asked is not None and asked.answer(likely=False) == "no"
        return self._alone[wants]

    def _known(self, step: CompiledStep, *sources: str) -> str:
        """What of a condition's names is known here, in words, where each alone rules it out."""
        paths = self.search.at.get(step.id, [])
        if not paths or len(paths) > MOST_PATHS:
            return ""
        values: list[tuple[Reading, Value]] = []
        for names in sorted({one for source in sources for one in reads_of(parse(source))}):
            value = _among(names, paths)
            if value is not None:
                values.append((names, value))
        state: dict[str, Any] = dict(ANYWHERE.named)
        named = Fields(state, open=True)
        for names, value in values:
            named = _with(named, names, value)
        whole = [(parse(source), True) for source in sources]
        if values and len(sources) == 1 and self._ruled_out(named, whole):
            return spoken(values)
        if values and len(sources) > 1 and self._ruled_out(named, [(n, False) for n, _ in whole]):
            return spoken(values)
        return ""

    def _in_scenes(self, step: CompiledStep, source: str) -> str:
        """What of a condition's names is known here on any path, where that rules it out."""
        values = self.scenes.values(step.id, source)
        named = ANYWHERE
        for names, value in values:
            named = _with(named, names, value)
        impossible = bool(values) and self._ruled_out(named, [(parse(source), True)])
        return spoken(values) if impossible else ""

    def _ruled_out(self, names: Fields, wants: list[Want]) -> bool:
        self._left -= 1
        if self._left < 0:
            return False
        return question(names, wants, self.worlds).answer(likely=False) == "no"

    def _conflict(self, step: CompiledStep, number: int) -> list[tuple[str, str, bool]]:
        """What was looked at before, and cannot be together with a branch; the least of it."""
        path = self.search.refused.get((step.id, step.ways[number].name))
        if path is None:
            return []
        wants = touching(path.wants, path.wants[-1:])
        if len(wants) > MOST_WANTS:
            return []
        for want in wants[:-1]:
            fewer = [one for one in wants if one is not want]
            self._left -= 1
            if self._left >= 0:
                asked = question(path.store.state, fewer, self.worlds)
                wants = fewer if asked.answer(likely=False) == "no" else wants
        origins = self.search.walker.origins
        found = [(*origins[node], truth) for node, truth in wants if node in origins]
        own = step.conditions[number].source if number < len(step.conditions) else None
        return [one for one in found if not (one[0] == step.id and one[1] == own)]


def spoken(values: Sequence[tuple[Reading, Value]]) -> str:
    """What some names can be, in words."""
    silent = [names for names, value in values if names[0] == "reply" and not value.some]
    rest = described((names, value) for names, value in values if names not in silent)
    return "; ".join(filter(None, (NO_REPLY if silent else "", rest)))


def _among(names: Reading, paths: list[Walked]) -> Value | None:
    """What a name can be on some paths; None where it is the person's, or not understood."""
    found = NOTHING
    for path in paths:
        value = _on(names, path.store)
        if value is None:
            return None
        found = found.join(value)
    return found


def _on(names: Reading, store: Store) -> Value | None:
    if names[0] == "contact":
        return constant(store.opted_out) if names == ("contact", "opted_out") else None
    if names[0] == "reply":
        reply = store.inputs[store.reply] if store.reply else None
        if reply is None:
            return Value(absent=True)
        return reply.fields.get(names[1]) if reply.fields and len(names) == 2 else None
    node = store.over_inputs(Path(names))
    value = evaluate(node, store.state)
    return value if kinds_of(value) or value.absent else None


def _with(state: Fields, names: Reading, value: Value) -> Fields:
    if len(names) == 1:
        return state.having({names[0]: value})
    held = state.get(names[0]).fields
    inner = held if held is not None else Fields({}, open=True)
    rest = value if len(names) == 2 else UNKNOWN
    only = Value(absent=value.absent, fields=inner.having({names[1]: rest}))
    return state.having({names[0]: only})
