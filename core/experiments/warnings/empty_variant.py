"""A variant that nobody came to."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_results import Warned, WarningKind
from core.experiments import numbers
from core.experiments.warnings.base import SURE, Seen


class EmptyVariant:
    """A stop once chance can no longer explain it."""

    kind: WarningKind = "empty_variant"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """Each variant that has a share but nobody in it.

        Where everybody was left out, another warning says why.
        """
        look = seen.look
        total = sum(one.weight for one in look.design.variants)
        people = look.people
        if not people and (look.facts.unknown or look.facts.in_many):
            return
        for variant in look.design.variants:
            if look.counts.get(variant.id) or variant.weight <= 0 or total <= 0:
                continue
            chance = (1 - variant.weight / total) ** people
            stop = people > 0 and (chance < SURE or look.paired)
            yield Warned(
                kind=self.kind,
                severity="stop" if stop else "info",
                title=f"Nobody is in {variant.label}",
                text=_text(variant.label, variant.in_data, people, stop=stop),
                fix=(
                    f"Check that the data call this variant “{variant.in_data}”, and that people "
                    "are sent to it."
                ),
                evidence={"variant": variant.id, "people in the others": people},
            )


def _text(label: str, in_data: str, people: int, *, stop: bool) -> str:
    if not people:
        return f"Nobody has come to {label} yet."
    others = f"{numbers.people(people)} came to the others"
    if not stop:
        return f"Nobody has come to {label} yet; {others}."
    return f"{others}, nobody to {label} (“{in_data}” in the data). That is not chance."
