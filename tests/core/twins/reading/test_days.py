"""The day that a text says it was written, where it stands on a line of its own at the top."""

from __future__ import annotations

from datetime import date

import pytest

from core.twins.reading.days import day_at_top

DAY = date(2023, 2, 14)


@pytest.mark.parametrize(
    "line",
    [
        "14 February 2023",
        "14th of February 2023",
        "February 14, 2023",
        "Feb 14 2023",
        "Tuesday, 14 February 2023",
        "2023-02-14",
        "**14 February 2023**",
    ],
)
def test_a_day_on_a_line_of_its_own(line: str) -> None:
    assert day_at_top(f"# A title\n\n{line}\n\nThe first sentence.") == DAY


@pytest.mark.parametrize(
    "text",
    [
        "In 14 February 2023 it rained.",
        "31 February 2023",
        "14 Sometember 2023",
        "14 February 1023",
        "",
        "one\ntwo\nthree\nfour\nfive\nsix\n14 February 2023",
    ],
)
def test_what_is_no_day_or_not_at_the_top(text: str) -> None:
    assert day_at_top(text) is None
