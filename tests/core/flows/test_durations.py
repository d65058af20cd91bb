"""Durations, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import BadInput
from core.flows import parse_duration, spoken


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("90m", 5_400),
        ("90min", 5_400),
        ("3h", 10_800),
        ("2d", 172_800),
        ("1w", 604_800),
        ("1d 12h", 129_600),
        ("1d12h30min", 131_400),
        ("1.5h", 5_400),
        ("P2DT3H", 183_600),
        ("PT30M", 1_800),
        ("P1W", 604_800),
        ("PT0.5S", 0.5),
        ("366d", 366 * 86_400),
        ("0s", 0),
    ],
)
def test_known_forms(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", " ", "soon", "3", "h", "2 fortnights", "P", "PT", "P1DT", "P1M", "-3h", "3h!", "٣h"],
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(BadInput, match="is no duration"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["367d", "P53W", "999999999999w"])
def test_what_is_too_long(text: str) -> None:
    with pytest.raises(BadInput, match="366 days"):
        parse_duration(text)


@given(st.integers(0, 300), st.integers(0, 23), st.integers(0, 59))
def test_both_forms_mean_the_same(days: int, hours: int, minutes: int) -> None:
    short = f"{days}d {hours}h {minutes}m"
    assert parse_duration(short) == parse_duration(f"P{days}DT{hours}H{minutes}M")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (172_800, "2 days"),
        (86_400, "1 day"),
        (129_600, "1 day 12 hours"),
        (5_400, "1 hour 30 minutes"),
        (1, "1 second"),
        (0, "0 seconds"),
    ],
)
def test_spoken(seconds: float, words: str) -> None:
    assert spoken(seconds) == words
