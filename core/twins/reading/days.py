"""The day that a file says it was written."""

from __future__ import annotations

import re
from datetime import date, datetime

EARLIEST = 1900
TOP, TOP_LINES = 2_000, 5
MONTHS = {
    name: number
    for number, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
}
_AROUND = " \t*_#>()[]"
_IN_WORDS = re.compile(
    r"(?:\w+day,? )?(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>[A-Z][a-z]{2,8})\.?"
    r"|(?P<first>[A-Z][a-z]{2,8})\.? (?P<then>\d{1,2})(?:st|nd|rd|th)?),? (?P<year>\d{4})"
)
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


def day_at_top(text: str) -> date | None:
    """The day on a line of its own among the first few (``14 February 2023``)."""
    lines = [line.strip(_AROUND) for line in text[:TOP].splitlines()]
    for line in [line for line in lines if line][:TOP_LINES]:
        if found := _DAY.fullmatch(line):
            return _made(found)
        if found := _IN_WORDS.fullmatch(line):
            month = MONTHS.get((found["month"] or found["first"]).lower()[:3])
            return _of(int(found["year"]), month, int(found["day"] or found["then"]))
    return None


def _of(year: int, month: int | None, day: int) -> date | None:
    try:
        return _possible(date(year, month, day)) if month else None
    except ValueError:
        return None


def _made(found: re.Match[str]) -> date | None:
    try:
        return _possible(date(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        return None


def _possible(day: date) -> date | None:
    return day if day.year >= EARLIEST else None
