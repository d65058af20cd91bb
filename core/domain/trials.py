"""Trials of a flow's tests: what came of each row, and what its people reached."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, computed_field

from core.domain.moments import Moment
from core.domain.reports import TestResult


class Outcomes(BaseModel):
    """How often a condition held, did not hold, and could not be worked out."""

    held: int = 0
    failed: int = 0
    raised: int = 0


class Taken(BaseModel):
    """What some people reached: counts of people, and of visits for conditions.

    Attributes:
        steps: People by step.
        ways: People by step and way out of it.
        timeouts: People for whom the time ran out, by step.
        outcomes: By step, one entry for each of its conditions.
    """

    steps: dict[str, int] = Field(default_factory=dict)
    ways: dict[str, dict[str, int]] = Field(default_factory=dict)
    timeouts: dict[str, int] = Field(default_factory=dict)
    outcomes: dict[str, list[Outcomes]] = Field(default_factory=dict)


class Tried(BaseModel):
    """One row that was played, and what its people reached."""

    result: TestResult
    taken: Taken


class Trial(BaseModel):
    """All rows of a flow's tests that were played together.

    ``notes`` say what was cut short. ``most_copies`` is how many people of one row could be tried.
    """

    model_config = ConfigDict(frozen=True)

    rows: list[Tried]
    seconds: float
    most_copies: int
    notes: list[str] = Field(default_factory=list)

    @property
    def results(self) -> list[TestResult]:
        """What came of each row."""
        return [row.result for row in self.rows]


class KeptTrial(Trial):
    """The newest trial of one version of a flow."""

    flow_id: str
    flow_version: int
    made_at: Moment


class TrialCounts(BaseModel):
    """How the rows of a trial came out."""

    results: list[TestResult]
    most_copies: int
    seconds: float
    notes: list[str] = Field(default_factory=list)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def passed(self) -> int:
        """Rows that held."""
        return self._of("passed")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def failed(self) -> int:
        """Rows that did not hold."""
        return self._of("failed")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def inconclusive(self) -> int:
        """Rows that the people who were tried could not decide."""
        return self._of("inconclusive")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def errors(self) -> int:
        """Rows that cannot be judged as they are written."""
        return self._of("error")

    def _of(self, status: str) -> int:
        return sum(one.status == status for one in self.results)
