"""A reply that is read where there can be none."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.view import FlowView
from core.flows.logic.gaps import Gap, gaps
from core.flows.logic.wording import way


class ReplyWithoutWait(Check):
    """A reply that is read where there can be none."""

    id = "reply_without_wait"
    family = "logic"
    severity = "warning"
    title = "A reply is read only after a wait"
    explanation = (
        "There is a reply only after a step that waits for one, and not after its time-out. A "
        "condition that reads it elsewhere does not hold, and a message shows a gap."
    )
    fix = "Wait for a reply before, or lead the way without one elsewhere."
    example = """
name: Nobody was asked
steps:
  - id: sort
    type: condition
    config:
      branches: [{when: 'reply.intent == "interested"', next: warm}]
      else: done
  - {id: warm, type: tag, config: {add: [warm]}, next: done}
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every place that reads a reply, or answers one, where there is none."""
        for gap in view.shared(gaps):
            if gap.kind == "twin":
                message = "it answers a reply, but no step before it waits for one"
                yield self.finding(message, gap.step_id)
            elif gap.kind == "reply":
                yield self.finding(f"{gap.where} reads the reply, but {_why(gap)}", gap.step_id)


def _why(gap: Gap) -> str:
    if gap.in_vain:
        return f"after the time-out there is none (on the way {way(gap.path)})"
    if len(gap.path) == 1:
        return "the flow starts here, and no step has waited for one yet"
    return f"on the way {way(gap.path)} no step has waited for one"
