"""Counts that are read as yes or no."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_results import Warned, WarningKind
from core.experiments.warnings.base import Seen


class ReadAsYes:
    """Whoever did it often counts as much as whoever did it once."""

    kind: WarningKind = "read_as_yes"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """By metric."""
        for metric in seen.look.design.metrics:
            if metric.id in seen.look.facts.counts:
                yield Warned(
                    kind=self.kind,
                    severity="info",
                    title=f"{metric.label} holds counts, and is read as yes or no",
                    text=f"'{metric.value}' has values above 1. From 1 on it is a yes: what is "
                    "compared is how many did it at all, and not how often.",
                    fix="Call it a mean if how often matters.",
                    evidence={"metric": metric.id},
                )
