"""Two runs of one flow, beside each other."""

from __future__ import annotations

from pydantic import Field

from core.domain.reports import Result


class Side(Result):
    """One of two compared runs."""

    run_id: str
    number: int
    flow_version: int
    seed: int
    population_id: str
    population_name: str
    people: int


class Difference(Result):
    """One measure in both runs. ``difference`` is b - a, with its 95 % interval.

    ``only_a`` and ``only_b`` count the people who did it in one run alone; with their first 50
    ids they are given where the same people were in both.
    """

    name: str
    label: str
    a: float | None
    b: float | None
    a_text: str
    b_text: str
    difference: float | None
    low: float | None
    high: float | None
    method: str
    clear: bool
    text: str
    only_a: int | None = None
    only_b: int | None = None
    only_a_people: list[str] = Field(default_factory=list)
    only_b_people: list[str] = Field(default_factory=list)


class StepChange(Result):
    """A step that was visited more or less often."""

    step_id: str
    visits_a: int
    visits_b: int
    people_a: int
    people_b: int


class FlowChange(Result):
    """What differs between two versions of a flow."""

    added: list[str]
    removed: list[str]
    changed: list[str]


class Comparison(Result):
    """Two runs of one flow, beside each other."""

    flow_id: str
    flow_name: str
    a: Side
    b: Side
    paired: bool
    same_chance: bool
    people: int
    headline: str
    differences: list[Difference]
    steps: list[StepChange]
    flow: FlowChange
