"""Coverage of a flow: which ways out of its steps were taken, can be taken, or never will be."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from core.domain.flow_tests import MOST_REPLIES, ScriptedReply

WayVerdict = Literal["reached", "reachable", "unreachable", "unknown"]


class Witness(BaseModel):
    """Somebody who takes a way: the contact, what they reply, and the seed of chance."""

    contact: dict[str, Any] = Field(max_length=200)
    replies: list[ScriptedReply] = Field(default_factory=list, max_length=MOST_REPLIES)
    seed: int = Field(default=7, ge=0, le=2**63 - 1)


class WayCoverage(BaseModel):
    """One way out of a step, and what is known of it.

    ``people`` took it in the run; so many ``passing``, ``failing`` and ``undecided`` of the flow's
    tests have somebody who did. ``reason`` says in words why the verdict is what it is.
    """

    step: str
    way: str
    label: str = ""
    to: str | None = None
    verdict: WayVerdict
    witness: Witness | None = None
    reason: str = ""
    people: int = 0
    passing: int = 0
    failing: int = 0
    undecided: int = 0


class OutcomeCoverage(BaseModel):
    """One condition of a step: how often it held, did not, and could not be worked out."""

    step: str
    branch: int
    when: str
    held: int = 0
    failed: int = 0
    raised: int = 0


class Covered(BaseModel):
    """Counts of those reached, of all that there are.

    ``outcomes`` has two for each condition, that it held and that it did not; ``timeouts`` one for
    each step that waits for somebody.
    """

    steps: tuple[int, int]
    ways: tuple[int, int]
    outcomes: tuple[int, int]
    timeouts: tuple[int, int]


class FlowCoverage(Covered):
    """What was covered of a flow; apart, what passing and failing tests alone cover.

    ``people`` says how many reached each step, in the run and in the tests. ``notes`` say what was
    cut short.
    """

    rows: list[WayCoverage]
    conditions: list[OutcomeCoverage] = Field(default_factory=list)
    passing: Covered | None = None
    failing: Covered | None = None
    people: dict[str, int] = Field(default_factory=dict)
    notes: list[str] = Field(default_factory=list)
