"""A step from which no end can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.view import FlowView
from core.flows.endless import endless


class NoExit(Check):
    """A step from which no end can be reached."""

    id = "no_exit"
    family = "structure"
    severity = "error"
    title = "From every step an end can be reached"
    explanation = (
        "Every way from this step leads into a loop that nothing leaves. Nobody who comes here "
        "can ever finish the flow."
    )
    fix = "Give it, or a step after it, a way to an end."
    example = """
name: A way into a loop
steps:
  - {id: hello, type: tag, config: {add: [new]}, next: mark}
  - {id: mark, type: tag, config: {add: [again]}, next: pause}
  - {id: pause, type: delay, config: {duration: 2d}, next: mark}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every step that only leads to a loop; the loop's own steps are the loop's matter."""
        for step_id in view.shared(endless).leading:
            yield self.finding(f"from “{step_id}” no end can be reached", step_id)
