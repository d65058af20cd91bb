"""Sums of money as people read them: USD, never more digits than they say."""

from __future__ import annotations

from math import ceil, floor, log10

_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
SMALLEST = 1e-9
MOST_BUDGET = 1_000_000
"""USD; nobody means more than that for one run."""
_PLACES = 12


def exact(usd: float) -> float:
    """A sum without what adding up binary numbers left behind: 5.661199999999999 is 5.6612."""
    return round(usd, _PLACES)


def money(usd: float) -> str:
    """``$0.50``, ``$1,204.00``; a small sum keeps two digits that say something: ``$0.0031``."""
    if abs(usd) < SMALLEST:
        return "$0.00"
    places = max(2, 1 - floor(log10(abs(usd))))
    whole, _, part = f"{usd:,.{places}f}".partition(".")
    return f"${whole}.{part.rstrip('0').ljust(2, '0')}"


def money_range(low: float, high: float) -> str:
    """``$0.40 to $1.10``, or one sum where both read the same."""
    first, last = money(low), money(high)
    return first if first == last else f"{first} to {last}"


def rounded_up(usd: float) -> float:
    """The next sum above that a person would name: 1.10 becomes 1.5, 0.0031 becomes 0.004."""
    if usd <= 0:
        return 0.0
    power = 10.0 ** floor(log10(usd))
    step = next((one for one in _STEPS if one * power >= usd * (1 - 1e-9)), 10.0)
    return round(step * power, max(0, ceil(-log10(power)) + 1))
