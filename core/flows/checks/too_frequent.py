"""Too many messages in too short a time, with no reply between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.view import FlowView, Thresholds
from core.flows.compiled import CompiledStep
from core.flows.timing import DAY, HOUR, timeline

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


class Recent(NamedTuple):
    """How long ago the last messages went out: at least, since the last reply.

    Attributes:
        kept: How many are remembered; what is older than a day is forgotten.
        ages: Seconds, the latest first.
    """

    kept: int
    ages: tuple[int, ...] = ()

    def sent(self, step: CompiledStep) -> Recent:
        """One more."""
        return Recent(self.kept, (0, *self.ages)[: self.kept])

    def waited(self, least: int, most: int) -> Recent:
        """All of them are older."""
        ages = [age + least for age in self.ages if age + least <= DAY]
        return Recent(self.kept, tuple(ages))

    def replied(self) -> Recent:
        """A reply begins the count again."""
        return Recent(self.kept)

    def let_go(self) -> Self:
        """Nothing: without the time of day, the youngest messages cover the others."""
        return self

    def covers(self, other: Recent) -> bool:
        """Whether as many messages went out here, and none of them longer ago."""
        return len(self.ages) >= len(other.ages) and all(
            mine <= theirs for mine, theirs in zip(self.ages, other.ages, strict=False)
        )

    def too_many(self, most: int, span: int) -> bool:
        """Whether one more is more than so many within a span, its last second included."""
        return most == 0 or (len(self.ages) >= most and self.ages[most - 1] <= span)


class TooFrequent(Check):
    """Too many messages in too short a time, with no reply between."""

    id = "too_frequent"
    family = "messages"
    severity = "warning"
    title = "Nobody is written to over and over"
    explanation = (
        "A third message within an hour, or a fourth within a day, with no reply between, drives "
        "people away. Every way through the flow is followed, loops included; messages on all "
        "channels count together, and a reply begins the count again."
    )
    fix = "Wait longer before this step, wait for a reply, or leave a message out."
    example = """
name: Three at once
steps:
  - {id: hello, type: send_web, config: {body: Welcome. Your course is ready for you.}, next: more}
  - {id: more, type: send_web, config: {body: The first lesson takes ten minutes.}, next: again}
  - {id: again, type: send_web, config: {body: The second one is ready as well.}, next: done}
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every step that can send the one message too many."""
        limits = view.thresholds
        kept = max(limits.messages_per_hour, limits.messages_per_day)
        moments = view.shared(timeline).moments(Recent(kept))
        for step_id in sorted(moments, key=view.places.__getitem__):
            words = _worst(moments[step_id], limits)
            if words and step_id not in view.doubtful:
                message = f"“{step_id}” can be the {words}, with no reply between"
                yield self.finding(message, step_id)


def _worst(seen: Iterable[Recent], limits: Thresholds) -> str | None:
    for most, span, words in (
        (limits.messages_per_hour, HOUR, "an hour"),
        (limits.messages_per_day, DAY, "a day"),
    ):
        if any(recent.too_many(most, span) for recent in seen):
            return f"{_ordinal(most + 1)} message within {words}"
    return None


def _ordinal(number: int) -> str:
    return ORDINALS[number - 1] if number <= len(ORDINALS) else f"{number}th"
