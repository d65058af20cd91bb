"""A cycle that nothing leaves."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.view import FlowView
from core.flows.endless import endless

LONGEST = 6


class InfiniteLoop(Check):
    """A cycle that nothing leaves."""

    id = "infinite_loop"
    family = "structure"
    severity = "error"
    title = "Every loop has a way out"
    explanation = (
        "These steps lead to each other and to nothing else. Whoever comes in goes round until "
        "Greenroom stops them, and would get the same messages for ever."
    )
    fix = "Give one of its steps a way to an end."
    example = """
name: Round and round
steps:
  - {id: mark, type: tag, config: {add: [again]}, next: pause}
  - {id: pause, type: delay, config: {duration: 2d}, next: mark}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """One finding for each loop, at its step that stands first in the flow."""
        for loop in view.shared(endless).loops:
            first = min(loop, key=view.places.__getitem__)
            yield self.finding(f"nothing leads out of {_turn(loop)}: it never ends", first)


def _turn(loop: list[str]) -> str:
    shown = [*loop[:LONGEST], "…"] if len(loop) > LONGEST else [*loop, loop[0]]
    return " → ".join(shown)
