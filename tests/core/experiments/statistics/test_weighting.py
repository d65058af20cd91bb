"""Honest means after a bandit."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.errors import Undefined
from core.domain.samples import Sample
from core.experiments.statistics import (
    Batch,
    inverse_probability,
    thompson_shares,
    weighted_difference,
    weighted_ratio,
)


def batch(shares: tuple[float, ...], *counts: tuple[int, int]) -> Batch:
    """One batch of yes and no."""
    return Batch(shares, tuple(Sample.of_counts(*one) for one in counts))


def test_one_even_batch_is_the_plain_mean() -> None:
    found = inverse_probability([batch((0.5, 0.5), (100, 20), (100, 40))], once=True)
    assert [one.value for one in found] == pytest.approx([0.2, 0.4])
    assert found[0].se == pytest.approx(0.04, rel=0.02)
    assert found[0].widening == 1 and "once" in found[0].method


def test_even_batches_stay_the_plain_mean() -> None:
    """Equal probabilities throughout: every participant weighs the same."""
    batches = [batch((0.5, 0.5), (100, 20), (100, 40)), batch((0.5, 0.5), (100, 30), (100, 40))]
    found = inverse_probability(batches)
    assert found[0].value == pytest.approx(0.25, abs=1e-9)
    assert found[0].naive == 0.25
    assert found[0].widening > 1 and "always" in found[0].method


def test_a_starved_arm_is_put_right() -> None:
    """By hand: guess 0.1, then 10 of 20 at a probability of 0.1 in a batch of 200."""
    batches = [batch((0.5, 0.5), (100, 10), (100, 40)), batch((0.1, 0.9), (20, 10), (180, 72))]
    found = inverse_probability(batches)[0]
    weights = 0.5**0.5, 0.1**0.5
    scores = 200 * 0.1, 200 * 0.1 + 20 * 0.4 / 0.1
    expected = sum(w * s for w, s in zip(weights, scores, strict=True)) / (200 * sum(weights))
    assert found.value == pytest.approx(expected)


def test_differences_and_ratios() -> None:
    a, b = inverse_probability([batch((0.5, 0.5), (1000, 200), (1000, 300))])
    gap = weighted_difference(a, b)
    assert gap.value == pytest.approx(0.1)
    assert gap.low < 0.1 < gap.high
    narrow = weighted_difference(a, b, alpha=0.5)
    assert narrow.high - narrow.low < gap.high - gap.low
    ratio = weighted_ratio(a, b)
    assert ratio.value == pytest.approx(0.5)
    assert (ratio.low > 0) == (gap.low > 0)
    assert gap.estimate.n == 2000


@pytest.mark.parametrize(
    "batches",
    [
        [],
        [batch((0.5, 0.5), (0, 0), (0, 0))],
        [batch((0.5, 0.5), (1, 0), (50, 5))],
        [batch((0.5, 0.5), (50, 0), (50, 5))],
        [batch((0.0, 1.0), (50, 5), (50, 5))],
    ],
)
def test_refusals(batches: list[Batch]) -> None:
    with pytest.raises(Undefined):
        inverse_probability(batches)


def test_a_ratio_to_nothing() -> None:
    a, b = inverse_probability([batch((0.5, 0.5), (100, 1), (100, 30))])
    with pytest.raises(Undefined):
        weighted_ratio(a, b)


def test_intervals_hold_after_a_bandit() -> None:
    """150 bandits whose arms are equal; the plain mean is too low, the interval holds."""
    rng = np.random.default_rng(2)
    held, plain = 0, 0.0
    for _ in range(150):
        known, batches = [Sample.none()] * 2, []
        for _ in range(6):
            shares = thompson_shares(known, kind="proportion")
            counts = rng.multinomial(100, shares)
            arms = tuple(Sample.of_counts(int(n), int(rng.binomial(n, 0.3))) for n in counts)
            batches.append(Batch(tuple(shares), arms))
            known = [one + two for one, two in zip(known, arms, strict=True)]
        found = inverse_probability(batches)[0]
        held += found.low <= 0.3 <= found.high
        plain += found.naive - 0.3
    assert held >= 0.95 * 150
    assert plain < 0
