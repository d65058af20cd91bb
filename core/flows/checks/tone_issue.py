"""A message that attacks the person who reads it."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.texts import messages
from core.flows.checks.view import FlowView
from core.messages import tone_issue, tone_of


class ToneIssue(Check):
    """A message that attacks the person who reads it."""

    id = "tone_issue"
    family = "messages"
    severity = "warning"
    title = "No message attacks"
    explanation = (
        "Blame, threats, insults and shouting cost more trust than any reply is worth. Who is "
        "attacked leaves, or complains."
    )
    fix = "Say what you need, and leave out blame, threats and shouting."
    example = """
name: An angry reminder
steps:
  - id: angry
    type: send_web
    config: {body: "Stop ignoring me. This is your final warning, answer me or else."}
    next: done
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every message whose tone is aggressive."""
        for step, draft in view.shared(messages):
            for found in tone_issue(tone_of(draft.body, draft.subject)):
                yield self.finding(f"“{step.id}”: {found.message}", step.id)
