"""Thompson sampling: who is sent where next, and what choosing has cost.

The share of an arm is its probability of being the best (Thompson, Biometrika 25, 1933), by
quadrature and not by draws, so that the same data give the same shares. Each arm keeps a floor, so
that what it is worth can still be told afterwards (``weighting``).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind, Prior
from core.domain.samples import Estimate, Sample
from core.experiments.statistics.bayes import FLAT, Rate, best_of, best_of_posteriors
from core.experiments.statistics.contrasts import COUNTED

FLOOR = 0.1
"""The share of participants that is spread over all arms, whatever they look like."""
FEWEST = 2


def thompson_shares(
    arms: Sequence[Sample],
    *,
    kind: MetricKind,
    floor: float = FLOOR,
    lower: bool = False,
    prior: Prior = FLAT,
) -> list[float]:
    """Each arm's share of the next batch.

    Yes and no by Beta posteriors; everything else by normal ones with the arms' common variance,
    and evenly until every arm has two participants and somebody differs from somebody.

    Args:
        arms: What is known of each arm so far; the metric is the first value.
        kind: What is measured.
        floor: How much is spread evenly, whatever the arms look like.
        lower: Whether the lowest is the best.
        prior: Of rates.

    Raises:
        Undefined: Without arms, or with a floor that is no share.
    """
    if not arms:
        raise Undefined("There are no variants to choose from.")
    if not 0 <= floor <= 1:
        raise Undefined("The floor is a share, between 0 and 1.")
    even = floor / len(arms)
    return [(1 - floor) * one + even for one in _best(arms, kind, lower=lower, prior=prior)]


def regret(values: Sequence[float], people: Sequence[int], *, lower: bool = False) -> float:
    """What was lost against sending everybody to the best arm.

    Args:
        values: What each arm is worth a participant.
        people: How many were sent to each.
        lower: Whether the lowest is the best.
    """
    best = (min if lower else max)(values)
    return sum(n * abs(best - one) for n, one in zip(people, values, strict=True))


def even_regret(values: Sequence[float], people: int, *, lower: bool = False) -> float:
    """What an even split of as many participants would have lost."""
    each = people / len(values)
    best = (min if lower else max)(values)
    return sum(each * abs(best - one) for one in values)


def _best(arms: Sequence[Sample], kind: MetricKind, *, lower: bool, prior: Prior) -> list[float]:
    if len(arms) == 1:
        return [1.0]
    if kind in COUNTED:
        rates = [_rate(one, prior) for one in arms]
        return best_of_posteriors(rates, lower=lower)
    freedom = sum(one.n - 1 for one in arms if one.n)
    spread = sum(one.products[0][0] for one in arms)
    if min(one.n for one in arms) < FEWEST or not spread > 0:
        return [1 / len(arms)] * len(arms)
    variance = spread / freedom
    known = [Estimate(one.means[0], sqrt(variance / one.n), freedom, one.n) for one in arms]
    return best_of(known, lower=lower)


def _rate(sample: Sample, prior: Prior) -> Rate:
    did = round(sample.n * sample.means[0])
    return Rate(did + prior.alpha, sample.n - did + prior.beta)
