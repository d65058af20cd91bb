"""What one arm's value is, and how it moves when each of its sums moves.

A metric's value is a smooth function of an arm's means. Its variance is the gradient, the units'
covariances, and the gradient again (the delta method: Deng, Knoblich & Lu, KDD 2018, eq. 4), for a
plain mean, a ratio of two sums, and either of them with a covariate taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind
from core.domain.samples import Sample

ROUNDING = 1e-12
"""What is left of a variance, if it is less, is rounding."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm's metric.

    Attributes:
        n: How many units.
        value: The metric as it is.
        variance: Of one unit's contribution to ``adjusted``.
        adjusted: The metric less what the covariate explains; ``value`` without one.
        shared: How ``value`` and ``adjusted`` vary together, a unit.
        plain: The variance of ``value``, a unit.
    """

    n: int
    value: float
    adjusted: float
    variance: float
    shared: float
    plain: float

    @property
    def error(self) -> float:
        """The variance of ``adjusted`` itself."""
        return self.variance / self.n


def arms(kind: MetricKind, a: Sample, b: Sample, *, before: bool) -> tuple[Arm, Arm]:
    """Both arms' metric, with one covariate coefficient for both where there is a covariate.

    Raises:
        Undefined: If an arm has fewer than two units, or a ratio's denominator adds up to 0.
    """
    for sample, who in ((a, "control"), (b, "treatment")):
        if sample.n < 2:
            there = "one participant" if sample.n else "nobody"
            raise Undefined(f"The {who} has {there}; at least 2 are needed.")
    slope = theta(kind, a, b) if before else 0.0
    return _arm(kind, a, slope, before=before), _arm(kind, b, slope, before=before)


def theta(kind: MetricKind, a: Sample, b: Sample) -> float:
    """How much of the covariate is taken out (Deng, Xu, Kohavi & Walker, WSDM 2013, eq. 4).

    Made from both arms together, so that it is the same in both and the effect stays unbiased; 0
    where the covariate does not vary.
    """
    together = a + b
    spread = together.covariance(-1, -1)
    return (
        covariance_along(together, gradient(kind, together), _last(together)) / spread
        if spread > 0
        else 0
    )


def gradient(kind: MetricKind, sample: Sample) -> tuple[float, ...]:
    """How the metric moves with each of the sample's means.

    Raises:
        Undefined: If a ratio's denominator adds up to 0.
    """
    rest = len(sample.means)
    if kind != "ratio":
        return (1.0,) + (0.0,) * (rest - 1)
    if not sample.means[1]:
        raise Undefined("What the ratio is per adds up to 0.")
    value = sample.means[0] / sample.means[1]
    return (1 / sample.means[1], -value / sample.means[1]) + (0.0,) * (rest - 2)


def value_of(kind: MetricKind, sample: Sample) -> float:
    """The metric in one arm.

    Raises:
        Undefined: If nobody is there, or a ratio's denominator adds up to 0.
    """
    if not sample.n:
        raise Undefined("Nobody is there.")
    if kind != "ratio":
        return sample.means[0]
    if not sample.means[1]:
        raise Undefined("What the ratio is per adds up to 0.")
    return sample.means[0] / sample.means[1]


def variance_along(sample: Sample, way: Sequence[float]) -> float:
    """The units' variance of a sum of their values, weighted by ``way``; never below 0."""
    return max(covariance_along(sample, way, way), 0.0)


def covariance_along(sample: Sample, one: Sequence[float], other: Sequence[float]) -> float:
    """How two such sums vary together, a unit."""
    return sum(
        g * h * sample.covariance(i, j)
        for i, g in enumerate(one)
        if g
        for j, h in enumerate(other)
        if h
    )


def _arm(kind: MetricKind, sample: Sample, slope: float, *, before: bool) -> Arm:
    plain = gradient(kind, sample)
    value = value_of(kind, sample)
    if not before:
        variance = variance_along(sample, plain)
        return Arm(sample.n, value, value, variance, variance, variance)
    way = (*plain[:-1], plain[-1] - slope)
    whole, left = variance_along(sample, plain), variance_along(sample, way)
    return Arm(
        sample.n,
        value,
        value - slope * sample.means[-1],
        left if left > ROUNDING * whole else 0.0,
        covariance_along(sample, plain, way),
        whole,
    )


def _last(sample: Sample) -> tuple[float, ...]:
    return (0.0,) * (len(sample.means) - 1) + (1.0,)
