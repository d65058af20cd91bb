"""Where cards, bends and labels of a drawn flow stand: in ranks from the top, a sheet at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.flows import CompiledFlow, Position

CARD_WIDTH, CARD_HEIGHT, COLUMN, LINE, BEND = 168, 58, 212, 140, 26
MOST_STEPS, MOST_RANKS = 60, 24
FITS = 700
"""Pixels up to which a drawing is fitted to its place; a wider one scrolls."""


class Point(NamedTuple):
    """A place on the drawing, in pixels."""

    x: float
    y: float


@dataclass(frozen=True)
class Sheet:
    """The part of a flow that is drawn at once: some ranks, top to bottom."""

    steps: tuple[str, ...]
    first: int
    last: int


def sheets(places: Mapping[str, Position]) -> list[Sheet]:
    """A flow cut into parts that are drawn quickly; a small one is a single part."""
    layers: dict[int, list[str]] = {}
    for name, place in places.items():
        layers.setdefault(place.rank, []).append(name)
    found: list[Sheet] = []
    some: list[str] = []
    first = 0
    for rank in sorted(layers):
        full = some and (len(some) + len(layers[rank]) > MOST_STEPS or rank - first >= MOST_RANKS)
        if full:
            found.append(Sheet(tuple(some), first, rank - 1))
            some, first = [], rank
        some.extend(layers[rank][: 2 * MOST_STEPS])
    return [*found, Sheet(tuple(some), first, max(layers, default=0))]


def before(parts: Sequence[Sheet], at: int) -> int:
    return sum(len(part.steps) for part in parts[: at - 1])


def arranged(
    flow: CompiledFlow, places: Mapping[str, Position], sheet: Sheet
) -> tuple[dict[str, Point], dict[tuple[str, str], list[str]]]:
    """Where everything stands, and the bends by which a long way goes around the cards."""
    layers: dict[int, list[tuple[float, str]]] = {}
    for name in sheet.steps:
        layers.setdefault(places[name].rank, []).append((places[name].row, name))
    bends: dict[tuple[str, str], list[str]] = {}
    for name in sheet.steps:
        for way in flow.steps[name].ways:
            if way.to not in places or places[way.to].rank not in layers:
                continue
            start, end = places[name], places[way.to]
            between = range(start.rank + 1, end.rank) or range(start.rank - 1, end.rank, -1)
            for rank in between:
                share = (rank - start.rank) / (end.rank - start.rank)
                bend = f"\u2022 {name} {way.name} {rank}"
                bends.setdefault((name, way.name), []).append(bend)
                layers[rank].append((start.row + share * (end.row - start.row) + 0.01, bend))
    widest = max(
        sum(BEND if name.startswith("\u2022 ") else COLUMN for _, name in row)
        for row in layers.values()
    )
    points: dict[str, Point] = {}
    for rank, row in layers.items():
        widths = [BEND if name.startswith("\u2022 ") else COLUMN for _, name in sorted(row)]
        x = -sum(widths) / 2 if widest <= FITS else 0.0  # what scrolls begins at the left
        for width, (_, name) in zip(widths, sorted(row), strict=True):
            points[name] = Point(x + width / 2, (rank - sheet.first) * LINE)
            x += width
    return points, bends


def size(points: Mapping[str, Point]) -> tuple[int, int]:
    """Pixels of the drawing; a wide one is drawn a little smaller, and scrolls."""
    xs, ys = [point.x for point in points.values()], [point.y for point in points.values()]
    wide, tall = max(xs) - min(xs) + COLUMN + 20, max(ys) - min(ys) + LINE
    scale = 0.85 if wide > FITS else 0.95
    return round(wide * scale), round(max(300, tall * scale))
