"""How ways run in an exported picture: through the gaps between the cards, never under one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

Point = tuple[float, float]
CLEAR = 6
SIDES = (30, 38, 22, 46, 14)
LEAVES = (50, 44, 56, 36, 14)
ENTERS = (26, 20, 32)
BEND = 40
RADIUS = 12
NEAR = 200
"""A curve where nothing is in between goes down so far at most."""
MOST = 400
"""So many lanes are tried for one way at most."""


class Router:
    """Finds paths between cards that stand at these places, and keeps them apart."""

    def __init__(self, places: Mapping[str, Point], width: float, height: float) -> None:
        self._places = places
        self._width, self._height = width, height
        self._rows: dict[int, list[Point]] = {}
        for x, y in places.values():
            for row in self._spanned(y, y + height):
                self._rows.setdefault(row, []).append((x, y))
        edges = {side for x, _ in places.values() for side in (x, x + width)}
        self._lanes = sorted({x + by for x in edges for gap in SIDES for by in (gap, -gap)})
        self._taken: dict[tuple[str, int], list[tuple[float, float, str]]] = {}

    def path(self, at: int, of: int, start: str, end: str) -> str:
        """The way number ``at`` of ``of`` ways from a card to another, as an SVG path."""
        (ax, ay), (bx, by) = self._places[start], self._places[end]
        left = (ax + self._width / of * (at + 0.5), ay + self._height)
        entered = (bx + self._width / 2, by)
        points = None if self._soft(left, entered) else self._straight(left, entered, end)
        if points is None:
            return _drawn(_curve(left, entered))
        self._take(points, end)
        return _drawn(_rounded(points))

    def _spanned(self, low: float, high: float) -> range:
        size = self._height * 2
        return range(int(low // size), int(high // size) + 1)

    def _free(self, a: Point, b: Point, clear: float = CLEAR) -> bool:
        """Whether no card is between two points; the ends may touch one."""
        wide, high = (clear, -0.5) if a[0] == b[0] else (-0.5, clear)
        left, right = min(a[0], b[0]) - wide, max(a[0], b[0]) + wide
        top, bottom = min(a[1], b[1]) - high, max(a[1], b[1]) + high
        return not any(
            x < right and x + self._width > left and y < bottom and y + self._height > top
            for row in self._spanned(top, bottom)
            for x, y in self._rows.get(row, ())
        )

    def _soft(self, start: Point, end: Point) -> bool:
        down = end[1] - start[1]
        if down < 12 or (down > NEAR and start[0] != end[0]):
            return False
        points = list(_bezier(*_curve(start, end)))
        return all(self._empty(*pair) for pair in pairwise(points))

    def _empty(self, a: Point, b: Point) -> bool:
        """Whether the rectangle between two points of a curve is free."""
        return self._free(a, (b[0], a[1]), 0) and self._free((b[0], a[1]), b, 0)

    def _straight(self, start: Point, end: Point, goal: str) -> list[Point] | None:
        """Down into the gap, over to a free lane, along it, over, and in from above."""
        (sx, sy), (tx, ty) = start, end
        lows = [sy + gap for gap in LEAVES if self._free(start, (sx, sy + gap))]
        highs = [ty - gap for gap in ENTERS if self._free((tx, ty - gap), end)]
        found: list[Point] | None = None
        for x in sorted([sx, tx, *self._lanes], key=lambda x: _length(sx, x, tx))[:MOST]:
            for low in lows:
                for high in highs:
                    if high < low and x in (sx, tx):
                        continue
                    points = [start, (sx, low), (x, low), (x, high), (tx, high), end]
                    if all(self._free(*pair) for pair in pairwise(points)):
                        found = found or points
                        if self._apart(points, goal):
                            return points
        return found

    def _apart(self, points: list[Point], goal: str) -> bool:
        return not any(
            other != goal and low < ends[1] and high > ends[0]
            for line, ends in _lines(points)
            for low, high, other in self._taken.get(line, ())
        )

    def _take(self, points: list[Point], goal: str) -> None:
        for line, (low, high) in _lines(points):
            self._taken.setdefault(line, []).append((low, high, goal))


def _length(start: float, lane: float, end: float) -> float:
    return abs(start - lane) + abs(lane - end) + (BEND if lane not in (start, end) else 0)


def _lines(points: list[Point]) -> Iterator[tuple[tuple[str, int], tuple[float, float]]]:
    """The inner straight parts: the line that each lies on, and from where to where."""
    for a, b in list(pairwise(points))[1:-1]:
        if a != b:
            upright = a[0] == b[0]
            name = ("|", round(a[0] / 4)) if upright else ("-", round(a[1] / 4))
            ends = (a[1], b[1]) if upright else (a[0], b[0])
            yield name, (min(ends), max(ends))


def _curve(start: Point, end: Point) -> tuple[Point, Point, Point, Point]:
    pull = max(abs(end[1] - start[1]) / 2, 24)
    return start, (start[0], start[1] + pull), (end[0], end[1] - pull), end


def _bezier(p: Point, q: Point, r: Point, s: Point, parts: int = 16) -> Iterator[Point]:
    for number in range(parts + 1):
        t = number / parts
        weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        four = list(zip(weights, (p, q, r, s), strict=True))
        yield sum(w * one[0] for w, one in four), sum(w * one[1] for w, one in four)


def _rounded(points: list[Point]) -> Iterator[Point | str]:
    """The points with a round corner at each turn."""
    kept = _turns(points)
    yield kept[0]
    for before, corner, after in zip(kept, kept[1:], kept[2:], strict=False):
        radius = min(RADIUS, _far(before, corner) / 2, _far(corner, after) / 2)
        yield from ("L", _toward(corner, before, radius), "Q", corner)
        yield _toward(corner, after, radius)
    yield from ("L", kept[-1])


def _turns(points: list[Point]) -> list[Point]:
    """Without points in the middle of a straight part."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and any(kept[-2][i] == kept[-1][i] == point[i] for i in (0, 1)):
            kept.pop()
        kept.append(point)
    return kept


def _far(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _toward(corner: Point, other: Point, by: float) -> Point:
    part = by / (_far(corner, other) or 1)
    return corner[0] + (other[0] - corner[0]) * part, corner[1] + (other[1] - corner[1]) * part


def _drawn(parts: Iterable[Point | str]) -> str:
    words = [one if isinstance(one, str) else f"{one[0]:.1f} {one[1]:.1f}" for one in parts]
    if "L" not in words:
        words.insert(1, "C")
    return f'<path class="way" d="M{" ".join(words)}" marker-end="url(#head)"/>'
