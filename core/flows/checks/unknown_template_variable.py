"""A message that says something of which nothing is known."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.unset_variable import meant, why
from core.flows.checks.view import FlowView
from core.flows.logic.gaps import Gap, gaps


class UnknownTemplateVariable(Check):
    """A message that says something of which nothing is known."""

    id = "unknown_template_variable"
    family = "logic"
    severity = "warning"
    title = "Messages say only what is known"
    explanation = (
        "This message names something that nothing has set on some way to it. Whoever gets it "
        "reads a gap there. A default keeps the sentence whole."
    )
    fix = "Correct the name, set it before, or give a default: {{ name | default: 'friend' }}."
    example = """
name: A gap in a message
steps:
  - id: offer
    type: send_sms
    config: {body: "Hello, your code is {{ voucher_code }}. Reply STOP to opt out."}
    next: done
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every name without a value, and, as a note, every field that a contact may not have."""
        for gap in view.shared(gaps):
            if gap.in_message and gap.kind != "reply":
                name = ".".join(gap.names)
                message = f"{gap.where} reads “{name}”, but {_why(gap)}"
                if gap.kind == "contact":
                    yield self.finding(message, gap.step_id, fix=DEFAULT, severity="info")
                else:
                    yield self.finding(message, gap.step_id, fix=meant(view, gap))


DEFAULT = "Give a default, or make sure that everybody has it."


def _why(gap: Gap) -> str:
    if gap.kind == "contact":
        return f"not every contact has “{gap.names[1]}”"
    if gap.kind == "field":
        return f"“{gap.names[0]}” has no “{gap.names[1]}”"
    return why(gap)
