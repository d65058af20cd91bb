"""Yes or no, read once: what may be called significant, and what may not."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from core.domain.errors import Undefined
from core.domain.samples import Sample
from core.experiments.statistics import Counts, arm_interval, counted
from core.experiments.statistics import Tested as Reading
from core.experiments.statistics import tested as read_once
from core.experiments.statistics.yes_no import EXACT_BELOW, SMALL, count_p
from core.experiments.statistics.yes_no import tested_counts as read_counts


def read(n_a: int, x_a: int, n_b: int, x_b: int, *, relative: bool = False) -> Reading:
    a, b = Sample.of_counts(n_a, x_a), Sample.of_counts(n_b, x_b)
    return read_once("proportion", a, b, relative=relative)


@pytest.mark.parametrize("given", [(12, 2, 12, 6), (9, 0, 9, 3), (1, 0, 1, 1), (15, 15, 14, 11)])
def test_small_counts_are_not_called_significant(given: tuple[int, int, int, int]) -> None:
    """Welch's t calls some of these significant; the exact test does not."""
    found = read(*given)
    assert found.p > 0.05
    assert found.low <= 0 <= found.high


def test_small_counts_have_an_exact_p() -> None:
    p, name = count_p(Counts(12, 2, 12, 7))
    assert p == pytest.approx(stats.boschloo_exact([[2, 7], [10, 5]]).pvalue, rel=1e-9)
    assert "Boschloo" in name
    p, name = count_p(Counts(3_000, 0, 2_000, 4))
    assert p == pytest.approx(stats.fisher_exact([[0, 4], [3_000, 1_996]]).pvalue, rel=1e-9)
    assert "Fisher" in name


@pytest.mark.parametrize(
    ("given", "relative"),
    [((500, 0, 500, 0), None), ((60, 60, 50, 50), 0.0), ((800, 9, 700, 0), -1.0)],
)
def test_nobody_and_everybody_have_an_answer(
    given: tuple[int, int, int, int], relative: float | None
) -> None:
    found = read(*given)
    assert found.low <= found.value <= found.high
    if relative is None:
        with pytest.raises(Undefined, match="Nobody in the control"):
            read(*given, relative=True)
    else:
        assert read(*given, relative=True).value == pytest.approx(relative)


def test_a_billion_people_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        near = read(10**9, 50_000_000, 10**9, 50_010_000)
        far = read(10**9, 4 * 10**8, 10**9, 6 * 10**8)
        few = read(10**9, 2, 10**9, 9)
    assert near.p == pytest.approx(0.3047, abs=2e-3)
    assert 0 < far.p < 1e-300
    assert few.p == pytest.approx(stats.binomtest(2, 11, 0.5).pvalue, rel=1e-4)


@given(st.integers(1, 300), st.integers(1, 300), st.data())
@settings(deadline=None)
def test_an_interval_holds_no_effect_where_the_test_does_not_deny_it(
    n_a: int, n_b: int, data: st.DataObject
) -> None:
    counts = Counts(n_a, data.draw(st.integers(1, n_a)), n_b, data.draw(st.integers(0, n_b)))
    if max(n_a, n_b) <= SMALL and counts.least_expected < EXACT_BELOW:
        return
    for relative in (False, True):
        found = read_counts(counts, relative=relative)
        assert found.low - 1e-9 <= found.value <= found.high + 1e-9
        assert found.p < 0.05 or found.low <= 0 <= found.high


def test_the_share_of_one_arm() -> None:
    value, low, high = arm_interval("proportion", Sample.of_counts(200, 3))
    assert value == pytest.approx(0.015)
    assert 0 < low < value < high < 0.05
    assert arm_interval("proportion", Sample.of_counts(7, 0))[1] == 0
    with pytest.raises(Undefined):
        arm_interval("proportion", Sample.none())


def test_one_share_covers_well_where_people_are_few() -> None:
    """Exact coverage, over all outcomes, never under 95 %."""
    ends = [arm_interval("proportion", Sample.of_counts(60, x))[1:] for x in range(61)]
    for rate in np.linspace(0.01, 0.99, 50):
        weights = stats.binom.pmf(np.arange(61), 60, rate)
        held = sum(w for w, (low, high) in zip(weights, ends, strict=True) if low <= rate <= high)
        assert held >= 0.95 - 1e-9


def test_values_that_are_not_yes_or_no_are_read_as_means() -> None:
    a = Sample.from_sums(50, [60.0], [[200.0]])
    assert counted(a, Sample.of_counts(50, 20)) is None
    assert "Welch" in read_once("proportion", a, Sample.of_counts(50, 20)).method
    assert counted(Sample.of_counts(50, 1), Sample.of_counts(50, 20)) == Counts(50, 1, 50, 20)
