"""Conditions tried on what was sent along, and on the personas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.flow_models import ConditionOut, ConditionsIn, ConditionsOut, PlaceError
from core.cast import copy_of
from core.flows import Sample, SimpleCondition, Tried, composed, simple, try_conditions
from core.workbench import Workspace

SEED = 7


def tried(space: Workspace, given: ConditionsIn) -> ConditionsOut:
    """How each condition comes out for each sample; nothing is kept."""
    samples = [Sample(one.name, one.values) for one in given.samples]
    if given.personas:
        samples += typical_personas(space)
    found = try_conditions(given.conditions, samples, given.document)
    condition = None
    if given.rows is not None:
        condition = composed(SimpleCondition(joined=given.joined, rows=given.rows))
    return ConditionsOut(results=[_out(one) for one in found], condition=condition)


def typical_personas(space: Workspace) -> Iterator[Sample]:
    """The first copy of every persona, as a rehearsal would draw it."""
    for persona in space.personas.list():
        person = copy_of(persona, f"{persona.id}-0001", SEED)
        contact = {"id": person.id, **person.attributes, "opted_out": False}
        yield Sample(persona.name, {"contact": contact})


def carried(space: Workspace) -> dict[str, Any]:
    """What the personas carry beside what every contact has, with an example of each."""
    return {
        name: value
        for one in typical_personas(space)
        for name, value in one.values["contact"].items()
    }


def _out(one: Tried) -> ConditionOut:
    error = None
    if one.error is not None:
        error = PlaceError(message=one.error.message, place=one.error.place)
    return ConditionOut(
        condition=one.condition,
        error=error,
        rows=one.results,
        simple=simple(one.condition) if error is None else None,
    )
