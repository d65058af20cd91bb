"""How an experiment stands when it is looked at: what a rule may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.domain.experiment_results import Advice, Effect, MetricReading, Span, Warned
from core.domain.experiments import Design, Metric, Rule
from core.experiments.effects import in_good_direction


@dataclass(frozen=True)
class Standing:
    """One look.

    Attributes:
        design: What was decided beforehand.
        metric: The primary metric.
        reading: Its figures.
        others: Every metric's figures.
        people: Participants in all variants.
        fewest: Participants in the smallest arm.
        planned: How many participants were planned; None where nobody said.
        number: Which look it is.
        earlier: Participants at each earlier look.
        days: How long it has been going.
        warnings: What is wrong with the data.
        rivals: One treatment against another, in the primary metric.
        engine: Who simulated the people; None for real ones.
        said: The advice of the look before this one.
    """

    design: Design
    metric: Metric
    reading: MetricReading
    others: tuple[MetricReading, ...]
    people: int
    fewest: int
    planned: int | None
    number: int
    earlier: tuple[int, ...]
    days: float | None
    warnings: tuple[Warned, ...]
    rivals: Callable[[str, str], Effect]
    engine: str | None = None
    said: Advice | None = None

    @property
    def rule(self) -> Rule:
        """The rule chosen beforehand."""
        return self.design.rule

    @property
    def baseline(self) -> float | None:
        """The control's value."""
        return self.reading.arms[0].value if self.reading.arms else None

    def name(self, variant: str) -> str:
        """What a variant is called."""
        found = self.design.variant(variant)
        return found.label if found else variant

    def gain(self, effect: Effect) -> float:
        """The effect, where more is better; 0 where there is none."""
        span = effect.absolute or (effect.always.absolute if effect.always else None)
        if span is None:
            return 0.0
        return span.value if self.metric.better == "higher" else -span.value

    def within_least(self, span: Span | None, relative: Span | None) -> bool:
        """Whether an interval leaves no room for a difference worth having, either way."""
        low, high, least = self.room(span, relative)
        return -least < low and high < least

    def room(self, span: Span | None, relative: Span | None) -> tuple[float, float, float]:
        """An interval where more is better, and the least difference worth having, in its units.

        The relative one counts where the control's value is above 0; else the difference itself
        is held against the least relative difference of the control's value.
        """
        least, baseline = self.rule.least, self.baseline
        if relative is not None and baseline is not None and baseline > 0:
            return *in_good_direction(self.metric, relative), least
        if span is None or baseline is None:
            return float("-inf"), float("inf"), least
        return *in_good_direction(self.metric, span), least * abs(baseline)
