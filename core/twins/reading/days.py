"""The day that a file says it was written."""

from __future__ import annotations

import re
from datetime import date, datetime

EARLIEST = 1900
_DAY = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NAMED = re.compile(r"(?:^|/)(\d{4})[-_.](\d\d)[-_.](\d\d)(?!\d)")


def day_in(said: object) -> date | None:
    """A day out of what a property holds: a date, a moment, or text that begins with one."""
    if isinstance(said, datetime):
        return _possible(said.date())
    if isinstance(said, date):
        return _possible(said)
    found = _DAY.search(said) if isinstance(said, str) else None
    return _made(found) if found else None


def day_in_name(name: str) -> date | None:
    """The day that a file's name begins with (``2024-05-01-why-we-wait.md``)."""
    found = _NAMED.search(name)
    return _made(found) if found else None


def _made(found: re.Match[str]) -> date | None:
    try:
        return _possible(date(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        return None


def _possible(day: date) -> date | None:
    return day if day.year >= EARLIEST else None
