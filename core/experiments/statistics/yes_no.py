"""Yes or no, read once: the exact test where counts are small, the score where they are not."""

from __future__ import annotations

from core.domain.errors import Undefined
from core.experiments.statistics.proportions import (
    Counts,
    blaker,
    boschloo_p,
    clopper_pearson,
    fisher_p,
    newcombe,
    pooled_p,
    wilson,
    wilson_ratio,
)
from core.experiments.statistics.ratios import Ends, reaching
from core.experiments.statistics.readings import Tested
from core.experiments.statistics.tails import above_zero

EXACT_BELOW = 10.0
"""The least expected count under which the p-value is an exact one."""
SMALL = 60
"""Up to so many in each arm the exact test is Boschloo's, which is stronger, beyond it Fisher's."""
EXACT_SHARE = 100
"""One share's interval is exact where fewer did it, or did not."""
MOST_EXACT = 1_000_000
"""Up to so many people Blaker's interval is found; beyond, Clopper and Pearson's."""


def tested_counts(counts: Counts, *, alpha: float = 0.05, relative: bool = False) -> Tested:
    """The difference of two shares, or their ratio less 1.

    Both intervals are made from both shares' Wilson intervals, so that they agree with each other
    about whether there is an effect; and they hold no effect where the test does not deny it.

    Raises:
        Undefined: If it is relative and nobody in the control did it.
    """
    p, test = count_p(counts)
    if relative:
        value = counts.relative
        low, high = reaching(wilson_ratio(counts, alpha), 1.0, p, alpha)
        return Tested(value, low - 1, high - 1, p, f"{test}, Wilson ratio interval")
    low, high = reaching(newcombe(counts, alpha), 0.0, p, alpha)
    return Tested(counts.difference, low, high, p, f"{test}, Newcombe's interval")


def count_p(counts: Counts) -> tuple[float, str]:
    """The p-value of no difference, and the test's name."""
    if counts.least_expected >= EXACT_BELOW:
        return above_zero(pooled_p(counts)), "score test"
    if max(counts.n_a, counts.n_b) <= SMALL:
        return boschloo_p(counts), "Boschloo's exact test"
    return above_zero(fisher_p(counts)), "Fisher's exact test"


def share_interval(n: int, x: int, alpha: float = 0.05) -> Ends:
    """One share's interval: Blaker's exact one, and Wilson's where counts are large."""
    if n < 1:
        raise Undefined("Nobody is there.")
    if min(x, n - x) < EXACT_SHARE and n <= MOST_EXACT:
        return blaker(n, x, alpha)
    return wilson(n, x, alpha) if min(x, n - x) >= EXACT_SHARE else clopper_pearson(n, x, alpha)
