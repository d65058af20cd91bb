"""Where each step stands when a flow is drawn: in ranks from the start, so that few edges cross."""

from __future__ import annotations

from dataclasses import dataclass

from core.flows.compiled import CompiledFlow

SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Position:
    """A step's place: how far from the start, and where among its neighbours."""

    rank: int
    row: float


def ranks(flow: CompiledFlow) -> dict[str, Position]:
    """A place for every step; those that nothing leads to stand after the rest."""
    ways = {
        step.id: list(dict.fromkeys(way.to for way in step.ways if way.to in flow.steps))
        for step in flow.steps.values()
    }
    targets: dict[str, list[str]] = {
        name: [to for to in found if to is not None] for name, found in ways.items()
    }
    order, forward = forward_of(flow.start, targets)
    return _rows(order, forward, ranks_of(flow.start, order, forward))


def ranks_of(start: str, order: list[str], forward: dict[str, list[str]]) -> dict[str, int]:
    """How far each step is from the start by its longest way; what is not reached comes last."""
    reached = _reached(start, forward)
    rank = dict.fromkeys(order, 0)
    for name in order:
        for to in forward[name]:
            if (name in reached) == (to in reached):
                rank[to] = max(rank[to], rank[name] + 1)
    last = max((rank[name] for name in reached), default=-1)
    for name in order:
        if name not in reached:
            rank[name] += last + 1
    return rank


def forward_of(start: str, targets: dict[str, list[str]]) -> tuple[list[str], dict[str, list[str]]]:
    """A topological order, and the edges without those that lead back into their own path."""
    done: list[str] = []
    forward: dict[str, list[str]] = {name: [] for name in targets}
    state: dict[str, int] = {}
    for root in (start, *targets):
        if root in state:
            continue
        state[root] = 1
        path = [(root, iter(targets[root]))]
        while path:
            name, rest = path[-1]
            to = next(rest, None)
            if to is None:
                state[name] = 2
                done.append(name)
                path.pop()
                continue
            if state.get(to) == 1:
                continue
            forward[name].append(to)
            if to not in state:
                state[to] = 1
                path.append((to, iter(targets[to])))
    return done[::-1], forward


def _reached(start: str, forward: dict[str, list[str]]) -> set[str]:
    seen, open_ = {start}, [start]
    while open_:
        for to in forward[open_.pop()]:
            if to not in seen:
                seen.add(to)
                open_.append(to)
    return seen


def _rows(
    order: list[str], forward: dict[str, list[str]], rank: dict[str, int]
) -> dict[str, Position]:
    """Order each rank by the middle of its neighbours, down and up again."""
    back: dict[str, list[str]] = {name: [] for name in order}
    layers: dict[int, list[str]] = {}
    for name in order:
        layers.setdefault(rank[name], []).append(name)
        for to in forward[name]:
            back[to].append(name)
    row: dict[str, float] = {}
    for layer in layers.values():
        _number(layer, row)
    for sweep in range(SWEEPS):
        beside = back if sweep % 2 == 0 else forward
        for number in sorted(layers, reverse=sweep % 2 == 1):
            layer = layers[number]
            middle = {name: _middle(name, beside[name], row) for name in layer}
            layer.sort(key=middle.__getitem__)
            _number(layer, row)
    return {name: Position(rank[name], row[name]) for name in order}


def _middle(name: str, beside: list[str], row: dict[str, float]) -> float:
    return sum(row[one] for one in beside) / len(beside) if beside else row[name]


def _number(layer: list[str], row: dict[str, float]) -> None:
    first = -(len(layer) - 1) / 2
    for number, name in enumerate(layer):
        row[name] = first + number
