"""What the checks on a condition's branches share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.mending import with_step
from core.flows.checks.view import FlowView
from core.flows.inspection import spoken_condition
from core.flows.logic.deciding import Kind, Verdict, verdicts
from core.flows.logic.wording import described, nth


class BranchCheck(Check):
    """A rule on single branches.

    Attributes:
        kind: What a branch is that breaks it.
        needless: Whether such a branch can be taken out without anybody going another way.
    """

    kind: ClassVar[Kind]
    needless: ClassVar[bool] = True

    @abstractmethod
    def words(self, view: FlowView, verdict: Verdict) -> str:
        """What is wrong with a branch."""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every branch that breaks the rule."""
        return (finding for finding, _ in self._found(view))

    def repair(self, view: FlowView, finding: Finding) -> dict[str, Any] | None:
        """Take the branch out, where it is not the only one."""
        for one, verdict in self._found(view):
            if self.needless and one == finding:
                return _without(view, verdict)
        return None

    def _found(self, view: FlowView) -> Iterator[tuple[Finding, Verdict]]:
        for verdict in view.shared(verdicts):
            if verdict.kind == self.kind:
                yield self.finding(self.words(view, verdict), verdict.step_id), verdict


def branch_of(verdict: Verdict) -> str:
    """A branch in words: ``the second branch of “sort” (score is > 20)``."""
    condition = spoken_condition(verdict.source)
    return f"the {nth(verdict.branch)} branch of “{verdict.step_id}” ({condition})"


def because(verdict: Verdict) -> str:
    """What the names can be that a condition reads."""
    known = described(verdict.values)
    return f": {known}" if known else ""


def _without(view: FlowView, verdict: Verdict) -> dict[str, Any] | None:
    number = view.places[verdict.step_id]
    step = view.document["steps"][number]
    branches = step["config"]["branches"]
    if len(branches) < 2:
        return None
    kept = [branch for place, branch in enumerate(branches) if place != verdict.branch]
    return with_step(
        view.document, number, {**step, "config": {**step["config"], "branches": kept}}
    )
