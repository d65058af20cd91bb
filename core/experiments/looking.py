"""Everything that is known at one look, before it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from core.domain.experiment_results import Advice, Effect, MetricReading, Warned
from core.domain.experiments import Design
from core.domain.samples import DataFacts
from core.experiments.effects import Terms, effect_of
from core.experiments.groups import Group, by_variant, in_order
from core.experiments.reading import Readings
from core.experiments.standing import Standing

DAY = 86_400


@dataclass(frozen=True)
class Look:
    """One look.

    Attributes:
        design: What was decided beforehand.
        readings: The sums.
        facts: What is true of the data beside their figures.
        group: Everyone's sums.
        metrics: Every metric's figures, the primary one first.
        terms: What every figure shares.
        planned: How many participants were planned; None where nobody said.
        number: Which look it is, from 1.
        earlier: Participants at each earlier look.
        said: The advice of the look before this one.
    """

    design: Design
    readings: Readings
    facts: DataFacts
    group: Group
    metrics: tuple[MetricReading, ...]
    terms: Terms
    planned: int | None
    number: int
    earlier: tuple[int, ...]
    said: Advice | None = None

    @cached_property
    def counts(self) -> dict[str, int]:
        """Participants by variant, the control first."""
        return {id: self.group.people(id) for id in in_order(self.design)}

    @property
    def paired(self) -> bool:
        """Whether everyone met every variant."""
        return self.design.assignment.how == "paired"

    @property
    def people(self) -> int:
        """Participants of all variants; each once."""
        counts = list(self.counts.values())
        return max(counts, default=0) if self.paired else sum(counts)

    @property
    def days(self) -> float | None:
        """From the first participant to the last."""
        first, last = self.facts.first, self.facts.last
        if first is None or last is None:
            return None
        return (last - first).total_seconds() / DAY

    def name(self, variant: str) -> str:
        """What a variant is called."""
        found = self.design.variant(variant)
        return found.label if found else variant

    def standing(self, warnings: tuple[Warned, ...], engine: str | None) -> Standing:
        """What a rule may know; the design has a primary metric and two variants."""
        metric = self.design.primary
        assert metric is not None
        return Standing(
            design=self.design,
            metric=metric,
            reading=next(one for one in self.metrics if one.metric == metric.id),
            others=self.metrics,
            people=self.people,
            fewest=min(self.counts.values(), default=0),
            planned=self.planned,
            number=self.number,
            earlier=self.earlier,
            days=self.days,
            warnings=warnings,
            rivals=self._rivals,
            engine=engine,
            said=self.said,
        )

    def _rivals(self, a: str, b: str) -> Effect:
        """Treatment ``b`` against treatment ``a``, in the primary metric."""
        metric = self.design.primary
        assert metric is not None
        group = self.group
        if self.paired:
            cells = self.readings.pairs(self.design, a, b)
            group = Group(group.cells, by_variant(cells), group.quantiles)
        plain = Group(group.cells, group.pairs if self.paired else {}, group.quantiles)
        return effect_of(b, plain.contrast(metric, a, b), self.terms, bayes=False)
