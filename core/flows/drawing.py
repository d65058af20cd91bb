"""Where each card stands in pixels: top to bottom by rank, with room for what passes by.

A way that jumps over ranks is given a narrow place in each of them, so that it need not run under a
card. Ranks are ordered by the middle of their neighbours, down and up, and the order with the
fewest crossings is kept; then every card is moved under the middle of what it hangs on, as far as
its neighbours let it.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isqrt
from typing import Any

from core.flows.compiled import CompiledFlow
from core.flows.layout import forward_of, ranks_of
from core.flows.steps import raw_targets

WIDTH, HEIGHT = 240, 96
GAP_X, GAP_Y = 60, 88
LANE = 24
"""The width of the place in which a way passes by."""
SWEEPS = 4
MOVES = 4
LANES_EACH = 2
"""So many lanes for each step; in a flow that would need more, the longest ways have none."""
Placed = dict[str, tuple[int, int]]
Node = str | tuple[str, int]
"""A step, or the place in a rank where the ways to a step pass by."""


def positions(flow: CompiledFlow | Mapping[str, Any] | Sequence[Any]) -> Placed:
    """The top left corner of every step's card, in pixels; (0, 0) is the first row's left end.

    Args:
        flow: A flow that was compiled, a document as it was given (half drawn, if need be), or a
            list of raw steps.
    """
    start, targets = _targets(flow)
    if start is None:
        return {}
    reached = _behind(start, targets)
    main = {name: [to for to in targets[name] if to in reached] for name in reached}
    placed = _drawn(start, main)
    apart = {
        name: [to for to in found if to not in reached]
        for name, found in targets.items()
        if name not in reached
    }
    return _beside(placed, [_drawn(*part) for part in _parts(apart)])


def _targets(
    flow: CompiledFlow | Mapping[str, Any] | Sequence[Any],
) -> tuple[str | None, dict[str, list[str]]]:
    """The first step, and where each step leads; what leads nowhere is left out."""
    found: dict[str, list[str]] = {}
    if isinstance(flow, CompiledFlow):
        found = {
            step.id: [way.to for way in step.ways if way.to is not None]
            for step in flow.steps.values()
        }
        start: Any = flow.start
    else:
        steps = flow.get("steps") if isinstance(flow, Mapping) else flow
        start = flow.get("start") if isinstance(flow, Mapping) else None
        for step in steps if isinstance(steps, (list, tuple)) else ():
            if isinstance(step, dict) and isinstance(step.get("id"), str):
                found.setdefault(step["id"], []).extend(to for _, to in raw_targets(step))
    targets = {
        name: list(dict.fromkeys(to for to in ways if to in found and to != name))
        for name, ways in found.items()
    }
    first = start if isinstance(start, str) and start in targets else next(iter(targets), None)
    return first, targets


def _behind(start: str, targets: Mapping[str, list[str]]) -> dict[str, None]:
    """Everything that can be reached, in the order of the document's ways."""
    seen: dict[str, None] = {}
    open_ = [start]
    while open_:
        name = open_.pop()
        if name not in seen:
            seen[name] = None
            open_.extend(reversed(targets[name]))
    return seen


def _parts(targets: Mapping[str, list[str]]) -> Iterable[tuple[str, dict[str, list[str]]]]:
    """What hangs together among the steps that nothing leads to, each with its first step."""
    beside: dict[str, list[str]] = {name: list(found) for name, found in targets.items()}
    led_to = {to for found in targets.values() for to in found}
    for name, found in targets.items():
        for to in found:
            beside[to].append(name)
    place = {name: number for number, name in enumerate(targets)}
    seen: set[str] = set()
    for name in targets:
        if name not in seen:
            part = sorted(_behind(name, beside), key=place.__getitem__)
            seen.update(part)
            first = next((one for one in part if one not in led_to), name)
            yield first, {one: targets[one] for one in part}


def _beside(main: Placed, parts: Sequence[Placed]) -> Placed:
    """The parts that nothing leads to, at the right of the rest, in columns as high as it is."""
    rows = max(3, 2 * isqrt(len(parts)))
    most = max(max(y for _, y in main.values()), rows * (HEIGHT + GAP_Y))
    left = max(x for x, _ in main.values()) + WIDTH + 2 * GAP_X
    placed, top, right = dict(main), 0, left
    for part in parts:
        height = max(y for _, y in part.values())
        if top and top + height > most:
            left, top = right + GAP_X, 0
        placed.update((name, (left + x, top + y)) for name, (x, y) in part.items())
        right = max(right, left + max(x for x, _ in part.values()) + WIDTH)
        top += height + HEIGHT + GAP_Y
    return placed


def _drawn(start: str, targets: dict[str, list[str]]) -> Placed:
    """One part, with its upper left corner at (0, 0)."""
    layers = _Layers.of(start, targets)
    layers.untangle()
    middle = layers.centred()
    least = min(middle[name] for name in targets)
    return {
        name: (round(middle[name] - least), layers.rank[name] * (HEIGHT + GAP_Y))
        for name in targets
    }


@dataclass
class _Layers:
    """Steps and lanes in their ranks, with what each hangs on above and below."""

    rank: dict[str, int]
    rows: list[list[Node]]
    above: dict[Node, list[Node]] = field(default_factory=dict)
    below: dict[Node, list[Node]] = field(default_factory=dict)

    @classmethod
    def of(cls, start: str, targets: dict[str, list[str]]) -> _Layers:
        """The ranks, in the order in which the ways are written."""
        order, forward = forward_of(start, targets)
        rank = ranks_of(start, order, forward)
        layers = cls(rank, [[] for _ in range(max(rank.values()) + 1)])
        for name in _behind(start, targets) | dict.fromkeys(order):
            layers._add(name, rank[name])
        ways = [
            (name, to) if rank[name] < rank[to] else (to, name)
            for name in order
            for to in targets[name]
            if rank[name] != rank[to]
        ]
        room = LANES_EACH * len(order)
        for upper, lower in sorted(
            dict.fromkeys(ways), key=lambda way: rank[way[1]] - rank[way[0]]
        ):
            room -= layers._link(upper, lower, room)
        return layers

    def _add(self, node: Node, rank: int) -> None:
        self.rows[rank].append(node)
        self.above[node], self.below[node] = [], []

    def _link(self, upper: str, lower: str, room: int) -> int:
        """Link two steps, by lanes through the ranks between them; gives how many were made."""
        if self.rank[lower] - self.rank[upper] - 1 > room:
            return 0
        last: Node = upper
        made = 0
        for rank in range(self.rank[upper] + 1, self.rank[lower]):
            lane = (lower, rank)
            new = lane not in self.above
            if new:
                self._add(lane, rank)
                made += 1
            self._join(last, lane)
            if not new:
                return made
            last = lane
        self._join(last, lower)
        return made

    def _join(self, upper: Node, lower: Node) -> None:
        self.below[upper].append(lower)
        self.above[lower].append(upper)

    def untangle(self) -> None:
        """Order each rank by the middle of its neighbours; keep what crosses least."""
        best, fewest = [list(row) for row in self.rows], self._crossings()
        for sweep in range(SWEEPS):
            if not fewest:
                break
            self._sweep(down=sweep % 2 == 0)
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(row) for row in self.rows], crossings
        self.rows = best

    def _sweep(self, *, down: bool) -> None:
        beside = self.above if down else self.below
        at = {node: number for row in self.rows for number, node in enumerate(row)}
        for row in self.rows if down else reversed(self.rows):
            middle = {
                node: sum(at[one] for one in beside[node]) / len(beside[node])
                if beside[node]
                else at[node]
                for node in row
            }
            row.sort(key=middle.__getitem__)
            at.update((node, number) for number, node in enumerate(row))

    def _crossings(self) -> int:
        at = {node: number for row in self.rows for number, node in enumerate(row)}
        count = 0
        for row in self.rows:
            seen: list[int] = []
            for node in row:
                ends = sorted(at[one] for one in self.below[node])
                count += sum(len(seen) - bisect_right(seen, end) for end in ends)
                for end in ends:
                    insort(seen, end)
        return count

    def centred(self) -> dict[Node, float]:
        """The middle of everything: near what it hangs on, and never on top of its neighbour."""
        offsets = [_offsets(row) for row in self.rows]
        middle = {
            node: offset - row_offsets[-1] / 2
            for row, row_offsets in zip(self.rows, offsets, strict=True)
            for node, offset in zip(row, row_offsets, strict=True)
        }
        rows = list(zip(self.rows, offsets, strict=True))
        for move in range(MOVES):
            down = move % 2 == 0
            for row, row_offsets in rows if down else reversed(rows):
                self._move(row, row_offsets, self.above if down else self.below, middle)
        return middle

    def _move(
        self,
        row: Sequence[Node],
        offsets: Sequence[float],
        beside: Mapping[Node, list[Node]],
        middle: dict[Node, float],
    ) -> None:
        wanted = [
            sum(middle[one] for one in beside[node]) / len(beside[node])
            if beside[node]
            else middle[node]
            for node in row
        ]
        weights = [1.0 + 3.0 * isinstance(node, tuple) for node in row]
        free = [want - offset for want, offset in zip(wanted, offsets, strict=True)]
        for node, place, offset in zip(row, _rising(free, weights), offsets, strict=True):
            middle[node] = place + offset


def _offsets(row: Sequence[Node]) -> list[float]:
    """How far each middle is at least from the row's first one."""
    found = [0.0]
    for left, right in pairwise(row):
        found.append(found[-1] + (_width(left) + _width(right)) / 2 + GAP_X)
    return found


def _width(node: Node) -> int:
    return LANE if isinstance(node, tuple) else WIDTH


def _rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The values that never fall and are nearest to these (pool adjacent violators)."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        block = (value, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            before = blocks.pop()
            both = before[1] + block[1]
            mean = (before[0] * before[1] + block[0] * block[1]) / both
            block = (mean, both, before[2] + block[2])
        blocks.append(block)
    return [value for value, _, count in blocks for _ in range(count)]
