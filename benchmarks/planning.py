"""Whether tests of the planned size find what they are for, and what holds after an early stop."""

from __future__ import annotations

import sys
from math import ceil, inf, sqrt

import numpy as np

from core.domain.experiments import Design, Metric, Planned, Rule, Variant
from core.domain.intervals import Z
from core.domain.samples import Estimate
from core.experiments.statistics import (
    bounds,
    plan,
    sample_size,
    stage_wise,
)
from core.experiments.statistics.planning import ALWAYS_LOOKS
from core.experiments.statistics.sequential import radius

EXPERIMENTS, STOPPED, ALPHA, POWER = 10_000, 1_000, 0.05, 0.8
RATES = (
    (0.01, 0.2),
    (0.05, 0.1),
    (0.05, -0.1),
    (0.2, 0.1),
    (0.5, 0.05),
    (0.9, 0.03),
)


def measure() -> str:
    """The section of the results."""
    return "\n".join([*_powers(), "", *_stopped()])


def _powers() -> list[str]:
    print("  power", file=sys.stderr)
    rows = [*_rates(), *_means(), *_rules()]
    return [
        f"Power of plans for {POWER:.0%}, {EXPERIMENTS:,} experiments each (bar: within 2 points).",
        "",
        "| plan | participants | found |",
        "| --- | --- | --- |",
        *(f"| {name} | {people:,} | {100 * found:.1f} % |" for name, people, found in rows),
    ]


def _rates() -> list[tuple[str, int, float]]:
    """Two rates, read once: the z test with each arm's own variance."""
    rng = np.random.default_rng(3)
    rows = []
    for rate, lift in RATES:
        for shares in ((0.5, 0.5), (0.8, 0.2)):
            people = sample_size("proportion", rate, lift, shares=shares)
            n_a, n_b = round(people * shares[0]), round(people * shares[1])
            a = rng.binomial(n_a, rate, EXPERIMENTS) / n_a
            b = rng.binomial(n_b, rate * (1 + lift), EXPERIMENTS) / n_b
            z = (b - a) / np.sqrt(a * (1 - a) / n_a + b * (1 - b) / n_b)
            name = f"rate {rate:g}, {100 * lift:+g} %, {shares[0]:g} : {shares[1]:g}"
            rows.append((name, people, float((np.abs(z) > Z).mean())))
    return rows


def _means() -> list[tuple[str, int, float]]:
    """Means, read once by Welch's test: normal, skewed, paired, and with few participants."""
    from scipy import stats

    rng = np.random.default_rng(4)
    rows = []
    for name, effect, skewed in (
        ("mean, normal, 10 %", 0.1, False),
        ("mean, normal, 50 %", 0.5, False),
        ("mean, exponential, 20 %", 0.2, True),
    ):
        people = sample_size("mean", 1.0, effect, sd=1.0)
        n = ceil(people / 2)
        found = 0
        for _ in range(10):
            size = (EXPERIMENTS // 10, n)
            a = rng.exponential(1, size) if skewed else rng.normal(1, 1, size)
            b = (rng.exponential(1, size) if skewed else rng.normal(1, 1, size)) + effect
            found += int((stats.ttest_ind(b, a, axis=1, equal_var=False).pvalue < ALPHA).sum())
        rows.append((name, people, found / EXPERIMENTS))
    pairs = sample_size("mean", 1.0, 0.1, sd=0.6, paired=True)
    gaps = rng.normal(0.1, 0.6, (EXPERIMENTS, pairs))
    t = gaps.mean(axis=1) / (gaps.std(axis=1, ddof=1) / sqrt(pairs))
    bar = stats.t.isf(ALPHA / 2, pairs - 1)
    return [*rows, ("pairs, 10 %", pairs, float((np.abs(t) > bar).mean()))]


def _rules() -> list[tuple[str, int, float]]:
    """The other rules, whose plans allow for looking."""
    rows = []
    for kind, boundary, looks in (
        ("always_valid", "pocock", ALWAYS_LOOKS),
        ("group_sequential", "pocock", 5),
        ("group_sequential", "obrien_fleming", 5),
        ("group_sequential", "obrien_fleming", 20),
    ):
        rule = Rule.model_validate(
            {"kind": kind, "boundary": boundary, "looks": looks, "least": 0.1}
        )
        people = plan(_design(rule)).people
        times = [(at + 1) / looks for at in range(looks)]
        limits = (
            [radius(round(people * one), alpha=ALPHA, tuning=people) for one in times]
            if kind == "always_valid"
            else bounds(looks, kind=rule.boundary)
        )
        name = kind if kind == "always_valid" else f"{boundary}, {looks} looks"
        rows.append((f"{name}, rate 0.05, +10 %", people, _ever(people, limits)))
    return rows


def _design(rule: Rule) -> Design:
    return Design(
        name="plan",
        variants=(Variant(id="a"), Variant(id="b")),
        metrics=(Metric(id="m", value="v"),),
        rule=rule,
        planned=Planned(baseline=0.05),
    )


def _ever(people: int, limits: list[float]) -> float:
    rng = np.random.default_rng(5)
    step = people // 2 // len(limits)
    n = step * np.arange(1, len(limits) + 1)
    a, b = (
        rng.binomial(step, one, (EXPERIMENTS, len(limits))).cumsum(axis=1) / n
        for one in (0.05, 0.055)
    )
    z = (b - a) / np.sqrt((a * (1 - a) + b * (1 - b)) / n)
    return float((np.abs(z) > np.array(limits)).any(axis=1).mean())


def _stopped() -> list[str]:
    """What is said after a bound stopped the experiment: plain, and stage-wise."""
    print("  after stopping", file=sys.stderr)
    return [
        f"After Pocock's bounds at 5 looks stopped an experiment, {STOPPED:,} of each: 95 % "
        "intervals that hold the truth, and the middle estimate, as a multiple of the final "
        "standard error. After an early stop the stage-wise one is what is shown.",
        "",
        "| true effect | plain interval | stage-wise interval | plain median | stage-wise median |",
        "| --- | --- | --- | --- | --- |",
        *(_stopped_row(drift) for drift in (0.0, 1.5, 2.8, 4.0)),
    ]


def _stopped_row(drift: float) -> str:
    rng = np.random.default_rng(6)
    limits = bounds(5, kind="pocock")
    times = np.arange(1, 6) / 5
    score = (rng.normal(drift / 5, sqrt(0.2), (STOPPED, 5))).cumsum(axis=1)
    z = score / np.sqrt(times)
    hit = np.abs(z) >= np.array(limits)
    stop = np.where(hit.any(axis=1), hit.argmax(axis=1), 4)
    plain, wise, naive, middle = 0, 0, [], []
    for at in range(STOPPED):
        k = int(stop[at])
        se = 1 / sqrt(times[k])
        found = stage_wise(
            Estimate(float(z[at, k]) * se, se, inf, 100), limits[: k + 1], times[: k + 1].tolist()
        )
        plain += abs(found.naive - drift) <= Z * se
        wise += found.low <= drift <= found.high
        naive.append(found.naive)
        middle.append(found.value)
    return (
        f"| {drift:g} | {100 * plain / STOPPED:.1f} % | {100 * wise / STOPPED:.1f} % "
        f"| {np.median(naive):.2f} | {np.median(middle):.2f} |"
    )
