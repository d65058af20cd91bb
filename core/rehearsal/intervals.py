"""How sure a number is: 95 % intervals from counts and sums, never from rows."""

from __future__ import annotations

import math

from core.domain.intervals import Interval, Z, wilson
from core.domain.reports import Spread


def t_quantile(degrees: float) -> float:
    """The 0.975 quantile of Student's t.

    Exact for 1 and 2 degrees of freedom, else the expansion of Abramowitz & Stegun (1964),
    26.7.5, which is within 0.2 % from 3 degrees on.
    """
    if degrees <= 1:
        return 12.706204736174698
    if degrees <= 2:
        return 4.302652729749464
    z, n = Z, degrees
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4)
    )


def spread(
    n: int,
    mean: float | None,
    sd: float | None,
    quartiles: tuple[float, float, float] | None = None,
    *,
    floor: float | None = 0.0,
) -> Spread:
    """A mean with its t interval, and the spread behind it.

    ``floor`` is the least that the number can be; the interval does not go below it.
    """
    if n == 0 or mean is None:
        return Spread(n=n)
    q1, median, q3 = quartiles or (None, None, None)
    if n < 2 or sd is None:
        return Spread(n=n, mean=mean, q1=q1, median=median, q3=q3)
    half = t_quantile(n - 1) * sd / math.sqrt(n)
    low = mean - half if floor is None else max(floor, mean - half)
    return Spread(n=n, mean=mean, low=low, high=mean + half, sd=sd, q1=q1, median=median, q3=q3)


def paired_shares(only_a: int, only_b: int, of: int) -> Interval:
    """The interval of share b - share a, for the same people in both.

    The adjusted Wald interval of Agresti & Min (Statistics in Medicine 24, 2005, p. 729-740):
    0.5 is added to each of the four cells, so 0.5 to each discordant count and 2 to the people.
    """
    people = of + 2
    middle = (only_b - only_a) / people
    half = Z * math.sqrt(only_a + only_b + 1 - (only_b - only_a) ** 2 / people) / people
    return max(-1.0, middle - half), min(1.0, middle + half)


def separate_shares(a: int, of_a: int, b: int, of_b: int) -> Interval:
    """The interval of share b - share a, for different people.

    The hybrid score interval, method 10 of Newcombe (Statistics in Medicine 17, 1998,
    p. 873-890).
    """
    share_a, share_b = a / of_a, b / of_b
    low_a, high_a = wilson(a, of_a)
    low_b, high_b = wilson(b, of_b)
    difference = share_b - share_a
    low = difference - math.hypot(share_b - low_b, high_a - share_a)
    high = difference + math.hypot(high_b - share_b, share_a - low_a)
    return low, high


def paired_means(n: int, mean: float, sd: float) -> Interval:
    """The t interval of a mean difference, for the same people in both."""
    half = t_quantile(n - 1) * sd / math.sqrt(n)
    return mean - half, mean + half


def separate_means(a: tuple[int, float, float], b: tuple[int, float, float]) -> Interval:
    """The interval of mean b - mean a from (n, mean, sd) of each (Welch, Biometrika 34, 1947)."""
    share_a, share_b = a[2] ** 2 / a[0], b[2] ** 2 / b[0]
    total, difference = share_a + share_b, b[1] - a[1]
    if total == 0:
        return difference, difference
    degrees = total**2 / (share_a**2 / (a[0] - 1) + share_b**2 / (b[0] - 1))
    half = t_quantile(degrees) * math.sqrt(total)
    return difference - half, difference + half
