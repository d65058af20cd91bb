"""What may be said after a bandit chose: means that stay honest although luck drew participants.

A plain mean after adaptive assignment is too low on average, since an arm that began with bad luck
is sent nobody to put it right. Here every participant is weighed by the probability with which they
were sent where they went, and batches by how much these probabilities let them tell (adaptively
weighted AIPW: Hadad, Hirshberg, Zhan, Wager & Athey, PNAS 118, 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from core.domain.errors import Undefined
from core.domain.samples import Estimate, Sample
from core.experiments.statistics.sequential import radius

METHOD = "adaptively weighted inverse probabilities (Hadad et al. 2021), always valid"
ONCE = "adaptively weighted inverse probabilities (Hadad et al. 2021), read once"


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of a bandit.

    Attributes:
        shares: The probability of each arm in it, decided before it began.
        arms: What came of it, by arm; the metric is the first value.
    """

    shares: tuple[float, ...]
    arms: tuple[Sample, ...]

    @property
    def n(self) -> int:
        """Its participants."""
        return sum(one.n for one in self.arms)


@dataclass(frozen=True, slots=True)
class Weighted:
    """An arm's value, or a difference, after adaptive assignment.

    Attributes:
        value: The honest value.
        low: Its interval's lower end.
        high: Its upper end.
        se: Its standard error.
        n: How many participants it is made from.
        naive: The plain mean (or difference of means).
        widening: How many times wider than the interval for one look.
    """

    value: float
    low: float
    high: float
    se: float
    n: int
    naive: float
    widening: float = 1.0

    @property
    def method(self) -> str:
        """The method's name."""
        return METHOD if self.widening > 1 else ONCE

    @property
    def estimate(self) -> Estimate:
        """The same, for posteriors."""
        return Estimate(self.value, self.se, float("inf"), self.n)


def inverse_probability(
    batches: Sequence[Batch], *, alpha: float = 0.05, tuning: int | None = None, once: bool = False
) -> list[Weighted]:
    """Each arm's honest value and interval after a bandit.

    Hadad et al. (2021), eqs. 5 and 7, with the weights of constant allocation (the root of the
    arm's probability, eq. 11). A participant's score is the arm's mean in earlier batches, put
    right by what they did over their probability; in an arm's first batch its own mean takes that
    place.

    Args:
        batches: In order of time.
        alpha: One less the interval's coverage.
        tuning: The number of participants at which intervals are narrowest; those that came where
            it is not given.
        once: Whether to give the narrower interval of one look at a planned end.

    Raises:
        Undefined: Without batches, with a probability of 0 for somebody who came, or for an arm
            with fewer than two participants or no spread.
    """
    if not batches:
        raise Undefined("The bandit has sent nobody anywhere yet.")
    people = sum(one.n for one in batches)
    if not people:
        raise Undefined("The bandit has sent nobody anywhere yet.")
    one_look = _quantile(1 - alpha / 2)
    tuned = people if tuning is None else tuning
    widening = 1.0 if once else radius(people, alpha=alpha, tuning=tuned) / one_look
    return [_arm(batches, at, one_look, widening) for at in range(len(batches[0].arms))]


def weighted_difference(a: Weighted, b: Weighted, *, alpha: float = 0.05) -> Weighted:
    """The difference b - a after a bandit (Hadad et al. 2021, section 5: variances add up)."""
    se = sqrt(a.se**2 + b.se**2)
    value, half = b.value - a.value, a.widening * _quantile(1 - alpha / 2) * se
    naive = b.naive - a.naive
    return Weighted(value, value - half, value + half, se, a.n + b.n, naive, a.widening)


def weighted_ratio(a: Weighted, b: Weighted, *, alpha: float = 0.05) -> Weighted:
    """The relative effect b / a - 1 after a bandit, by Fieller's interval.

    Raises:
        Undefined: If the control's value is not clearly other than 0.
    """
    bound = a.widening * _quantile(1 - alpha / 2)
    lead = a.value**2 - (bound * a.se) ** 2
    if lead <= 0 or not a.naive:
        raise Undefined("The control's value is not clearly other than 0.")
    middle = a.value * b.value
    root = sqrt(max(0.0, middle**2 - lead * (b.value**2 - (bound * b.se) ** 2)))
    ratio = b.value / a.value
    return Weighted(
        value=ratio - 1,
        low=(middle - root) / lead - 1,
        high=(middle + root) / lead - 1,
        se=sqrt(b.se**2 + (ratio * a.se) ** 2) / abs(a.value),
        n=a.n + b.n,
        naive=b.naive / a.naive - 1,
        widening=a.widening,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One arm in one batch: the batch's participants, the arm's probability and sums, and what
    earlier batches say its mean is."""

    n: int
    share: float
    arm: Sample
    guess: float

    @property
    def weight(self) -> float:
        return sqrt(self.share)

    @property
    def score(self) -> float:
        """The sum of scores."""
        return self.n * self.guess + self.arm.n * (self.arm.means[0] - self.guess) / self.share

    def spread(self, value: float) -> float:
        """The sum of squares of the scores' distances from a value."""
        others = (self.n - self.arm.n) * (self.guess - value) ** 2
        shift = self.arm.means[0] - self.guess + self.share * (self.guess - value)
        own = (self.arm.products[0][0] + self.arm.n * shift**2) / self.share**2
        return others + own

    def expected(self, value: float, variance: float) -> float:
        """The same, as it is on average if participants vary so much."""
        missed = (1 - self.share) / self.share * (value - self.guess) ** 2
        return self.n * (variance / self.share + missed)


def _arm(batches: Sequence[Batch], at: int, one_look: float, widening: float) -> Weighted:
    known = Sample.none(len(batches[0].arms[at].means))
    parts = []
    for batch in batches:
        arm, share = batch.arms[at], batch.shares[at]
        if arm.n and not 0 < share <= 1:
            raise Undefined("Somebody was sent where the bandit sent nobody.")
        if batch.n and share > 0 and (known.n or arm.n):
            guess = known.means[0] if known.n else arm.means[0]
            parts.append(_Part(batch.n, share, arm, guess))
        known = known + arm
    if known.n < 2:
        raise Undefined("Fewer than two participants were sent to this variant.")
    if not known.products[0][0] > 0:
        raise Undefined("Nobody in this variant differs from anybody, so it has no interval.")
    return _weighed(parts, known, one_look, widening)


def _weighed(parts: Sequence[_Part], known: Sample, one_look: float, widening: float) -> Weighted:
    """The weighted mean; its variance is the larger of the scores' own and what the arm's common
    spread gives, since the former is too small where luck was bad."""
    total = sum(one.n * one.weight for one in parts)
    value = sum(one.weight * one.score for one in parts) / total
    own = sum(one.weight**2 * one.spread(value) for one in parts)
    common = sum(one.weight**2 * one.expected(value, known.variance()) for one in parts)
    se = sqrt(max(own, common)) / total
    half = widening * one_look * se
    return Weighted(value, value - half, value + half, se, known.n, known.means[0], widening)


def _quantile(p: float) -> float:
    from scipy import special

    return float(special.ndtri(p))
