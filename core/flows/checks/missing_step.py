"""A way that leads to a step that does not exist."""

from __future__ import annotations

from typing import Any

from core.domain.findings import Finding
from core.flows.checks.base import ReadingCheck
from core.flows.checks.mending import redirected, with_step
from core.flows.checks.view import FlowView
from core.flows.draft import FIXES, leads_nowhere, meant


class MissingStep(ReadingCheck):
    """A way that leads to a step that does not exist."""

    id = "missing_step"
    family = "structure"
    severity = "error"
    title = "Every way leads to a step that exists"
    explanation = (
        "A way, or the flow's start, names a step that is not in the flow. People would come to "
        "a door that leads nowhere, so the flow cannot be rehearsed."
    )
    fix = FIXES["missing_step"]
    example = """
name: A way to nowhere
steps:
  - id: try_both
    type: split
    config: {arms: [{name: short, next: good_bye}, {name: long, next: goodbye}]}
  - {id: good_bye, type: end}
"""

    def mending(self, view: FlowView, finding: Finding) -> str:
        """Names what is near."""
        near = meant(finding.fix)
        return f"Lead it to “{near}”" if near else self.mends

    def repair(self, view: FlowView, finding: Finding) -> dict[str, Any] | None:
        """Lead the way to the step whose id is nearest, where one is near."""
        near = meant(finding.fix)
        if near is None:
            return None
        document = view.document
        if finding.step_id is None:
            return {**document, "start": near}
        number = view.places[finding.step_id]
        step = document["steps"][number]
        for way, to in view.targets[finding.step_id]:
            if finding.message == leads_nowhere(way, finding.step_id, to):
                return with_step(document, number, redirected(step, to, near))
        return None
