"""Two runs of one flow, beside each other."""

from __future__ import annotations

from pydantic import Field

from core.domain.reports import Rate, Result, Spread
from core.domain.runs import Engine


class Side(Result):
    """One of two compared runs; ``model`` is a language model's name, where one played it."""

    run_id: str
    number: int
    flow_version: int
    seed: int
    population_id: str
    population_name: str
    people: int
    engine: Engine = "behaviour"
    model: str | None = None


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


class ReactionDifference(Result):
    """What one persona's people did with one step's messages in both runs.

    Attributes:
        persona: The persona's id; None for everybody.
        persona_name: Its name.
        step_id: The step; None for the whole run.
        measure: opened, clicked, answered, opted_out, an intent as ``intent:question``, and, with
            a mean and a spread, hours, words (of a reply) and share (of the messages answered).
        label: The measure in words.
        a: How many of how many, or mean and SD, in the first run.
        b: The same in the second.
        a_sd: How much people differ in the first run; of a yes or no, that of 0 and 1.
        b_sd: The same in the second.
        difference: b - a, with its 95 % interval.
        paired: Whether it was compared person by person: the same people got it in both.
        method: How the interval was made.
        clear: Whether the interval leaves no doubt about the sign.
        text: The difference in words.
        sentence: All of it in a sentence.
    """

    persona: str | None
    persona_name: str
    step_id: str | None
    measure: str
    label: str
    a: Rate | Spread
    b: Rate | Spread
    a_sd: float | None
    b_sd: float | None
    difference: float | None
    low: float | None
    high: float | None
    paired: bool
    method: str
    clear: bool
    text: str
    sentence: str


class ReactionComparison(Result):
    """Two runs of one population, per persona and step; what differs most comes first."""

    a: Side
    b: Side
    same_engine: bool
    headline: str
    notes: list[str]
    differences: list[ReactionDifference]
