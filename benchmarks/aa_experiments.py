"""Experiments in which nothing differs: what participants' values are, and their sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.experiments import MetricKind
from core.domain.samples import Quantiles, Sample

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]
Sums = tuple[Floats, Floats, Floats]
"""By experiment and look: participants, sums of each value, sums of their products."""
LOOKS, Z = 20, 1.96


@dataclass(frozen=True)
class Scenario:
    """One kind of A/A experiment: what participants' values are (or how many of them say yes), how
    many come between looks, the treatment's share of them, and what the figures are tuned to (of
    the planned number)."""

    name: str
    kind: MetricKind
    draw: Draw | None = None
    rate: float = 0.0
    per_look: int = 100
    share: float = 0.5
    tuned: float = 1.0
    before: bool = False
    paired: bool = False

    @property
    def people(self) -> int:
        """At the last look."""
        return LOOKS * self.per_look

    def values(self, rng: np.random.Generator, size: tuple[int, int]) -> Floats:
        """Participants' values."""
        if self.draw is None:
            return (rng.random(size) < self.rate)[..., None].astype(float)
        return self.draw(rng, size)


def normal(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Well behaved."""
    return rng.normal(5, 1, size)[..., None]


def exponential(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Skewed."""
    return rng.exponential(1, size)[..., None]


def lognormal(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """With a long tail: a skewness of 33."""
    return rng.lognormal(0, 1.5, size)[..., None]


def money(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """One in twenty buys, and what they spend has a long tail."""
    return ((rng.random(size) < 0.05) * rng.lognormal(3, 1.5, size))[..., None]


def pareto(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """One in ten buys; what they spend has hardly a variance (tail index 2.1)."""
    return ((rng.random(size) < 0.1) * (1 + rng.pareto(2.1, size)))[..., None]


def ratio(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Clicks for each visit, where visits differ and people do."""
    visits = 1.0 + rng.poisson(2, size)
    return np.stack([rng.poisson(visits * rng.gamma(2, 0.1, size)).astype(float), visits], axis=-1)


def known_before(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """A skewed value, and what it was before (correlation 0.7)."""
    before = rng.exponential(1, size)
    return np.stack([0.7 * before + 0.71 * rng.exponential(1, size), before], axis=-1)


def paired_yes(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Yes or no of the same person twice."""
    likely = rng.beta(0.5, 4.5, size)
    return np.stack([rng.random(size) < likely, rng.random(size) < likely], axis=-1).astype(float)


def paired_values(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """A value of the same person twice."""
    own = rng.exponential(2, size)
    return np.stack([own + rng.exponential(1, size), own + rng.exponential(1, size)], axis=-1)


RATES = [Scenario(f"yes or no, {p:g}", "proportion", rate=p) for p in (0.01, 0.05, 0.2, 0.5, 0.9)]
APART = [
    *RATES,
    Scenario("yes or no, 0.01, many", "proportion", rate=0.01, per_look=1000),
    Scenario("mean, normal", "mean", normal),
    Scenario("mean, exponential", "mean", exponential),
    Scenario("mean, lognormal", "mean", lognormal),
    Scenario("revenue, 5 % buy, lognormal", "revenue", money),
    Scenario("revenue, 10 % buy, Pareto 2.1", "revenue", pareto),
    Scenario("ratio", "ratio", ratio),
    Scenario("CUPED", "mean", known_before, before=True),
    Scenario("median, lognormal", "quantile", lognormal),
]
PAIRED = [
    Scenario("pairs, yes or no", "proportion", paired_yes, paired=True),
    Scenario("pairs, values", "mean", paired_values, paired=True),
]
BASE = [*APART, *PAIRED]
SCENARIOS = [
    *BASE,
    *(replace(one, name=f"{one.name}; 1 in 10", share=0.1) for one in APART),
    *(replace(one, name=f"{one.name}; tuned early", tuned=0.1) for one in BASE),
    *(
        replace(one, name=f"{one.name}; a look after every 10", per_look=10)
        for one in BASE
        if one.per_look == 100
    ),
    Scenario(
        "revenue, 5 % buy, lognormal; 1 in 10; tuned early", "revenue", money, share=0.1, tuned=0.1
    ),
]


def drawn(of: Scenario, rng: np.random.Generator, count: int) -> tuple[Sums, Sums]:
    """So many experiments: both arms' sums at each look; those of pairs are in the first."""
    if of.draw is None:
        return _counts(of, rng, count)
    values, treated = _participants(of, rng, count)
    control, other = (_sums(values, mask, of.per_look) for mask in (1 - treated, treated))
    return control, other


def _participants(
    of: Scenario, rng: np.random.Generator, count: int
) -> tuple[Floats, NDArray[np.float64]]:
    size = (count, of.people)
    values = of.values(rng, size)
    treated = np.zeros(size) if of.paired else (rng.random(size) < of.share).astype(float)
    return values, treated


def _counts(of: Scenario, rng: np.random.Generator, count: int) -> tuple[Sums, Sums]:
    """Yes and no, by how many there are."""
    size = (count, LOOKS)
    treated = rng.binomial(of.per_look, of.share, size)
    found = []
    for n in (of.per_look - treated, treated):
        yes = rng.binomial(n, of.rate).cumsum(axis=1).astype(float)
        found.append((n.cumsum(axis=1).astype(float), yes[..., None], yes[..., None, None]))
    return found[0], found[1]


def _sums(values: Floats, mask: Floats, per_look: int) -> Sums:
    shape = (len(values), LOOKS, per_look)
    v, m = values.reshape(*shape, -1), mask.reshape(shape)
    own = v * m[..., None]
    squares = np.matmul(own.swapaxes(-1, -2), v)
    return m.sum(axis=2).cumsum(axis=1), own.sum(axis=2).cumsum(axis=1), squares.cumsum(axis=1)


def sample(sums: Sums, at: int, look: int) -> Sample:
    """One experiment's arm at one look."""
    n, total, squares = (one[at, look] for one in sums)
    if not n:
        return Sample.none(len(total))
    means = total / n
    spread = squares - n * np.outer(means, means)
    return Sample(int(n), tuple(means.tolist()), tuple(tuple(row) for row in spread.tolist()))


def scores(of: Scenario, control: Sums, treated: Sums) -> Any:
    """The plain |z| at each look, infinite or NaN where nothing varies."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if of.paired:
            mean, spread = _moments(control)
            gap = spread[..., 0, 0] - 2 * spread[..., 0, 1] + spread[..., 1, 1]
            return np.abs(mean[..., 1] - mean[..., 0]) / np.sqrt(gap / control[0])
        one, two = _moments(control), _moments(treated)
        slope = _slope(control, treated, one[1], two[1]) if of.before else 0.0
        a, b = (_reading(of, *moments, slope) for moments in (one, two))
        return np.abs(b[0] - a[0]) / np.sqrt(a[1] / control[0] + b[1] / treated[0])


def _moments(sums: Sums) -> tuple[Floats, Floats]:
    n, total, squares = sums
    mean = total / n[..., None]
    return mean, squares / n[..., None, None] - mean[..., :, None] * mean[..., None, :]


def _slope(control: Sums, treated: Sums, one: Floats, two: Floats) -> Floats:
    both = control[0][..., None, None] * one + treated[0][..., None, None] * two
    found: Floats = both[..., 0, 1] / both[..., 1, 1]
    return found


def _reading(of: Scenario, mean: Floats, spread: Floats, slope: Any) -> tuple[Floats, Floats]:
    """An arm's value, and how much one participant's varies."""
    if of.kind == "ratio":
        value = mean[..., 0] / mean[..., 1]
        rest = spread[..., 0, 0] - 2 * value * spread[..., 0, 1] + value**2 * spread[..., 1, 1]
        return value, rest / mean[..., 1] ** 2
    if of.before:
        rest = spread[..., 0, 0] - 2 * slope * spread[..., 0, 1] + slope**2 * spread[..., 1, 1]
        return mean[..., 0] - slope * mean[..., 1], rest
    return mean[..., 0], spread[..., 0, 0]


def medians(of: Scenario, rng: np.random.Generator, count: int) -> tuple[Any, Any]:
    """Each arm's median at each look, as (n, value, low, high)."""
    values, treated = _participants(of, rng, count)
    arms = []
    for mask in (1 - treated, treated):
        own = np.where(mask > 0, values[..., 0], np.inf)
        looks = [
            _median(np.sort(own[:, : (look + 1) * of.per_look], axis=1)) for look in range(LOOKS)
        ]
        arms.append(np.stack(looks, axis=1))
    return arms[0], arms[1]


def _median(ordered: Floats) -> Floats:
    n = np.isfinite(ordered).sum(axis=1)
    rank, reach = 0.5 * (n - 1), Z * np.sqrt(0.25 * n)
    places = [
        np.floor(rank),
        np.ceil(rank),
        np.floor(0.5 * n - reach) - 1,
        np.floor(0.5 * n + reach),
    ]
    at = [one.clip(0, (n - 1).clip(0)).astype(int) for one in places]
    low, high, least, most = (ordered[np.arange(len(n)), one] for one in at)
    return np.stack([n, (low + high) / 2, least, most], axis=1)


def quantiles(found: Floats) -> Quantiles:
    """One arm's, as the statistics take it."""
    n, value, low, high = found.tolist()
    return Quantiles(int(n), 0.5, value, low, high)
