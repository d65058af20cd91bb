"""A branch that earlier branches leave nobody for."""

from __future__ import annotations

from core.flows.checks.branches import BranchCheck, branch_of
from core.flows.checks.view import FlowView
from core.flows.inspection import spoken_condition
from core.flows.logic.deciding import Verdict
from core.flows.logic.flowing import sources_in
from core.flows.logic.wording import nth


class ShadowedBranch(BranchCheck):
    """A branch that earlier branches leave nobody for."""

    id = "shadowed_branch"
    family = "logic"
    severity = "warning"
    title = "No branch stands behind another"
    explanation = (
        "The first branch that holds is taken. Whoever fulfils this one fulfils an earlier one as "
        "well, so nobody ever comes to it. Most often two branches are in the wrong order."
    )
    fix = "Put it before the branch that hides it, or take it out."
    kind = "shadowed"
    mends = "Take the branch out"
    example = """
name: The wrong order
variables: {price: 49}
steps:
  - {id: count, type: set, config: {values: {score: contact.visits * 2}}, next: sort}
  - id: sort
    type: condition
    config:
      branches:
        - {when: score > 10, next: warm}
        - {when: score > 20, next: hot}
      else: done
  - {id: warm, type: tag, config: {add: [warm]}, next: done}
  - {id: hot, type: tag, config: {add: [hot]}, next: done}
  - {id: done, type: end}
"""

    def words(self, view: FlowView, verdict: Verdict) -> str:
        """The branch, and the one that hides it."""
        behind = "an earlier one"
        if verdict.behind is not None:
            source = sources_in(view.steps[verdict.step_id])[verdict.behind] or ""
            behind = f"the {nth(verdict.behind)} one ({spoken_condition(source)})"
        return f"{branch_of(verdict)} is never taken: whoever fulfils it has left by {behind}"
