"""How often always-valid figures are wrong where nothing differs, looked at again and again.

At each of 20 looks the figures that people are shown are asked for, absolute and relative; an
experiment is wrong if any of them ever leaves 0 out. The last table looks after every single
participant.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np

from benchmarks.aa_experiments import (
    LOOKS,
    SCENARIOS,
    Draw,
    Floats,
    Scenario,
    Sums,
    drawn,
    exponential,
    lognormal,
    medians,
    money,
    quantiles,
    sample,
    scores,
)
from core.domain.errors import Undefined
from core.experiments.statistics import (
    Sequential,
    always_valid_between,
    always_valid_pairs,
    always_valid_quantiles,
)
from core.experiments.statistics.counting import COIN_WEIGHT
from core.experiments.statistics.sequential import (
    LEAST_EVENTS,
    LEAST_PEOPLE,
    START_SHARE,
    radius,
)

EXPERIMENTS, CHUNK, ALPHA = 10_000, 500, 0.05
ASK_ABOVE, ASK_ODDS = 2.4, 10.0
"""Figures are asked for where the plain |z| is as large (the bounds begin at 3.0 and take an error
at least as large), or where the exact test gives such odds against chance (it declares at 100)."""
EACH, TUNED = 2_000, 1_000
"""Experiments that are looked at after every participant, and what they are tuned to."""
CORES = min(2, os.cpu_count() or 1)


def measure() -> str:
    """The section of the results."""
    begun = time.perf_counter()
    with ProcessPoolExecutor(CORES, get_context("spawn")) as cores:
        each = [cores.submit(_each_row, *one) for one in _every_participant()]
        rows = list(cores.map(_row, SCENARIOS))
        last = [one.result() for one in each]
    took = time.perf_counter() - begun
    most = max(max(row[1:3]) for row in rows)
    lines = [
        f"A/A, {EXPERIMENTS:,} experiments of each of {len(SCENARIOS)} kinds, {LOOKS} looks, "
        "nominal 5 %; wrong = the interval or p of what people are shown ever leaves 0 out, "
        "absolute or relative. “1 in 10”: the treatment's share; “tuned early”: to a tenth of the "
        "planned participants. Last column: looks at which nothing was shown, since it was too "
        f"early. The worst: {100 * most:.1f} % (bar: 5 %). Simulated in {took:.0f} s.",
        "",
        "| what is measured | participants | wrong | relative wrong | refused |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {one.name} | {one.people:,} | {wrong:.4f} | {relative:.4f} | {refused:.3f} |"
            for one, wrong, relative, refused in rows
        ),
        "",
        f"Looked at after every participant, from the first on; {EACH:,} experiments each, tuned "
        f"to {TUNED:,} participants (the same formulas, many at a time).",
        "",
        "| what is measured | share | participants | wrong | if one look's error were taken |",
        "| --- | --- | --- | --- | --- |",
        *last,
    ]
    return "\n".join(lines)


def wrong(of: Scenario, experiments: int, seed: int = 7) -> tuple[float, float, float]:
    """The share of experiments that are ever wrong, absolute and relative, and of refused looks."""
    rng = np.random.default_rng(seed)
    absolute, relative = np.zeros(experiments, dtype=bool), np.zeros(experiments, dtype=bool)
    refused = 0
    for start in range(0, experiments, CHUNK):
        count = min(CHUNK, experiments - start)
        early, asked = (
            _quantile_looks(of, rng, count) if of.kind == "quantile" else _looks(of, rng, count)
        )
        refused += early
        for at, a, b in asked:
            found = _asked(of, a, b, relative=False)
            if found is not None and _leaves_0_out(found):
                absolute[start + at] = True
            found = _asked(of, a, b, relative=True)
            if found is not None and _leaves_0_out(found):
                relative[start + at] = True
    return float(absolute.mean()), float(relative.mean()), refused / LOOKS / experiments


def _row(of: Scenario) -> tuple[Scenario, float, float, float]:
    found = wrong(of, EXPERIMENTS)
    print(f"  {of.name}: {found}", file=sys.stderr)
    return of, *found


Asked = Iterator[tuple[int, Any, Any]]


def _looks(of: Scenario, rng: np.random.Generator, count: int) -> tuple[int, Asked]:
    """How many looks come too early, and those at which something may be said: the experiment's
    number, and both arms."""
    control, treated = drawn(of, rng, count)
    z = scores(of, control, treated)
    early = _early(of, control, treated)
    counted = of.kind == "proportion" and not of.paired
    # where nothing varies there is nothing to be wrong about: nobody is asked
    wanted = np.nan_to_num(z, posinf=np.inf) >= ASK_ABOVE
    if counted:
        wanted |= _odds(control, treated) >= np.log(ASK_ODDS)
    else:
        wanted &= ~early
    places = np.argwhere(wanted)
    return 0 if counted else int(early.sum()), (
        (int(at), sample(control, at, look), sample(treated, at, look)) for at, look in places
    )


def _early(of: Scenario, control: Sums, treated: Sums) -> Any:
    if not of.paired:
        return np.minimum(control[0], treated[0]) < LEAST_PEOPLE
    early = control[0] < LEAST_PEOPLE
    if of.kind == "proportion":
        squares = control[2]
        uneven = squares[..., 0, 0] + squares[..., 1, 1] - 2 * squares[..., 0, 1]
        early |= uneven < LEAST_EVENTS - 0.5
    return early


def _odds(control: Sums, treated: Sums) -> Any:
    """The exact test's log evidence."""
    n_a, n_b = control[0], treated[0]
    share = (n_b / (n_a + n_b)).clip(1e-9, 1 - 1e-9)
    return _coins(control[1][..., 0], treated[1][..., 0], n_a, n_b, share)


def _quantile_looks(of: Scenario, rng: np.random.Generator, count: int) -> tuple[int, Asked]:
    control, treated = medians(of, rng, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.hypot(*(one[..., 3] - one[..., 2] for one in (control, treated))) / (2 * 1.96)
        z = np.abs(treated[..., 1] - control[..., 1]) / error
    early = np.minimum(control[..., 0], treated[..., 0]) < LEAST_PEOPLE
    places = np.argwhere(np.nan_to_num(z, posinf=np.inf) >= ASK_ABOVE / 2)
    return int(early.sum()), (
        (int(at), quantiles(control[at, look]), quantiles(treated[at, look])) for at, look in places
    )


def _asked(of: Scenario, a: Any, b: Any, *, relative: bool) -> Sequential | None:
    try:
        return _read(of, a, b, relative=relative)
    except Undefined:
        return None


def _leaves_0_out(found: Sequential) -> bool:
    return found.p <= ALPHA or not found.low <= 0 <= found.high


def _read(of: Scenario, a: Any, b: Any, *, relative: bool) -> Sequential:
    tuning = round(of.tuned * of.people)
    if of.paired:
        return always_valid_pairs(of.kind, a, tuning=tuning, relative=relative)
    if of.kind == "quantile":
        return always_valid_quantiles(a, b, tuning=tuning, relative=relative)
    return always_valid_between(of.kind, a, b, tuning=tuning, before=of.before, relative=relative)


def _every_participant() -> list[tuple[str, float, Draw | None, float]]:
    kinds: list[tuple[str, float, Draw | None]] = [
        *((f"yes or no, {p:g}", p, None) for p in (0.01, 0.05, 0.2, 0.5, 0.9)),
        ("mean, exponential", 0.0, exponential),
        ("mean, lognormal", 0.0, lognormal),
        ("revenue, 5 % buy, lognormal", 0.0, money),
    ]
    return [(*one, share) for one in kinds for share in (0.5, 0.1)]


def _each_row(name: str, rate: float, draw: Draw | None, share: float) -> str:
    of = Scenario(name, "mean", draw, rate)
    people = 6000 if 0 < rate < 0.05 else 2000
    rng = np.random.default_rng(11)
    found = np.zeros(2)
    for _ in range(0, EACH, CHUNK):
        values = of.values(rng, (CHUNK, people))[..., 0]
        treated = rng.random((CHUNK, people)) < share
        found += _looked_each_time(values, treated, counted=draw is None)
    careful, plain = found / EACH
    print(f"  after every participant: {name} {share}", file=sys.stderr)
    return f"| {name} | {share:g} | {people:,} | {careful:.4f} | {plain:.4f} |"


def _looked_each_time(values: Floats, treated: Any, *, counted: bool) -> Floats:
    n = np.arange(1.0, values.shape[1] + 1)
    sums = [_running(values, mask) for mask in (~treated, treated)]
    (n_a, s_a, v_a), (n_b, s_b, v_b) = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.abs(s_b / n_b - s_a / n_a)
        apart = v_a / (n_a - 1) / n_a + v_b / (n_b - 1) / n_b
        pooled = (v_a + v_b) / (n - 2) * (1 / n_a + 1 / n_b)
        limit = np.array([radius(int(one), alpha=ALPHA, tuning=TUNED) for one in n])
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
