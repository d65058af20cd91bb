"""A difference beside the control's value, and how both vary together: for relative intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind
from core.domain.samples import Sample
from core.experiments.statistics import ratios

COUNTED = ("proportion", "retention")


@dataclass(frozen=True, slots=True)
class Contrast:
    """A difference, the control's value, and how both vary: what a relative interval needs.

    Attributes:
        difference: b - a.
        base: a.
        variance: Of the difference.
        base_variance: Of a.
        covariance: Of both.
        n: How many units.
        pooled: The difference's variance if both arms vary alike (pairs of yes and no: if there is
            no difference); 0 where there is no such thing.
    """

    difference: float
    base: float
    variance: float
    base_variance: float
    covariance: float
    n: int
    pooled: float = 0.0

    def careful(self) -> Contrast:
        """The same with the larger of both variances, apart and pooled: the spread of a small arm
        is guessed too small as long as its tail has not come."""
        if not 0 < self.variance < self.pooled:
            return self
        more = self.pooled / self.variance
        return replace(
            self,
            variance=self.pooled,
            base_variance=more * self.base_variance,
            covariance=more * self.covariance,
        )


def contrast(kind: MetricKind, a: Sample, b: Sample, *, before: bool = False) -> Contrast:
    """Two arms' difference, and how it varies together with the control's value.

    A ratio is made linear at its arm's own values (the delta method; Deng, Knoblich & Lu, KDD
    2018, eq. 4); a covariate is taken out with one slope for both arms (Deng, Xu, Kohavi & Walker,
    WSDM 2013, eq. 4).
    """
    if min(a.n, b.n) < 2:
        raise Undefined("Two participants in each variant are the least that can vary.")
    one, two = (_linear(kind, sample, before=before) for sample in (a, b))
    slope = _slope(one, two) if before else 0.0
    spread = [
        sample.variance(0) - 2 * slope * sample.covariance(0, 1) + slope**2 * sample.variance(1)
        if before
        else sample.variance(0)
        for sample in (one, two)
    ]
    shift = slope * (two.means[1] - one.means[1]) if before else 0.0
    shared = one.variance(0) - slope * one.covariance(0, 1) if before else one.variance(0)
    return Contrast(
        difference=two.means[0] - one.means[0] - shift,
        base=one.means[0],
        variance=spread[0] / one.n + spread[1] / two.n,
        base_variance=one.variance(0) / one.n,
        covariance=-shared / one.n,
        n=one.n + two.n,
        pooled=_pooled(one, two, spread),
    )


def pair_contrast(kind: MetricKind, pairs: Sample) -> Contrast:
    """Pairs' difference, and how it varies together with the control's value."""
    if pairs.n < 2:
        raise Undefined("Two pairs are the least that can vary.")
    k = len(pairs.means) // 2
    weights_a, base = _weights(kind, pairs, 0)
    weights_b, other = _weights(kind, pairs, k)
    minus = [two - one for one, two in zip(weights_a, weights_b, strict=True)]
    spread = _form(pairs, minus, minus) / pairs.n
    return Contrast(
        difference=other - base,
        base=base,
        variance=spread,
        base_variance=_form(pairs, weights_a, weights_a) / pairs.n,
        covariance=_form(pairs, minus, weights_a) / pairs.n,
        n=pairs.n,
        pooled=spread + (other - base) ** 2 / pairs.n if kind in COUNTED else 0.0,
    )


def fieller(of: Contrast, bound: float) -> tuple[float, float]:
    """All r for which the difference less r times the base is within ``bound`` errors of 0.

    Raises:
        Undefined: If the base is not clearly above 0.
    """
    _, low, high = ratios.fieller(
        of.difference, of.base, of.variance, of.base_variance, of.covariance, bound
    )
    return low, high


def _linear(kind: MetricKind, sample: Sample, *, before: bool) -> Sample:
    """The metric as one value, with what was before beside it."""
    weights, value = _weights(kind, sample, 0)
    if not before:
        return Sample(sample.n, (value,), ((_products(sample, weights, weights),),))
    last = [0.0] * (len(sample.means) - 1) + [1.0]
    both = _products(sample, weights, last)
    return Sample(
        sample.n,
        (value, sample.means[-1]),
        ((_products(sample, weights, weights), both), (both, _products(sample, last, last))),
    )


def _weights(kind: MetricKind, sample: Sample, at: int) -> tuple[list[float], float]:
    """How the metric moves with each of the sample's means, and its value."""
    weights = [0.0] * len(sample.means)
    if kind != "ratio":
        weights[at] = 1.0
        return weights, sample.means[at]
    top, per = sample.means[at], sample.means[at + 1]
    if per == 0:
        raise Undefined("A ratio to nothing has no value: its second number adds up to 0.")
    weights[at], weights[at + 1] = 1 / per, -top / per**2
    return weights, top / per


def _products(sample: Sample, left: list[float], right: list[float]) -> float:
    return sum(
        one * two * sample.products[i][j]
        for i, one in enumerate(left)
        for j, two in enumerate(right)
        if one and two
    )


def _form(sample: Sample, left: list[float], right: list[float]) -> float:
    return _products(sample, left, right) / (sample.n - 1)


def _pooled(one: Sample, two: Sample, spread: list[float]) -> float:
    """The difference's variance with one spread for both arms."""
    inside = (one.n - 1) * spread[0] + (two.n - 1) * spread[1]
    return inside / (one.n + two.n - 2) * (1 / one.n + 1 / two.n)


def _slope(one: Sample, two: Sample) -> float:
    spread = one.products[1][1] + two.products[1][1]
    return (one.products[0][1] + two.products[0][1]) / spread if spread > 0 else 0.0
