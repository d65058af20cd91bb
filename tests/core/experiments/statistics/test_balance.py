"""Sample-ratio mismatch: when to stop, and when not to cry wolf."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from core.domain.errors import Undefined
from core.experiments.statistics import sample_ratio


def test_large_counts_are_a_chi_square() -> None:
    counts, weights = [41_000, 20_300, 20_150], [2, 1, 1]
    found = sample_ratio(counts, weights)
    people = sum(counts)
    theirs = stats.chisquare(counts, [people / 2, people / 4, people / 4]).pvalue
    assert found.p == pytest.approx(theirs, rel=1e-9)
    assert found.deviation == pytest.approx(abs(20_150 / (people / 4) - 1))


def test_small_counts_are_exact() -> None:
    assert sample_ratio([5, 2], [1, 1]).p == pytest.approx(stats.binomtest(5, 7).pvalue)
    found = sample_ratio([6, 1, 2], [0.5, 0.25, 0.25])
    ways = [(i, j, 9 - i - j) for i in range(10) for j in range(10 - i)]
    law = stats.multinomial(9, [0.5, 0.25, 0.25])
    here = law.pmf((6, 1, 2))
    assert found.p == pytest.approx(sum(p for w in ways if (p := law.pmf(w)) <= here * (1 + 1e-9)))
    assert "multinomial" in found.method
    many = sample_ratio([1, 0, 2, 1, 0, 1, 0, 1, 2, 0, 1, 0], [1] * 12)
    assert 0 < many.p <= 1


def test_an_alarm_needs_more_than_a_trifle() -> None:
    large = sample_ratio([100_200_000, 99_800_000], [1, 1])
    assert large.p < 1e-6
    assert not large.mismatch
    assert sample_ratio([100_200_000, 99_800_000], [1, 1], least=0.001).mismatch
    assert sample_ratio([5_300, 4_700], [1, 1]).mismatch
    assert not sample_ratio([5_060, 4_940], [1, 1]).mismatch


def test_designed_ratios_are_no_alarm() -> None:
    assert not sample_ratio([9_010, 990], [0.9, 0.1]).mismatch
    assert sample_ratio([9_000, 1_000], [1, 1]).mismatch
    assert not sample_ratio([70, 20, 10], [7, 2, 1]).mismatch


def test_empty_arms_and_strays_are_an_alarm() -> None:
    assert sample_ratio([0, 12], [1, 1]).mismatch
    assert sample_ratio([40, 45, 0], [1, 1, 1]).mismatch
    assert not sample_ratio([0, 2], [1, 1]).mismatch
    stray = sample_ratio([500, 500, 3], [1, 1, 0])
    assert stray.mismatch
    assert stray.deviation == pytest.approx(3 / 1003)
    assert not sample_ratio([500, 500, 0], [1, 1, 0]).mismatch
    assert sample_ratio([77], [1]).p == 1


@pytest.mark.parametrize(
    ("counts", "weights"),
    [([0, 0], [1, 1]), ([1, 2], [0, 0]), ([1], [1, 1]), ([-1, 3], [1, 1]), ([1, 3], [1, -1])],
)
def test_what_cannot_be_is_refused(counts: list[int], weights: list[float]) -> None:
    with pytest.raises(Undefined):
        sample_ratio(counts, weights)


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=6).filter(sum), st.floats(1e-3, 1e3))
@settings(deadline=None)
def test_the_order_and_the_unit_of_weights_do_not_matter(counts: list[int], unit: float) -> None:
    weights = [1.0 + i for i in range(len(counts))]
    found = sample_ratio(counts, weights)
    turned = sample_ratio(counts[::-1], [unit * one for one in weights[::-1]])
    assert 0 <= found.p <= 1
    assert turned.p == pytest.approx(found.p, rel=1e-6, abs=1e-12)
    assert turned.deviation == pytest.approx(found.deviation, rel=1e-6, abs=1e-9)
