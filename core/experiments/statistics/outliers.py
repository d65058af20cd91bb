"""Long tails: when the normal approximation may be claimed."""

from __future__ import annotations

import math

from core.domain.errors import Undefined

NEEDED = 355
"""Kohavi, Deng, Longbotham & Xu (KDD 2014, rule 7): n > 355 skewness² for each arm."""


def enough_for_normal(skewness: float) -> int:
    """How many participants an arm needs before its mean may be taken as normal.

    Raises:
        Undefined: If the skewness is no number.
    """
    if not math.isfinite(skewness):
        raise Undefined("How lopsided the values are cannot be told.")
    return math.ceil(NEEDED * skewness * skewness)


def claims(n: int, skewness: float) -> bool:
    """Whether a mean's interval, of ``n`` such values, is claimed to hold as often as it says."""
    return n > enough_for_normal(skewness)
