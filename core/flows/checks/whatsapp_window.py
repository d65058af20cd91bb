"""A WhatsApp message without a template, outside the 24 hours after a reply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.view import FlowView
from core.flows.compiled import CompiledStep
from core.flows.timing import HOUR, timeline


class LastReply(NamedTuple):
    """How old the last reply may be.

    Attributes:
        window: How many seconds after a reply WhatsApp asks for no template.
        age: Seconds at most, counted until the window has closed; None where there may have been
            no reply at all.
        whatsapp: Whether the last message went out on WhatsApp, so that a reply comes there.
    """

    window: float
    age: int | None = None
    whatsapp: bool = False

    def sent(self, step: CompiledStep) -> LastReply:
        """A twin answers on the channel on which it was written to."""
        on = self.whatsapp if step.type == "twin_reply" else step.channel == "whatsapp"
        return LastReply(self.window, self.age, on)

    def waited(self, least: int, most: int) -> LastReply:
        """The reply is older."""
        if self.age is None or self.age > self.window:
            return self
        age = min(self.age + most, int(self.window) + 1)
        return LastReply(self.window, age, self.whatsapp)

    def replied(self) -> LastReply:
        """There is a new one."""
        return LastReply(self.window, 0, self.whatsapp)

    def let_go(self) -> LastReply:
        """A reply as old as it matters: there are this many ways where a loop lets time pass."""
        return self if self.age is None else self._replace(age=int(self.window) + 1)

    def covers(self, other: LastReply) -> bool:
        """Whether the reply may be as old here, and be answered on WhatsApp."""
        older = self.age is None or (other.age is not None and self.age >= other.age)
        return older and self.whatsapp >= other.whatsapp

    def needs_template(self, step: CompiledStep) -> bool:
        """Whether WhatsApp would refuse this step's message without a template."""
        on = self.whatsapp if step.type == "twin_reply" else step.channel == "whatsapp"
        return on and (self.age is None or self.age > self.window)


class WhatsAppWindow(Check):
    """A WhatsApp message without a template, outside the 24 hours after a reply."""

    id = "whatsapp_window"
    family = "messages"
    severity = "warning"
    title = "On WhatsApp, only an approved template opens a conversation"
    explanation = (
        "WhatsApp delivers free words only in the 24 hours after the person wrote. Before their "
        "first reply, and whenever the last one may be older than that, the message needs an "
        "approved template. Coaching steps and the twin's answers have none."
    )
    fix = "Name an approved template in this step, send it sooner, or use another channel."
    example = """
name: A first message on WhatsApp
steps:
  - id: hello
    type: send_whatsapp
    config: {body: "Hi, your course is ready. Reply STOP to opt out."}
    next: done
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every step without a template whose message WhatsApp can refuse."""
        if not any(step.channel == "whatsapp" for step in view.steps.values()):
            return
        seconds = view.thresholds.whatsapp_hours * HOUR
        moments = view.shared(timeline).moments(LastReply(seconds))
        for step_id in sorted(moments, key=view.places.__getitem__):
            step = view.steps.get(step_id)
            if step is None or str(getattr(step.config, "template", None) or "").strip():
                continue
            ages = [reply.age for reply in moments[step_id] if reply.needs_template(step)]
            if ages:
                yield self.finding(_message(step_id, None in ages, seconds), step_id)


def _message(step_id: str, never: bool, seconds: float) -> str:
    because = (
        "before any reply" if never else f"when the last reply is over {seconds / HOUR:g} hours old"
    )
    return f"“{step_id}” can go out on WhatsApp without a template {because}"
