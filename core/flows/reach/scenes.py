"""Proofs from what is known at each step, whatever the path: coarse, and the same for any flow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.flows.checks.view import FlowView
from core.flows.compiled import CompiledFlow, CompiledStep, all_ways
from core.flows.logic.flowing import Knowledge, known_of_anybody, sources_in
from core.flows.logic.sources import Scene, branching
from core.flows.logic.syntax import Reading, parse, reads_of
from core.flows.logic.values import NOTHING, Value
from core.flows.logic.witness import relevant
from core.flows.reach.encoding import Question
from core.flows.reach.reading import Target

MOST_BEFORE = 8
"""Of so many branches before one it is proven that they leave nobody to it."""


def view_of(flow: CompiledFlow) -> FlowView:
    """A compiled flow as checks see it."""
    links = (flow.flow.model_extra or {}).get("links", {})
    return FlowView(
        document={"start": flow.start, "links": links, "steps": []},
        flow=flow.flow,
        steps=flow.steps,
        places={id: number for number, id in enumerate(flow.steps)},
        targets={
            id: [(way.name, way.to) for way in step.ways if way.to is not None]
            for id, step in flow.steps.items()
        },
        complaints=[],
    )


class Scenes:
    """What is known at the steps of a flow, of anybody.

    Args:
        flow: The flow.
    """

    def __init__(self, flow: CompiledFlow) -> None:
        self._flow = flow
        self._known: Knowledge = known_of_anybody(view_of(flow))
        self.useful = flow.start in self._known.scenes

    def at(self, step_id: str) -> list[Scene]:
        """What can be known at a step."""
        return list(self._known.scenes.get(step_id, {}).values())

    def refused(self) -> set[Target]:
        """The ways that nobody can take, as far as each name alone tells."""
        if not self.useful:
            return set()
        found: set[Target] = set()
        for step in self._flow.steps.values():
            open_ = self._open(step)
            found |= {(step.id, way.name) for way in step.ways if way.name not in open_}
        return found

    def _open(self, step: CompiledStep) -> set[str]:
        scenes = self.at(step.id)
        if step.type != "condition":
            return {way.name for way in step.ways} if scenes else set()
        return {
            way.name
            for scene in scenes
            for way, left in zip(step.ways, branching(sources_in(step), scene), strict=True)
            if left is not None
        }

    def values(self, step_id: str, source: str) -> tuple[tuple[Reading, Value], ...]:
        """What each name that a condition reads can be at its step."""
        found = []
        for path in sorted(reads_of(parse(source))):
            value = NOTHING
            for scene in self.at(step_id):
                value = value.join(scene.names.read(path))
            found.append((path, value))
        return tuple(found)

    def proves(self, step: CompiledStep, number: int, worlds: dict[str, Any]) -> bool:
        """Whether it is proven that nobody takes a way out of a condition."""
        if not self.useful or number > MOST_BEFORE:
            return False
        return all(self._refuted(scene, step, number, worlds) for scene in self.at(step.id))

    def _refuted(
        self, scene: Scene, step: CompiledStep, number: int, worlds: dict[str, Any]
    ) -> bool:
        wants = list(_wanted(step, number))
        asked = Question(scene.names, worlds["z3"], worlds["world"])
        paths: set[Reading] = set()
        for source, truth in wants:
            asked.claim(parse(source), truth)
            paths |= reads_of(parse(source))
        for fact in relevant(scene.facts, paths)[0]:
            asked.suppose(fact)
        return asked.answer(likely=False) == "no"


def _wanted(step: CompiledStep, number: int) -> Iterator[tuple[str, bool]]:
    for condition in step.conditions[:number]:
        yield condition.source, False
    if number < len(step.conditions):
        yield step.conditions[number].source, True


def proven(scenes: Scenes, flow: CompiledFlow, open_: set[Target], worlds: Any) -> set[Target]:
    """Those of some ways out of conditions that nobody can take."""
    return {
        (step_id, way.name)
        for step_id, way in all_ways(flow)
        if (step_id, way.name) in open_
        and flow.steps[step_id].type == "condition"
        and scenes.proves(flow.steps[step_id], flow.steps[step_id].ways.index(way), worlds)
    }
