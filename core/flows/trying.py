"""Conditions tried on sample data, without running the flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from core.domain.debugging import ConditionResult
from core.domain.errors import BadInput
from core.flows.conditions import RESERVED, WORK, Condition, Expression, Work
from core.flows.contact import LINKS

NO_TRUTH = "it gives no yes or no"


class Sample(NamedTuple):
    """What the names are for one person: ``contact``, ``reply``, ``answers`` and the variables."""

    name: str
    values: Mapping[str, Any]


class Tried(NamedTuple):
    """How one condition comes out for each sample; ``error`` where it cannot be read."""

    condition: str
    error: BadInput | None
    results: list[ConditionResult]


def try_conditions(
    conditions: Sequence[str], samples: Sequence[Sample], document: Mapping[str, Any] | None = None
) -> list[Tried]:
    """Each condition on each sample.

    Args:
        conditions: CEL.
        samples: The people; the flow's own variables stand where a sample does not give one.
        document: The flow that they belong to; as far as it can be read.
    """
    contexts = [(one.name, _context(one.values, document or {})) for one in samples]
    return [_tried(source, contexts) for source in conditions]


def _tried(source: str, contexts: Sequence[tuple[str, dict[str, Any]]]) -> Tried:
    try:
        condition = Condition.compile(source)
    except BadInput as error:
        return Tried(source, error, [])
    return Tried(source, None, [_result(condition, name, one) for name, one in contexts])


def _result(condition: Condition, name: str, context: dict[str, Any]) -> ConditionResult:
    """How a condition comes out, and its value where that is no yes or no."""
    context = {**context, WORK: Work()}
    holds, error = condition.evaluate(context)
    if error != NO_TRUTH:
        return ConditionResult(name=name, holds=holds, error=error, value=None if error else holds)
    value, unkept = Expression(condition.source, condition.bound).evaluate(context)
    return ConditionResult(name=name, holds=False, error=unkept or error, value=value)


def _context(values: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """What a condition sees: the sample, over what the flow itself gives."""
    variables = document.get("variables")
    given = variables if isinstance(variables, Mapping) else {}
    links = document.get("links")
    head = {
        "name": document.get("name", "Untitled flow"),
        "timezone": document.get("timezone", "UTC"),
    }
    context = {
        **{name: value for name, value in given.items() if name not in RESERVED},
        "contact": {},
        "answers": {},
        "flow": head,
        "links": {**LINKS, **(links if isinstance(links, Mapping) else {})},
        **{name: value for name, value in values.items() if name != WORK},
    }
    if context.get("reply", {}) is None:
        del context["reply"]
    return context
