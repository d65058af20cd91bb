"""How often the intervals of experiments hold the true effect: 10,000 simulated ones each.

Every interval comes from the functions that the workbench calls, from sums. The bar: between 94 and
96 % where participants times the rate is at least 20 in the smaller arm (for pairs: where so many
pairs change; for a quantile: n q (1 - q)), and at least 94 % elsewhere.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind
from core.domain.samples import Quantiles, Sample
from core.experiments.statistics import (
    Tested,
    arm_interval,
    claims,
    quantile_interval,
    quantile_tested,
    tested,
    tested_pairs,
)

EXPERIMENTS, CHUNK, SEED = 10_000, 1_000, 7
LEAST, MOST, ENOUGH = 0.94, 0.96, 20
Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Array]
"""Gives ``(experiments, participants, values)``."""


@dataclass(frozen=True)
class Row:
    """One scenario's coverage; ``strict`` where it must not be over 96 % either.

    ``held`` are the shares of experiments whose interval held the truth: of the difference (or one
    arm's value), and of the relative effect where there is one.
    """

    method: str
    data: str
    people: str
    strict: bool
    claimed: bool
    held: tuple[float, ...]
    alarms: float | None = None

    @property
    def fits(self) -> bool:
        """Whether the bar is met."""
        return all(one >= LEAST and (one <= MOST or not self.strict) for one in self.held)


class Tally:
    """Counts experiments, and those whose interval held the truth."""

    def __init__(self) -> None:
        self.all, self.held, self.alarms = [0, 0], [0, 0], 0

    def add(self, at: int, read: Tested | tuple[float, float, float], truth: float, k: int) -> None:
        """``k`` experiments gave this reading."""
        low, high = (read.low, read.high) if isinstance(read, Tested) else read[1:]
        self.all[at] += k
        self.held[at] += k * (low - 1e-12 <= truth <= high + 1e-12)
        if at == 0 and isinstance(read, Tested):
            self.alarms += k * (read.p < 0.05)

    def shares(self) -> tuple[float, ...]:
        """The shares that held."""
        return tuple(h / n for h, n in zip(self.held, self.all, strict=True) if n)


def read_both(
    tally: Tally, read: Callable[[bool], Tested], truths: tuple[float, float], k: int = 1
) -> None:
    """Read one experiment, absolute and relative; what is refused is not counted."""
    for at, relative in enumerate((False, True)):
        try:
            tally.add(at, read(relative), truths[at], k)
        except Undefined:
            continue


def samples(values: Array) -> list[Sample]:
    """One sample an experiment."""
    n = values.shape[1]
    means = values.mean(axis=1)
    away = values - means[:, None, :]
    products = np.einsum("eni,enj->eij", away, away)
    return [
        Sample(n, tuple(m), tuple(map(tuple, p)))
        for m, p in zip(means.tolist(), products.tolist(), strict=True)
    ]


def chunks() -> Iterator[np.random.Generator]:
    """A generator for each part of the experiments, so that memory stays small."""
    for at in range(EXPERIMENTS // CHUNK):
        yield np.random.default_rng((SEED, at))


def yes_no() -> Iterator[Row]:
    """Shares: of the difference and the ratio, and of one arm alone."""
    sizes = ((200, 200), (200, 2_000), (2_000, 200), (1_000, 1_000), (9_000, 1_000))
    for n_a, n_b in (*sizes, (100_000, 100_000)):
        for rate in (0.01, 0.02, 0.05, 0.1, 0.3, 0.5, 0.9):
            for lift in (0.0, 0.3, -0.3):
                other = rate * (1 + lift)
                if other < 1:
                    yield _shares(n_a, n_b, rate, other)
    for n in (200, 500, 1_000, 10_000, 1_000_000):
        for rate in (0.01, 0.02, 0.05, 0.1, 0.3, 0.5, 0.9):
            yield _share(n, rate)


def _shares(n_a: int, n_b: int, a: float, b: float) -> Row:
    rng, tally = np.random.default_rng(SEED), Tally()
    drawn = np.stack([rng.binomial(n_a, a, EXPERIMENTS), rng.binomial(n_b, b, EXPERIMENTS)], 1)
    pairs, times = np.unique(drawn, axis=0, return_counts=True)
    for (x_a, x_b), k in zip(pairs.tolist(), times.tolist(), strict=True):
        arms = Sample.of_counts(n_a, x_a), Sample.of_counts(n_b, x_b)
        read_both(
            tally,
            lambda relative, arms=arms: tested("proportion", *arms, relative=relative),
            (b - a, b / a - 1),
            k,
        )
    strict = min(n_a * min(a, 1 - a), n_b * min(b, 1 - b)) >= ENOUGH - 1e-9
    alarms = tally.alarms / EXPERIMENTS if a == b else None
    people = f"{n_a:,} and {n_b:,}"
    return Row("yes or no", f"{a:g} → {b:g}", people, strict, True, tally.shares(), alarms)


def _share(n: int, rate: float) -> Row:
    rng, tally = np.random.default_rng(SEED), Tally()
    found, times = np.unique(rng.binomial(n, rate, EXPERIMENTS), return_counts=True)
    for x, k in zip(found.tolist(), times.tolist(), strict=True):
        tally.add(0, arm_interval("proportion", Sample.of_counts(n, x)), rate, k)
    strict = n * min(rate, 1 - rate) >= ENOUGH - 1e-9
    return Row("one share", f"{rate:g}", f"{n:,}", strict, True, tally.shares())


def two_arms(
    method: str,
    data: str,
    kind: MetricKind,
    sizes: tuple[int, int],
    draws: tuple[Draw, Draw],
    truths: tuple[float, float],
    *,
    before: bool = False,
) -> Row:
    """Two arms of values."""
    tally = Tally()
    for rng in chunks():
        drawn = (samples(draw(rng, n)) for draw, n in zip(draws, sizes, strict=True))
        for a, b in zip(*drawn, strict=True):
            read_both(
                tally,
                lambda relative, a=a, b=b: tested(kind, a, b, before=before, relative=relative),
                truths,
            )
    alarms = tally.alarms / EXPERIMENTS if not truths[0] else None
    people = f"{sizes[0]:,} and {sizes[1]:,}"
    return Row(method, data, people, True, True, tally.shares(), alarms)


SIZES = ((200, 200), (200, 1_000), (1_000, 1_000))


def means() -> Iterator[Row]:
    """Means of several shapes."""
    shapes: dict[str, tuple[Callable[[np.random.Generator, int], Array], float]] = {
        "normal": (lambda rng, n: rng.normal(10, 4, (CHUNK, n, 1)), 10.0),
        "exponential": (lambda rng, n: rng.exponential(3, (CHUNK, n, 1)), 3.0),
        "counts": (lambda rng, n: rng.poisson(0.7, (CHUNK, n, 1)).astype(float), 0.7),
    }
    for name, (draw, mean) in shapes.items():
        for sizes in SIZES:
            for lift in (0.0, 0.1):
                more = _times(draw, 1 + lift)
                truths = (mean * lift, lift)
                data = f"{name}, {lift:+.0%}"
                yield two_arms("mean", data, "mean", sizes, (draw, more), truths)


def _times(draw: Draw, factor: float) -> Draw:
    return lambda rng, n: draw(rng, n) * factor


def revenue() -> Iterator[Row]:
    """One in twenty pays, log-normally: the method claims it from 355 skewness² people an arm."""
    rate, sigma = 0.05, 0.8
    raw = [rate * np.exp(k * k * sigma**2 / 2) for k in (1, 2, 3)]
    spread = raw[1] - raw[0] ** 2
    skewness = float((raw[2] - 3 * raw[0] * raw[1] + 2 * raw[0] ** 3) / spread**1.5)
    for n_a, n_b in ((2_000, 2_000), (10_000, 2_000), (60_000, 60_000), (180_000, 60_000)):
        tally = Tally()
        for rng in chunks():
            arms = [_payers(rng, n, rate, sigma) for n in (n_a, n_b)]
            for a, b in zip(*arms, strict=True):
                read_both(
                    tally,
                    lambda relative, a=a, b=b: tested("revenue", a, b, relative=relative),
                    (0.0, 0.0),
                )
        claimed = claims(min(n_a, n_b), skewness)
        data, people = f"5 % pay, skewness {skewness:.0f}", f"{n_a:,} and {n_b:,}"
        alarms = tally.alarms / EXPERIMENTS
        yield Row("revenue", data, people, claimed, claimed, tally.shares(), alarms)


def _payers(rng: np.random.Generator, n: int, rate: float, sigma: float) -> list[Sample]:
    """Samples of mostly zeros, drawn by their payers alone."""
    counts = rng.binomial(n, rate, CHUNK)
    paid = np.exp(sigma * rng.standard_normal(int(counts.sum())))
    starts = np.concatenate([[0], counts.cumsum()[:-1]])
    sums, squares = (np.add.reduceat(one, starts) for one in (paid, paid * paid))
    return [
        Sample(n, (s / n,), ((q - s * s / n,),))
        for s, q in zip(sums.tolist(), squares.tolist(), strict=True)
    ]


def ratios() -> Iterator[Row]:
    """Clicks per session, and rows inside units: people differ, and come with their number."""

    def clicks(lift: float) -> Draw:
        def draw(rng: np.random.Generator, n: int) -> Array:
            sessions = 1 + rng.poisson(3, (CHUNK, n))
            own = rng.gamma(2, 0.2, (CHUNK, n)) * (1 + lift)
            return np.stack([rng.poisson(own * sessions), sessions], axis=2).astype(float)

        return draw

    def turns(lift: float) -> Draw:
        def draw(rng: np.random.Generator, n: int) -> Array:
            own = rng.normal(4 * (1 + lift), 1, (CHUNK, n))
            turns = 1 + rng.poisson(np.exp(0.25 * (own - 4)) * 3)
            total = own * turns + rng.normal(0, 1, (CHUNK, n)) * np.sqrt(turns)
            return np.stack([total, turns], axis=2)

        return draw

    for sizes in SIZES:
        for lift in (0.0, 0.2):
            data = f"clicks per session, {lift:+.0%}"
            truths = (0.4 * lift, lift)
            yield two_arms("ratio", data, "ratio", sizes, (clicks(0), clicks(lift)), truths)
        truth = (0.0, 0.0)
        data = "turns of one contact"
        yield two_arms("clustered", data, "ratio", sizes, (turns(0), turns(0)), truth)


def cuped() -> Iterator[Row]:
    """A covariate taken out, weak to strong."""

    def arm(rho: float, lift: float) -> Draw:
        def draw(rng: np.random.Generator, n: int) -> Array:
            pre = rng.normal(8, 2, (CHUNK, n))
            rest = 2 * np.sqrt(1 - rho * rho) * rng.standard_normal((CHUNK, n))
            return np.stack([10 * (1 + lift) + rho * (pre - 8) + rest, pre], axis=2)

        return draw

    for sizes in SIZES:
        for rho in (0.7, 0.95):
            draws = arm(rho, 0.0), arm(rho, 0.05)
            data = f"correlation {rho:g}"
            yield two_arms("CUPED", data, "mean", sizes, draws, (0.5, 0.05), before=True)


def quantiles() -> Iterator[Row]:
    """The median and the 90th percentile of log-normal values."""
    z = {0.5: 0.0, 0.9: 1.2815515655446004}
    for q in z:
        for n_a, n_b in SIZES:
            tally, alone = Tally(), Tally()
            truth = float(np.exp(z[q]))
            for rng in chunks():
                drawn = (ranked(np.exp(rng.standard_normal((CHUNK, n))), q) for n in (n_a, n_b))
                for a, b in zip(*drawn, strict=True):
                    read_both(
                        tally,
                        lambda relative, a=a, b=b: quantile_tested(a, b, relative=relative),
                        (0.0, 0.0),
                    )
                    alone.add(0, quantile_interval(b), truth, 1)
            people, data = f"{n_a:,} and {n_b:,}", f"q = {q:g}"
            strict = [n * q * (1 - q) >= ENOUGH for n in (min(n_a, n_b), n_b)]
            alarms = tally.alarms / EXPERIMENTS
            yield Row("quantile", data, people, strict[0], True, tally.shares(), alarms)
            yield Row("one quantile", data, f"{n_b:,}", strict[1], True, alone.shares())


def ranked(values: Array, q: float) -> list[Quantiles]:
    """Each experiment's quantile and order statistics, as the store reads them."""
    n = values.shape[1]
    reach = 1.959963984540054 * np.sqrt(n * q * (1 - q))
    low, high = int(n * q - reach) - 1, int(n * q + reach)
    values = np.sort(values, axis=1)
    middle = np.quantile(values, q, axis=1)
    ends = values[:, max(low, 0)], values[:, min(high, n - 1)]
    return [
        Quantiles(n, q, m, a, b)
        for m, a, b in zip(*(one.tolist() for one in (middle, *ends)), strict=True)
    ]


def pairs() -> Iterator[Row]:
    """Everyone met both: yes or no, and means."""
    for n in (200, 1_000, 10_000):
        for rate in (0.02, 0.1, 0.5, 0.9):
            for lift, rho in ((0.0, 0.3), (0.0, 0.8), (-0.2, 0.3), (-0.2, 0.7)):
                both = rate * rate * (1 + lift) + rho * _joint(rate, rate * (1 + lift))
                shares = (both, rate * (1 + lift) - both, rate - both)
                if min(shares) > 0 and sum(shares) < 1:
                    yield _paired_shares(n, rate, lift, shares)
    for n in (200, 1_000):
        for rho in (0.0, 0.8):
            yield _paired_means(n, rho)


def _joint(a: float, b: float) -> float:
    return float(np.sqrt(a * (1 - a) * b * (1 - b)))


def _paired_shares(n: int, rate: float, lift: float, shares: tuple[float, float, float]) -> Row:
    rng, tally = np.random.default_rng(SEED), Tally()
    drawn = rng.multinomial(n, [*shares, 1 - sum(shares)], EXPERIMENTS)
    found, times = np.unique(drawn, axis=0, return_counts=True)
    for (both, up, down, _), k in zip(found.tolist(), times.tolist(), strict=True):
        sums = [both + down, both + up]
        sample = Sample.from_sums(n, sums, [[sums[0], both], [both, sums[1]]])
        read_both(
            tally,
            lambda relative, sample=sample: tested_pairs("proportion", sample, relative=relative),
            (rate * lift, lift),
            k,
        )
    changed = n * (shares[1] + shares[2])
    strict = changed >= ENOUGH and n * min(rate, rate * (1 + lift)) >= ENOUGH
    data = f"{rate:g} → {rate * (1 + lift):g}, {changed:.0f} pairs change"
    alarms = tally.alarms / EXPERIMENTS if not lift else None
    return Row("paired yes or no", data, f"{n:,}", strict, True, tally.shares(), alarms)


def _paired_means(n: int, rho: float) -> Row:
    tally = Tally()
    for rng in chunks():
        shared = rng.standard_normal((CHUNK, n))
        own = rng.standard_normal((2, CHUNK, n))
        a, b = np.sqrt(rho) * shared + np.sqrt(1 - rho) * own
        for sample in samples(np.stack([np.exp(a / 2), np.exp(b / 2)], axis=2)):
            read_both(
                tally,
                lambda relative, sample=sample: tested_pairs("mean", sample, relative=relative),
                (0.0, 0.0),
            )
    data = f"log-normal, correlation about {rho:g}"
    alarms = tally.alarms / EXPERIMENTS
    return Row("paired mean", data, f"{n:,}", True, True, tally.shares(), alarms)


GROUPS: tuple[Callable[[], Iterator[Row]], ...] = (
    yes_no,
    means,
    revenue,
    ratios,
    cuped,
    quantiles,
    pairs,
)


def measure() -> str:
    """The section of RESULTS.md."""
    rows = []
    for group in GROUPS:
        print(f"  {group.__name__} …", file=sys.stderr)
        rows += list(group())
    return told(rows)


def told(rows: list[Row]) -> str:
    """A line a method, and every scenario that misses the bar."""
    lines = [
        f"Coverage of 95 % intervals over {EXPERIMENTS:,} simulated experiments a scenario "
        f"({len(rows)} scenarios; the simulation's own error is 0.2 points), of the difference "
        "and of the relative effect; and how often p < 0.05 where nothing differs. The bar is 94 "
        "to 96 % where participants times the rate is at least 20 (pairs: where so many pairs "
        "change; quantiles: n q (1 - q)), and at least 94 % elsewhere, with 200 participants or "
        "more in each arm.",
        "",
        "| method | scenarios | difference, rate × n ≥ 20 | relative, rate × n ≥ 20 | lowest "
        "elsewhere | false alarms | bar |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for method in dict.fromkeys(row.method for row in rows):
        own = [row for row in rows if row.method == method and row.claimed]
        lines.append(_line(method, own))
    missed = [row for row in rows if not row.fits and row.claimed]
    beyond = [row for row in rows if not row.claimed]
    lines += ["", "Scenarios outside the bar: " + (_list(missed) if missed else "none") + "."]
    if beyond:
        lines += ["", "Where the method does not claim it (n ≤ 355 skewness²): " + _list(beyond)]
        lines[-1] += "."
    return "\n".join(lines)


def _line(method: str, rows: list[Row]) -> str:
    strict = [row for row in rows if row.strict]
    spans = [_span([row.held[at] for row in strict if len(row.held) > at]) for at in (0, 1)]
    rest = [share for row in rows if not row.strict for share in row.held]
    alarms = [row.alarms for row in rows if row.alarms is not None]
    met = sum(row.fits for row in rows)
    least = f"{min(rest):.2%}" if rest else "–"
    return (
        f"| {method} | {len(rows)} | {spans[0]} | {spans[1]} | {least} | {_span(alarms)} "
        f"| {met} of {len(rows)} |"
    )


def _span(shares: list[float]) -> str:
    return f"{min(shares):.2%} – {max(shares):.2%}" if shares else "–"


def _list(rows: list[Row]) -> str:
    return "; ".join(
        f"{row.method}, {row.data}, {row.people}: " + ", ".join(f"{one:.2%}" for one in row.held)
        for row in rows
    )
