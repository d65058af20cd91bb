"""Validation: every check of the catalogue looks at a document, and what they find is weighed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.domain.findings import Finding, Severity
from core.flows.checks import CHECKS, Check, FlowView
from core.flows.compiling import read_document
from core.flows.config import SEVERITIES, ValidationConfig

MOST_OF_A_CHECK = 1_000
"""How many findings of one check are kept."""
LEFT: dict[Severity, float] = {"error": 0.6, "warning": 0.92, "info": 0.99}
"""What a finding leaves of the score."""


@dataclass(frozen=True)
class Validation:
    """What the checks found in a document.

    Attributes:
        findings: Worst first, then in the order of the steps.
        score: From 0 to 100.
        checks: How many checks looked.
    """

    view: FlowView
    findings: Sequence[Finding]
    score: int
    checks: int

    @property
    def valid(self) -> bool:
        """Whether nothing is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    def fails(self, severity: Severity) -> bool:
        """Whether something is as bad as this."""
        bad = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return any(finding.severity in bad for finding in self.findings)

    def can_mend(self, finding: Finding) -> bool:
        """Whether its check knows how to mend a finding."""
        check = _CHECK.get(finding.type)
        return check is not None and check.repair(self.view, finding) is not None

    def mending(self, finding: Finding) -> str:
        """What mending a finding does, in the few words of a button."""
        return _CHECK[finding.type].mending(self.view, finding)


_CHECK: dict[str, Check] = {check.id: check for check in CHECKS}


def validate_document(document: Any, config: ValidationConfig | None = None) -> Validation:
    """Look at a document with every check that is not switched off.

    The score starts at 100; each error leaves 60 % of it, each warning 92 %, each note 99 %. So
    one error weighs as much as six warnings, and a flow with no finding has 100. What is no flow
    at all, because not one step could be read, has 0.

    A document that cannot be read has findings too. A check that fails is our mistake, and raises.
    """
    config = config or ValidationConfig()
    view = FlowView.of(read_document(document), config.thresholds)
    checks = [check for check in CHECKS if config.looks(check)]
    found = [
        config.judged(finding)
        for check in checks
        for finding in islice(check.find(view), MOST_OF_A_CHECK)
    ]
    found.sort(key=lambda one: (SEVERITIES.index(one.severity), _place(view, one)))
    return Validation(view, found, score_of(found) if view.places else 0, len(checks))


def repair(
    document: dict[str, Any], finding: Finding, config: ValidationConfig | None = None
) -> dict[str, Any] | None:
    """The document with a finding mended.

    None where only a person can mend it, where it is no longer there, and where mending it would
    bring an error that was not there before.
    """
    before = validate_document(document, config)
    if finding not in before.findings:
        return None
    mended = _CHECK[finding.type].repair(before.view, finding)
    if mended is None:
        return None
    after = validate_document(mended, config)
    gone = _places(after.findings)[finding.type, finding.step_id]
    left = _places(before.findings)[finding.type, finding.step_id]
    new = _places(_errors(after)) - _places(_errors(before))
    return mended if gone < left and not new else None


def _place(view: FlowView, finding: Finding) -> int:
    """Where a finding's step stands; what is of no step comes first."""
    step_id = finding.step_id
    return -1 if step_id is None else view.places.get(step_id, len(view.places))


def score_of(findings: Sequence[Finding]) -> int:
    """What is left of 100."""
    left = 100.0
    for finding in findings:
        left *= LEFT[finding.severity]
    return round(left)


def _errors(validation: Validation) -> list[Finding]:
    return [finding for finding in validation.findings if finding.severity == "error"]


def _places(findings: Sequence[Finding]) -> Counter[tuple[str, str | None]]:
    """How many findings of each type there are at each step."""
    return Counter((finding.type, finding.step_id) for finding in findings)
