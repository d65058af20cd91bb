"""Sizes, smallest effects and power: other packages' figures, inverses, and refusals."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import Undefined
from core.domain.experiments import Rule
from core.experiments.statistics import (
    mean_sizes,
    power_of,
    proportion_sizes,
    rule_factor,
    sample_size,
    smallest_effect,
    smallest_relative,
)
from core.experiments.statistics.planning import always_valid_factor


@pytest.mark.parametrize(
    ("rate", "lift", "alpha", "power", "ratio", "arcsine", "unpooled", "pooled"),
    [
        (0.05, 0.1, 0.05, 0.8, 1, 31217.42343077, 31230.69246297, 31233.43794013),
        (0.05, 0.1, 0.05, 0.9, 1, 41791.36073264, 41809.03636147, 41812.21294888),
        (0.05, 0.1, 0.05, 0.8, 9, 156087.11715018, 161773.26020467, 153872.616300734),
        (0.02, -0.25, 0.05, 0.8, 1, 10741.3781927, 10792.20963472, 10794.95506282),
    ],
)
def test_two_rates_by_three_formulas(
    rate: float,
    lift: float,
    alpha: float,
    power: float,
    ratio: float,
    arcsine: float,
    unpooled: float,
    pooled: float,
) -> None:
    found = proportion_sizes(rate, lift, alpha=alpha, power=power, ratio=ratio)
    assert found.arcsine == pytest.approx(arcsine, rel=1e-6)
    assert found.unpooled_z == pytest.approx(unpooled, rel=1e-6)
    assert found.pooled_null_z == pytest.approx(pooled, rel=1e-6)


@pytest.mark.parametrize(
    ("effect", "t", "z"),
    [
        (0.02, 39245.26293441, 39244.30254664),
        (0.2, 393.40569300, 392.44302326),
        (0.5, 63.76561059, 62.79088417),
    ],
)
def test_two_means(effect: float, t: float, z: float) -> None:
    found = mean_sizes(effect)
    assert (found.t, found.z) == pytest.approx((t, z), rel=1e-6)


def test_the_smallest_rise_of_a_rate() -> None:
    assert smallest_relative(0.05, 10_000) == pytest.approx(0.17983626628, rel=1e-6)


def test_all_arms_together() -> None:
    assert sample_size("proportion", 0.05, 0.1) == 62_462
    assert sample_size("mean", 1.0, 0.2, sd=1.0) == 787
    assert sample_size("proportion", 0.05, 0.1, shares=(0.8, 0.2)) > 90_000


def test_more_treatments_share_the_error() -> None:
    three = sample_size("proportion", 0.05, 0.1, shares=(1, 1, 1))
    alone = sample_size("proportion", 0.05, 0.1, alpha=0.025)
    assert three == pytest.approx(1.5 * alone, rel=1e-4)


def test_pairs_need_each_participant_once() -> None:
    pairs = sample_size("mean", 1.0, 0.1, sd=0.6, paired=True)
    assert pairs == pytest.approx((1.96 + 0.8416) ** 2 * 36, abs=4)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(0.01, 0.9),
    st.floats(0.02, 0.1),
    st.floats(0.1, 0.9),
    st.floats(0.55, 0.95),
)
def test_effect_and_size_are_inverse(rate: float, lift: float, share: float, power: float) -> None:
    shares = (1 - share, share)
    people = sample_size("proportion", rate, lift, shares=shares, power=power)
    found = smallest_effect(people, "proportion", rate, shares=shares, power=power)
    assert found == pytest.approx(lift, rel=1e-3)
    assert power_of(people, "proportion", rate, lift, shares=shares) == pytest.approx(
        power, abs=0.005
    )


@settings(max_examples=20, deadline=None)
@given(st.floats(0.02, 0.8), st.floats(0.6, 0.95), st.booleans())
def test_the_same_for_means(lift: float, power: float, paired: bool) -> None:
    people = sample_size("revenue", 3.0, lift, sd=4.0, power=power, paired=paired)
    found = power_of(people, "revenue", 3.0, lift, sd=4.0, paired=paired)
    assert power - 1e-6 <= found <= power + 0.06
    least = smallest_effect(people, "revenue", 3.0, sd=4.0, power=power, paired=paired)
    assert least <= lift * (1 + 1e-6)


def test_looking_costs_participants() -> None:
    assert rule_factor(Rule(kind="fixed")) == 1
    assert 1 < rule_factor(Rule(kind="group_sequential")) < 1.1
    assert rule_factor(Rule(kind="always_valid")) == always_valid_factor()
    assert 1.6 < always_valid_factor() < 1.9


def test_a_billion_and_a_millionth() -> None:
    assert smallest_effect(10**9, "proportion", 0.05) < 1e-3
    assert sample_size("mean", 1e6, 1e-9, sd=1.0) > 10**7
    assert power_of(10**9, "mean", 1e6, 1e-3, sd=1.0) == pytest.approx(1)


@pytest.mark.parametrize(
    ("rate", "lift", "more"),
    [
        (0.0, 0.1, {}),
        (1.0, 0.1, {}),
        (0.6, 0.9, {}),
        (0.1, 0.0, {}),
        (0.1, 0.1, {"alpha": 0.0}),
        (0.1, 0.1, {"power": 1.0}),
        (0.1, 0.1, {"shares": (1.0,)}),
        (0.1, 0.1, {"shares": (1.0, 0.0)}),
    ],
)
def test_plans_that_make_no_sense(rate: float, lift: float, more: dict[str, object]) -> None:
    with pytest.raises(Undefined):
        sample_size("proportion", rate, lift, **more)  # type: ignore[arg-type]


def test_means_need_their_spread() -> None:
    for sd in (None, 0.0, float("nan")):
        with pytest.raises(Undefined):
            sample_size("mean", 1.0, 0.1, sd=sd)
    with pytest.raises(Undefined):
        sample_size("mean", 0.0, 0.1, sd=1.0)
    with pytest.raises(Undefined):
        smallest_effect(2, "proportion", 0.5)
    with pytest.raises(Undefined):
        power_of(0, "mean", 1.0, 0.1, sd=1.0)


def test_an_arm_of_fewer_than_ten_finds_nothing() -> None:
    with pytest.raises(Undefined):
        smallest_effect(19, "proportion", 0.05)
    assert smallest_effect(20, "proportion", 0.05) > 1


@pytest.mark.parametrize(("baseline", "sd"), [(1e308, 1.0), (1.0, 1e308)])
def test_values_that_are_too_large_to_plan_with(baseline: float, sd: float) -> None:
    with pytest.raises(Undefined):
        sample_size("mean", baseline, 0.1, sd=sd)
    with pytest.raises(Undefined):
        smallest_effect(1_000, "mean", baseline, sd=sd)
