"""Durations as flows write them: ISO 8601 (``P2DT3H``) or short (``3h``, ``1d 12h``)."""

from __future__ import annotations

import re

from core.domain.errors import BadInput

MINUTE = 60.0
HOUR = 3_600.0
DAY = 86_400.0
WEEK = 7 * DAY
LONGEST = 366 * DAY
SECONDS = {"w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "min": MINUTE, "s": 1.0}
NUMBER = r"(\d{1,12}(?:\.\d{1,9})?)"
PART = re.compile(rf"\s*{NUMBER}\s*(min|[smhdw])", re.ASCII)
ISO = re.compile(
    rf"P(?:{NUMBER}W)?(?:{NUMBER}D)?(?:T(?:{NUMBER}H)?(?:{NUMBER}M)?(?:{NUMBER}S)?)?", re.ASCII
)
FIX = "Write it like 3h, 2d, 1d 12h or P2DT3H."


def parse_duration(text: str) -> float:
    """The length of a duration in seconds.

    Raises:
        BadInput: If it is no duration, or longer than 366 days.
    """
    seconds = _iso(text.strip()) if text.strip().startswith("P") else _short(text)
    if seconds is None:
        raise BadInput(f"“{text[:40]}” is no duration.", fix=FIX)
    if seconds > LONGEST:
        raise BadInput(f"“{text[:40]}” is longer than 366 days.", fix="Choose a shorter time.")
    return seconds


def _iso(text: str) -> float | None:
    match = ISO.fullmatch(text)
    if match is None or text.endswith("T") or not any(match.groups()):
        return None
    units = (WEEK, DAY, HOUR, MINUTE, 1.0)
    return sum(
        float(number) * unit for number, unit in zip(match.groups(), units, strict=True) if number
    )


def _short(text: str) -> float | None:
    total, position = 0.0, 0
    text = text.rstrip()
    while match := PART.match(text, position):
        total += float(match[1]) * SECONDS[match[2]]
        position = match.end()
    return total if text and position == len(text) else None


def spoken(seconds: float) -> str:
    """A duration in words: ``2 days``, ``1 day 12 hours``."""
    words, rest = [], round(seconds)
    for name, unit in (("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", 1.0)):
        count, rest = divmod(rest, int(unit))
        if count:
            words.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(words[:2]) or "0 seconds"
