"""Whether a few people make the figures."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.domain.experiment_results import Warned, WarningKind
from core.domain.experiments import Metric
from core.domain.samples import Sample, Tail
from core.experiments import numbers
from core.experiments.statistics import claims, enough_for_normal
from core.experiments.warnings.base import Seen

ONE = 0.05
"""One person with this share of all variance: a normal approximation wants none to have much
(Lindeberg's condition)."""
FEW = 100
"""Among fewer people one always has much of the variance; that it is too early says more."""
TOP = 0.25
"""The top 1 % of people with this share of the sum."""


class Outliers:
    """One person with most of the variance, one in a hundred with much of the sum, or values too
    lopsided for a normal approximation (Kohavi et al., KDD 2014, rule 7)."""

    kind: WarningKind = "outliers"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """For each metric whose values can be long-tailed."""
        for metric in seen.look.design.metrics:
            tail = seen.look.facts.tails.get(metric.id)
            if tail is None or metric.kind in numbers.SHARES or metric.kind == "quantile":
                continue
            sample = _all(seen, metric)
            share = _share_of_variance(sample, tail)
            if tail.capped or tail.cap is not None:
                yield self._capped(metric, tail)
            elif share is not None and share > ONE:
                yield self._one(metric, tail, share)
            elif tail.top_share is not None and TOP < tail.top_share < math.inf:
                yield self._top(metric, tail.top_share)
            if tail.skewness is not None and not seen.look.paired:
                yield from self._lopsided(seen, metric, tail.skewness)

    def _lopsided(self, seen: Seen, metric: Metric, skewness: float) -> Iterator[Warned]:
        fewest = min(seen.look.group.measured(metric, id).sample.n for id in seen.look.counts)
        if fewest < FEW or claims(fewest, skewness):
            return
        needed = enough_for_normal(skewness)
        yield Warned(
            kind=self.kind,
            severity="warning",
            title=f"The values of {metric.label} are too lopsided for so few people",
            text=(
                f"A mean of such values (skewness {numbers.digits(skewness)}) is normal enough "
                f"for its interval from about {numbers.people(needed)} in an arm on; the smallest "
                f"arm has {fewest:,}. The interval and the p-value for one look may be wrong more "
                "often than they say."
            ),
            fix=(
                "Rely on the always-valid interval, which held for such values in simulations. "
                "For the next experiment decide beforehand to winsorise this metric."
            ),
            evidence={
                "metric": metric.id,
                "skewness": skewness,
                "people in the smallest arm": fewest,
                "needed": needed,
            },
        )

    def _one(self, metric: Metric, tail: Tail, share: float) -> Warned:
        return Warned(
            kind=self.kind,
            severity="warning",
            title=f"One person moves {metric.label}",
            text=(
                f"The largest value, {numbers.plain(tail.largest or 0.0)}, makes up "
                f"{numbers.percent(share)} of all the variance of {metric.label}. With this person "
                "or without, the result may be another one, and the interval is not to be trusted."
            ),
            fix=(
                "Find out whether this value is real. For the next experiment decide beforehand to "
                "winsorise this metric (0.99 or 0.999), or measure a share instead of a mean."
            ),
            evidence={"metric": metric.id, "largest": tail.largest, "share of variance": share},
        )

    def _top(self, metric: Metric, share: float) -> Warned:
        return Warned(
            kind=self.kind,
            severity="info",
            title=f"A few people make up {metric.label}",
            text=(
                f"One person in a hundred makes up {numbers.percent(share)} of the sum of "
                f"{metric.label}. Means of such values need many people to be told apart."
            ),
            fix="Decide beforehand to winsorise this metric (0.99 or 0.999) to need fewer people.",
            evidence={"metric": metric.id, "share of the top 1 %": share},
        )

    def _capped(self, metric: Metric, tail: Tail) -> Warned:
        return Warned(
            kind=self.kind,
            severity="info",
            title=f"Large values of {metric.label} were cut",
            text=(
                f"{numbers.counted(tail.capped, 'value', 'values')} of {metric.label} above "
                f"{numbers.plain(tail.cap or 0.0)} count as that much, as decided beforehand."
            ),
            evidence={"metric": metric.id, "cap": tail.cap, "values": tail.capped},
        )


def _all(seen: Seen, metric: Metric) -> Sample:
    sample = Sample.none()
    for id in seen.look.counts:
        sample = sample + seen.look.group.measured(metric, id).sample.part(0)
    return sample


def _share_of_variance(sample: Sample, tail: Tail) -> float | None:
    if sample.n < FEW or tail.largest is None:
        return None
    spread = sample.products[0][0]
    distance = tail.largest - sample.means[0]
    share = distance * distance / spread if spread > 0 else math.nan
    return min(share, 1.0) if math.isfinite(share) else None
