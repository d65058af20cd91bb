"""Looking again until a rate is decided: how often, and how sure one must be each time.

Whoever looks several times at a growing number of people, each time with a 95 % interval, is wrong
more often than in 5 of 100 tests. So the looks are planned before the first: people double until
there are as many as may be tried, and the 5 % are shared out evenly over the looks and the test's
rates (Bonferroni). The interval of a look is that of Clopper and Pearson (Biometrika 26, 1934,
p. 404-413), which is never narrower than it says, so the whole holds whatever the rate is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from core.domain.intervals import Interval
from core.domain.reports import Rate

ERROR = 0.05
"""A test is decided wrongly in at most this share of all cases."""
MOST_COPIES = 2_000
"""How many people of one row are tried at most, unless somebody says otherwise."""
Rating = Callable[[int, int], Rate]
"""Gives a share with its interval."""


def looks(first: int, most: int) -> list[int]:
    """How many people there are at each look: doubling, the last time all that may be tried."""
    planned = [first]
    while planned[-1] < most:
        planned.append(min(most, 2 * planned[-1]))
    return planned


@lru_cache(maxsize=4_096)
def exact(count: int, of: int, error: float = ERROR) -> Interval:
    """The interval of Clopper and Pearson; it leaves out the true share at most in ``error``.

    Raises:
        ValueError: If there is nobody to have a share of.
    """
    from scipy.special import betaincinv

    if not 0 <= count <= of or of == 0:
        raise ValueError(f"{count} of {of} is no share")
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, error / 2))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, 1 - error / 2))
    return low, high


def rating(times: int, rates: int) -> Rating:
    """Shares whose intervals hold together over so many looks at so many rates of one test."""
    error = ERROR / (max(1, times) * max(1, rates))

    def rate(count: int, of: int) -> Rate:
        if of == 0:
            return Rate(count=count, of=0)
        low, high = exact(count, of, error)
        return Rate(count=count, of=of, rate=count / of, low=low, high=high)

    return rate


def certain(count: int, of: int) -> Rate:
    """The share of people in whom chance has no part."""
    if of == 0:
        return Rate(count=count, of=0)
    share = count / of
    return Rate(count=count, of=of, rate=share, low=share, high=share)
