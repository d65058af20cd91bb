"""Where time and money go at a step, and the buckets in which real time is counted.

Real time is counted in logarithmic buckets, eight to a factor of two, from a millionth of a second
on. A percentile is read as the geometric middle of the bucket that it falls into, so that it is at
most ``MOST_OFF`` away from the time that was measured: 4.5 %. What took less than a millionth of a
second counts as that long.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, Field

FINEST = 1e-6
"""Where the first bucket begins, in seconds."""
A_DOUBLING = 8
"""Buckets in a factor of two."""
MOST_OFF = 2 ** (1 / (2 * A_DOUBLING)) - 1
"""How far a percentile that is read from the buckets may be off, as a share of it."""


class StepTime(BaseModel):
    """Where time and money go at one step. Times in seconds; None where nothing was measured.

    ``waited`` is simulated time, from arriving at the step to leaving it; ``execution`` is real
    time, None for a run that was played before it was measured. Calls, tokens and cost are what
    language models were asked and paid for, with those of the people of the run's own tests.
    """

    step_id: str
    visits: int
    waited_seconds: float
    waited_p50: float | None
    waited_p95: float | None
    execution_p50: float | None
    execution_p95: float | None
    execution_seconds: float | None
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Annotated[float, Field(ge=0)] = 0.0


class StepTimes(BaseModel):
    """Where time and money go in one run, in the order of the flow's steps."""

    rows: list[StepTime]


def middle_of(bucket: int) -> float:
    """The geometric middle of a bucket, in seconds."""
    return float(FINEST * 2.0 ** ((bucket + 0.5) / A_DOUBLING))


def percentile(visits: Mapping[int, int], share: float) -> float | None:
    """The time that this share of the visits did not exceed, from the buckets; None for no visit.

    Args:
        visits: How many visits each bucket has.
        share: From 0 to 1.
    """
    wanted, seen = share * sum(visits.values()), 0
    for bucket in sorted(visits):
        seen += visits[bucket]
        if visits[bucket] and seen >= wanted:
            return middle_of(bucket)
    return None
