"""Figures as people read them."""

from __future__ import annotations

import pytest

from core.domain.experiment_results import Span
from core.experiments import numbers


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (1234.5, "1,234"),
        (0.012345, "0.0123"),
        (-4.2, "−4.20"),
        (49_854.0, "49,854"),
        (1e20, "1.00e+20"),
        (1e-12, "1.00e-12"),
    ],
)
def test_digits(number: float, text: str) -> None:
    assert numbers.digits(number) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.121, "12.1 %"), (0.0045, "0.450 %"), (0, "0 %"), (1, "100 %")]
)
def test_percent(share: float, text: str) -> None:
    assert numbers.percent(share) == text


def test_intervals_share_their_places_and_name_their_unit_once() -> None:
    span = Span(value=0.012, low=-0.0004, high=0.0244)
    assert numbers.span_of_change(span) == "+1.20 % (−0.04 to +2.44 %)"
    assert numbers.span_of_difference("proportion", span) == "+1.20 points (−0.04 to +2.44 points)"
    assert numbers.span_of_difference("mean", span) == "+0.0120 (−0.0004 to +0.0244)"


def test_what_rounds_to_nothing_has_no_sign() -> None:
    span = Span(value=-0.00001, low=-0.2, high=0.2)
    assert numbers.span_of_difference("mean", span) == "0.000 (−0.200 to +0.200)"


def test_certainty_is_never_claimed() -> None:
    assert numbers.probability(1.0) == "over 99.9 %"
    assert numbers.probability(0.0) == "under 0.1 %"
    assert numbers.chance(0.0) == "below 0.0001"
    assert numbers.p_equals(0.0) == "p < 0.0001"
    assert numbers.p_equals(0.034) == "p = 0.034"


def test_z_and_p_are_each_others_inverse() -> None:
    assert numbers.p_of_z(numbers.z_of_p(0.05)) == pytest.approx(0.05)
    assert numbers.z_of_p(0.05) == pytest.approx(1.959964, abs=1e-6)


def test_names_are_listed_as_one_says_them() -> None:
    assert numbers.listed([]) == ""
    assert numbers.listed(["a"]) == "a"
    assert numbers.listed(["a", "b", "c"]) == "a, b and c"


def test_values_stand_to_as_many_places_as_their_interval() -> None:
    assert numbers.value_with_interval("proportion", 0.19020, 0.1866, 0.1939) == (
        "19.02 %",
        "18.66 to 19.39 %",
    )
    assert numbers.value_with_interval("mean", 12.3456, None, None) == ("12.35", "")
