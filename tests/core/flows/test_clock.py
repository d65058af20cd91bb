"""Simulated time: quiet hours, weekdays, and clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.flows import Until
from core.flows.clock import (
    end_of_quiet,
    iso,
    local_hour,
    start_of_simulation,
    until,
    utc_offset,
    zone,
)

BERLIN = ZoneInfo("Europe/Berlin")
YEAR = st.floats(min_value=1.7673e9, max_value=1.7988e9)


def at(text: str, timezone: ZoneInfo = BERLIN) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=timezone).timestamp()


def test_every_rehearsal_starts_on_the_same_monday() -> None:
    assert iso(start_of_simulation(ZoneInfo("UTC"))) == "2026-01-05T09:00:00Z"
    assert iso(start_of_simulation(BERLIN)) == "2026-01-05T08:00:00Z"


@pytest.mark.parametrize(
    ("now", "weekday", "time", "then"),
    [
        ("2026-01-05 09:00", "monday", "09:00", "2026-01-05 09:00"),
        ("2026-01-05 09:01", "monday", "09:00", "2026-01-12 09:00"),
        ("2026-01-05 09:01", None, "08:00", "2026-01-06 08:00"),
        ("2026-01-05 07:00", None, "08:00", "2026-01-05 08:00"),
        ("2026-03-28 12:00", "sunday", "09:00", "2026-03-29 09:00"),  # summer time begins
        ("2026-01-09 10:00", "tuesday", "18:30", "2026-01-13 18:30"),
    ],
)
def test_until_is_the_next_such_moment(now: str, weekday: str | None, time: str, then: str) -> None:
    target = Until.model_validate({"weekday": weekday, "time": time})
    assert iso(until(at(now), target, BERLIN)) == iso(at(then))


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-01-05 20:59", "2026-01-05 20:59"),
        ("2026-01-05 21:00", "2026-01-06 08:00"),
        ("2026-01-06 03:00", "2026-01-06 08:00"),
        ("2026-01-06 08:00", "2026-01-06 08:00"),
    ],
)
def test_quiet_hours_may_span_midnight(now: str, then: str) -> None:
    assert iso(end_of_quiet(at(now), (21 * 60, 8 * 60), BERLIN)) == iso(at(then))


@given(YEAR, st.integers(0, 1439), st.integers(0, 1439))
def test_after_quiet_hours_it_is_never_quiet(moment: float, start: int, end: int) -> None:
    after = end_of_quiet(moment, (start, end), BERLIN)
    assert after >= moment
    assert end_of_quiet(after, (start, end), BERLIN) == after


@given(YEAR)
def test_offsets_agree_with_the_standard_library(moment: float) -> None:
    local = datetime.fromtimestamp(moment, BERLIN)
    assert utc_offset(moment, BERLIN) == local.utcoffset().total_seconds()  # type: ignore[union-attr]
    hour = local_hour(moment, utc_offset(moment, BERLIN))
    assert int(hour) == local.hour


def test_a_zone_that_does_not_exist_is_none() -> None:
    assert zone("Mars/Olympus") is None
    assert zone("") is None
    assert zone("../../etc/passwd") is None
    assert datetime.fromtimestamp(0, UTC).year == 1970
