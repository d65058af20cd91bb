"""Where a flow never ends: cycles that nothing leaves, and the steps that only lead to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.domain.flows import STEP_CONFIGS
from core.flows.checks.view import FlowView
from core.flows.steps import OWN_WAYS


@dataclass(frozen=True, slots=True)
class Endless:
    """What can be reached and never ends.

    Attributes:
        loops: The cycles that nothing leaves.
        leading: The other steps from which no end can be reached.
    """

    loops: list[list[str]]
    leading: list[str]


def endless(view: FlowView) -> Endless:
    """Find what never ends.

    A step that leads nowhere may be an end, and so may one whose id is there twice, or of which
    it could not be read where it leads.
    """
    ways = {
        step_id: [to for _, to in view.targets.get(step_id, ()) if to in view.places]
        for step_id in view.places
        if step_id in view.reached
    }
    doubled = {one.step_id for one in view.complaints if one.type == "duplicate_id"}
    ends = [step_id for step_id in ways if step_id in doubled or _may_end(view, step_id)]
    stuck = stuck_steps(ways, ends)
    loops = cycles({step_id: ways[step_id] for step_id in stuck})
    looping = {step_id for loop in loops for step_id in loop}
    return Endless(loops, [step_id for step_id in stuck if step_id not in looping])


def _may_end(view: FlowView, step_id: str) -> bool:
    step = view.steps.get(step_id)
    if step is not None:
        return not step.ways or any(way.to not in view.places for way in step.ways)
    kind = view.document["steps"][view.places[step_id]].get("type")
    if not isinstance(kind, str) or kind not in STEP_CONFIGS:
        return True
    names, ways = OWN_WAYS.get(kind, ("next",)), dict(view.targets.get(step_id, ()))
    return not names or any(ways.get(name) not in view.places for name in names)


def stuck_steps(ways: Mapping[str, Iterable[str]], ends: Iterable[str]) -> list[str]:
    """The steps from which no end can be reached.

    Args:
        ways: Where each step leads.
        ends: The steps at which a contact can stop.
    """
    before: dict[str, list[str]] = {}
    for step, targets in ways.items():
        for to in targets:
            before.setdefault(to, []).append(step)
    open_ = list(ends)
    saved = set(open_)
    while open_:
        for step in before.get(open_.pop(), ()):
            if step not in saved:
                saved.add(step)
                open_.append(step)
    return [step for step in ways if step not in saved]


def cycles(ways: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The strongly connected parts that no way leaves (Tarjan, without recursion).

    Args:
        ways: Where each step leads; every step leads somewhere, and only to steps of this mapping.
    """
    found: list[list[str]] = []
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    part: dict[str, int] = {}
    stack: list[str] = []
    for root in ways:
        if root in number:
            continue
        path: list[tuple[str, Iterator[str]]] = [(root, iter(ways[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        while path:
            step, rest = path[-1]
            for to in rest:
                if to not in number:
                    number[to] = low[to] = len(number)
                    stack.append(to)
                    path.append((to, iter(ways[to])))
                    break
                if to not in part:
                    low[step] = min(low[step], number[to])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[step])
                if low[step] == number[step]:
                    at = stack.index(step)
                    part.update(dict.fromkeys(stack[at:], len(found)))
                    found.append(stack[at:])
                    del stack[at:]
    return [
        steps
        for one, steps in enumerate(found)
        if all(part[to] == one for step in steps for to in ways[step])
    ]
