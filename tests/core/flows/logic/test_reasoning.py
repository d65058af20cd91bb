"""What follows from a condition, held against what CEL makes of every combination."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from core.flows.conditions import Expression
from core.flows.logic.reasoning import (
    FAILS,
    HOLDS,
    NOT_FAILS,
    NOT_HOLDS,
    evaluate,
    narrowed,
)
from core.flows.logic.syntax import parse, reads
from core.flows.logic.values import MISSING, Fields, constant
from tests.core.flows.logic.expressions import conditions, contexts, domains, state_of

calm = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
RAISES = object()


def outcome(source: str, context: dict[str, Any]) -> Any:
    """What CEL gives, or RAISES."""
    value, error = Expression.compile(source).evaluate(context)
    return RAISES if error else value


def possible(result: Any, value: Any) -> bool:
    """Whether a result is among what was thought possible."""
    if result is RAISES:
        return value.absent
    return value.join(constant(result)) == value or bool(value.lists or value.fields)


def names_of(source: str) -> set[str]:
    return {".".join(path) for path in reads(parse(source))} | {"r"}


@calm
@given(conditions(), domains())
def test_what_is_possible_holds_what_comes(source: str, domain: Any) -> None:
    value = evaluate(parse(source), state_of(domain))
    for context in contexts(domain, names_of(source)):
        assert possible(outcome(source, context), value), (source, context, value)


@calm
@given(conditions(), domains())
def test_narrowing_keeps_what_fits(source: str, domain: Any) -> None:
    tree, state = parse(source), state_of(domain)
    kept = {want: narrowed(tree, state, want) for want in (HOLDS, FAILS, NOT_HOLDS, NOT_FAILS)}
    for context in contexts(domain, names_of(source)):
        result = outcome(source, context)
        for want, left in kept.items():
            fits = (result is want.truth) == want.exactly
            assert not fits or (left is not None and within(context, left)), (source, context, want)


def within(context: dict[str, Any], state: Fields) -> bool:
    """Whether a state holds a context, as far as the context goes."""
    inner = state.get("r").fields
    assert inner is not None
    return all(
        state.get(name).admits(context.get(name, MISSING)) for name in context if name != "r"
    ) and all(inner.get(name).admits(value) for name, value in context["r"].items())
