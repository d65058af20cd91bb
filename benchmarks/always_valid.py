"""How often always-valid figures are wrong where nothing differs, looked at again and again.

Each experiment is A/A. At each of 20 looks (the first after very few participants) the figures that
people are shown are asked for, absolute and relative; an experiment is wrong if any of them ever
leaves 0 out. The second table looks after every single participant.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind
from core.domain.samples import Sample
from core.experiments.statistics import Sequential, always_valid_between, always_valid_pairs
from core.experiments.statistics.counting import COIN_WEIGHT
from core.experiments.statistics.sequential import (
    LEAST_EVENTS,
    LEAST_PEOPLE,
    START_SHARE,
    radius,
)

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]
EXPERIMENTS, LOOKS, CHUNK, ALPHA = 10_000, 20, 250, 0.05
ASK_BELOW, ASK_ABOVE = 0.5, 1.5
"""Nothing can leave 0 out at a larger p, or at a plain |z| that is smaller (bounds start at 2.9):
the figures are asked for between."""
EACH = 2_000
"""Experiments that are looked at after every participant."""


@dataclass(frozen=True)
class Scenario:
    """One kind of A/A experiment: what participants' values are, how many come between looks,
    the treatment's share of them, and what the figures are tuned to (of the planned number)."""

    name: str
    kind: MetricKind
    draw: Draw
    per_look: int = 100
    share: float = 0.5
    tuned: float = 1.0
    before: bool = False
    paired: bool = False


def rate(p: float) -> Draw:
    """Yes or no."""
    return lambda rng, size: (rng.random(size) < p)[..., None].astype(float)


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


RATES = [Scenario(f"yes or no, {p:g}", "proportion", rate(p)) for p in (0.01, 0.05, 0.2, 0.5, 0.9)]
BASE = [
    *RATES,
    Scenario("yes or no, 0.01, many", "proportion", rate(0.01), per_look=1000),
    Scenario("mean, normal", "mean", normal),
    Scenario("mean, exponential", "mean", exponential),
    Scenario("mean, lognormal", "mean", lognormal),
    Scenario("revenue, 5 % buy, lognormal", "revenue", money),
    Scenario("revenue, 10 % buy, Pareto 2.1", "revenue", pareto),
    Scenario("ratio", "ratio", ratio),
    Scenario("CUPED", "mean", known_before, before=True),
    Scenario("pairs, yes or no", "proportion", paired_yes, paired=True),
    Scenario("pairs, values", "mean", paired_values, paired=True),
]
SCENARIOS = [
    *BASE,
    *(replace(one, name=f"{one.name}; 1 in 10", share=0.1) for one in BASE if not one.paired),
    *(replace(one, name=f"{one.name}; tuned early", tuned=0.1) for one in RATES),
    Scenario("revenue, 5 % buy, lognormal; 1 in 10; tuned early", "revenue", money, 100, 0.1, 0.1),
]


def measure() -> str:
    """The section of the results."""
    lines = [
        f"A/A, {EXPERIMENTS:,} experiments each, {LOOKS} looks, nominal 5 %; wrong = the interval "
        "or p of what people are shown ever leaves 0 out, absolute or relative. “1 in 10”: the "
        "treatment's share; “tuned early”: to a tenth of the planned participants. Last column: "
        "looks that were refused as too early.",
        "",
        "| what is measured | participants | wrong | relative wrong | refused |",
        "| --- | --- | --- | --- | --- |",
        *(_row(one) for one in SCENARIOS),
        "",
        f"Looked at after every participant, from the first on; {EACH:,} experiments each, tuned "
        "to 1,000 participants (the same formulas, many at a time).",
        "",
        "| what is measured | share | participants | wrong | if one look's error were taken |",
        "| --- | --- | --- | --- | --- |",
        *(_each_row(*one) for one in _every_participant()),
    ]
    return "\n".join(lines)


def wrong(of: Scenario, experiments: int, seed: int = 7) -> tuple[float, float, float]:
    """The share of experiments that are ever wrong, absolute and relative, and of refused looks."""
    rng = np.random.default_rng(seed)
    found = np.zeros(3)
    for _ in range(0, experiments, CHUNK):
        for samples in _experiments(of, rng, min(CHUNK, experiments)):
            found += _ever(of, samples)
    absolute, relative, refused = found / experiments
    return float(absolute), float(relative), float(refused) / LOOKS


def _row(of: Scenario) -> str:
    print(f"  {of.name}", file=sys.stderr)
    absolute, relative, refused = wrong(of, EXPERIMENTS)
    return (
        f"| {of.name} | {LOOKS * of.per_look:,} | {absolute:.4f} | {relative:.4f} | {refused:.3f} |"
    )


def _ever(of: Scenario, samples: list[tuple[Sample, Sample]]) -> tuple[int, int, int]:
    """Whether it is ever wrong, absolute and relative; how many looks were refused."""
    absolute, relative, refused = 0, 0, 0
    for a, b in samples:
        found = _asked(of, a, b, relative=False)
        if found is None:
            refused += 1
            continue
        absolute |= int(_leaves_0_out(found))
        if found.p < ASK_BELOW and not relative:
            found = _asked(of, a, b, relative=True)
            relative |= int(found is not None and _leaves_0_out(found))
    return absolute, relative, refused


def _asked(of: Scenario, a: Sample, b: Sample, *, relative: bool) -> Sequential | None:
    try:
        return _read(of, a, b, relative=relative)
    except Undefined:
        return None


def _leaves_0_out(found: Sequential) -> bool:
    return found.p <= ALPHA or not found.low <= 0 <= found.high


def _read(of: Scenario, a: Sample, b: Sample, *, relative: bool) -> Sequential:
    tuning = round(of.tuned * LOOKS * of.per_look)
    if of.paired:
        return always_valid_pairs(of.kind, a, tuning=tuning, relative=relative)
    return always_valid_between(of.kind, a, b, tuning=tuning, before=of.before, relative=relative)


def _experiments(
    of: Scenario, rng: np.random.Generator, count: int
) -> Iterator[list[tuple[Sample, Sample]]]:
    """Some experiments: each the two arms' sums at the looks where something could be said."""
    size = (count, LOOKS * of.per_look)
    values = of.draw(rng, size)
    treated = np.zeros(size) if of.paired else (rng.random(size) < of.share).astype(float)
    arms = [_sums(values, mask, of.per_look) for mask in (1 - treated, treated)]
    asked = _worth_asking(of, arms)
    for at in range(count):
        looks = np.flatnonzero(asked[at])
        yield [(_sample(arms[0], at, look), _sample(arms[1], at, look)) for look in looks]


def _worth_asking(of: Scenario, arms: list[tuple[Floats, Floats, Floats]]) -> Any:
    """Every look of pairs, ratios and covariates; of plain values those that are refused, or whose
    plain |z| is not small (or not known)."""
    (n_a, s_a, q_a), (n_b, s_b, q_b) = arms
    if of.paired or of.before or of.kind == "ratio":
        return np.ones(n_a.shape, dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_a, mean_b = s_a[..., 0] / n_a, s_b[..., 0] / n_b
        spread = (q_a[..., 0, 0] / n_a - mean_a**2) / n_a + (q_b[..., 0, 0] / n_b - mean_b**2) / n_b
        z = np.abs(mean_b - mean_a) / np.sqrt(spread)
    refused = (np.minimum(n_a, n_b) < LEAST_PEOPLE) & (of.kind != "proportion")
    return refused | ~(z < ASK_ABOVE)


def _sums(values: Floats, mask: Floats, per_look: int) -> tuple[Floats, Floats, Floats]:
    shape = (len(values), LOOKS, per_look)
    v, m = values.reshape(*shape, -1), mask.reshape(shape)
    return (
        m.sum(axis=2).cumsum(axis=1),
        np.einsum("clpk,clp->clk", v, m).cumsum(axis=1),
        np.einsum("clpi,clpj,clp->clij", v, v, m, optimize=True).cumsum(axis=1),
    )


def _sample(sums: tuple[Floats, Floats, Floats], at: int, look: int) -> Sample:
    n, total, squares = (one[at, look] for one in sums)
    if not n:
        return Sample.none(len(total))
    means = total / n
    spread = squares - n * np.outer(means, means)
    return Sample(int(n), tuple(means.tolist()), tuple(tuple(row) for row in spread.tolist()))


def _every_participant() -> list[tuple[str, Draw, float, int, bool]]:
    rates = [(f"yes or no, {p:g}", rate(p), p < 0.05, True) for p in (0.01, 0.05, 0.2, 0.5, 0.9)]
    others = [
        ("mean, exponential", exponential, False, False),
        ("mean, lognormal", lognormal, False, False),
        ("revenue, 5 % buy, lognormal", money, False, False),
    ]
    return [
        (name, draw, share, 6000 if rare else 2000, counted)
        for name, draw, rare, counted in (*rates, *others)
        for share in (0.5, 0.1)
    ]


def _each_row(name: str, draw: Draw, share: float, people: int, counted: bool) -> str:
    rng = np.random.default_rng(11)
    found = np.zeros(2)
    for _ in range(0, EACH, CHUNK):
        values = draw(rng, (CHUNK, people))[..., 0]
        treated = rng.random((CHUNK, people)) < share
        found += _looked_each_time(values, treated, counted=counted)
    careful, plain = found / EACH
    return f"| {name} | {share:g} | {people:,} | {careful:.4f} | {plain:.4f} |"


def _looked_each_time(values: Floats, treated: Any, *, counted: bool) -> Floats:
    n = np.arange(1.0, values.shape[1] + 1)
    sums = [_running(values, mask) for mask in (~treated, treated)]
    (n_a, s_a, v_a), (n_b, s_b, v_b) = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.abs(s_b / n_b - s_a / n_a)
        apart = v_a / (n_a - 1) / n_a + v_b / (n_b - 1) / n_b
        pooled = (v_a + v_b) / (n - 2) * (1 / n_a + 1 / n_b)
        limit = np.array([radius(int(one), alpha=ALPHA, tuning=1000) for one in n])
        hits = np.nan_to_num(gap / np.sqrt(np.fmax(apart, pooled))) > limit
        plain = np.nan_to_num(gap / np.sqrt(apart), posinf=np.inf) > limit
    start = np.minimum(n_a, n_b) >= LEAST_PEOPLE
    if counted:
        few = np.minimum.reduce([s_a, s_b, n_a - s_a, n_b - s_b])
        exact = _coins(s_a, s_b, n_a, n_b, (n_b / n).clip(1e-9, 1 - 1e-9)) > -np.log(
            ALPHA * START_SHARE
        )
        hits = np.where(start & (few >= LEAST_EVENTS), hits, exact & (n_a > 0) & (n_b > 0))
    else:
        hits = hits & start
    return np.array([hits.any(axis=1).sum(), plain.any(axis=1).sum()])


def _running(values: Floats, mask: Any) -> tuple[Floats, Floats, Floats]:
    n = mask.cumsum(axis=1).astype(float)
    total = (values * mask).cumsum(axis=1)
    squares = (values * values * mask).cumsum(axis=1)
    return n, total, squares - total * total / np.maximum(n, 1)


def _coins(s_a: Floats, s_b: Floats, n_a: Floats, n_b: Floats, share: Floats) -> Floats:
    yes, no = _coin(s_a, s_b, share), _coin(n_a - s_a, n_b - s_b, share)
    return np.logaddexp(yes, no) - np.log(2)


def _coin(a: Floats, b: Floats, share: Floats) -> Floats:
    from scipy import special

    one, two = COIN_WEIGHT * share, COIN_WEIGHT * (1 - share)
    mixture = special.betaln(one + b, two + a) - special.betaln(one, two)
    found: Floats = mixture - b * np.log(share) - a * np.log1p(-share)
    return found
