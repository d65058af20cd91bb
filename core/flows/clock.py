"""Simulated time: seconds since the epoch in UTC, and what a contact's own clock shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.domain.flows import Until, Weekday

DAY = 86_400.0
WEEKDAYS: tuple[str, ...] = Weekday.__args__  # type: ignore[attr-defined]


def start_of_simulation(timezone: ZoneInfo) -> float:
    """Monday, 2026-01-05, 09:00 in this time zone: never the present moment."""
    return datetime(2026, 1, 5, 9, 0, tzinfo=timezone).timestamp()


@lru_cache(maxsize=1_024)
def zone(name: str) -> ZoneInfo | None:
    """A time zone by its IANA name; None where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def utc_offset(moment: float, timezone: ZoneInfo) -> float:
    """Seconds to add to UTC for the clock of this zone at this moment."""
    return _offset_in_quarter(int(moment // 900), timezone)


@lru_cache(maxsize=65_536)
def _offset_in_quarter(quarter: int, timezone: ZoneInfo) -> float:
    """Offsets change on a quarter of an hour, nowhere else."""
    offset = datetime.fromtimestamp(quarter * 900, timezone).utcoffset()
    return offset.total_seconds() if offset else 0.0


def local_hour(moment: float, offset: float) -> float:
    """The hour of the day, 0 to 24, on a clock with this offset."""
    return ((moment + offset) % DAY) / 3600


def until(moment: float, target: Until, timezone: ZoneInfo) -> float:
    """The first moment from now on with the target's weekday and time of day in this zone."""
    now = datetime.fromtimestamp(moment, timezone)
    hour, minute = map(int, target.time.split(":"))
    day = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if target.weekday is not None:
        day += timedelta(days=(WEEKDAYS.index(target.weekday) - day.weekday()) % 7)
    if day.timestamp() < moment:
        day += timedelta(days=7 if target.weekday is not None else 1)
    return day.timestamp()


def end_of_quiet(moment: float, hours: tuple[int, int], timezone: ZoneInfo) -> float:
    """When the quiet hours end that this moment falls in; the moment itself where it is in none.

    Args:
        moment: Seconds since the epoch.
        hours: Start and end as minutes of the day; they may span midnight.
        timezone: The contact's.
    """
    start, end = hours
    now = datetime.fromtimestamp(moment, timezone)
    minute = now.hour * 60 + now.minute
    quiet = start <= minute < end if start < end else (minute >= start or minute < end)
    if start == end or not quiet:
        return moment
    morning = now.replace(hour=end // 60, minute=end % 60, second=0, microsecond=0)
    if morning.timestamp() <= moment:
        morning += timedelta(days=1)
    return morning.timestamp()


def iso(moment: float) -> str:
    """A moment as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
