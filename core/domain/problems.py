"""What went wrong at a step of a run: in words, with what was seen there, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from core.domain.findings import Severity

ProblemKind = Literal[
    "opted_out",
    "no_address",
    "bounced",
    "template_error",
    "engine_failed",
    "condition_error",
    "value_error",
    "too_long",
]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Events that say the same about what went wrong at a step, and an example of them.

    ``reason`` is the kind of problem or, of an engine, its status; ``said`` is what the event says
    beside it, JSON where it is more than a sentence.
    """

    step_id: str
    kind: str
    reason: str
    said: str | None
    times: int
    people: int
    contact_id: str
    seq: int


class StepProblem(BaseModel):
    """One thing that went wrong at a step.

    Attributes:
        severity: An ``info`` is what happens to anybody, such as an address that bounces.
        message: What happened.
        saw: The names that were read there with their values then, for the example.
        fix: What to do about it.
        contact_id: An example: one of the people it happened to.
        seq: The event in that person's log that says so.
    """

    step_id: str
    kind: ProblemKind
    severity: Severity
    message: str
    saw: dict[str, Any]
    fix: str
    people: int
    times: int
    contact_id: str
    seq: int


class Gone(BaseModel):
    """How many people came to a step (``way`` None) or took a way out of it.

    ``people`` are known to have. ``unsure`` went on only because the engine had no usable answer
    for them before: nobody knows what they would have done.
    """

    step_id: str
    way: str | None
    people: int
    unsure: int


class Problems(BaseModel):
    """What went wrong in a run, what happened to most people first.

    ``failed`` counts the people by step, without mere notes; ``gone`` says where people are known
    to have gone.
    """

    rows: list[StepProblem]
    failed: dict[str, int]
    gone: list[Gone]
