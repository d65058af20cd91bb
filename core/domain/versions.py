"""Two versions of a flow, rehearsed with the same people under the same chance."""

from __future__ import annotations

from pydantic import BaseModel

from core.domain.comparisons import Comparison
from core.domain.runs import Run


class PeopleChange(BaseModel):
    """How many people came to a step (``way`` None) or took a way out of it, in each version.

    ``difference`` is the share of the people in b less that in a, with its 95 % interval: the same
    people are in both, so it is of those who went there in one alone. ``a`` or ``b`` is None where
    that version has no such step or way.
    """

    step_id: str
    way: str | None
    label: str
    a: int | None
    b: int | None
    only_a: int
    only_b: int
    difference: float
    low: float
    high: float
    clear: bool
    text: str


class Example(BaseModel):
    """One of those who went another way: where, as events in each run."""

    contact_id: str
    name: str
    a_seq: int | None
    b_seq: int | None


class Parting(BaseModel):
    """Where people who went the same way until then first part, and what each version does.

    ``step_id`` is None where the versions begin with different steps. A way is None where they
    leave the step by the same one, and a step None where it is the end. ``sentence`` says it in
    words.
    """

    step_id: str | None
    a_way: str | None
    b_way: str | None
    a_to: str | None
    b_to: str | None
    people: int
    sentence: str
    examples: list[Example]


class VersionComparison(BaseModel):
    """What the second version does differently. ``unsure`` people are in no count of steps.

    For them the engine had no usable answer, so that nobody knows where they would have gone.
    """

    a: int
    b: int
    comparison: Comparison
    people: int
    unsure: int
    steps: list[PeopleChange]
    ways: list[PeopleChange]
    parted: int
    partings: list[Parting]


class VersionRehearsal(BaseModel):
    """Two runs of two versions; the comparison where both have finished."""

    a: Run
    b: Run
    compared: VersionComparison | None = None
