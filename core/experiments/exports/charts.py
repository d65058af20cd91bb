"""Charts as SVG inside the page: they take their colours from it, and need no script."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from core.experiments.exports.blocks import Bar, Course, Intervals, Step
from core.experiments.numbers import digits

WIDTH, NAME, ROW, TOP, BOTTOM, GAP = 760, 190, 46, 14, 34, 16
HEIGHT = 240
LONGEST, LETTER = 22, 6.6
TICKS = 5


def interval_chart(chart: Intervals) -> str:
    """Each variant's interval at any time, and inside it the one for a single look."""
    low, high = _range(_ends(chart))
    height = TOP + ROW * len(chart.bars) + BOTTOM
    scale = _Scale(low, high, NAME, WIDTH - GAP)
    parts = [
        *_least(chart, scale, height),
        *_axis(scale, height - BOTTOM, chart.unit),
        _zero(scale, TOP - 8, height - BOTTOM),
        *(part for at, bar in enumerate(chart.bars) for part in _bar(bar, scale, TOP + ROW * at)),
    ]
    told = "; ".join(f"{bar.name}: {bar.text}" for bar in chart.bars)
    return _svg(chart.title, told, height, parts)


def course_chart(chart: Course) -> str:
    """The effect day by day between its two bands."""
    steps = chart.line.steps
    low, high = _range(_typical(steps))
    x = _Scale(0.0, max(one.day for one in steps), 64, WIDTH - GAP)
    y = _Scale(low, high, HEIGHT - BOTTOM, TOP)
    parts = [
        *_levels(y, chart.unit),
        _band(x, y, [(one.day, one.low, one.high) for one in steps], "band"),
        _band(x, y, [(one.day, *one.inner) for one in steps if one.inner], "inner"),
        _path(x, y, [(one.day, one.value) for one in steps]),
        *_days(x),
    ]
    last = steps[-1]
    told = (
        f"after {last.day:g} days {digits(last.value)} ({digits(last.low)} to {digits(last.high)})"
    )
    return _svg(chart.title, told, HEIGHT, parts)


class _Scale:
    """Numbers to pixels; what lies outside stops at the edge."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, number: float) -> float:
        share = (number - self.low) / (self.high - self.low)
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


def _range(numbers: Sequence[float]) -> tuple[float, float]:
    """The numbers and 0, with some air."""
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    air = 0.06 * (high - low) or 1.0
    return low - air, high + air


def _ends(chart: Intervals) -> list[float]:
    ends = [end for bar in chart.bars for end in (bar.low, bar.high)]
    least = chart.least or 0.0
    return [*ends, *(one for one in (-least, least) if abs(one) <= 1.5 * max(map(abs, ends)))]


def _typical(steps: Sequence[Step]) -> list[float]:
    """The bands' ends without the first days', which are far too wide to see the others."""
    kept = steps[len(steps) // 5 :]
    return [end for one in kept for end in (one.low, one.high, one.value)]


def _ticks(low: float, high: float) -> list[float]:
    step = 10 ** math.floor(math.log10((high - low) / TICKS))
    step *= next(times for times in (1, 2, 5, 10) if (high - low) / (step * times) <= TICKS + 1)
    first = math.ceil(low / step)
    return [at * step for at in range(first, math.floor(high / step) + 1)]


def _figure(number: float, unit: str) -> str:
    text = digits(number, 3).rstrip("0").rstrip(".") if "." in digits(number) else digits(number)
    sign = "+" if number > 0 else ""
    return f"{sign}{text}{' ' + unit if unit else ''}"


def _svg(title: str, told: str, height: float, parts: Sequence[str]) -> str:
    label = escape(f"{title}. {told}", quote=True)
    inside = "".join(parts)
    return f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{label}">{inside}</svg>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, kind: str, anchor: str = "middle") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _axis(scale: _Scale, bottom: float, unit: str) -> Iterator[str]:
    for tick in _ticks(scale.low, scale.high):
        yield _line(scale(tick), bottom, scale(tick), bottom + 4, "grid")
        yield _text(scale(tick), bottom + 18, _figure(tick, unit), "tick")


def _zero(scale: _Scale, top: float, bottom: float) -> str:
    return _line(scale(0.0), top, scale(0.0), bottom, "zero")


def _least(chart: Intervals, scale: _Scale, height: float) -> Iterator[str]:
    """What is not worth having, as a quiet strip."""
    if not chart.least:
        return
    left, right = scale(-chart.least), scale(chart.least)
    yield (
        f'<rect class="least" x="{left:.1f}" y="{TOP - 8}" width="{right - left:.1f}" '
        f'height="{height - BOTTOM - TOP + 8:g}"/>'
    )


def _bar(bar: Bar, scale: _Scale, top: float) -> Iterator[str]:
    middle = top + ROW / 2
    name = bar.name if len(bar.name) <= LONGEST else f"{bar.name[: LONGEST - 1]}…"
    yield _text(NAME - 14, middle + 4, name, "name", "end")
    yield _line(scale(bar.low), middle, scale(bar.high), middle, f"wide {bar.verdict}")
    for end in (bar.low, bar.high):
        yield _line(scale(end), middle - 5, scale(end), middle + 5, f"wide {bar.verdict}")
    if bar.inner:
        low, high = bar.inner
        yield _line(scale(low), middle, scale(high), middle, f"thick {bar.verdict}")
    yield f'<circle class="dot {bar.verdict}" cx="{scale(bar.value):.1f}" cy="{middle:g}" r="5"/>'
    half = LETTER * len(bar.text) / 2
    at = min(WIDTH - GAP - half, max(NAME + half, (scale(bar.low) + scale(bar.high)) / 2))
    yield _text(at, middle - 11, bar.text, "tick")


def _levels(y: _Scale, unit: str) -> Iterator[str]:
    for tick in _ticks(y.low, y.high):
        kind = "zero" if tick == 0 else "grid"
        yield _line(64, y(tick), WIDTH - GAP, y(tick), kind)
        yield _text(58, y(tick) + 4, _figure(tick, ""), "tick", "end")
    yield _text(WIDTH - GAP, TOP - 2, unit, "tick", "end")


def _days(x: _Scale) -> Iterator[str]:
    for tick in _ticks(x.low, x.high):
        if tick == int(tick):
            yield _text(x(tick), HEIGHT - BOTTOM + 18, f"day {tick:g}", "tick")


def _band(x: _Scale, y: _Scale, steps: list[tuple[float, float, float]], kind: str) -> str:
    if not steps:
        return ""
    upper = [f"{x(day):.1f},{y(high):.1f}" for day, _, high in steps]
    lower = [f"{x(day):.1f},{y(low):.1f}" for day, low, _ in reversed(steps)]
    return f'<polygon class="{kind}" points="{" ".join([*upper, *lower])}"/>'


def _path(x: _Scale, y: _Scale, steps: list[tuple[float, float]]) -> str:
    points = " ".join(f"{x(day):.1f},{y(value):.1f}" for day, value in steps)
    return f'<polyline class="course" points="{points}"/>'
