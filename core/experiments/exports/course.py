"""How the effects went over time."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_results import Analysis, MetricReading, Moving
from core.experiments import numbers
from core.experiments.exports.blocks import Course, Line, Section, Step, Text


def course_sections(analysis: Analysis) -> Iterator[Section]:
    """One chart a variant; nothing where no times are known."""
    if not analysis.over_time or not analysis.metrics:
        return
    metric = analysis.metrics[0]
    charts = tuple(
        Course(f"{metric.name}: {name}, with everything known until then", line, _unit(metric))
        for id, name in analysis.variants.items()
        if (line := _line(analysis, metric, id, name)).steps
    )
    if charts:
        told = Text(
            "The wide band holds at every look together; the narrow one only for a single look. "
            "Where the narrow band leaves the line of no difference and comes back, somebody who "
            "stopped there would have been wrong."
        )
        yield Section("Over time", (*charts, told))


def _unit(metric: MetricReading) -> str:
    return "points" if metric.kind in numbers.SHARES else ""


def _line(analysis: Analysis, metric: MetricReading, variant: str, name: str) -> Line:
    factor = 100.0 if metric.kind in numbers.SHARES else 1.0
    steps = (_step(one, factor) for one in analysis.over_time if one.variant == variant)
    return Line(name, tuple(one for one in steps if one is not None))


def _step(moving: Moving, factor: float) -> Step | None:
    if moving.always is None:
        return None
    span, once = moving.always, moving.effect
    return Step(
        moving.day,
        factor * span.value,
        factor * span.low,
        factor * span.high,
        (factor * once.low, factor * once.high) if once else None,
    )
