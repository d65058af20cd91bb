"""Estimates as people read them: ``About $0.40 to $1.10 · 600 to 1,500 calls · 2 to 5 minutes``."""

from __future__ import annotations

from core.domain.estimates import Estimate, Range
from core.domain.money import money_range


def estimate_words(found: Estimate) -> str:
    """Money where a price is known, calls and time, each as a range."""
    parts = [range_words(found.calls, "call"), time_words(found.seconds)]
    if found.usd is not None:
        parts.insert(0, f"About {money_range(found.usd.low, found.usd.high)}")
    return " · ".join(parts)


def time_words(seconds: Range) -> str:
    """``20 to 50 seconds``, ``2 to 5 minutes``, ``40 seconds to 3 minutes``."""
    low, high = _unit(seconds.low), _unit(max(1.0, seconds.high))
    if low == high:
        return range_words(seconds, *high)
    least = max(1.0, round(seconds.low))
    first = Range(low=least, likely=seconds.likely, high=least)
    last = Range(low=seconds.high, likely=seconds.likely, high=seconds.high)
    return f"{range_words(first, *low)} to {range_words(last, *high)}"


def _unit(seconds: float) -> tuple[str, int]:
    """The unit in which a time is said, and its seconds."""
    units = (("hour", 3_600), ("minute", 60))
    return next((one for one in units if seconds >= 1.5 * one[1]), ("second", 1))


def range_words(found: Range, one: str, size: int = 1) -> str:
    """``600 to 1,500 calls``; one number where both ends read the same."""
    first, last = _number(found.low / size), _number(found.high / size)
    if first == last:
        return f"{last} {one if last == '1' else one + 's'}"
    return f"{first} to {last} {one}s"


def _number(value: float) -> str:
    """One decimal where it says something."""
    return f"{value:.1f}".removesuffix(".0") if value < 2 else f"{round(value):,}"
