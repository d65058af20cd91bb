"""The messages of a flow as one contact would get them, their risks worked out together."""

from __future__ import annotations

from typing import Any, NamedTuple

from core.domain.flows import MESSAGE_CHANNELS
from core.domain.messages import LONGEST_BODY, LONGEST_SUBJECT, MessageDraft
from core.flows.checks.mending import with_step
from core.flows.checks.view import FlowView
from core.flows.compiled import CompiledStep
from core.flows.compiling import NEUTRAL
from core.flows.templates import TemplateError
from core.messages import Limits, spam_risks

SOMEBODY: dict[str, Any] = {
    **NEUTRAL,
    "contact": {
        "first_name": "Joanna",
        "name": "Joanna Miller",
        "tags": [],
        "visits": 1,
        "purchases": 0,
    },
    "links": {
        "unsubscribe": "https://example.org/unsubscribe/7f3a",
        "booking": "https://example.org/book/7f3a",
    },
}
"""A contact with a name and links of usual length."""
MOST = 500_000
"""What all loops of a flow's texts may cost together."""


class Written(NamedTuple):
    """One step's message: the step, and what somebody would read."""

    step: CompiledStep
    draft: MessageDraft


def messages(view: FlowView) -> list[Written]:
    """Every message that the flow's steps send of their own, in the document's order."""
    variables = view.flow.variables if view.flow else {}
    context = {**variables, **SOMEBODY}
    found, left = [], MOST
    for step in view.steps.values():
        left -= sum(template.weight for template in step.templates.values())
        draft = _draft(step, context) if left > 0 else None
        if draft is not None:
            found.append(Written(step, draft))
    return found


def risks(view: FlowView) -> list[tuple[Written, float]]:
    """Every message with its spam risk, all scored at once."""
    written = view.shared(messages)
    scores = spam_risks([one.draft for one in written])
    return list(zip(written, scores.tolist(), strict=True))


def limits(view: FlowView) -> Limits:
    """The flow's thresholds, as the rules of a message take them."""
    given = view.thresholds
    return Limits(given.spam_risk, given.sms_segments, given.subject_length)


def rewritten(view: FlowView, step_id: str, body: str) -> dict[str, Any]:
    """The document with another body in one step."""
    number = view.places[step_id]
    step = view.document["steps"][number]
    return with_step(view.document, number, {**step, "config": {**step["config"], "body": body}})


def _is_blank(step: CompiledStep) -> bool:
    """Whether a message has no words at all, which is the one thing to say of it."""
    return step.type in MESSAGE_CHANNELS and not step.templates["body"].source.strip()


def _draft(step: CompiledStep, context: dict[str, Any]) -> MessageDraft | None:
    if step.channel is None or "body" not in step.templates or _is_blank(step):
        return None
    subject = step.templates.get("subject") or step.templates.get("title")
    try:
        body = step.templates["body"].render(context)[:LONGEST_BODY]
        title = subject.render(context)[:LONGEST_SUBJECT] if subject else ""
    except TemplateError:
        return None
    return MessageDraft(
        channel=step.channel, subject=title if step.channel == "email" else None, body=body
    )
