"""Many comparisons at once."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_results import Warned, WarningKind
from core.experiments.groups import treatments
from core.experiments.numbers import percent
from core.experiments.warnings.base import Seen

MANY = 3
"""From so many treatments on."""


class ManyVariants:
    """The more is compared, the more is found by chance."""

    kind: WarningKind = "many_variants"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """With the chance of at least one false alarm, were nothing corrected."""
        design = seen.look.design
        many = len(treatments(design))
        if many < MANY:
            return
        chance = 1 - (1 - design.rule.alpha) ** many
        yield Warned(
            kind=self.kind,
            severity="info",
            title=f"{many} variants are held against the control",
            text=(
                f"If none of them did anything, the chance that at least one looks significant "
                f"would be up to {percent(chance)}. The decision and the corrected p-values (Holm) "
                "take that into account; each interval stands for itself."
            ),
            fix="Read the corrected p-value. Fewer variants need fewer people.",
            evidence={"variants": many, "chance of a false alarm": chance},
        )
