"""What a reading is that holds at all times together."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

FURTHEST = 700.0
"""No evidence is told stronger than e to this power: floats end there."""


@dataclass(frozen=True, slots=True)
class Sequential:
    """An effect whose interval and p-value hold at all times together.

    Attributes:
        value: The effect.
        low: The interval's lower end.
        high: Its upper end.
        p: The always-valid p-value.
        widening: How many times wider than the interval for one look; None where that one cannot
            be given.
        method: The method's name.
        tuning: The number of participants at which the interval is narrowest.
        exact: Whether it holds for any number of participants, and not only for many.
    """

    value: float
    low: float
    high: float
    p: float
    widening: float | None
    method: str
    tuning: int
    exact: bool = False


def p_value(strength: float) -> float:
    """The always-valid p-value of an e-value, given as its logarithm: 1 / e, at most 1 (Ville)."""
    return 1.0 if strength <= 0 else exp(-min(strength, FURTHEST))
