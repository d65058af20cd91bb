"""What each branch of a condition can be: never true, always true, or only where another is.

First what follows from each name alone; then an example that settles the question; and only where
there is neither, a proof. What can be neither shown nor refuted is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core.flows.checks.view import FlowView
from core.flows.compiled import CompiledStep
from core.flows.conditions import Condition
from core.flows.logic.flowing import Knowledge, conditions_of, known
from core.flows.logic.proving import MOST_PROOFS, Prover
from core.flows.logic.reasoning import HOLDS, NOT_HOLDS, State, narrow
from core.flows.logic.sources import NEVER, THERE, Scene, mended
from core.flows.logic.syntax import Call, Opaque, Reading, parse, reads_of, walk
from core.flows.logic.values import NOTHING, Value
from core.flows.logic.witness import Constants, Context, examples, relevant, tree_of

Kind = Literal["never", "always", "shadowed"]
FEW = 3
MANY = 14
Decision = tuple[int, str, Kind, tuple[tuple[Reading, Value], ...], int | None]
"""A `Verdict` that is nobody's yet."""
Wants = Sequence[tuple[str, bool]]
"""Conditions, and whether each is to hold."""
MOST_STEPS = 2_000
MOST_TOGETHER = 12
"""Of so many branches it may be proven that nobody comes to the last."""
LEAST_PROOFS = 6
ALL_PROOFS = 2_000
"""Of a flow of many steps less is proven: this many proofs, shared out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about one branch.

    Attributes:
        step_id: Whose.
        branch: Its number, from 0.
        source: Its condition.
        kind: What it is.
        values: By what it reads, what that can be.
        behind: The number of the one branch that takes everybody, where there is such a one.
    """

    step_id: str
    branch: int
    source: str
    kind: Kind
    values: tuple[tuple[Reading, Value], ...]
    behind: int | None = None


def verdicts(view: FlowView) -> list[Verdict]:
    """What was found out about every branch that can be reached."""
    knowledge = view.shared(known)
    prover = Prover(max(LEAST_PROOFS, min(MOST_PROOFS, ALL_PROOFS // max(len(view.steps), 1))))
    decided: dict[object, list[Decision]] = {}
    found: list[Verdict] = []
    steps = [step for step in view.steps.values() if step.type == "condition"]
    for step in steps[:MOST_STEPS]:
        scenes = _scenes(step, knowledge)
        if not scenes:
            continue
        branches = Branches(conditions_of(step), scenes, prover)
        proofs, decisions = prover.left, decided.get(branches.question)
        if decisions is None:
            decisions = list(branches.decisions())
            if prover.left == proofs:
                decided[branches.question] = decisions
        found += [Verdict(step.id, *decision) for decision in decisions]
    return found


def _scenes(step: CompiledStep, knowledge: Knowledge) -> list[Scene]:
    """What can be known at a step, had somebody mended what it reads too early."""
    scenes = knowledge.scenes.get(step.id, {})
    waited = frozenset().union(*(scene.waited for scene in scenes.values()))
    found = []
    for key, scene in scenes.items():
        paths = knowledge.mistaken[step.id, key]
        if THERE in waited and NEVER not in scene.waited:
            paths = paths - {("reply",)}
        found.append(mended(scene, paths, knowledge.sources.reply))
    return found


class Branches:
    """The branches of one condition, and everything that can be known there.

    Args:
        conditions: Theirs, in order; None for one that cannot be read.
        scenes: What can be known, apart from each other.
        prover: Who proves what no example refutes.

    Attributes:
        question: All on which its decisions depend, but for the proofs that may still be tried.
    """

    def __init__(
        self, conditions: Sequence[Condition | None], scenes: list[Scene], prover: Prover
    ) -> None:
        self._prover = prover
        self._conditions = [one for one in conditions if one is not None]
        self.sources = [one.source if one else None for one in conditions]
        self._by_source = {one.source: one for one in self._conditions}
        nodes = [parse(one.source) for one in self._conditions]
        self._constants = Constants.of(nodes)
        self._paths = {path for node in nodes for path in reads_of(node)}
        distinct = _distinct(scenes, self._paths)
        self._scenes = list(distinct.values())
        self.question = (tuple(self.sources), tuple(distinct))
        self._seen: list[dict[str, bool]] = []

    def decisions(self) -> Iterator[Decision]:
        """What was found out."""
        earlier: list[str] = []
        left = self._scenes
        for number, source in enumerate(self.sources):
            if source is None:
                continue
            kind = self._kind(source, earlier, left)
            if kind is not None:
                behind = self._behind(number) if kind == "shadowed" else None
                yield number, source, kind, self._values(source), behind
            earlier.append(source)
            left = _all_narrowed(left, [(source, False)])

    def _values(self, source: str) -> tuple[tuple[Reading, Value], ...]:
        """What each name that a condition reads can be."""
        values = []
        for path in sorted(reads_of(parse(source))):
            value = NOTHING
            for scene in self._scenes:
                value = value.join(scene.names.read(path))
            values.append((path, value))
        return tuple(values)

    def _behind(self, number: int) -> int | None:
        """The one earlier branch that takes all whom this one would, where there is one."""
        own = self.sources[number]
        for other, source in enumerate(self.sources[:number]):
            if own is None or source is None:
                continue
            wants = [(source, False), (own, True)]
            if source == own or not any(_narrowed(scene, wants) for scene in self._scenes):
                return other
        return None

    def _kind(self, own: str, earlier: list[str], left: list[Scene]) -> Kind | None:
        before = [(source, False) for source in dict.fromkeys(earlier)]
        mine = [(own, True)]
        first = own not in earlier and self._possible([*before, *mine], _all_narrowed(left, mine))
        if not first and not (before and self._possible(mine, _all_narrowed(self._scenes, mine))):
            return "never"
        if not first:
            return "shadowed"
        other = [(own, False)]
        return None if self._possible(other, _all_narrowed(self._scenes, other)) else "always"

    def _possible(self, wants: Wants, kept: list[Scene]) -> bool:
        """Whether the conditions come out like this for somebody, as far as one can tell.

        Args:
            wants: How they are to come out.
            kept: What is left of the scenes where each of them, on its own, does.
        """
        if any(_fits(outcome, wants) for outcome in self._seen):
            return True
        if any(self._shown(scene, wants, FEW) for scene in kept):
            return True
        if len(wants) > MOST_TOGETHER or any(_vague(source) for source, _ in wants):
            return bool(kept)
        kept = _all_narrowed(kept, wants)
        if any(self._shown(scene, wants, MANY) for scene in kept):
            return True
        return not all(self._prover.refutes(scene, wants) for scene in kept)

    def _shown(self, scene: Scene, wants: Wants, count: int) -> bool:
        """Whether an example is found."""
        facts, names = relevant(scene.facts, self._paths)
        for context in examples(scene.names, tree_of(names), facts, self._constants, count):
            outcome: dict[str, bool] = {}
            if all(self._comes_out(one, context, outcome) == truth for one, truth in wants):
                for one in self._by_source:
                    self._comes_out(one, context, outcome)
                self._seen.append(outcome)
                return True
        return False

    def _comes_out(self, source: str, context: Context, outcome: dict[str, bool]) -> bool:
        """Whether a condition holds for somebody, worked out once."""
        if source not in outcome:
            outcome[source] = self._by_source[source].evaluate(context)[0]
        return outcome[source]


@lru_cache(maxsize=4096)
def _vague(source: str) -> bool:
    """Whether nothing can be proven of a condition: it has parts that are not understood."""
    return any(
        isinstance(part, Opaque) or (isinstance(part, Call) and part.name == "matches")
        for part in walk(parse(source))
    )


def _distinct(scenes: list[Scene], paths: set[Reading]) -> dict[object, Scene]:
    """The scenes that differ in what matters, by that."""
    found: dict[object, Scene] = {}
    for scene in scenes:
        facts, names = relevant(scene.facts, paths)
        values = [scene.names.get(root) for root in sorted({path[0] for path in names})]
        found.setdefault((tuple(values), tuple(facts)), scene)
    return found


def _fits(outcome: dict[str, bool], wants: Wants) -> bool:
    return all(outcome[source] == truth for source, truth in wants)


def _all_narrowed(scenes: list[Scene], wants: Wants) -> list[Scene]:
    return [left for scene in scenes if (left := _narrowed(scene, wants)) is not None]


def _narrowed(scene: Scene, wants: Wants) -> Scene | None:
    """What is left of a scene where each condition comes out as wanted, looked at one by one."""
    names: State | None = scene.names
    for source, truth in wants:
        if names is None:
            return None
        names = narrow(parse(source), names, HOLDS if truth else NOT_HOLDS)
    return None if names is None else scene.among(names)
