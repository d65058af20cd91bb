"""Coverage of a flow: which ways out of its steps were taken, can be taken, or never will be."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from core.domain.flow_tests import ScriptedReply

WayVerdict = Literal["reached", "reachable", "unreachable", "unknown"]


class Witness(BaseModel):
    """Somebody who takes a way: the contact, what they reply, and the seed of chance."""

    contact: dict[str, Any]
    replies: list[ScriptedReply] = Field(default_factory=list)
    seed: int = 7


class WayCoverage(BaseModel):
    """One way out of a step, and what is known of it.

    ``people`` took it in the run; ``passing`` and ``failing`` of the flow's tests did. ``reason``
    says in words why the verdict is what it is.
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


class OutcomeCoverage(BaseModel):
    """One condition of a step: how often it held, did not, and could not be worked out."""

    step: str
    branch: int
    when: str
    held: int = 0
    failed: int = 0
    raised: int = 0


class FlowCoverage(BaseModel):
    """What was covered of a flow: counts of those reached, of all that there are."""

    steps: tuple[int, int]
    ways: tuple[int, int]
    outcomes: tuple[int, int]
    timeouts: tuple[int, int]
    rows: list[WayCoverage]
    conditions: list[OutcomeCoverage] = Field(default_factory=list)
