"""Two steps with one id."""

from __future__ import annotations

from typing import Any

from core.domain.findings import Finding
from core.flows.checks.base import ReadingCheck
from core.flows.checks.mending import with_step
from core.flows.checks.view import FlowView
from core.flows.draft import FIXES, is_twice


class DuplicateId(ReadingCheck):
    """Two steps with one id."""

    id = "duplicate_id"
    family = "structure"
    severity = "error"
    title = "Every step has an id of its own"
    explanation = (
        "Two steps carry the same id, so a way that names it could mean either. It usually comes "
        "from copying a step. The flow cannot be rehearsed until one of them has another id."
    )
    fix = FIXES["duplicate_id"]
    mends = "Give the copy an id of its own"
    example = """
name: The same id twice
steps:
  - {id: mark, type: tag, config: {add: [new]}, next: done}
  - {id: mark, type: tag, config: {add: [warm]}, next: done}
  - {id: done, type: end}
"""

    def repair(self, view: FlowView, finding: Finding) -> dict[str, Any] | None:
        """Give the later step another id; the ways go on leading to the first."""
        name = finding.step_id
        if name is None:
            return None
        for number, step in enumerate(view.document["steps"]):
            if finding.message == is_twice(name, number, view.places[name]):
                return with_step(view.document, number, {**step, "id": _free(view, name)})
        return None


def _free(view: FlowView, name: str) -> str:
    """The id with the first number behind it that makes it a new one."""
    taken = {step.get("id") for step in view.document["steps"] if isinstance(step, dict)}
    return next(
        free for number in range(2, len(taken) + 3) if (free := f"{name}_{number}") not in taken
    )
