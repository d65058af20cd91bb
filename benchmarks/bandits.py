"""Whether what is said after a bandit stays honest, and what choosing costs."""

from __future__ import annotations

from math import sqrt

import numpy as np

from core.domain.intervals import Z
from core.domain.samples import Sample
from core.experiments.statistics import (
    Batch,
    inverse_probability,
    thompson_shares,
    weighted_difference,
)

BANDITS = 2_000


def measure() -> str:
    """The section of the results."""
    lines = [
        f"After Thompson sampling in 10 batches of 200 (floor 10 %), {BANDITS:,} bandits each. "
        "Bias in hundredths of the value; coverage of 95 % intervals, plain and honest; in "
        "brackets the difference to the first arm; then the regret as a share of an even split's. "
        "What is shown is the always-valid one. With so few participants an arm the one for a "
        "single look, though honest for many, does not hold what it says; it is not offered.",
        "",
        "| arms | arm | bias, plain | bias, honest | coverage, plain | honest, one look "
        "| honest, always valid | regret |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *_bandit_rows((0.1, 0.1), yes=True),
        *_bandit_rows((0.1, 0.1, 0.1), yes=True),
        *_bandit_rows((0.1, 0.12, 0.16), yes=True),
        *_bandit_rows((1.0, 1.0), yes=False),
        *_bandit_rows((1.0, 1.1, 1.3), yes=False),
    ]
    return "\n".join(lines)


def _bandit_rows(truth: tuple[float, ...], *, yes: bool) -> list[str]:
    rng = np.random.default_rng(8)
    k = len(truth)
    bias, held, gap_held = np.zeros((2, k)), np.zeros((3, k)), np.zeros(k)
    lost = 0.0
    for _ in range(BANDITS):
        batches = _bandit(rng, truth, yes=yes)
        found = inverse_probability(batches)
        totals = [sum((b.arms[i] for b in batches), Sample.none()) for i in range(k)]
        lost += sum(t.n * (max(truth) - m) for t, m in zip(totals, truth, strict=True))
        for i, (one, total) in enumerate(zip(found, totals, strict=True)):
            bias[:, i] += one.naive - truth[i], one.value - truth[i]
            error = sqrt(total.variance() / total.n)
            once = abs(one.value - truth[i]) <= Z * one.se
            plain = abs(one.naive - truth[i]) <= Z * error
            held[:, i] += plain, once, one.low <= truth[i] <= one.high
            gap = weighted_difference(found[0], one)
            gap_held[i] += gap.low <= truth[i] - truth[0] <= gap.high
    even = 2000 * (max(truth) - sum(truth) / k)
    share = f"{100 * lost / BANDITS / even:.0f} %" if even > 1e-9 else "–"
    name = ("yes or no " if yes else "exponential ") + " / ".join(f"{one:g}" for one in truth)
    return [
        f"| {name} | {i + 1} | {100 * bias[0, i] / BANDITS / truth[i]:+.2f} "
        f"| {100 * bias[1, i] / BANDITS / truth[i]:+.2f} | {100 * held[0, i] / BANDITS:.1f} % "
        f"| {100 * held[1, i] / BANDITS:.1f} % | {100 * held[2, i] / BANDITS:.1f} %"
        + (f" ({100 * gap_held[i] / BANDITS:.1f} %)" if i else "")
        + f" | {share if not i else ''} |"
        for i in range(k)
    ]


def _bandit(rng: np.random.Generator, truth: tuple[float, ...], *, yes: bool) -> list[Batch]:
    known = [Sample.none() for _ in truth]
    batches = []
    for _ in range(10):
        shares = (
            thompson_shares(known, kind="proportion" if yes else "mean")
            if batches
            else [1 / len(truth)] * len(truth)
        )
        counts = rng.multinomial(200, shares)
        arms = tuple(_drawn(rng, int(n), m, yes=yes) for n, m in zip(counts, truth, strict=True))
        batches.append(Batch(tuple(shares), arms))
        known = [one + two for one, two in zip(known, arms, strict=True)]
    return batches


def _drawn(rng: np.random.Generator, n: int, mean: float, *, yes: bool) -> Sample:
    if yes:
        return Sample.of_counts(n, int(rng.binomial(n, mean)))
    values = rng.exponential(mean, n)
    middle = float(values.mean()) if n else 0.0
    return Sample(n, (middle,), ((float(((values - middle) ** 2).sum()),),))
