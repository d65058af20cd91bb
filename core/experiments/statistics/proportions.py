"""Yes or no in two groups: the named methods, each from the four counts alone.

``n`` were asked and ``x`` did it; a is the control, b the treatment, and a difference is b - a.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.domain.errors import Undefined
from core.experiments.statistics.ratios import Ends, joined, joined_ratio
from core.experiments.statistics.tails import normal_log10_p, normal_p, z_for

TIE = 1e-9
"""Tables whose likelihoods differ by less are equally likely."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Two groups' counts."""

    n_a: int
    x_a: int
    n_b: int
    x_b: int

    def __post_init__(self) -> None:
        for n, x, who in ((self.n_a, self.x_a, "control"), (self.n_b, self.x_b, "treatment")):
            if n < 1:
                raise Undefined(f"Nobody is in the {who}.")
            if not 0 <= x <= n:
                raise Undefined(f"In the {who}, {x} of {n} cannot be.")

    @property
    def a(self) -> float:
        """The control's share."""
        return self.x_a / self.n_a

    @property
    def b(self) -> float:
        """The treatment's share."""
        return self.x_b / self.n_b

    @property
    def difference(self) -> float:
        """The treatment's share less the control's."""
        return (self.x_b * self.n_a - self.x_a * self.n_b) / (self.n_a * self.n_b)

    @property
    def relative(self) -> float:
        """The same, relative to the control's.

        Raises:
            Undefined: If nobody in the control did it.
        """
        if not self.x_a:
            raise Undefined("Nobody in the control did it, so there is nothing to be relative to.")
        return (self.x_b * self.n_a - self.x_a * self.n_b) / (self.x_a * self.n_b)

    @property
    def table(self) -> list[list[int]]:
        """Who did it in the first row, who did not in the second; a column a group."""
        return [[self.x_a, self.x_b], [self.n_a - self.x_a, self.n_b - self.x_b]]

    @property
    def least_expected(self) -> float:
        """The smallest count that would be expected if the groups did not differ."""
        did = self.x_a + self.x_b
        total = self.n_a + self.n_b
        return min(did, total - did) * min(self.n_a, self.n_b) / total


def wilson(n: int, x: int, alpha: float = 0.05) -> Ends:
    """One share's score interval (Wilson, JASA 22, 1927; Newcombe 1998a, method 3)."""
    z, p = z_for(alpha), x / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(middle - half, 0.0) if x else 0.0, min(middle + half, 1.0) if x < n else 1.0


def clopper_pearson(n: int, x: int, alpha: float = 0.05) -> Ends:
    """One share's exact interval (Clopper & Pearson, Biometrika 26, 1934)."""
    from scipy.special import betaincinv

    low = float(betaincinv(x, n - x + 1, alpha / 2)) if x else 0.0
    high = float(betaincinv(x + 1, n - x, 1 - alpha / 2)) if x < n else 1.0
    return low, high


def blaker(n: int, x: int, alpha: float = 0.05) -> Ends:
    """One share's exact interval, shorter than Clopper and Pearson's and inside it.

    Blaker, Canadian Journal of Statistics 28, 2000, section 2: the shares under which what was
    seen, and what is as odd at the other end, has a probability over ``alpha``.
    """
    low, high = clopper_pearson(n, x, alpha)
    return _edge(n, x, alpha, low, x / n), 1 - _edge(n, n - x, alpha, 1 - high, 1 - x / n)


def pooled_z(counts: Counts) -> float:
    """The score of the difference under no difference (Pearson's chi-square, signed).

    Raises:
        Undefined: If everybody, or nobody, did it.
    """
    did, total = counts.x_a + counts.x_b, counts.n_a + counts.n_b
    if did in (0, total):
        raise Undefined("Everybody did the same, so there is no spread to measure against.")
    variance = did * (total - did) / (total * counts.n_a * counts.n_b)
    return counts.difference / math.sqrt(variance)


def pooled_p(counts: Counts) -> float:
    """Its p-value."""
    return normal_p(pooled_z(counts))


def pooled_log10_p(counts: Counts) -> float:
    """The logarithm of its p-value, however far out."""
    return normal_log10_p(pooled_z(counts))


def wald(counts: Counts, alpha: float = 0.05) -> Ends:
    """The difference's plain interval; far too short where counts are small."""
    half = z_for(alpha) * _se(counts.n_a, counts.a, counts.n_b, counts.b)
    return counts.difference - half, counts.difference + half


def wald_p(counts: Counts) -> float:
    """Its p-value.

    Raises:
        Undefined: If nothing varies and nothing differs.
    """
    return _ratio_p(counts.difference, _se(counts.n_a, counts.a, counts.n_b, counts.b))


def agresti_caffo(counts: Counts, alpha: float = 0.05) -> Ends:
    """The difference with one success and one failure added to each group.

    Agresti & Caffo, The American Statistician 54, 2000.
    """
    difference, se = _with_one_more(counts)
    half = z_for(alpha) * se
    return difference - half, difference + half


def agresti_caffo_p(counts: Counts) -> float:
    """Its p-value."""
    return _ratio_p(*_with_one_more(counts))


def newcombe(counts: Counts, alpha: float = 0.05) -> Ends:
    """The difference's interval from both Wilson intervals (Newcombe 1998b, method 10)."""
    low, high = joined(
        counts.a,
        wilson(counts.n_a, counts.x_a, alpha),
        counts.b,
        wilson(counts.n_b, counts.x_b, alpha),
    )
    return max(low, -1.0), min(high, 1.0)


def wilson_ratio(counts: Counts, alpha: float = 0.05) -> Ends:
    """The ratio's interval from both Wilson intervals; it agrees with Newcombe's about no effect.

    Donner & Zou, Statistical Methods in Medical Research 21, 2012, eq. 9.

    Raises:
        Undefined: If nobody in the control did it.
    """
    return joined_ratio(
        counts.a,
        wilson(counts.n_a, counts.x_a, alpha),
        counts.b,
        wilson(counts.n_b, counts.x_b, alpha),
    )


def log_ratio(counts: Counts, alpha: float = 0.05, *, add: float = 0.0) -> Ends:
    """The ratio's interval on the logarithm's scale (Katz et al., Biometrics 34, 1978, C).

    Args:
        counts: The counts.
        alpha: What stays outside.
        add: Added to every count and number; 0.5 is Walter's adjustment (Biometrika 62, 1975).

    Raises:
        Undefined: If nothing is added and a group has none who did it.
    """
    if not add and not (counts.x_a and counts.x_b):
        raise Undefined("Nobody did it in one of the groups, so the ratio has no logarithm.")
    x_a, n_a, x_b, n_b = (i + add for i in (counts.x_a, counts.n_a, counts.x_b, counts.n_b))
    middle = math.log(x_b / n_b) - math.log(x_a / n_a)
    variance = (n_a - x_a) / (n_a * x_a) + (n_b - x_b) / (n_b * x_b)
    half = z_for(alpha) * math.sqrt(variance)
    return math.exp(middle - half), math.exp(middle + half)


def fisher_p(counts: Counts) -> float:
    """Fisher's exact test: all tables with these margins that are no more likely than this one.

    The hypergeometric probabilities are built up from their ratios, which stay exact however many
    people there are.
    """
    did, total = counts.x_a + counts.x_b, counts.n_a + counts.n_b
    low, high = max(0, did - counts.n_a), min(did, counts.n_b)
    x = np.arange(low, high, dtype=float)
    steps = np.log(did - x) + np.log(counts.n_b - x)
    steps -= np.log(x + 1) + np.log(total - did - counts.n_b + x + 1)
    weights = np.concatenate([[0.0], np.cumsum(steps)])
    weights -= weights.max()
    rarer = weights[weights <= weights[counts.x_b - low] + TIE]
    most = float(rarer.max())
    p = math.exp(most) * float(np.exp(rarer - most).sum()) / float(np.exp(weights).sum())
    return min(p, 1.0)


def boschloo_p(counts: Counts) -> float:
    """Boschloo's exact test (Statistica Neerlandica 24, 1970): never weaker than Fisher's."""
    from scipy.stats import boschloo_exact

    if counts.x_a + counts.x_b in (0, counts.n_a + counts.n_b):
        return 1.0
    return min(float(boschloo_exact(counts.table).pvalue), 1.0)


def barnard_p(counts: Counts) -> float:
    """Barnard's exact test (Biometrika 34, 1947), with the pooled score."""
    from scipy.stats import barnard_exact

    if counts.x_a + counts.x_b in (0, counts.n_a + counts.n_b):
        return 1.0
    return min(float(barnard_exact(counts.table).pvalue), 1.0)


def _edge(n: int, x: int, alpha: float, low: float, inside: float) -> float:
    """The lower end, between an exact end and the share itself, by halving."""
    from scipy.special import bdtr, bdtrc

    other = -1
    while x and inside - low > 1e-10 * inside:
        middle = (low + inside) / 2
        above = bdtrc(x - 1, n, middle)
        while other + 1 < x and bdtr(other + 1, n, middle) <= above:
            other += 1
        while other >= 0 and bdtr(other, n, middle) > above:
            other -= 1
        if above + (bdtr(other, n, middle) if other >= 0 else 0.0) > alpha:
            inside = middle
        else:
            low = middle
    return low


def _se(n_a: float, a: float, n_b: float, b: float) -> float:
    return math.sqrt(a * (1 - a) / n_a + b * (1 - b) / n_b)


def _with_one_more(counts: Counts) -> tuple[float, float]:
    n_a, n_b = counts.n_a + 2, counts.n_b + 2
    a, b = (counts.x_a + 1) / n_a, (counts.x_b + 1) / n_b
    return b - a, _se(n_a, a, n_b, b)


def _ratio_p(difference: float, se: float) -> float:
    if se:
        return normal_p(difference / se)
    if difference:
        return 0.0
    raise Undefined("Nothing varies and nothing differs, so there is no score.")
