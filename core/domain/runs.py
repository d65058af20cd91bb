"""Runs: one rehearsal of one flow with one population, under one seed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from core.domain.models import Model
from core.domain.moments import Moment

RunStatus = Literal["pending", "running", "paused", "interrupted", "finished", "failed"]
Engine = Literal["behaviour", "language"]
TestStatus = Literal["passed", "failed", "inconclusive", "error"]
Verdict = Literal["passed", "failed", "inconclusive", "unfinished"]


class RunDraft(BaseModel):
    """What a run needs before it starts.

    ``model`` is the language model's definition as it was then, for that engine; ``budget_usd`` is
    what its calls may cost, None for no limit. ``twins`` has the version of each trained twin that
    the flow names, by slug.
    """

    flow_id: str
    flow_version: int
    population_id: str
    seed: int = Field(default=7, ge=0, le=2**63 - 1)
    engine: Engine = "behaviour"
    parameters_version: int = 1
    parent_id: str | None = None
    model: Model | None = None
    budget_usd: float | None = Field(default=None, gt=0, le=1_000_000)
    twins: dict[str, int] = {}


class Run(RunDraft):
    """A run and how far it is.

    ``done`` counts the contacts whose events are committed; ``parent_id`` is the run whose tests
    this one plays (people who are not in that run's cast), None for a rehearsal of its own; only
    those are numbered, from 1.
    """

    id: str
    number: int
    status: RunStatus
    contacts: int
    done: int = 0
    events: int = 0
    created_at: Moment
    started_at: Moment | None = None
    finished_at: Moment | None = None
    error: str | None = None
    cost_usd: float = 0.0

    @property
    def account(self) -> str:
        """Whose budget pays: the run's own, or that of the run whose tests it plays."""
        return self.parent_id or self.id

    @property
    def over(self) -> bool:
        """Whether it failed with everybody played: there is nothing left to resume."""
        return self.status == "failed" and self.done >= self.contacts
