"""How lopsided values are, from the largest of them and a sample of the others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.store.participant_tails import skewness

RNG = np.random.default_rng(5)
MONEY = np.sort(np.where(RNG.random(400_000) < 0.1, RNG.lognormal(2, 1.2, 400_000), 0.0))


def test_all_values_give_the_skewness_itself() -> None:
    assert skewness(MONEY, len(MONEY), MONEY[::7], None) == pytest.approx(stats.skew(MONEY))


def test_the_largest_and_a_sample_give_about_the_same() -> None:
    sample = RNG.choice(MONEY, 50_000, replace=False)
    found = skewness(MONEY[-4_001:], len(MONEY), sample, None)
    assert found == pytest.approx(stats.skew(MONEY), rel=0.02)


def test_values_count_as_they_are_winsorised() -> None:
    cap = float(MONEY[-4_000])
    found = skewness(MONEY[-8_000:], len(MONEY), RNG.choice(MONEY, 50_000), cap)
    assert found == pytest.approx(stats.skew(np.minimum(MONEY, cap)), rel=0.02)


@pytest.mark.parametrize("values", [[5.0] * 10, [1e308, -1e308, 1.7e308]])
def test_values_that_do_not_differ_or_are_too_large_have_none(values: list[float]) -> None:
    ordered = np.sort(np.array(values))
    assert skewness(ordered, len(ordered), ordered, None) is None
