"""The named methods for two shares, against statsmodels and scipy, and what must always hold."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)
from statsmodels.stats.proportion import test_proportions_2indep as proportions_test

from core.domain.errors import Undefined
from core.experiments.statistics import Counts, proportions

CASES = [
    Counts(1_000, 80, 1_200, 130),
    Counts(40, 3, 25, 9),
    Counts(10**6, 40, 2 * 10**6, 31),
    Counts(90, 88, 90, 71),
    Counts(500, 7, 400, 1),
]


@pytest.mark.parametrize("counts", CASES, ids=str)
def test_intervals_are_those_of_statsmodels(counts: Counts) -> None:
    given = (counts.x_b, counts.n_b, counts.x_a, counts.n_a)
    ours = {
        ("diff", "wald"): proportions.wald(counts),
        ("diff", "agresti-caffo"): proportions.agresti_caffo(counts),
        ("diff", "newcomb"): proportions.newcombe(counts),
        ("ratio", "log"): proportions.log_ratio(counts),
        ("ratio", "log-adjusted"): proportions.log_ratio(counts, add=0.5),
    }
    for (compare, method), ends in ours.items():
        theirs = confint_proportions_2indep(*given, method=method, compare=compare)
        assert ends == pytest.approx(theirs, rel=1e-9), method


@pytest.mark.parametrize("counts", CASES, ids=str)
def test_p_values_are_those_of_statsmodels_and_scipy(counts: Counts) -> None:
    given = (counts.x_b, counts.n_b, counts.x_a, counts.n_a)
    for method, p in (
        ("wald", proportions.wald_p(counts)),
        ("agresti-caffo", proportions.agresti_caffo_p(counts)),
    ):
        theirs = proportions_test(*given, method=method, compare="diff").pvalue
        assert p == pytest.approx(theirs, rel=1e-9)
    z, p = proportions_ztest([counts.x_b, counts.x_a], [counts.n_b, counts.n_a])
    assert proportions.pooled_z(counts) == pytest.approx(z, rel=1e-9)
    assert proportions.pooled_p(counts) == pytest.approx(p, rel=1e-9)
    assert proportions.pooled_log10_p(counts) == pytest.approx(math.log10(p), rel=1e-9)
    fisher = stats.fisher_exact(counts.table).pvalue
    assert proportions.fisher_p(counts) == pytest.approx(fisher, rel=1e-9)


@pytest.mark.parametrize(("n", "x"), [(10, 3), (1, 0), (1, 1), (400, 0), (400, 400), (10**6, 7)])
def test_one_share(n: int, x: int) -> None:
    wilson = proportion_confint(x, n, method="wilson")
    exact = proportion_confint(x, n, method="beta")
    assert proportions.wilson(n, x) == pytest.approx(wilson, abs=1e-12)
    assert proportions.clopper_pearson(n, x) == pytest.approx(exact, rel=1e-9)


def test_blaker_as_published() -> None:
    low, high = proportions.blaker(10, 3)
    assert (low, high) == pytest.approx((0.0872644, 0.6194107), abs=1e-6)


@given(st.integers(1, 400), st.data())
@settings(max_examples=60, deadline=None)
def test_blaker_lies_inside_clopper_and_pearson(n: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n))
    low, high = proportions.blaker(n, x)
    most = proportions.clopper_pearson(n, x)
    assert most[0] - 1e-9 <= low <= x / n <= high <= most[1] + 1e-9


def test_the_logarithm_of_p_where_p_underflows() -> None:
    counts = Counts(10**9, 4 * 10**8, 10**9, 5 * 10**8)
    assert proportions.pooled_p(counts) == 0
    assert -5e6 < proportions.pooled_log10_p(counts) < -1e6


def test_fisher_stays_exact_among_a_billion() -> None:
    counts = Counts(10**9, 0, 10**9, 3)
    assert proportions.fisher_p(counts) == pytest.approx(0.25, rel=1e-6)


@pytest.mark.parametrize(
    "given", [(0, 0, 10, 1), (10, 1, 0, 0), (10, 11, 10, 1), (10, -1, 10, 1)], ids=str
)
def test_counts_that_cannot_be_are_refused(given: tuple[int, int, int, int]) -> None:
    with pytest.raises(Undefined):
        Counts(*given)


def test_nothing_relative_to_nobody() -> None:
    counts = Counts(100, 0, 100, 5)
    with pytest.raises(Undefined, match="Nobody in the control"):
        _ = counts.relative
    with pytest.raises(Undefined):
        proportions.wilson_ratio(counts)
    with pytest.raises(Undefined, match="no spread"):
        proportions.pooled_z(Counts(10, 0, 20, 0))


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    n_a, n_b = draw(st.integers(1, 5_000)), draw(st.integers(1, 5_000))
    return Counts(n_a, draw(st.integers(0, n_a)), n_b, draw(st.integers(0, n_b)))


@given(counts())
@settings(deadline=None)
def test_swapping_the_arms_turns_the_interval(one: Counts) -> None:
    other = Counts(one.n_b, one.x_b, one.n_a, one.x_a)
    low, high = proportions.newcombe(one)
    turned = proportions.newcombe(other)
    assert (-high, -low) == pytest.approx(turned, abs=1e-12)
    assert low <= one.difference <= high
    assert -1 <= low <= high <= 1


@given(counts())
@settings(deadline=None)
def test_counting_those_who_did_not_turns_the_interval(one: Counts) -> None:
    other = Counts(one.n_a, one.n_a - one.x_a, one.n_b, one.n_b - one.x_b)
    low, high = proportions.newcombe(one)
    assert (-high, -low) == pytest.approx(proportions.newcombe(other), abs=1e-12)
    assert proportions.fisher_p(one) == pytest.approx(proportions.fisher_p(other), rel=1e-6)


@given(counts().filter(lambda one: one.x_a > 0))
@settings(deadline=None)
def test_both_intervals_agree_about_no_effect(one: Counts) -> None:
    difference, ratio = proportions.newcombe(one), proportions.wilson_ratio(one)
    assert ratio[0] <= one.b / one.a + 1e-9
    assert one.b / one.a <= ratio[1] + 1e-9
    for at, sign in ((0, 1), (1, -1)):
        if abs(difference[at]) > 1e-9:
            assert (sign * difference[at] > 0) == (sign * (ratio[at] - 1) > 0)
