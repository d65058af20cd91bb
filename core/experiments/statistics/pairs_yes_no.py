"""Everyone met both variants: what changed within people, in yes and no."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.domain.errors import Undefined
from core.domain.samples import Sample
from core.experiments.statistics.ratios import Ends, reaching
from core.experiments.statistics.readings import Tested
from core.experiments.statistics.tails import above_zero, normal_p, z_for

EXACT_BELOW = 50
"""So many pairs that changed: below, the p-value is from the exact distribution."""


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs of yes or no: both, only under the second variant, only under the first, neither."""

    both: int
    only_b: int
    only_a: int
    neither: int

    @property
    def n(self) -> int:
        """How many pairs."""
        return self.both + self.only_a + self.only_b + self.neither

    @property
    def changed(self) -> int:
        """How many pairs differ within themselves."""
        return self.only_a + self.only_b


def pair_counts(pairs: Sample) -> PairCounts | None:
    """The counts behind a sample of pairs; None where its values are not only 0 and 1."""
    if pairs.n < 1:
        return None
    n, (a, b) = pairs.n, pairs.means[:2]
    both = pairs.products[0][1] + n * a * b
    counts = PairCounts(
        round(both), round(n * b - both), round(n * a - both), round(n * (1 - a - b) + both)
    )
    if min(counts.both, counts.only_a, counts.only_b, counts.neither) < 0 or counts.n != n:
        return None
    rebuilt = _sample(counts)
    same = all(
        math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)
        for one, other in zip(_flat(rebuilt), _flat(pairs), strict=True)
    )
    return counts if same else None


def tested_pair_counts(
    counts: PairCounts, *, alpha: float = 0.05, relative: bool = False
) -> Tested:
    """The change of a share within pairs, or relative to the first variant's share.

    McNemar's test; the interval of the difference is Agresti and Min's, of the ratio Bonett and
    Price's.

    Raises:
        Undefined: If there are no pairs, or it is relative and nobody did it in the first variant.
    """
    if not counts.n:
        raise Undefined("There are no pairs.")
    p, test = change_p(counts)
    change = counts.only_b - counts.only_a
    if not relative:
        low, high = reaching(agresti_min(counts, alpha), 0.0, p, alpha)
        return Tested(change / counts.n, low, high, p, f"{test}, Agresti and Min's interval")
    base = counts.both + counts.only_a
    if not base:
        raise Undefined("Nobody in the control did it, so there is nothing to be relative to.")
    low, high = reaching(bonett_price(counts, alpha), 1.0, p, alpha)
    return Tested(change / base, low - 1, high - 1, p, f"{test}, Bonett and Price's interval")


def change_p(counts: PairCounts) -> tuple[float, str]:
    """McNemar's p-value and the test's name; the mid-p form where few pairs changed.

    Fagerland, Lydersen & Laake, BMC Medical Research Methodology 13:91, 2013, eq. 5.
    """
    if not counts.changed:
        return 1.0, "McNemar's mid-p test"
    if counts.changed >= EXACT_BELOW:
        gap = counts.only_b - counts.only_a
        return above_zero(normal_p(gap / math.sqrt(counts.changed))), "McNemar's test"
    fewer = min(counts.only_a, counts.only_b)
    ways = [math.comb(counts.changed, k) for k in range(fewer + 1)]
    p = (2 * sum(ways) - ways[-1]) / 2**counts.changed
    return min(p, 1.0), "McNemar's mid-p test"


def agresti_min(counts: PairCounts, alpha: float = 0.05) -> Ends:
    """The difference, with half a pair added to each of the four counts.

    Agresti & Min, Statistics in Medicine 24, 2005, section 3.
    """
    n = counts.n + 2
    up, down = (counts.only_b + 0.5) / n, (counts.only_a + 0.5) / n
    half = z_for(alpha) * math.sqrt((up + down - (up - down) ** 2) / n)
    return max(up - down - half, -1.0), min(up - down + half, 1.0)


def bonett_price(counts: PairCounts, alpha: float = 0.05) -> Ends:
    """The ratio of both shares, from two Wilson intervals of a reach that suits the pairing.

    Bonett & Price, Biometrics 62, 2006, eq. 5.

    Raises:
        Undefined: If nobody did it in the first variant.
    """
    n = counts.both + counts.changed
    a, b = counts.both + counts.only_a, counts.both + counts.only_b
    joint = math.sqrt((counts.changed + 2) / ((a + 1) * (b + 1)))
    apart = sum(math.sqrt((1 - (x + 1) / (n + 2)) / (x + 1)) for x in (a, b))
    z = z_for(alpha) * joint / apart
    low_a, high_a = _wilson(n, a, z)
    low_b, high_b = _wilson(n, b, z)
    if low_a <= 0:
        raise Undefined("Nobody in the control did it, so there is nothing to be relative to.")
    return low_b / high_a, high_b / low_a


def _wilson(n: int, x: int, z: float) -> Ends:
    middle = x + z * z / 2
    half = z * math.sqrt(z * z / 4 + x * (1 - x / n))
    return (middle - half) / (n + z * z), (middle + half) / (n + z * z)


def _sample(counts: PairCounts) -> Sample:
    n, a, b = counts.n, counts.both + counts.only_a, counts.both + counts.only_b
    squares = [[a, counts.both], [counts.both, b]]
    return Sample.from_sums(n, [a, b], squares)


def _flat(pairs: Sample) -> list[float]:
    return [*pairs.means[:2], pairs.products[0][0], pairs.products[0][1], pairs.products[1][1]]
