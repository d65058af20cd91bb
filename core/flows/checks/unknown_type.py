"""A step of a type that does not exist."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from core.domain.findings import Finding
from core.flows.checks.base import ReadingCheck
from core.flows.checks.mending import with_step
from core.flows.checks.view import FlowView
from core.flows.draft import FIXES, meant

NEAR = 0.8
"""How alike a type's name must be to be taken without asking."""


class UnknownType(ReadingCheck):
    """A step of a type that does not exist."""

    id = "unknown_type"
    family = "structure"
    severity = "error"
    title = "Every step is of a type that exists"
    explanation = (
        "Greenroom does not know this kind of step, so it cannot say what would happen there. "
        "The flow cannot be rehearsed until the type is one of those that it knows."
    )
    fix = FIXES["unknown_type"]
    example = """
name: A step nobody knows
steps:
  - {id: hello, type: send_pigeon, config: {body: Coo}, next: done}
  - {id: done, type: end}
"""

    def mending(self, view: FlowView, finding: Finding) -> str:
        """Names what is near."""
        near = meant(finding.fix)
        return f"Make it “{near}”" if near else self.mends

    def repair(self, view: FlowView, finding: Finding) -> dict[str, Any] | None:
        """Take the type whose name is nearest, where one is near."""
        near = meant(finding.fix)
        if near is None or finding.step_id is None:
            return None
        number = view.places[finding.step_id]
        step = view.document["steps"][number]
        if not get_close_matches(step["type"], [near], cutoff=NEAR):
            return None
        return with_step(view.document, number, {**step, "type": near})
