"""What a flow counts for itself: variables whose values follow from the way alone.

A loop that ends after three turns because ``tries`` says so is followed for three turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from core.domain.flows import ConditionConfig
from core.flows.compiled import CompiledStep
from core.flows.conditions import RESERVED, Bound

Values = tuple[Any, ...]
UNSET = object()
"""The value of a variable that nothing has set."""
OPAQUE = object()
"""A list or a mapping: it is not followed."""


class Tally:
    """The variables that can be followed along the ways of a flow.

    Args:
        steps: The flow's steps.
        variables: What its document sets at the beginning.
    """

    def __init__(self, steps: Mapping[str, CompiledStep], variables: Mapping[str, Any]) -> None:
        self._constants = {name: value for name, value in variables.items() if name not in RESERVED}
        followed = _followed(steps, frozenset(self._constants))
        self._names = tuple(sorted(followed)) if _decides(steps, followed) else ()
        self._known = frozenset(self._constants) | followed
        self._ways: dict[tuple[str, Values], tuple[str, ...]] = {}
        self.start: Values = tuple(_kept(self._constants.get(n, UNSET)) for n in self._names)

    def after(self, step: CompiledStep, values: Values) -> Values:
        """The values when the step has been played."""
        if not self._names:
            return values
        if step.type == "webhook" and step.sample is not None:
            given: Mapping[str, Any] = step.sample.values
        elif step.type == "set":
            given = dict(self._computed(step, values))
        else:
            return values
        pairs = zip(self._names, values, strict=True)
        return tuple(_kept(given[name]) if name in given else value for name, value in pairs)

    def _computed(self, step: CompiledStep, values: Values) -> Iterator[tuple[str, Any]]:
        context = self._context(values)
        opaque = self._opaque(values)
        for name, expression in step.values.items():
            if name in self._names:
                reads = expression.bound.names() if expression.bound else frozenset()
                clear = opaque.isdisjoint(reads)
                yield name, expression.evaluate(context)[0] if clear else OPAQUE

    def ways(self, step: CompiledStep, values: Values) -> tuple[str, ...]:
        """Where a condition can lead with these values."""
        key = (step.id, values)
        if key not in self._ways:
            self._ways[key] = tuple(dict.fromkeys(self._open_ways(step, values)))
        return self._ways[key]

    def _open_ways(self, step: CompiledStep, values: Values) -> Iterator[str]:
        context = self._context(values)
        known = self._known - self._opaque(values)
        whole = len(step.conditions) == len(cast(ConditionConfig, step.config).branches)
        for condition, way in zip(step.conditions, step.ways, strict=False):
            verdict = self._verdict(condition.bound, context, known) if whole else None
            if verdict is not False and way.to is not None:
                yield way.to
            if verdict is True:
                return
        yield from (way.to for way in step.ways[len(step.conditions) :] if way.to is not None)

    def _verdict(
        self, bound: Bound, context: Mapping[str, Any], known: frozenset[str]
    ) -> bool | None:
        """Whether a condition holds; None where that depends on what is not followed.

        What is not followed is left out: CEL gives a value all the same where it decides nothing.
        """
        names = bound.names()
        if names.isdisjoint(self._names):
            return None
        try:
            return bound.run(context) is True
        except ValueError:
            return False if names <= known else None

    def _context(self, values: Values) -> dict[str, Any]:
        context = {**self._constants, **dict(zip(self._names, values, strict=True))}
        return {name: value for name, value in context.items() if value not in (UNSET, OPAQUE)}

    def _opaque(self, values: Values) -> frozenset[str]:
        pairs = zip(self._names, values, strict=True)
        return frozenset(name for name, value in pairs if value is OPAQUE)


def _followed(steps: Mapping[str, CompiledStep], constants: frozenset[str]) -> frozenset[str]:
    """The variables that are set from nothing but constants, samples and each other."""
    reads: dict[str, set[str]] = {}
    for step in steps.values():
        for name, expression in step.values.items():
            names = expression.bound.names() if expression.bound else ()
            reads.setdefault(name, set()).update(names)
        for name in step.sample.values if step.sample is not None else ():
            reads.setdefault(name, set())
    followed = set(reads) - RESERVED
    while lost := {name for name in followed if reads[name] - followed - (constants - set(reads))}:
        followed -= lost
    return frozenset(followed)


def _decides(steps: Mapping[str, CompiledStep], followed: frozenset[str]) -> bool:
    conditions = (condition for step in steps.values() for condition in step.conditions)
    return bool(followed) and any(
        not followed.isdisjoint(condition.bound.names()) for condition in conditions
    )


def _kept(value: Any) -> Any:
    """A value that can be compared and kept."""
    plain = value is UNSET or value is None or isinstance(value, (str, bool, int, float))
    return value if plain else OPAQUE
