"""Differences of means and ratios, against scipy and rows, and what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind
from core.domain.samples import Sample
from core.experiments.statistics import (
    clustered,
    design_effect,
    estimate,
    theta,
    variance_removed,
)
from core.experiments.statistics import tested as read_once

Array = NDArray[np.float64]


def sample(*columns: Array) -> Sample:
    values = np.stack(columns)
    away = values - values.mean(axis=1, keepdims=True)
    return Sample(
        values.shape[1],
        tuple(values.mean(axis=1).tolist()),
        tuple(tuple(row) for row in (away @ away.T).tolist()),
    )


def two(seed: int = 3, n: int = 120, m: int = 80) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return rng.lognormal(1, 0.6, n), rng.lognormal(1.1, 0.5, m)


def test_means_are_welchs() -> None:
    a, b = two()
    theirs = stats.ttest_ind(b, a, equal_var=False)
    found = read_once("mean", sample(a), sample(b))
    assert found.value == pytest.approx(b.mean() - a.mean())
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-9)
    assert (found.low, found.high) == pytest.approx(theirs.confidence_interval(), rel=1e-9)


def test_a_ratio_is_the_delta_method() -> None:
    rng = np.random.default_rng(5)
    per, value = 1.0 + rng.poisson(3, 400), rng.poisson(2, 400) * 1.0
    one = sample(value, per)
    linear = (value - value.mean() / per.mean() * per) / per.mean()
    found = estimate("ratio", one, sample(value + per, per))
    assert found.value == pytest.approx(1.0)
    assert found.se == pytest.approx(math.sqrt(2 * linear.var(ddof=1) / 400), rel=1e-9)


def test_the_relative_error_is_the_delta_methods() -> None:
    a, b = two()
    found = estimate("mean", sample(a), sample(b), relative=True)
    m = (a.mean(), b.mean())
    v = (a.var(ddof=1) / len(a), b.var(ddof=1) / len(b))
    assert found.value == pytest.approx(m[1] / m[0] - 1)
    assert found.se == pytest.approx(math.sqrt(v[1] / m[0] ** 2 + v[0] * m[1] ** 2 / m[0] ** 4))


def test_cuped_is_the_difference_of_what_is_left() -> None:
    rng = np.random.default_rng(7)
    before = rng.normal(5, 2, 600)
    after = before * 0.9 + rng.normal(1, 1, 600)
    a, b = (before[:300], after[:300]), (before[300:], after[300:] + 0.4)
    slope = np.cov(np.r_[a[1], b[1]], np.r_[a[0], b[0]])
    slope = slope[0, 1] / slope[1, 1]
    left = [y - slope * x for x, y in (a, b)]
    one, other = sample(a[1], a[0]), sample(b[1], b[0])
    found = estimate("mean", one, other, before=True)
    theirs = stats.ttest_ind(left[1], left[0], equal_var=False)
    assert theta("mean", one, other) == pytest.approx(slope)
    assert found.value == pytest.approx(left[1].mean() - left[0].mean())
    assert found.value / found.se == pytest.approx(theirs.statistic, rel=1e-9)
    assert found.df == pytest.approx(theirs.df, rel=1e-9)
    spread = sum(one.var(ddof=1) for one in left) / (a[1].var(ddof=1) + b[1].var(ddof=1))
    assert variance_removed(one, other) == pytest.approx(1 - spread, rel=1e-9)


def test_a_covariate_that_does_not_vary_takes_nothing_out() -> None:
    a, b = two(n=90, m=90)
    flat = np.full(90, 3.0)
    plain = estimate("mean", sample(a), sample(b))
    found = estimate("mean", sample(a, flat), sample(b, flat), before=True)
    assert (found.value, found.se) == pytest.approx((plain.value, plain.se))
    assert variance_removed(sample(a, flat), sample(b, flat)) == 0


def test_a_negative_correlation_helps_as_much() -> None:
    a, b = two(n=90, m=90)
    noise = np.random.default_rng(1).normal(0, 0.3, (2, 90))
    up = estimate("mean", sample(a, a + noise[0]), sample(b, b + noise[1]), before=True)
    down = estimate("mean", sample(a, -a - noise[0]), sample(b, -b - noise[1]), before=True)
    assert (up.value, up.se) == pytest.approx((down.value, down.se))
    assert up.se < 0.3 * estimate("mean", sample(a), sample(b)).se


def test_a_covariate_that_says_it_all_leaves_nothing_to_test() -> None:
    a, b = two(n=90, m=90)
    with pytest.raises(Undefined, match="Nothing varies"):
        estimate("mean", sample(a, 3 * a), sample(b, 3 * b), before=True)


def test_rows_inside_units_are_not_independent() -> None:
    rng = np.random.default_rng(11)
    own = rng.normal(0, 1, 500)
    turns = rng.integers(1, 9, 500).astype(float)
    total = own * turns + rng.normal(0, 0.3, 500) * np.sqrt(turns)
    units = sample(total, turns)
    assert design_effect(units, 1.09) > 3
    found = clustered(units, sample(total + turns, turns))
    assert found.value == pytest.approx(1.0)
    assert found.se > 2 * math.sqrt(2 * 1.09 / turns.sum())


@pytest.mark.parametrize("kind", ["mean", "revenue", "ratio"])
def test_the_relative_interval_agrees_about_no_effect(kind: MetricKind) -> None:
    for seed in range(40):
        a, b = two(seed, 40, 40)
        arms = [sample(one, 1 + one**0.5) if kind == "ratio" else sample(one) for one in (a, b)]
        found, relative = (read_once(kind, *arms, relative=way) for way in (False, True))
        assert found.p == relative.p
        assert (found.low > 0) == (relative.low > 0)
        assert (found.high < 0) == (relative.high < 0)
        assert relative.low < relative.value < relative.high


def test_what_is_undefined_is_refused() -> None:
    same = Sample.from_sums(40, [200.0], [[1000.0]])
    with pytest.raises(Undefined, match="Nothing varies"):
        read_once("mean", same, same)
    with pytest.raises(Undefined, match="at least 2"):
        read_once("mean", Sample.from_sums(1, [5.0], [[25.0]]), same)
    with pytest.raises(Undefined, match="at least 2"):
        read_once("mean", same, Sample.none())
    with pytest.raises(Undefined, match="adds up to 0"):
        read_once("ratio", *[Sample.from_sums(9, [4.0, 0.0], [[9.0, 0.0], [0.0, 0.0]])] * 2)
    zero = Sample.from_sums(100, [0.0], [[900.0]])
    more = Sample.from_sums(100, [30.0], [[909.0]])
    assert read_once("revenue", zero, more).p > 0.05
    for base in (zero, Sample.from_sums(100, [-200.0], [[900.0]])):
        with pytest.raises(Undefined, match="not above 0"):
            read_once("revenue", base, more, relative=True)
    with pytest.raises(Undefined, match="cannot be told from 0"):
        read_once("mean", more, more, relative=True)


def test_means_of_a_million_with_a_variance_of_one() -> None:
    n, mean = 2_000, 1_000_000
    a = Sample.from_sums(n, [n * mean], [[n * mean**2 + n - 1]])
    b = Sample.from_sums(n, [n * mean + 200], [[n * mean**2 + 400 * mean + 20 + n - 1]])
    found = read_once("mean", a, b)
    assert found.value == pytest.approx(0.1, rel=1e-9)
    assert (found.high - found.low) / 2 == pytest.approx(1.9605 * math.sqrt(2 / n), rel=1e-3)


@given(
    st.integers(0, 10**6),
    st.floats(0.01, 1000),
    st.floats(-1000, 1000),
)
@settings(deadline=None)
def test_moving_and_stretching_the_values(seed: int, times: float, by: float) -> None:
    a, b = two(seed, 30, 20)
    plain = read_once("mean", sample(a), sample(b))
    moved = read_once("mean", sample(times * a + by), sample(times * b + by))
    turned = read_once("mean", sample(b), sample(a))
    assert moved.value == pytest.approx(times * plain.value, rel=1e-6, abs=1e-9 * (1 + abs(by)))
    assert moved.p == pytest.approx(plain.p, rel=1e-4, abs=1e-9)
    assert (turned.value, turned.low, turned.high) == pytest.approx(
        (-plain.value, -plain.high, -plain.low)
    )


@given(st.integers(0, 10**6), st.integers(2, 28))
@settings(deadline=None)
def test_added_samples_say_the_same(seed: int, cut: int) -> None:
    a, b = two(seed, 30, 40)
    whole = read_once("mean", sample(a), sample(b), relative=True)
    parts = read_once("mean", sample(a[:cut]) + sample(a[cut:]), sample(b), relative=True)
    assert (parts.value, parts.low, parts.high, parts.p) == pytest.approx(
        (whole.value, whole.low, whole.high, whole.p), rel=1e-6
    )
