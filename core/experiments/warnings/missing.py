"""Values that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.errors import Undefined
from core.domain.experiment_results import Warned, WarningKind
from core.domain.experiments import Metric
from core.domain.samples import Sample
from core.experiments import numbers
from core.experiments.groups import treatments
from core.experiments.statistics import tested
from core.experiments.warnings.base import SURE, Seen

MANY = 0.05


class Missing:
    """Who has no value may not be like the others; more so if one arm lacks more of them."""

    kind: WarningKind = "missing"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """By metric, and rows that name nobody."""
        nameless, rows = seen.look.facts.nameless, seen.look.facts.rows
        if nameless:
            yield self._nameless(nameless, rows)
        for metric in seen.look.design.metrics:
            if metric.kind != "quantile":
                yield from self._of(seen, metric)

    def _of(self, seen: Seen, metric: Metric) -> Iterator[Warned]:
        lacks = {id: _lacking(seen, metric, id) for id in seen.look.counts}
        people = sum(one.n for one in lacks.values())
        lacking = sum(round(one.n * one.means[0]) for one in lacks.values())
        if not people or not lacking:
            return
        told = numbers.listed(
            [
                f"{numbers.percent(one.means[0])} in {seen.look.name(id)}"
                for id, one in lacks.items()
            ]
        )
        p = _unequal(seen, lacks)
        if p is not None and p < SURE:
            yield self._uneven(metric, told, p)
        elif lacking / people > MANY:
            yield self._many(metric, told, lacking / people)

    def _uneven(self, metric: Metric, told: str, p: float) -> Warned:
        return Warned(
            kind=self.kind,
            severity="warning",
            title=f"{metric.label} is missing more often in one arm",
            text=(
                f"No value: {told} ({numbers.p_equals(p)}). Those who are "
                "left are then not alike, and the effect may come from who is missing."
            ),
            fix="Find out why values are missing, or count a missing one as none (0).",
            evidence={"metric": metric.id, "p": p},
        )

    def _many(self, metric: Metric, told: str, share: float) -> Warned:
        return Warned(
            kind=self.kind,
            severity="info",
            title=f"{metric.label} is missing for some",
            text=f"No value: {told}. The figures are about those who have one.",
            fix="Find out why values are missing, or count a missing one as none (0).",
            evidence={"metric": metric.id, "share": share},
        )

    def _nameless(self, nameless: int, rows: int) -> Warned:
        share = nameless / rows if rows else 0.0
        return Warned(
            kind=self.kind,
            severity="warning" if share > MANY else "info",
            title="Some rows name no participant or no variant",
            text=(
                f"{numbers.counted(nameless, 'row', 'rows')} of {rows:,} "
                f"({numbers.percent(share)}) are left out."
            ),
            fix="Fill in the participant and the variant at the source, and import again.",
            evidence={"rows": nameless, "share": share},
        )


def _lacking(seen: Seen, metric: Metric, variant: str) -> Sample:
    found = seen.look.group.measured(metric, variant)
    return Sample.of_counts(found.sample.n + found.missing, found.missing)


def _unequal(seen: Seen, lacks: dict[str, Sample]) -> float | None:
    """The smallest p-value of a treatment lacking as many as the control, times how many."""
    control, others = seen.look.design.control_id, treatments(seen.look.design)
    found = []
    for id in others:
        try:
            found.append(tested("proportion", lacks[control or ""], lacks[id]).p)
        except Undefined:
            continue
    return min(found) * len(others) if found else None
