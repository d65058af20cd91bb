"""One figure with its interval and its p-value, read once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tested:
    """One figure read once.

    Attributes:
        value: The effect, treatment less control, or treatment / control - 1.
        low: Its interval's lower end.
        high: Its upper end.
        p: The two-sided p-value of no difference.
        method: How both were made.
    """

    value: float
    low: float
    high: float
    p: float
    method: str
