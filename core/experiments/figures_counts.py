"""The reference figures of a sample-ratio check."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from core.domain.errors import Undefined
from core.experiments.figures_kept import Figure, Kept, whole
from core.experiments.statistics import binomial_p, chi_square, sample_ratio

BINOMIAL_UP_TO = 100_000_000


def srm(case: Mapping[str, Any]) -> dict[str, Figure]:
    """Counts against weights; an arm of weight 0 is left out of the chi-square."""
    kept = Kept()
    try:
        counts, weights = _arms(case)
    except Undefined as error:
        for name in ("chi2", "p_drop_zero_weight_arms", "binomial_exact_p", "gbstats_srm_p"):
            kept.refuse(name, str(error))
        return kept.done()
    used = [(n, w) for n, w in zip(counts, weights, strict=True) if w > 0]
    people, share = sum(n for n, _ in used), math.fsum(w for _, w in used)
    observed, expected = [n for n, _ in used], [w / share * people for _, w in used]
    kept.give("chi2", lambda: _fitted(observed, expected)[0])
    kept.give("p_drop_zero_weight_arms", lambda: _fitted(observed, expected)[1])
    if len(used) == 2 and people <= BINOMIAL_UP_TO:
        kept.give("binomial_exact_p", partial(binomial_p, observed[0], people, used[0][1] / share))
    kept.give("gbstats_srm_p", partial(_growthbook, counts, weights))
    balance = sample_ratio(counts, weights)
    kept.figures |= {"alarm": balance.mismatch, "p": balance.p, "method": balance.method}
    return kept.done()


def _arms(case: Mapping[str, Any]) -> tuple[list[int], list[float]]:
    counts = [whole(n, "An arm's number") for n in case["counts"]]
    weights = list(case["weights"])
    sample_ratio(counts, weights)
    return counts, weights


def _fitted(observed: list[int], expected: list[float]) -> tuple[float, float]:
    if not sum(observed):
        raise Undefined("Nobody is in an arm that has a share.")
    return chi_square(observed, expected)


def _growthbook(counts: list[int], weights: list[float]) -> float:
    """As GrowthBook's: an arm of weight 0 adds nothing, yet counts as a degree of freedom."""
    from scipy.special import chdtrc

    people, share = sum(counts), math.fsum(weights)
    statistic = math.fsum(
        (n - w / share * people) ** 2 / (w / share * people)
        for n, w in zip(counts, weights, strict=True)
        if w > 0
    )
    return float(chdtrc(len(counts) - 1, statistic)) if len(counts) > 1 else 1.0
