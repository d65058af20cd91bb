"""Intervals: reference values from the papers, and coverage by simulation."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from core.domain.intervals import rate, wilson
from core.rehearsal.intervals import (
    paired_means,
    paired_shares,
    separate_means,
    separate_shares,
    spread,
    t_quantile,
)


@pytest.mark.parametrize(
    ("count", "of", "text"),
    [
        (17, 20, "17/20, 85 %, 64–95"),
        (0, 20, "0/20, 0 %, 0–16"),
        (20, 20, "20/20, 100 %, 84–100"),
        (0, 0, "0/0, no data"),
        (3, 1000, "3/1000, 0.3 %, 0.1–1"),
        (999, 1000, "999/1000, 99.9 %, 99–100"),
    ],
)
def test_a_rate_is_printed_with_its_count_and_interval(count: int, of: int, text: str) -> None:
    assert rate(count, of).text == text


def test_wilson_as_newcombe_prints_it() -> None:
    """Newcombe (Statistics in Medicine 17, 1998, p. 857), table I, method 3."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_a_share_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(0, 0)
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_its_share_and_stays_inside(pair: tuple[int, int]) -> None:
    low, high = wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] <= high <= 1
    other = wilson(pair[1] - pair[0], pair[1])
    assert (1 - high, 1 - low) == pytest.approx(other, abs=1e-12)


def test_newcombe_as_he_prints_it() -> None:
    """Newcombe (Statistics in Medicine 17, 1998, p. 873), table II, method 10."""
    assert separate_shares(48, 80, 56, 70) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert separate_shares(3, 10, 9, 10) == pytest.approx((0.1705, 0.8090), abs=5e-5)
    assert separate_shares(0, 10, 10, 10) == pytest.approx((0.6075, 1.0), abs=5e-5)


def test_agresti_min_by_hand() -> None:
    """(20 - 40) / 162 ± 1.96 sqrt(61 - 400 / 162) / 162."""
    assert paired_shares(40, 20, 160) == pytest.approx((-0.21602, -0.03089), abs=5e-5)
    low, high = paired_shares(0, 0, 20)
    assert low == -high and high > 0, "no change seen is not no change possible"


def test_t_quantiles() -> None:
    for degrees in (1, 2, 3, 4, 5, 7, 10, 30, 139, 10_000):
        assert t_quantile(degrees) == pytest.approx(student.ppf(0.975, degrees), rel=2e-3)


def test_a_mean_has_no_interval_where_there_is_one_person() -> None:
    assert spread(0, None, None).text == "no data"
    assert spread(1, 3.4, None).text == "3.4"
    shown = spread(140, 3.4, 3.0, (1.0, 3.0, 5.0))
    assert shown.text == "3.4, 2.9–3.9"
    assert spread(3, 0.1, 0.5).low == 0.0


def test_welch_and_paired_means() -> None:
    low, high = separate_means((20, 5.0, 2.0), (20, 6.0, 2.0))
    half = student.ppf(0.975, 38) * math.sqrt(0.4)
    assert (low, high) == pytest.approx((1 - half, 1 + half), rel=1e-3)
    assert separate_means((5, 1.0, 0.0), (5, 2.0, 0.0)) == (1.0, 1.0)
    low, high = paired_means(10, 1.0, 1.0)
    assert (low + high) / 2 == pytest.approx(1.0)


@pytest.mark.parametrize(("share", "of"), [(0.05, 140), (0.3, 20), (0.5, 60)])
def test_wilson_covers_what_it_says(share: float, of: int) -> None:
    chance = random.Random(1)
    held = 0
    for _ in range(2_000):
        low, high = wilson(sum(chance.random() < share for _ in range(of)), of)
        held += low <= share <= high
    assert held / 2_000 > 0.93


@pytest.mark.parametrize(("lost", "won"), [(0.05, 0.15), (0.02, 0.02)])
def test_paired_and_separate_differences_cover_what_they_say(lost: float, won: float) -> None:
    chance = random.Random(2)
    of, held, apart = 100, 0, 0
    for _ in range(2_000):
        draws = [chance.random() for _ in range(of)]
        only_a = sum(draw < lost for draw in draws)
        only_b = sum(lost <= draw < lost + won for draw in draws)
        low, high = paired_shares(only_a, only_b, of)
        held += low <= won - lost <= high
        a = sum(chance.random() < 0.3 for _ in range(of))
        b = sum(chance.random() < 0.3 + won - lost for _ in range(of))
        low, high = separate_shares(a, of, b, of)
        apart += low <= won - lost <= high
    assert held / 2_000 > 0.93
    assert apart / 2_000 > 0.93
