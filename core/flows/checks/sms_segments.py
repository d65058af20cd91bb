"""An SMS that is sent, and paid, in several parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.texts import limits, messages, rewritten
from core.flows.checks.view import FlowView
from core.messages import segmented, simplified, sms_segments

_TAGS = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)


class SmsSegments(Check):
    """An SMS that is sent, and paid, in several parts."""

    id = "sms_segments"
    family = "messages"
    severity = "warning"
    title = "An SMS fits into one segment"
    explanation = (
        "One SMS holds 160 characters of the GSM alphabet, or 70 once a single sign is not in it, "
        "such as an emoji or a curly quote. What is longer is sent in parts, and each is paid. The "
        "message is measured with a first name of six letters."
    )
    fix = "Shorten it to 160 characters, without emoji and typographic signs."
    mends = "Use plain quotes and dashes"
    example = """
name: One sign too many
steps:
  - id: note
    type: send_sms
    config:
      body: "Your plan is ready – three exercises and one question for you. Reply STOP to opt out."
    next: done
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every SMS of more segments than the threshold."""
        for step, draft in view.shared(messages):
            if draft.channel != "sms":
                continue
            for found in sms_segments(segmented(draft.body), draft.body, limits(view)):
                yield self.finding(f"“{step.id}”: {found.message}", step.id, fix=found.fix)

    def repair(self, view: FlowView, finding: Finding) -> dict[str, Any] | None:
        """Plain quotes and dashes, where they alone make it shorter."""
        for step, draft in view.shared(messages):
            if step.id != finding.step_id or draft.channel != "sms":
                continue
            fewer = segmented(simplified(draft.body)).segments
            if fewer <= limits(view).segments:
                return rewritten(view, step.id, _plain(step.templates["body"].source))
        return None


def _plain(source: str) -> str:
    """A template with plain signs; what stands inside its tags is left as it is."""
    parts = _TAGS.split(source)
    return "".join(part if number % 2 else simplified(part) for number, part in enumerate(parts))
