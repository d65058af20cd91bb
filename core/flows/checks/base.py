"""What a check is: an id with its words, and one method that finds where its rule does not hold."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from core.domain.findings import Finding, Severity
from core.flows.checks.view import FlowView

Family = Literal["structure", "logic", "messages"]


class Check(ABC):
    """One rule that a flow should keep.

    Attributes:
        id: The ``type`` of its findings.
        family: Which part of the catalogue it stands in.
        severity: How bad a finding is where nothing else is said.
        title: The rule in a few words.
        explanation: Why it matters, in two or three sentences for a creator.
        fix: What to do about a finding.
        example: A small flow (YAML) that gives exactly this finding, and no other that does not
            follow from it.
        mends: What `repair` does, in the few words of a button.
    """

    id: ClassVar[str]
    family: ClassVar[Family]
    severity: ClassVar[Severity]
    title: ClassVar[str]
    explanation: ClassVar[str]
    fix: ClassVar[str]
    example: ClassVar[str]
    mends: ClassVar[str] = "Apply this fix"

    @abstractmethod
    def find(self, view: FlowView) -> Iterator[Finding]:
        """Where the rule does not hold."""

    def repair(self, view: FlowView, finding: Finding) -> dict[str, Any] | None:
        """The document with the finding mended, None where only a person can mend it."""
        return None

    def mending(self, view: FlowView, finding: Finding) -> str:
        """What mending a finding does, in the few words of a button."""
        return self.mends

    def finding(
        self,
        message: str,
        step_id: str | None = None,
        *,
        fix: str | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this check."""
        return Finding(
            type=self.id,
            severity=severity or self.severity,
            step_id=step_id,
            message=message,
            fix=fix or self.fix,
        )


class ReadingCheck(Check):
    """A rule without which a flow cannot be compiled: reading the document has looked at it."""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """What reading found of this kind."""
        return (one for one in view.complaints if one.type == self.id)
