"""A branch whose condition nobody can fulfil."""

from __future__ import annotations

from core.flows.checks.branches import BranchCheck, because, branch_of
from core.flows.checks.view import FlowView
from core.flows.logic.deciding import Verdict


class ConditionNeverTrue(BranchCheck):
    """A branch whose condition nobody can fulfil."""

    id = "condition_never_true"
    family = "logic"
    severity = "warning"
    title = "Every branch can be fulfilled"
    explanation = (
        "Nobody can fulfil this condition, so nobody takes this branch. Its parts contradict each "
        "other, it asks for a value that its name can never have, or it mixes kinds of values, "
        "which raises an error each time."
    )
    fix = "Correct the condition, or take the branch out."
    kind = "never"
    example = """
name: A contradiction
steps:
  - id: ask
    type: assessment
    config:
      channel: web
      body: "A short question. Reply STOP to opt out."
      questions: [{id: energy, text: "Energy from 1 to 10?", kind: scale, min: 1, max: 10}]
    next: sort
  - id: sort
    type: condition
    config:
      branches:
        - {when: answers.energy > 8 && answers.energy < 3, next: odd}
        - {when: answers.energy >= 5, next: fit}
      else: done
  - {id: odd, type: tag, config: {add: [odd]}, next: done}
  - {id: fit, type: tag, config: {add: [fit]}, next: done}
  - {id: done, type: end}
"""

    def words(self, view: FlowView, verdict: Verdict) -> str:
        """The branch, and what its names can be."""
        return f"{branch_of(verdict)} can never hold{because(verdict)}"
