"""A branch whose condition everybody fulfils."""

from __future__ import annotations

from typing import cast

from core.domain.flows import ConditionConfig
from core.flows.checks.branches import BranchCheck, because, branch_of
from core.flows.checks.view import FlowView
from core.flows.logic.deciding import Verdict


class ConditionAlwaysTrue(BranchCheck):
    """A branch whose condition everybody fulfils."""

    id = "condition_always_true"
    family = "logic"
    severity = "warning"
    title = "Every condition makes a difference"
    explanation = (
        "Everybody who comes here fulfils this condition, so the branches after it, and else, are "
        "never taken. Either it asks for less than was meant, or the step is not needed."
    )
    fix = "Make the condition stricter, or lead the way straight on without it."
    kind = "always"
    needless = False
    example = """
name: A question that is no question
steps:
  - id: sort
    type: condition
    config:
      branches: [{when: contact.visits >= 0, next: warm}]
      else: done
  - {id: warm, type: tag, config: {add: [warm]}, next: done}
  - {id: done, type: end}
"""

    def words(self, view: FlowView, verdict: Verdict) -> str:
        """The branch, what comes of it, and what its names can be."""
        config = cast(ConditionConfig, view.steps[verdict.step_id].config)
        later = len(config.branches) > verdict.branch + 1
        lost = "what comes after it" if later else "else"
        return f"{branch_of(verdict)} always holds, so {lost} is never used{because(verdict)}"
