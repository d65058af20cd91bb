"""Two arms of one metric, ready to be compared: strangers, the same people twice, or quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.domain.errors import Undefined
from core.domain.experiments import Metric, Prior
from core.domain.samples import Estimate, Quantiles, Sample
from core.experiments.numbers import SHARES
from core.experiments.statistics import (
    Posterior,
    Sequential,
    Tested,
    always_valid_between,
    always_valid_pairs,
    always_valid_quantiles,
    beta_binomial,
    estimate,
    estimate_pairs,
    normal_posterior,
    pairing_gain,
    quantile_estimate,
    quantile_tested,
    tested,
    tested_pairs,
    variance_removed,
)


class Contrast(Protocol):
    """One variant against the control; the effect is the variant less the control."""

    @property
    def metric(self) -> Metric:
        """What is compared."""
        ...

    @property
    def people(self) -> int:
        """How many participants it is made from."""
        ...

    @property
    def baseline(self) -> float:
        """The control's value."""
        ...

    def estimate(self, *, relative: bool) -> Estimate:
        """The effect and its standard error."""
        ...

    def tested(self, alpha: float, *, relative: bool) -> Tested:
        """The effect read once."""
        ...

    def always(self, alpha: float, tuning: int, *, relative: bool) -> Sequential:
        """The effect at any time."""
        ...

    def posterior(self, prior: Prior, alpha: float) -> Posterior:
        """What is to be believed of the difference."""
        ...

    def removed(self) -> float | None:
        """The share of variance that what is known beside the arms takes out."""
        ...

    def enough(self, people: int, events: int) -> bool:
        """Whether each arm has so many people, and of yes and no so many of each."""
        ...


@dataclass(frozen=True)
class Apart:
    """Each participant met one variant; ``share`` is the treatment's of both, as designed."""

    metric: Metric
    a: Sample
    b: Sample
    share: float | None = None

    @property
    def people(self) -> int:
        """Both arms'."""
        return self.a.n + self.b.n

    @property
    def baseline(self) -> float:
        """The control's share, mean or ratio."""
        return worth(self.metric, self.a)

    @property
    def _adjusts(self) -> bool:
        """Whether what was measured before says anything: it varies, in both arms."""
        return self.metric.before is not None and all(
            sample.n > 1 and sample.products[-1][-1] > 0 for sample in (self.a, self.b)
        )

    def _arms(self) -> tuple[Sample, Sample]:
        if self._adjusts or self.metric.before is None:
            return self.a, self.b
        kept = range(len(self.a.means) - 1)
        return self.a.part(*kept), self.b.part(*kept)

    def estimate(self, *, relative: bool) -> Estimate:
        """By Welch, or the delta method, adjusted where there is a value from before."""
        a, b = self._arms()
        return estimate(self.metric.kind, a, b, before=self._adjusts, relative=relative)

    def tested(self, alpha: float, *, relative: bool) -> Tested:
        """The same, read once."""
        a, b = self._arms()
        return tested(self.metric.kind, a, b, alpha=alpha, before=self._adjusts, relative=relative)

    def always(self, alpha: float, tuning: int, *, relative: bool) -> Sequential:
        """The asymptotic confidence sequence; exact for few counts."""
        a, b = self._arms()
        return always_valid_between(
            self.metric.kind,
            a,
            b,
            alpha=alpha,
            tuning=tuning,
            before=self._adjusts,
            relative=relative,
            share=self.share,
        )

    def posterior(self, prior: Prior, alpha: float) -> Posterior:
        """Beta-binomial for shares, normal for everything else."""
        if self.metric.kind in SHARES and not self._adjusts:
            return beta_binomial(counts(self.a), counts(self.b), prior, alpha=alpha)
        return _normal(self, prior, alpha)

    def removed(self) -> float | None:
        """By what was measured before."""
        return variance_removed(self.a, self.b, self.metric.kind) if self._adjusts else None

    def enough(self, people: int, events: int) -> bool:
        """In each arm."""
        return all(_enough(self.metric, one, people, events) for one in (self.a, self.b))


@dataclass(frozen=True)
class Together:
    """The same people met both: their differences count."""

    metric: Metric
    pairs: Sample

    @property
    def people(self) -> int:
        """Pairs."""
        return self.pairs.n

    @property
    def _width(self) -> int:
        return 2 if self.metric.per else 1

    def _plain(self) -> Sample:
        """Without what was measured before, which is the same in both."""
        return self.pairs.part(*range(2 * self._width))

    @property
    def baseline(self) -> float:
        """The control's value among the pairs."""
        return worth(self.metric, self.pairs.part(*range(self._width)))

    def estimate(self, *, relative: bool) -> Estimate:
        """By the differences within each person."""
        return estimate_pairs(self.metric.kind, self._plain(), relative=relative)

    def tested(self, alpha: float, *, relative: bool) -> Tested:
        """The same, read once."""
        return tested_pairs(self.metric.kind, self._plain(), alpha=alpha, relative=relative)

    def always(self, alpha: float, tuning: int, *, relative: bool) -> Sequential:
        """The asymptotic confidence sequence of the differences."""
        return always_valid_pairs(
            self.metric.kind, self._plain(), alpha=alpha, tuning=tuning, relative=relative
        )

    def posterior(self, prior: Prior, alpha: float) -> Posterior:
        """Normal, of the differences."""
        return _normal(self, prior, alpha)

    def removed(self) -> float | None:
        """By reading the same person twice."""
        return pairing_gain(self._plain(), self.metric.kind)

    def enough(self, people: int, events: int) -> bool:
        """Among the pairs, in each variant."""
        arms = (self.pairs.part(0), self.pairs.part(self._width))
        return all(_enough(self.metric, one, people, events) for one in arms)


@dataclass(frozen=True)
class Cut:
    """A quantile in each arm."""

    metric: Metric
    a: Quantiles
    b: Quantiles

    @property
    def people(self) -> int:
        """Both arms'."""
        return self.a.n + self.b.n

    @property
    def baseline(self) -> float:
        """The control's quantile."""
        if not self.a.n:
            raise Undefined("Nobody in the control has a value.")
        return self.a.value

    def estimate(self, *, relative: bool) -> Estimate:
        """By the order statistics around each quantile."""
        return quantile_estimate(self.a, self.b, relative=relative)

    def tested(self, alpha: float, *, relative: bool) -> Tested:
        """The same, read once."""
        return quantile_tested(self.a, self.b, alpha=alpha, relative=relative)

    def always(self, alpha: float, tuning: int, *, relative: bool) -> Sequential:
        """The asymptotic confidence sequence."""
        return always_valid_quantiles(self.a, self.b, alpha=alpha, tuning=tuning, relative=relative)

    def posterior(self, prior: Prior, alpha: float) -> Posterior:
        """Normal."""
        return _normal(self, prior, alpha)

    def removed(self) -> float | None:
        """Nothing."""
        return None

    def enough(self, people: int, events: int) -> bool:
        """In each arm."""
        return min(self.a.n, self.b.n) >= people


def _normal(contrast: Contrast, prior: Prior, alpha: float) -> Posterior:
    return normal_posterior(
        contrast.estimate(relative=False),
        prior,
        relative=False,
        alpha=alpha,
        baseline=contrast.baseline,
    )


def _enough(metric: Metric, sample: Sample, people: int, events: int) -> bool:
    if metric.kind not in SHARES or not sample.n:
        return sample.n >= people
    n, x = counts(sample)
    return n >= people and min(x, n - x) >= events


def counts(sample: Sample) -> tuple[int, int]:
    """How many there are, and how many of them did it."""
    return sample.n, round(sample.n * sample.means[0])


def worth(metric: Metric, sample: Sample) -> float:
    """A sample's share, mean or ratio.

    Raises:
        Undefined: If nobody is there, or a ratio's denominator is 0.
    """
    if not sample.n:
        raise Undefined("Nobody has a value.")
    if metric.per is None:
        return sample.means[0]
    if sample.means[1] == 0:
        raise Undefined(f"“{metric.per}” adds up to 0, so there is nothing to divide by.")
    return sample.means[0] / sample.means[1]
