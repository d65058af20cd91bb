"""Whether as many people came to each variant as the design says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.domain.errors import Undefined

EXPECTED = 5.0
"""Below it, in any arm, chi-square is not to be trusted."""


@dataclass(frozen=True, slots=True)
class Balance:
    """How the arms' numbers fit the design.

    Attributes:
        p: How often chance alone gives something as odd, or odder.
        method: How that was made.
        mismatch: Whether to stop: too odd for chance, and off by more than the least deviation; or
            nobody in an arm that should have people.
        deviation: The largest deviation of an arm from its design, relative to the design. Where an
            arm has people and no share, the part of all people who are there.
    """

    p: float
    method: str
    mismatch: bool
    deviation: float


def sample_ratio(
    counts: Sequence[int], weights: Sequence[float], *, alpha: float = 0.001, least: float = 0.005
) -> Balance:
    """Sample-ratio mismatch (Fabijan et al., KDD 2019).

    Args:
        counts: Participants by arm.
        weights: The design's, in any unit.
        alpha: The p-value under which it is too odd. It is small because an experiment is looked
            at often, and an alarm stops it.
        least: The least relative deviation that matters, so that a thousandth of a part among 10^8
            people is no alarm. Half a percent by default.

    Raises:
        Undefined: If nobody came, or the design gives nobody a share.
    """
    people = _checked(counts, weights)
    used = [(count, weight) for count, weight in zip(counts, weights, strict=True) if weight > 0]
    strays = people - sum(count for count, _ in used)
    if strays:
        return Balance(0.0, "people in an arm without a share", True, strays / people)
    share = math.fsum(weight for _, weight in used)
    expected = [weight / share * people for _, weight in used]
    observed = [count for count, _ in used]
    p, method = _odds(observed, expected)
    deviation = max(abs(o - e) / e for o, e in zip(observed, expected, strict=True))
    empty = any(o == 0 and e >= EXPECTED for o, e in zip(observed, expected, strict=True))
    return Balance(p, method, empty or (p < alpha and deviation >= least), deviation)


def chi_square(observed: Sequence[int], expected: Sequence[float]) -> tuple[float, float]:
    """Pearson's statistic and its p-value; one arm alone always fits."""
    from scipy.special import chdtrc

    statistic = math.fsum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True))
    return statistic, float(chdtrc(len(observed) - 1, statistic)) if len(observed) > 1 else 1.0


def binomial_p(count: int, people: int, share: float) -> float:
    """The exact two-sided p-value of one arm's number."""
    from scipy.stats import binomtest

    return min(float(binomtest(count, people, share).pvalue), 1.0)


def _checked(counts: Sequence[int], weights: Sequence[float]) -> int:
    if len(counts) != len(weights):
        raise Undefined("There are not as many weights as arms.")
    if any(count < 0 for count in counts):
        raise Undefined("An arm has fewer than 0 participants.")
    if any(not (math.isfinite(weight) and weight >= 0) for weight in weights):
        raise Undefined("A weight is not a number, or is below 0.")
    if not sum(counts):
        raise Undefined("Nobody has come yet.")
    if not any(weights):
        raise Undefined("The design gives no variant a share.")
    return sum(counts)


def _odds(observed: list[int], expected: list[float]) -> tuple[float, str]:
    people = sum(observed)
    if len(observed) == 2 and (min(expected) < EXPECTED or people <= 1_000):
        return binomial_p(observed[0], people, expected[0] / people), "exact binomial test"
    if len(observed) > 2 and min(expected) < EXPECTED:
        return _multinomial_p(observed, expected)
    return chi_square(observed, expected)[1], "chi-square test"


def _multinomial_p(observed: list[int], expected: list[float]) -> tuple[float, str]:
    """The exact multinomial test where it can be enumerated; else arm by arm, with Bonferroni."""
    people = sum(observed)
    shares = tuple(e / people for e in expected)
    if math.comb(people + len(observed) - 1, len(observed) - 1) <= 50_000:
        return _enumerated(tuple(observed), shares), "exact multinomial test"
    least = min(binomial_p(o, people, s) for o, s in zip(observed, shares, strict=True))
    return min(least * len(observed), 1.0), "exact binomial tests, arm by arm"


@lru_cache(maxsize=64)
def _enumerated(observed: tuple[int, ...], shares: tuple[float, ...]) -> float:
    logs = [math.log(share) for share in shares]

    def weight(counts: Sequence[int]) -> float:
        chance = math.lgamma(sum(counts) + 1)
        return chance + sum(
            k * log - math.lgamma(k + 1) for k, log in zip(counts, logs, strict=True)
        )

    def ways(left: int, arms: int) -> list[list[int]]:
        if arms == 1:
            return [[left]]
        return [[k, *rest] for k in range(left + 1) for rest in ways(left - k, arms - 1)]

    limit = weight(observed) + 1e-9
    chances = (weight(way) for way in ways(sum(observed), len(observed)))
    return min(math.fsum(math.exp(one) for one in chances if one <= limit), 1.0)
