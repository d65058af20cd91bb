"""People with a variant that the design does not know."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_results import Warned, WarningKind
from core.experiments import numbers
from core.experiments.warnings.base import Seen

SHOWN = 5


class UnknownVariant:
    """They are left out; how many there are says whether that matters."""

    kind: WarningKind = "unknown_variant"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """All of them in one warning."""
        unknown = seen.look.facts.unknown
        people = sum(unknown.values())
        if not people:
            return
        largest = sorted(unknown.items(), key=lambda one: (-one[1], one[0]))
        named = [f"“{name}” ({numbers.people(n)})" for name, n in largest[:SHOWN]]
        nobody = not any(seen.look.counts.values())
        more = f" and {len(largest) - SHOWN} more" if len(largest) > SHOWN else ""
        yield Warned(
            kind=self.kind,
            severity="stop" if nobody else "warning",
            title=f"{'All' if nobody else 'Some'} people are in a variant that the design does not "
            "know",
            text=(f"{numbers.people(people)} left out: {numbers.listed(named)}{more}."),
            fix=(
                "If one of these is a variant under another name, give that name as the variant's "
                "value; if it is a real arm, add it before the experiment starts."
            ),
            evidence={"people": people, "variants": len(unknown)},
        )
