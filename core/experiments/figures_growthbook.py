"""The figures that GrowthBook's statistics package gives, from an effect and its error.

Its formulas, for whoever compares the two. Its p-values are computed as 1 less the distribution,
so far out they are 0; ours, elsewhere, are not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Protocol

from core.domain.samples import Estimate
from core.experiments.figures_kept import Figure, Kept

ALPHA = 0.05
TUNING = 5000
PRIOR_VARIANCE = 0.3**2


class Measuring(Protocol):
    """Gives the effect, or says why it cannot."""

    def __call__(self, *, relative: bool) -> Estimate:
        """The difference, or the relative one."""
        ...


def keep(kept: Kept, effect: Measuring) -> None:
    """Keep all of them, for the relative effect and for the difference."""
    for name, way in WAYS.items():
        kept.give(name, partial(_way, way, effect, relative=name.endswith("relative")))


def frequentist(effect: Estimate) -> Figure:
    """Welch's interval and p-value."""
    from scipy.stats import t

    half = float(t.ppf(1 - ALPHA / 2, effect.df)) * effect.se
    p = 2 * (1 - float(t.cdf(abs(effect.value / effect.se), effect.df)))
    return _figure(effect, half) | {"pValue": p}


def sequential(effect: Estimate) -> Figure:
    """The asymptotic confidence sequence (Waudby-Smith et al., Annals of Statistics 52, 2024).

    Equation 9 with the tuning of its equation 17, and the p-value by inversion.
    """
    log_alpha = -2 * math.log(ALPHA)
    rho = math.sqrt((log_alpha + math.log(log_alpha + 1)) / TUNING)
    grown = effect.n * rho * rho
    half = effect.se * math.sqrt(2 * (grown + 1) / grown * math.log(math.sqrt(grown + 1) / ALPHA))
    score = (effect.value / effect.se) ** 2
    log_p = math.log(grown + 1) / 2 - score * grown / (grown + 1) / 2
    return _figure(effect, half) | {"pValue": math.exp(min(log_p, 0.0))}


def bayes(effect: Estimate) -> Figure:
    """The normal posterior: the chance to win, and what each choice may lose."""
    from scipy.stats import norm

    half = float(norm.ppf(1 - ALPHA / 2)) * effect.se
    score = effect.value / effect.se
    kept, shipped = expected_excess(score), expected_excess(-score)
    return _figure(effect, half) | {
        "chanceToWin": float(norm.sf(-score)),
        "risk": [effect.se * kept, effect.se * shipped],
    }


def expected_excess(score: float) -> float:
    """The mean of the positive part of a normal variable with this mean and variance 1."""
    from scipy.special import erfcx

    density = math.exp(-score * score / 2) / math.sqrt(2 * math.pi)
    if score > -1:
        return density + score * math.erfc(-score / math.sqrt(2)) / 2
    return density * (1 + score * math.sqrt(math.pi / 2) * float(erfcx(-score / math.sqrt(2))))


def _with_prior(effect: Estimate) -> Figure:
    precision = 1 / PRIOR_VARIANCE + 1 / effect.se**2
    value = effect.value / effect.se**2 / precision
    return bayes(Estimate(value, math.sqrt(1 / precision), effect.df, effect.n))


def _way(way: Callable[[Estimate], Figure], effect: Measuring, *, relative: bool) -> Figure:
    return way(effect(relative=relative))


def _figure(effect: Estimate, half: float) -> dict[str, Figure]:
    return {
        "expected": effect.value,
        "ci": [effect.value - half, effect.value + half],
        "se": effect.se,
        "errorMessage": None,
    }


WAYS: dict[str, Callable[[Estimate], Figure]] = {
    "gbstats_frequentist_relative": frequentist,
    "gbstats_sequential5000_relative": sequential,
    "gbstats_bayes_flat_relative": bayes,
    "gbstats_frequentist_absolute": frequentist,
    "gbstats_sequential5000_absolute": sequential,
    "gbstats_bayes_flat_absolute": bayes,
    "gbstats_bayes_prior_N(0,0.3^2)_relative": _with_prior,
}
NAMES = tuple(WAYS)
