"""A share and how sure it is: 95 % score intervals, from counts."""

from __future__ import annotations

import math

from core.domain.reports import Rate

Z = 1.959963984540054
"""The 0.975 quantile of the standard normal distribution."""

Interval = tuple[float, float]


def wilson(count: int, of: int) -> Interval:
    """The score interval of a share (Wilson, JASA 22, 1927, p. 209-212).

    Raises:
        ValueError: If there is nobody to have a share of.
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"{count} of {of} is no share")
    share, z2 = count / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == of else min(1.0, middle + half)
    return low, high


def rate(count: int, of: int) -> Rate:
    """A share with its interval; no number where ``of`` is 0."""
    if of == 0:
        return Rate(count=count, of=0)
    low, high = wilson(count, of)
    return Rate(count=count, of=of, rate=count / of, low=low, high=high)
