"""A message that nobody asked for, and that can go out while people sleep."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, Self

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.view import FlowView
from core.flows.compiled import CompiledStep
from core.flows.timing import Hours, spoken_time, timeline

NIGHT = {"from": "21:00", "to": "08:00"}


class Called(NamedTuple):
    """Whether a reply calls for a message: since it came, no time has passed.

    A twin's answer is called for by any reply that there ever was, however late it is given.
    """

    ever: bool = False
    now: bool = False

    def sent(self, step: CompiledStep) -> Self:
        """A message changes nothing: a reply may call for two."""
        return self

    def waited(self, least: int, most: int) -> Called:
        """Who waits is no longer answering."""
        return Called(self.ever, False)

    def replied(self) -> Called:
        """A reply calls for an answer."""
        return Called(True, True)

    def let_go(self) -> Self:
        """There is nothing to let go of."""
        return self

    def covers(self, other: Called) -> bool:
        """Whether no reply calls for more here than there."""
        return self.ever <= other.ever and self.now <= other.now

    def calls_for(self, step: CompiledStep) -> bool:
        """Whether a reply called for this step's message."""
        return self.ever if step.type == "twin_reply" else self.now


class QuietHours(Check):
    """A message that nobody asked for, and that can go out while people sleep."""

    id = "quiet_hours"
    family = "messages"
    severity = "warning"
    title = "Nobody is written to at night"
    explanation = (
        "A message that no reply called for, and that can go out between 21:00 and 08:00, wakes "
        "people or annoys them. The clock of a flow starts at 09:00; pauses and waits move it, "
        "and after a pause that follows a reply it may show any time of day. A flow with quiet "
        "hours of its own holds its messages until they end. Every channel counts."
    )
    fix = "Give the flow quiet hours, or wait for a time of day before this step."
    mends = "Add quiet hours, 21:00 to 08:00"
    example = """
name: Twelve hours later
steps:
  - id: hello
    type: send_email
    config:
      subject: Your first lesson is ready
      body: "Here is your first lesson. Unsubscribe: {{ links.unsubscribe }}"
    next: pause
  - {id: pause, type: delay, config: {duration: 12h}, next: evening}
  - id: evening
    type: send_email
    config:
      subject: How was your first lesson
      body: "Tell us how it went. Unsubscribe: {{ links.unsubscribe }}"
    next: done
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every step whose message can go out in the quiet hours, where the flow has none."""
        if view.document.get("quiet_hours") is not None:
            return
        line = view.shared(timeline)
        limits = view.thresholds
        hours = Hours(limits.quiet_from % 1440 * 60, limits.quiet_to % 1440 * 60)
        moments = line.moments(Called(), by_clock=True)
        for step_id in sorted(moments, key=view.places.__getitem__):
            step = view.steps[step_id]
            uncalled = [
                clock for called, clock in moments[step_id].items() if not called.calls_for(step)
            ]
            times = line.dial.inside(reduce(or_, uncalled, 0), hours)
            if times and step_id not in view.doubtful:
                message = f"“{step_id}” can go out {_spoken(*times)}, and no reply called for it"
                yield self.finding(message, step_id)

    def repair(self, view: FlowView, finding: Finding) -> dict[str, Any] | None:
        """The flow with quiet hours."""
        return {**view.document, "quiet_hours": dict(NIGHT)}


def _spoken(first: int, last: int) -> str:
    if first == last:
        return f"at {spoken_time(first)}"
    return f"between {spoken_time(first)} and {spoken_time(last)}"
