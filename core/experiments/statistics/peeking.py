"""How often a rule is wrong when it is looked at every day: many experiments, simulated at once.

Each simulated experiment has two arms and equal participants a day in each. At every look each
rule says whether it would stop and declare a difference; an experiment counts as it first stopped.
The rules are those that people use, and those that Greenroom offers, as it applies them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import Undefined
from core.domain.experiments import Boundary, RuleKind
from core.experiments import stopping
from core.experiments.statistics.boundaries import bounds
from core.experiments.statistics.counting import COIN_WEIGHT
from core.experiments.statistics.sequential import LEAST_EVENTS, LEAST_PEOPLE, START_SHARE, radius

Floats = NDArray[np.float64]
Hits = NDArray[np.bool_]
ALPHA, LOSS = 0.05, 0.005


@dataclass(frozen=True, slots=True)
class Played:
    """What one rule did in all the simulated experiments.

    Attributes:
        rule: The rule's id.
        declared: The share in which it declared a difference.
        mean_looks: After how many looks it stopped on average.
        right: The share in which it declared the true direction; None where there is none.
        wrong: The share in which it declared the other one.
        mean_lift: The mean difference that it showed when it declared one, over the true rate.
    """

    rule: str
    declared: float
    mean_looks: float
    right: float | None
    wrong: float | None
    mean_lift: float | None


@dataclass(frozen=True, slots=True)
class Simulated:
    """Simulated experiments: counts up to each look, one row an experiment."""

    n: Floats
    a: Floats
    b: Floats
    rate: float
    planned: int

    @property
    def looks(self) -> int:
        """How many looks."""
        return len(self.n)

    @property
    def difference(self) -> Floats:
        """b - a at each look."""
        return (self.b - self.a) / self.n

    @property
    def z_pooled(self) -> Floats:
        """The z of the test with one rate for both."""
        rate = (self.a + self.b) / (2 * self.n)
        return _over(self.difference, np.sqrt(2 * rate * (1 - rate) / self.n))

    @property
    def z(self) -> Floats:
        """The difference over its own standard error."""
        return _over(self.difference, self.error)

    @property
    def error(self) -> Floats:
        """The difference's standard error, each arm with its own rate."""
        one, two = self.a / self.n, self.b / self.n
        return np.sqrt((one * (1 - one) + two * (1 - two)) / self.n)

    def posterior(self) -> tuple[Floats, Floats]:
        """Mean and spread of the difference under Beta(1, 1) priors, taken as normal."""
        means = [(x + 1) / (self.n + 2) for x in (self.a, self.b)]
        spread = sum(one * (1 - one) for one in means) / (self.n + 3)
        return means[1] - means[0], np.sqrt(spread)

    def relative(self) -> tuple[Floats, Floats]:
        """The relative effect and its standard error, by the delta method."""
        one, two = self.a / self.n, self.b / self.n
        effect = _over(two, one) - 1
        own = _over(two * (1 - two), one**2) + _over(two**2 * (1 - one), one**3)
        return effect, np.sqrt(own / self.n)


@dataclass(frozen=True, slots=True)
class Player:
    """A rule that is played: whether it stops, at each look of each experiment."""

    id: str
    name: str
    kind: RuleKind | None
    hits: Callable[[Simulated], Hits]


def simulate(
    rate: float,
    lift: float,
    per_day: int,
    looks: int,
    replicates: int,
    seed: int | np.random.Generator,
) -> Simulated:
    """Experiments with ``per_day`` participants in each arm and day; the control comes first.

    Raises:
        Undefined: If a rate would not lie between 0 and 1.
    """
    other = rate * (1 + lift)
    if not (0 <= rate <= 1 and 0 <= other <= 1):
        raise Undefined("A rate lies between 0 and 1.")
    rng = np.random.default_rng(seed)
    a, b = (
        rng.binomial(per_day, one, (replicates, looks)).cumsum(axis=1).astype(float)
        for one in (rate, other)
    )
    return Simulated(per_day * np.arange(1.0, looks + 1), a, b, rate, 2 * per_day * looks)


def simulate_rules(
    rate: float,
    lift: float,
    per_day: int,
    looks: int = 20,
    replicates: int = 20_000,
    seed: int | np.random.Generator = 20260101,
) -> dict[str, Played]:
    """What every rule of ``PLAYERS`` does in the same simulated experiments, by its id.

    Args:
        rate: The control's rate.
        lift: The true effect, relative to it; 0 for A/A.
        per_day: Participants a day, in each arm.
        looks: How many days, with a look on each.
        replicates: How many experiments.
        seed: Of the random numbers, or a generator that goes on.
    """
    made = simulate(rate, lift, per_day, looks, replicates, seed)
    return {one.id: _played(one, made, lift) for one in PLAYERS}


def _played(player: Player, made: Simulated, lift: float) -> Played:
    hits: Hits = player.hits(made)
    ever: Hits = np.asarray(hits.any(axis=1))
    stop = np.where(ever, hits.argmax(axis=1), made.looks - 1)
    rows = np.flatnonzero(ever)
    a, b = made.a[rows, stop[rows]], made.b[rows, stop[rows]]
    shown = (b - a) / made.n[stop[rows]] / made.rate
    up, down = float((b > a).sum()), float((b < a).sum())
    right, wrong = (up, down) if lift >= 0 else (down, up)
    return Played(
        rule=player.id,
        declared=float(ever.mean()),
        mean_looks=float((stop + 1).mean()),
        right=right / len(ever) if lift else None,
        wrong=wrong / len(ever) if lift else None,
        mean_lift=float(shown.mean()) if lift and len(shown) else None,
    )


def _over(top: Floats, bottom: Floats) -> Floats:
    """A quotient; 0 where nothing is known."""
    return np.divide(top, bottom, out=np.zeros_like(top + bottom), where=bottom > 0)


def _over_limit(z: Floats, limits: Floats | float) -> Hits:
    return np.asarray(np.abs(z) > limits, dtype=np.bool_)


def _quantile(p: float) -> float:
    from scipy import special

    return float(special.ndtri(p))


def _fixed(made: Simulated) -> Hits:
    from scipy import special

    p = 2 * special.ndtr(-np.abs(made.z_pooled))
    return np.asarray(stopping.fixed(p, 2 * made.n, made.planned, ALPHA), dtype=np.bool_)


def _peeked(made: Simulated) -> Hits:
    return _over_limit(made.z_pooled, _quantile(1 - ALPHA / 2))


def _peeked_after_week(made: Simulated) -> Hits:
    hits = _peeked(made)
    hits[:, :6] = False
    return hits


def _bonferroni(made: Simulated) -> Hits:
    return _over_limit(made.z_pooled, _quantile(1 - ALPHA / 2 / made.looks))


def _planned(made: Simulated, kind: Boundary) -> Hits:
    limits: Any = np.array(bounds(made.looks, kind=kind))
    return np.asarray(stopping.group_sequential(made.z_pooled, limits), dtype=np.bool_)


def _pocock(made: Simulated) -> Hits:
    return _planned(made, "pocock")


def _obrien_fleming(made: Simulated) -> Hits:
    return _planned(made, "obrien_fleming")


def _sequence(tuning: int | None, part: float = 1.0) -> Callable[[Simulated], Hits]:
    """Without a start; tuned to a number, or to a part of the plan."""

    def hits(made: Simulated) -> Hits:
        return _over_limit(made.z, _radii(made, tuning or round(part * made.planned)))

    return hits


def _radii(made: Simulated, tuning: int) -> Floats:
    return np.array([radius(int(2 * n), alpha=ALPHA, tuning=tuning) for n in made.n])


def _always_valid(made: Simulated) -> Hits:
    """As ``always_valid_between``: exact while counts are few, asymptotic afterwards."""
    fewest = np.minimum.reduce([made.a, made.b, made.n - made.a, made.n - made.b])
    enough = (fewest >= LEAST_EVENTS) & (made.n >= LEAST_PEOPLE)
    exact = coin_evidence(made.a, made.b, made.n) > -log(ALPHA * START_SHARE)
    hits: Hits = np.where(enough, _over_limit(made.z, _radii(made, made.planned)), exact)
    return hits


def coin_evidence(a: Floats, b: Floats, n: Floats) -> Floats:
    """The log e-values of ``always_valid_counts`` of two equal arms, many at a time."""
    yes, no = (_coin(one, two) for one, two in ((a, b), (n - a, n - b)))
    found: Floats = np.logaddexp(yes, no) - log(2)
    return found


def _coin(a: Floats, b: Floats) -> Floats:
    from scipy import special

    half = COIN_WEIGHT / 2
    mixture = special.betaln(half + a, half + b) - special.betaln(half, half)
    found: Floats = mixture + (a + b) * log(2)
    return found


def _believed(least: float) -> Callable[[Simulated], Hits]:
    def hits(made: Simulated) -> Hits:
        mean, sd = made.posterior()
        return np.asarray(np.abs(mean / sd) >= _quantile(least), dtype=np.bool_)

    return hits


def _believed_with(prior: float) -> Callable[[Simulated], Hits]:
    """By the delta method as it is used: where the treatment has none yet, its error is 0, and
    the rule is certain of the worst."""

    def hits(made: Simulated) -> Hits:
        effect, error = made.relative()
        sure = (error == 0) & (made.b == 0) & (made.a > 0)
        wide = np.where(error > 0, error, np.inf)
        z = effect / np.sqrt(1 + (wide / prior) ** 2) / wide
        return np.asarray(sure | (np.abs(z) >= _quantile(0.95)), dtype=np.bool_)

    return hits


def _little_lost(threshold: float) -> Callable[[Simulated], Hits]:
    def hits(made: Simulated) -> Hits:
        return np.asarray(_leaders_loss(made) < threshold * made.rate, dtype=np.bool_)

    return hits


def _our_loss(made: Simulated) -> Hits:
    """A treatment alone is taken; while the control leads, the experiment goes on."""
    cheap = stopping.expected_loss(_leaders_loss(made), made.a / made.n, LOSS)
    return np.asarray(cheap & (made.difference > 0), dtype=np.bool_)


def _leaders_loss(made: Simulated) -> Floats:
    from scipy import special

    mean, sd = made.posterior()
    ahead = np.abs(mean) / sd
    density = np.exp(-0.5 * ahead**2) / sqrt(2 * pi)
    found: Floats = sd * (density - ahead * special.ndtr(-ahead))
    return found


PLAYERS: tuple[Player, ...] = (
    Player("fixed", "Significance, read once at the end", "fixed", _fixed),
    Player("fixed_peeked", "Significance, but looked at every day", None, _peeked),
    Player(
        "fixed_peeked_week",
        "Significance, looked at every day after the first week",
        None,
        _peeked_after_week,
    ),
    Player("bonferroni", "Significance, divided by the number of looks", None, _bonferroni),
    Player("pocock", "Planned looks, Pocock's bounds", "group_sequential", _pocock),
    Player(
        "obrien_fleming",
        "Planned looks, O'Brien and Fleming's bounds",
        "group_sequential",
        _obrien_fleming,
    ),
    Player("always_valid", "Always valid, tuned to the plan", "always_valid", _always_valid),
    Player(
        "sequence_5000",
        "Always valid, tuned to 5,000 participants",
        None,
        _sequence(5_000),
    ),
    Player("sequence_n", "Always valid, without a start", None, _sequence(None)),
    Player(
        "sequence_half",
        "Always valid, tuned to half of the plan",
        None,
        _sequence(None, 0.5),
    ),
    Player("believed_95", "Probability of being better 95 %, every day", None, _believed(0.95)),
    Player("believed_975", "Probability of being better 97.5 %", None, _believed(0.975)),
    Player("believed_99", "Probability of being better 99 %, every day", None, _believed(0.99)),
    Player("prior_30", "The same at 95 %, prior N(0, 30 %)", None, _believed_with(0.3)),
    Player("prior_10", "The same at 95 %, prior N(0, 10 %)", None, _believed_with(0.1)),
    Player("loss_100", "Expected loss under 1 %, every day", None, _little_lost(0.01)),
    Player("expected_loss", "Expected loss under 0.5 %, every day", "expected_loss", _our_loss),
    Player("loss_25", "Expected loss under 0.25 %, every day", None, _little_lost(0.0025)),
)
"""Every rule that is played; ``kind`` names those that an experiment can be decided by."""
