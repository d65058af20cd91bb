"""Always-valid figures: gbstats' own, exact counts, Fieller, and what peeking does to them."""

from __future__ import annotations

from itertools import pairwise
from math import floor, inf, isfinite, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.domain.errors import Undefined
from core.domain.samples import Estimate, Quantiles, Sample
from core.experiments.statistics import (
    always_valid,
    always_valid_between,
    always_valid_counts,
    always_valid_pairs,
    always_valid_quantiles,
    too_early,
)
from core.experiments.statistics.contrasts import contrast, fieller
from core.experiments.statistics.counting import coin_evidence
from core.experiments.statistics.sequential import radius

COUNTS = st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@pytest.mark.parametrize(
    ("value", "se", "n", "low", "high", "p"),
    [
        (0.006, 0.003168027777655998, 20_000, -0.003906784471, 0.015906784471, 1.0),
        (0.4, 0.18439088914585774, 20, -2.179803878984, 2.979803878984, 0.9448118430378061),
        (0.3930003930, 0.15990973044257317, 2000, -0.106522279471, 0.892523065512, 0.20555189338),
    ],
)
def test_equals_gbstats_at_a_tuning_of_5000(
    value: float, se: float, n: int, low: float, high: float, p: float
) -> None:
    found = always_valid(Estimate(value, se, inf, n), tuning=5000)
    assert (found.low, found.high, found.p) == pytest.approx((low, high, p), rel=1e-8)
    assert found.widening == pytest.approx((high - low) / (2 * 1.959963984540054 * se), rel=1e-6)


@settings(deadline=None)
@given(st.floats(-50, 50), st.integers(1, 10**9), st.integers(1, 10**9), st.floats(0.001, 0.4))
def test_p_and_interval_agree(z: float, n: int, tuning: int, alpha: float) -> None:
    found = always_valid(Estimate(z, 1.0, inf, n), tuning=tuning, alpha=alpha)
    assume(abs(found.p - alpha) > 1e-9)
    assert (found.p < alpha) == (not found.low <= 0 <= found.high)
    assert 0 < found.p <= 1
    assert found.widening is not None and found.widening > 1


def test_the_interval_is_narrowest_at_its_tuning() -> None:
    widths = {n: radius(n, alpha=0.05, tuning=1000) / sqrt(n) * sqrt(n) for n in (100, 1000, 9000)}
    assert min(widths, key=lambda n: widths[n]) == 1000


def test_no_sequence_without_spread_or_people() -> None:
    for bad in (
        Estimate(0.0, 0.0, inf, 10),
        Estimate(float("nan"), 1.0, inf, 10),
        Estimate(1.0, 1.0, inf, 0),
    ):
        with pytest.raises(Undefined):
            always_valid(bad, tuning=100)
    with pytest.raises(Undefined):
        always_valid(Estimate(1.0, 1.0, inf, 5), tuning=0)


def test_enough_counts_are_read_like_gbstats() -> None:
    a, b = Sample.of_counts(10_000, 500), Sample.of_counts(10_000, 560)
    found = always_valid_between("proportion", a, b, tuning=5000)
    assert (found.low, found.high) == pytest.approx((-0.003906784, 0.015906784), rel=1e-3)
    assert not found.exact


def test_few_counts_are_read_exactly() -> None:
    a, b = Sample.of_counts(1000, 0), Sample.of_counts(1000, 30)
    found = always_valid_between("proportion", a, b, tuning=2000)
    assert found.exact and found.widening is None
    assert found.p < 0.01
    with pytest.raises(Undefined, match="relative"):
        always_valid_between("proportion", a, b, tuning=2000, relative=True)


def test_one_participant_each_says_nothing() -> None:
    found = always_valid_counts((1, 0), (1, 1), tuning=100)
    assert found.p == pytest.approx(1)
    assert found.low < 0


@settings(max_examples=30, deadline=None)
@given(COUNTS, COUNTS)
def test_counts_always_have_an_answer(a: tuple[int, int], b: tuple[int, int]) -> None:
    found = always_valid_counts(a, b, tuning=1000)
    assert -1 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert 0 < found.p <= 1
    other = always_valid_counts(b, a, tuning=1000)
    assert other.p == pytest.approx(found.p, rel=1e-3)
    assert (other.low, other.high) == pytest.approx((-found.high, -found.low), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(COUNTS, COUNTS, st.booleans())
def test_two_arms_are_answered_or_refused(
    a: tuple[int, int], b: tuple[int, int], relative: bool
) -> None:
    one, two = Sample.of_counts(*a), Sample.of_counts(*b)
    try:
        found = always_valid_between("proportion", one, two, tuning=10**4, relative=relative)
    except Undefined:
        assert relative and a[1] * (a[0] - a[1]) < 10**5 * a[0]
        return
    assert all(isfinite(x) for x in (found.low, found.high, found.p))


def test_empty_arms_are_refused() -> None:
    with pytest.raises(Undefined):
        always_valid_counts((0, 0), (5, 1), tuning=100)
    with pytest.raises(Undefined):
        always_valid_between("mean", Sample.none(), Sample.none(), tuning=100)


def test_relative_leaves_0_out_when_absolute_does() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        n, m = rng.integers(200, 5000, 2)
        a = Sample.of_counts(int(n), int(rng.binomial(n, 0.1)))
        b = Sample.of_counts(int(m), int(rng.binomial(m, 0.16)))
        if too_early("proportion", a, b):
            continue
        plain = always_valid_between("proportion", a, b, tuning=2000)
        try:
            found = always_valid_between("proportion", a, b, tuning=2000, relative=True)
        except Undefined:
            continue
        assert (found.low > 0) == (plain.low > 0)
        assert (found.high < 0) == (plain.high < 0)
        assert found.p == plain.p


def test_fieller_ends_lie_on_the_bound() -> None:
    """At each end, the difference less r times the base is exactly so many errors from 0."""
    of = contrast("proportion", Sample.of_counts(900, 90), Sample.of_counts(500, 80))
    for r in fieller(of, 3.0):
        error = of.variance - 2 * r * of.covariance + r * r * of.base_variance
        assert abs(of.difference - r * of.base) == pytest.approx(3 * sqrt(error))


def test_a_small_arm_is_not_believed_to_vary_little() -> None:
    """One large value is missing in the small arm: the pooled error is taken."""
    a = _sample(np.concatenate([np.ones(900), np.full(100, 50.0)]))
    b = _sample(np.concatenate([np.ones(39), [2.0]]))
    found = contrast("revenue", a, b)
    assert found.careful().variance == found.pooled > 5 * found.variance
    assert always_valid_between("revenue", a, b, tuning=1000).p > 0.05


def test_a_covariate_narrows() -> None:
    rng = np.random.default_rng(5)
    before = rng.normal(size=4000)
    after = before + 0.5 * rng.normal(size=4000)
    both = np.stack([after, before], axis=1)
    a, b = _sample(both[:2000]), _sample(both[2000:])
    plain = always_valid_between("mean", a, b, tuning=4000)
    found = always_valid_between("mean", a, b, tuning=4000, before=True)
    assert found.high - found.low < 0.6 * (plain.high - plain.low)


def test_pairs() -> None:
    rng = np.random.default_rng(6)
    own = rng.normal(10, 3, 500)
    pairs = _sample(np.stack([own, own + 0.5 + rng.normal(size=500)], axis=1))
    found = always_valid_pairs("mean", pairs, tuning=500)
    assert found.low > 0.2 and found.high < 0.8
    relative = always_valid_pairs("mean", pairs, tuning=500, relative=True)
    assert relative.value == pytest.approx(found.value / pairs.means[0])


def test_pairs_that_hardly_differ_are_too_early() -> None:
    same = np.zeros((100, 2))
    same[:5, 1] = 1
    with pytest.raises(Undefined, match="Too early"):
        always_valid_pairs("proportion", _sample(same), tuning=100)
    with pytest.raises(Undefined):
        always_valid_pairs("mean", _sample(np.ones((100, 2))), tuning=100)


@pytest.mark.parametrize(("rate", "share"), [(0.02, 0.5), (0.1, 0.1), (0.5, 0.5), (0.9, 0.2)])
def test_looking_twenty_times_is_wrong_in_few(rate: float, share: float) -> None:
    """200 A/A experiments; 5 % and three standard errors of it at most."""
    rng = np.random.default_rng(8)
    wrong = 0
    for _ in range(200):
        treated, did = rng.random(2000) < share, rng.random(2000) < rate
        wrong += any(_differs(treated[:n], did[:n]) for n in range(100, 2001, 100))
    assert wrong / 200 <= 0.05 + 3 * sqrt(0.05 * 0.95 / 200)


def test_the_exact_mixture_is_a_fair_bet() -> None:
    """The mean of the e-value over all outcomes of ten throws is 1 at most, at every step."""
    from scipy import stats

    for share in (0.5, 0.2):
        for n in (1, 5, 10):
            mean = sum(
                float(stats.binom.pmf(x, n, share)) * np.exp(coin_evidence(n - x, x, share))
                for x in range(n + 1)
            )
            assert mean == pytest.approx(1, rel=1e-9)


def test_evidence_grows() -> None:
    found = [always_valid_counts((n, n // 10), (n, n // 5), tuning=1000).p for n in (50, 200, 800)]
    assert all(b < a for a, b in pairwise(found))


def _differs(treated: np.ndarray, did: np.ndarray) -> bool:
    a, b = (Sample.of_counts(int(mask.sum()), int(did[mask].sum())) for mask in (~treated, treated))
    try:
        found = always_valid_between("proportion", a, b, tuning=2000)
    except Undefined:
        return False
    return found.p <= 0.05


def _sample(values: np.ndarray) -> Sample:
    rows = values if values.ndim == 2 else values[:, None]
    means = rows.mean(axis=0)
    away = rows - means
    return Sample(len(rows), tuple(means.tolist()), tuple(map(tuple, (away.T @ away).tolist())))


def quantiles_of(values: list[float]) -> Quantiles:
    ordered, n = sorted(values), len(values)
    reach = 1.96 * sqrt(n) / 2
    low, high = floor(n / 2 - reach) - 1, floor(n / 2 + reach)
    return Quantiles(n, 0.5, ordered[n // 2], ordered[max(low, 0)], ordered[min(high, n - 1)])


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.floats(0.5, 3))
def test_a_quantile_relative_and_absolute_agree_about_no_effect(seed: int, times: float) -> None:
    rng = np.random.default_rng(seed)
    a = quantiles_of(rng.lognormal(1, 0.5, 400).tolist())
    b = quantiles_of((times * rng.lognormal(1, 0.5, 300)).tolist())
    plain = always_valid_quantiles(a, b, tuning=1000)
    share = always_valid_quantiles(a, b, tuning=1000, relative=True)
    assert share.value == pytest.approx(b.value / a.value - 1)
    assert share.low < share.value < share.high
    assert (plain.low > 0, plain.high < 0) == (share.low > 0, share.high < 0)


def test_a_quantile_of_few_is_too_early() -> None:
    few = quantiles_of([float(one) for one in range(29)])
    with pytest.raises(Undefined, match="Too early: 29 participants"):
        always_valid_quantiles(few, few, tuning=1000)


def test_nothing_is_relative_to_a_control_below_nothing() -> None:
    a, b = (Sample(1000, (mean,), ((999.0,),)) for mean in (-10.0, -9.0))
    assert always_valid_between("mean", a, b, tuning=1000).low > 0
    with pytest.raises(Undefined, match="not above 0"):
        always_valid_between("mean", a, b, tuning=1000, relative=True)


def test_where_everybody_did_it_the_relative_interval_is_as_narrow_as_the_rates_allow() -> None:
    plain = always_valid_counts((1000, 1000), (1000, 1000), tuning=1000)
    found = always_valid_counts((1000, 1000), (1000, 1000), tuning=1000, relative=True)
    assert plain.high < 0.013
    assert found.high == pytest.approx(plain.high / (1 - plain.high), rel=1e-6)
    assert found.low == pytest.approx(-plain.high, rel=1e-6)
