"""What may be measured of participants whose events are known."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiments import Design
from core.flows import CompiledFlow

MEASURES: dict[str, str] = {
    "goal": "reached any goal",
    "revenue": "what the goals reached are worth",
    "opened": "opened a message",
    "clicked": "followed a link",
    "replied": "answered",
    "opted_out": "asked to be left alone",
    "handed_off": "was handed to a person",
    "messages": "messages received",
    "replies": "answers given",
    "reply_hours": "hours until an answer, on average",
    "rating": "rating given, on average",
    "active": "did anything",
}
"""Measures by name, in words."""
NAMED: dict[str, str] = {
    "goal": "reached the goal",
    "intent": "said",
    "reached": "came to the step",
}
"""Measures that name something after a colon."""


def is_measure(value: str) -> bool:
    """Whether this is a measure of events."""
    kind, colon, name = value.partition(":")
    return value in MEASURES or bool(colon and name and kind in NAMED)


def missing_names(design: Design, flows: list[CompiledFlow]) -> Iterator[tuple[str, str, str]]:
    """(metric, goal or step, name) of what metrics ask for and no variant's flow has."""
    goals = {
        str(getattr(step.config, "name", ""))
        for flow in flows
        for step in flow.steps.values()
        if step.type == "goal"
    }
    steps = {step for flow in flows for step in flow.steps}
    for metric in design.metrics:
        for value in (metric.value, metric.per or ""):
            kind, _, name = value.partition(":")
            if kind == "goal" and name and name not in goals:
                yield metric.id, "goal", name
            if kind == "reached" and name and name not in steps:
                yield metric.id, "step", name
