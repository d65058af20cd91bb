"""An e-mail whose subject is not there, or is cut off in the inbox."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.texts import limits, messages
from core.flows.checks.view import FlowView
from core.messages import bad_subject


class BadSubject(Check):
    """An e-mail whose subject is not there, or is cut off in the inbox."""

    id = "bad_subject"
    family = "messages"
    severity = "warning"
    title = "Every e-mail has a subject that fits"
    explanation = (
        "The subject decides whether an e-mail is opened. Inboxes show about 70 characters of it. "
        "Of a coaching step that goes out by e-mail, the title is the subject."
    )
    fix = "Write a subject of at most 70 characters that says what is inside."
    example = """
name: No subject
steps:
  - id: note
    type: send_email
    config: {subject: "", body: "Here is your plan. Unsubscribe: {{ links.unsubscribe }}"}
    next: done
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every e-mail with an empty or overlong subject."""
        for step, draft in view.shared(messages):
            if draft.channel != "email":
                continue
            by_title = hasattr(step.config, "title")
            for found in bad_subject(draft.subject or "", limits(view), by_title=by_title):
                yield self.finding(f"“{step.id}”: {found.message}", step.id, fix=found.fix)
