"""What the rules for recommendations look at, and the form of what they say."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.reports import (
    Coverage,
    Figure,
    MessageRow,
    Rate,
    Recommendation,
    RecommendationKind,
    TestResult,
)
from core.rehearsal.observed import SENDING, Observed
from core.store import Reading


@dataclass(frozen=True)
class Material:
    """What the rules look at."""

    seen: Observed
    reading: Reading
    messages: Sequence[MessageRow]
    coverage: Coverage
    tests: Sequence[TestResult]
    goal: Figure | None
    answered: Figure

    def words(self, step_id: str) -> str:
        """A step's message as it was written."""
        config = self.seen.flow.steps[step_id].config
        parts = (getattr(config, name, "") for name in ("subject", "title", "body"))
        return "\n".join(str(part) for part in parts if part)

    def asks(self, step_id: str) -> bool:
        """Whether a step's message asks something."""
        config = self.seen.flow.steps[step_id].config
        return "?" in self.words(step_id) or bool(getattr(config, "questions", None))

    def wait_after(self, step_id: str) -> str | None:
        """The step that waits for the reply to a message, None where none does."""
        steps, seen = self.seen.flow.steps, {step_id}
        if getattr(steps[step_id].config, "questions", None):
            return step_id
        ahead = deque(way.to for way in steps[step_id].ways)
        while ahead:
            id = ahead.popleft()
            if id is None or id in seen:
                continue
            seen.add(id)
            if steps[id].type == "wait_for_reply":
                return id
            if steps[id].type not in SENDING:
                ahead.extend(way.to for way in steps[id].ways)
        return None

    @property
    def what_matters(self) -> Rate:
        """The rate that a change should move: of people with a goal, else of those who answer."""
        return self.goal.rate if self.goal else self.answered.rate


def advice(
    title: str,
    text: str,
    evidence: str,
    step_id: str | None,
    kind: RecommendationKind,
    action: str,
    affected: int,
) -> Recommendation:
    """One thing to change."""
    return Recommendation(
        title=title,
        text=text,
        evidence=evidence,
        step_id=step_id,
        kind=kind,
        action=action,
        affected=affected,
    )
