"""Fewer people, or days, than were agreed."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_results import Warned, WarningKind
from core.experiments import numbers
from core.experiments.warnings.base import Seen

WEEK = 7


class TooEarly:
    """People who come on a Monday are not like those who come on a Sunday."""

    kind: WarningKind = "too_early"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """People, days, and whether a whole week was seen."""
        yield from self._people(seen)
        yield from self._days(seen)

    def _people(self, seen: Seen) -> Iterator[Warned]:
        look = seen.look
        if look.planned is not None and look.people < look.planned:
            yield self._warned(
                f"{numbers.people(look.people)} of {look.planned:,} planned have taken part",
                "The figures still move. What looks large now will mostly look smaller later.",
                {"people": look.people, "planned": look.planned},
            )
        least, fewest = look.design.rule.least_people, min(look.counts.values(), default=0)
        if fewest < least:
            yield self._warned(
                f"The smallest arm has {numbers.people(fewest)}",
                f"It was agreed that nothing is decided with fewer than {least:,} in an arm.",
                {"people in the smallest arm": fewest, "agreed": least},
            )

    def _days(self, seen: Seen) -> Iterator[Warned]:
        days, least = seen.look.days, seen.look.design.rule.least_days
        if days is None or seen.look.paired:
            return
        if days < least:
            yield self._warned(
                f"{days:.1f} of {least:g} agreed days have passed",
                "It was agreed that nothing is decided earlier.",
                {"days": days, "agreed": least},
            )
        elif 0 < days < WEEK - 1:
            yield self._warned(
                "Less than a whole week was seen",
                f"The first and the last participant are {days:.1f} days apart. Days of the week "
                "differ in who comes and what they do.",
                {"days": days},
            )

    def _warned(
        self, title: str, text: str, evidence: dict[str, float | int | str | None]
    ) -> Warned:
        return Warned(
            kind=self.kind,
            severity="info",
            title=title,
            text=text,
            fix="Let it run on, and change nothing.",
            evidence=evidence,
        )
