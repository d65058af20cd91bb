"""Too few to say much."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_results import MetricReading, Severity, Warned, WarningKind
from core.experiments import numbers
from core.experiments.warnings.base import Seen

EVENTS = 20
"""Of those who did it, and of those who did not, in each arm."""
PEOPLE = 30


class SmallCounts:
    """Few events or few people in an arm: intervals are wide, and approximations strain."""

    kind: WarningKind = "small_counts"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """One warning for the primary metric, one for all others."""
        small = [(one, text) for one in seen.look.metrics if (text := _small(seen, one))]
        primary = seen.look.design.primary
        mine = [text for one, text in small if primary and one.metric == primary.id]
        others = [text for one, text in small if not primary or one.metric != primary.id]
        if mine:
            yield self._warned("warning", "The metric that decides has few counts", mine)
        if others:
            yield self._warned("info", "Some metrics have few counts", others)

    def _warned(self, severity: Severity, title: str, texts: list[str]) -> Warned:
        return Warned(
            kind=self.kind,
            severity=severity,
            title=title,
            text=" ".join(texts),
            fix="Let more people take part, or measure something that happens more often.",
            evidence={"metrics": len(texts)},
        )


def _small(seen: Seen, reading: MetricReading) -> str:
    for arm in reading.arms:
        name = seen.look.name(arm.variant)
        if arm.count is not None:
            fewer = min(arm.count, arm.n - arm.count)
            if fewer < EVENTS:
                who = "who did it" if arm.count <= arm.n - arm.count else "who did not"
                return f"{reading.name}: {fewer:,} {who} in {name}, under {EVENTS}."
        elif 0 < arm.n < PEOPLE:
            return f"{reading.name}: {numbers.people(arm.n)} in {name}, under {PEOPLE}."
    return ""
