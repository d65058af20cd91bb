"""What a flow is once it has been read: steps with their ways, texts and conditions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.flows import Config, Flow
from core.domain.words import Channel
from core.flows.conditions import RESERVED, Condition, Expression
from core.flows.journal import shown
from core.flows.templates import Template

KEPT_NAME = "this name is the flow's own and cannot be set"


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a step; ``to`` is None where the contact ends there.

    ``name`` is ``next``, ``on_reply``, ``on_timeout``, ``branch:N`` (from 0), ``else`` or
    ``arm:NAME``; ``label`` is what a person reads on the edge.
    """

    name: str
    to: str | None
    label: str


class Sample:
    """What a webhook's sample gives: variables, and the whole under the step's id.

    Attributes:
        values: What is remembered.
        shown: The same, as an event holds it.
        errors: The names that it cannot set.
    """

    __slots__ = ("errors", "shown", "values")

    def __init__(self, step_id: str, sample: Any) -> None:
        values = {step_id: sample, **(sample if isinstance(sample, dict) else {})}
        self.errors = {name: KEPT_NAME for name in values if name in RESERVED}
        self.values = {name: value for name, value in values.items() if name not in RESERVED}
        self.shown = shown(self.values)


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """One step, ready to be played.

    Attributes:
        config: The typed configuration.
        ways: Every way out, in the order in which they are tried.
        templates: By field: ``body``, ``subject``, ``preheader``, ``title``, ``instructions``,
            ``url``, and ``question:ID`` for the words of a question.
        conditions: One for each branch, in order.
        values: For a ``set`` step, each variable's expression.
        seconds: A delay's duration, or the time-out of what waits.
        expect: What should come of it.
        channel: The channel that it sends on, where the step itself says so.
        sample: What answers in a webhook's place.
    """

    id: str
    type: str
    config: Config
    ways: tuple[Way, ...] = ()
    templates: dict[str, Template] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    values: dict[str, Expression] = field(default_factory=dict)
    seconds: float | None = None
    expect: tuple[str, ...] = ()
    channel: Channel | None = None
    sample: Sample | None = None

    def way(self, name: str) -> Way | None:
        """The way of this name."""
        return next((way for way in self.ways if way.name == name), None)


@dataclass(frozen=True)
class CompiledFlow:
    """A flow that can be rehearsed.

    Attributes:
        quiet_hours: From and to, in minutes of the contact's day.
        texts: What the flow says, rendered for a neutral contact: grounds the twin.
    """

    flow: Flow
    name: str
    timezone: ZoneInfo
    start: str
    steps: dict[str, CompiledStep]
    variables: dict[str, Any]
    quiet_hours: tuple[int, int] | None
    texts: tuple[str, ...]


def all_ways(flow: CompiledFlow) -> list[tuple[str, Way]]:
    """Every way out of every step, with the step's id: what coverage counts."""
    return [(step.id, way) for step in flow.steps.values() for way in step.ways]
