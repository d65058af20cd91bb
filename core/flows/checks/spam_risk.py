"""A message that filters, and people, would take for spam."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.findings import Finding
from core.domain.messages import MessageDraft
from core.flows.checks.base import Check
from core.flows.checks.texts import limits, risks
from core.flows.checks.view import FlowView
from core.messages import spam_risk, what_raises_it

_NAMED = 3
_EXPLAINED = 20
"""So many messages of a flow are told which words it is; each takes a few milliseconds."""


class SpamRisk(Check):
    """A message that filters, and people, would take for spam."""

    id = "spam_risk"
    family = "messages"
    severity = "warning"
    title = "No message looks like spam"
    explanation = (
        "Filters and people judge a message by its words before they read what it offers. The risk "
        "is learned from real messages, and is the probability that this one is spam, times 100."
    )
    fix = "Say it as you would to a friend: no capitals, no pressure, no prizes."
    example = """
name: Too good to be true
steps:
  - id: prize
    type: send_sms
    config:
      body: "You have won a £1000 cash prize. To claim call 09061701461. Reply STOP to opt out."
    next: done
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every message whose risk is over the threshold."""
        most = limits(view)
        explained = 0
        for (step, draft), risk in view.shared(risks):
            if risk <= most.spam_risk:
                continue
            reasons = _reasons(draft) if explained < _EXPLAINED else []
            explained += 1
            for found in spam_risk(risk, most, reasons):
                yield self.finding(f"“{step.id}”: {found.message}", step.id)


def _reasons(draft: MessageDraft) -> list[str]:
    reasons = what_raises_it(draft)
    return [f"“{word}”" for word in reasons.words[:_NAMED]] + reasons.shapes[:1]
