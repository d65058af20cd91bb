"""A step to which nothing leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.mending import redirected, with_steps
from core.flows.checks.view import FlowView


class OrphanStep(Check):
    """A step to which nothing leads."""

    id = "orphan_step"
    family = "structure"
    severity = "warning"
    title = "Every step can be reached"
    explanation = (
        "No way leads from the start to this step, so nobody ever meets it. Often a way was "
        "turned elsewhere and the step was forgotten, or its id was misspelled where it is named."
    )
    fix = "Lead a way to it, or take it out."
    mends = "Take the step out"
    example = """
name: A forgotten step
steps:
  - {id: hello, type: tag, config: {add: [new]}, next: done}
  - {id: lost, type: tag, config: {add: [warm]}, next: done}
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every step outside of what can be reached; none where it is not known what is first."""
        if view.start is None:
            return
        for step_id in view.places:
            if step_id not in view.reached:
                yield self.finding(f"nothing leads to “{step_id}”", step_id)

    def repair(self, view: FlowView, finding: Finding) -> dict[str, Any] | None:
        """Take the step out, and every way to it: they all start at steps that nobody meets.

        Not while some way leads nowhere: it may have been meant to lead here.
        """
        lost = finding.step_id
        if any(one.type == "missing_step" for one in view.complaints):
            return None
        steps = view.document["steps"]
        kept = [step for step in steps if not (isinstance(step, dict) and step.get("id") == lost)]
        if lost is None or len(kept) != len(steps) - 1:
            return None
        return with_steps(view.document, [redirected(step, lost, None) for step in kept])
