"""Sums of money and estimates, as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.estimates import Estimate, Range
from core.domain.money import exact, money, money_range, rounded_up
from core.domain.ranges import estimate_words, time_words


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (0, "$0.00"),
        (0.00005, "$0.00005"),
        (0.0031, "$0.0031"),
        (0.0999, "$0.10"),
        (0.5, "$0.50"),
        (1204, "$1,204.00"),
    ],
)
def test_a_sum_keeps_digits_that_say_something(usd: float, text: str) -> None:
    assert money(usd) == text


@given(st.floats(1e-8, 1e7))
def test_what_is_read_is_near_what_is_meant(usd: float) -> None:
    assert float(money(usd)[1:].replace(",", "")) == pytest.approx(usd, rel=0.06, abs=0.005)


@given(st.floats(1e-6, 1e6))
def test_rounding_up_never_gives_less_nor_much_more(usd: float) -> None:
    assert usd * (1 - 1e-6) <= rounded_up(usd) <= 1.51 * usd


def test_a_range_is_one_sum_where_both_read_the_same() -> None:
    assert money_range(0.4, 1.1) == "$0.40 to $1.10"
    assert money_range(0.501, 0.502) == "$0.50"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (5, 20, "5 to 20 seconds"),
        (20, 170, "20 seconds to 3 minutes"),
        (120, 300, "2 to 5 minutes"),
        (300, 9_000, "5 minutes to 2 hours"),
    ],
)
def test_times_are_said_in_units_that_fit(low: float, high: float, words: str) -> None:
    assert time_words(Range(low=low, likely=low, high=high)) == words


def test_an_estimate_is_one_line_and_without_a_price_says_none() -> None:
    some = Range(low=600, likely=900, high=1_500)
    found = Estimate(
        model="openai/x",
        people=140,
        sample=60,
        calls=some,
        prompt_tokens=some,
        completion_tokens=some,
        usd=Range(low=0.4, likely=0.7, high=1.1),
        seconds=Range(low=120, likely=200, high=300),
        assumptions=[],
    )
    assert estimate_words(found) == "About $0.40 to $1.10 · 600 to 1,500 calls · 2 to 5 minutes"
    without = found.model_copy(update={"usd": None})
    assert estimate_words(without) == "600 to 1,500 calls · 2 to 5 minutes"


def test_what_adding_up_left_behind_is_taken_away() -> None:
    assert exact(5.661199999999999) == 5.6612
    assert exact(1.5e-7) == 1.5e-7
