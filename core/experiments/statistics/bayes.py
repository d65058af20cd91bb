"""What is to be believed after the data: exact for rates, normal for everything else.

Every probability is an integral over one dimension, done by Gauss–Legendre quadrature between the
quantiles of all the posteriors in it, so that no random number and no expansion is needed and an
arm of a billion is as sharp as one of ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import erfc, exp, isfinite, lgamma, log, log1p, pi, sqrt
from typing import Any

import numpy as np
from numpy.polynomial import legendre

from core.domain.errors import Undefined
from core.domain.experiments import Prior
from core.domain.samples import Estimate
from core.experiments.statistics.roots import root

TAILS = (1e-120, 1e-60, 1e-30, 1e-18, 1e-12, 1e-8, 1e-5, 1e-3)
"""Where the tails are cut for quadrature: probabilities on either side."""
MIDDLE = (0.02, 0.1, 0.25, 0.5)
POINTS, FEWER = 16, 8
"""Of quadrature between neighbouring cuts; fewer for the ends of intervals."""
FAR, OVERLAP = 5, 6.0
"""So many cuts at either end do not matter for an interval; nor for the chance of two rates being
in the other order, if they are fewer standard deviations apart than that."""
NEAR = 0.25
"""An interval's ends are looked for so many standard deviations around the normal ones first."""
STIRLING = 20.0
"""From here on Stirling's series is exact."""
FLAT = Prior()


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed of b - a (or b / a - 1) after the data.

    Attributes:
        better: The probability that it is above 0.
        loss_if_chosen: What is lost on average if b is chosen: the mean of max(0, a - b).
        loss_if_not: What is lost on average if a is kept: the mean of max(0, b - a).
        low: The credible interval's lower end.
        high: Its upper end.
        prior: What was believed before, in words.
        value: The posterior mean.
        sd: The posterior standard deviation.
    """

    better: float
    loss_if_chosen: float
    loss_if_not: float
    low: float
    high: float
    prior: str
    value: float
    sd: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate's posterior, Beta(yes, no); ``yes`` and ``no`` include the prior."""

    yes: float
    no: float

    @property
    def mean(self) -> float:
        """The posterior mean."""
        return self.yes / (self.yes + self.no)

    @property
    def variance(self) -> float:
        """The posterior variance."""
        total = self.yes + self.no
        return self.yes * self.no / (total * total * (total + 1))


def rate_posterior(n: int, x: int, prior: Prior = FLAT) -> Rate:
    """The posterior of a rate of which ``x`` of ``n`` were seen.

    Raises:
        Undefined: Without anybody, or if the counts make no sense.
    """
    if n < 1:
        raise Undefined("Nobody is in this variant, so there is nothing to believe about it.")
    if not 0 <= x <= n:
        raise Undefined(f"{x} of {n} is no count of yes and no.")
    return Rate(x + prior.alpha, n - x + prior.beta)


def beta_binomial(
    a: tuple[int, int],
    b: tuple[int, int],
    prior: Prior = FLAT,
    *,
    alpha: float = 0.05,
    relative: bool = False,
) -> Posterior:
    """The posterior of the difference of two rates, each with a Beta prior of its own.

    P(b > a) is the integral of f_b F_a, the expected losses are those of F_a (1 - F_b) and its
    mirror; the smaller ones are integrated, so that they stay precise however small they are.

    Args:
        a: The control's participants, and how many of them did it.
        b: The treatment's.
        prior: Its ``alpha`` and ``beta``, for both.
        alpha: One less what the credible interval holds.
        relative: Whether losses and interval are relative to the control's posterior mean (the
            interval: of b / a - 1, exactly).

    Raises:
        Undefined: If an arm is empty.
    """
    one, two = rate_posterior(*a, prior), rate_posterior(*b, prior)
    scale = one.mean if relative else 1.0
    low, high = _difference_interval(one, two, alpha, relative=relative)
    better, lost, missed = _compared(one, two)
    return Posterior(
        better=better,
        loss_if_chosen=lost / scale,
        loss_if_not=missed / scale,
        low=low,
        high=high,
        prior=prior_words(prior, rate=True),
        value=(two.mean - one.mean) / scale,
        sd=sqrt(one.variance + two.variance) / scale,
    )


def normal_posterior(
    estimate: Estimate,
    prior: Prior = FLAT,
    *,
    relative: bool,
    alpha: float = 0.05,
    baseline: float | None = None,
) -> Posterior:
    """The posterior of an effect whose estimate is normal, under a flat or a normal prior.

    The conjugate update of precisions (Gelman et al., Bayesian Data Analysis, 3rd ed., eq. 2.11);
    the expected losses are the normal loss integral.

    Args:
        estimate: The effect.
        prior: Its ``mean`` and ``sd``, of the relative effect; flat where there is no ``sd``.
        relative: Whether the estimate is relative. A prior of an absolute effect is the relative
            one times ``baseline``.
        alpha: One less what the credible interval holds.
        baseline: The control's value; needed for an absolute effect under a prior that is not
            flat.

    Raises:
        Undefined: Without spread, or without the baseline that the prior needs.
    """
    _checked(estimate)
    mean, variance = _updated(estimate, prior, 1.0 if relative else baseline)
    sd = sqrt(variance)
    half = _normal_quantile(1 - alpha / 2) * sd
    loss_not = _expected_above(mean, sd)
    return Posterior(
        better=_phi(mean / sd),
        loss_if_chosen=_expected_above(-mean, sd),
        loss_if_not=loss_not,
        low=mean - half,
        high=mean + half,
        prior=prior_words(prior, rate=False),
        value=mean,
        sd=sd,
    )


def best_of(estimates: Sequence[Estimate], *, lower: bool = False) -> list[float]:
    """The probability that each arm is the best, where each has a normal posterior.

    Args:
        estimates: Each arm's value and its standard error (not the effect against the control).
        lower: Whether the lowest is the best.

    Raises:
        Undefined: Without arms, or if an arm has no spread.
    """
    if not estimates:
        raise Undefined("There are no variants to choose from.")
    for one in estimates:
        _checked(one)
    from scipy import special

    sign = -1.0 if lower else 1.0
    means = np.array([sign * one.value for one in estimates])
    ses = np.array([one.se for one in estimates])
    z = np.concatenate([np.linspace(-9, 9, 73), [-37.0, -25.0, -15.0, 15.0, 25.0, 37.0]])
    at, weights = _nodes(np.unique((means[:, None] + ses[:, None] * z).ravel()))
    standard = (at[None, :] - means[:, None]) / ses[:, None]
    log_below = special.log_ndtr(standard)
    log_density = -0.5 * standard**2 - np.log(ses)[:, None] - 0.5 * np.log(2 * pi)
    return _shares(log_density, log_below, weights)


def best_of_rates(
    arms: Sequence[tuple[int, int]], prior: Prior = FLAT, *, lower: bool = False
) -> list[float]:
    """The probability that each arm has the highest (or lowest) rate; ``arms`` as (n, x).

    Raises:
        Undefined: Without arms, or if one is empty.
    """
    if not arms:
        raise Undefined("There are no variants to choose from.")
    return best_of_posteriors([rate_posterior(n, x, prior) for n, x in arms], lower=lower)


def best_of_posteriors(rates: Sequence[Rate], *, lower: bool = False) -> list[float]:
    """The probability that each rate is the highest (or lowest) of all."""
    from scipy import special

    if lower:
        rates = [Rate(one.no, one.yes) for one in rates]
    at, weights = _nodes(np.concatenate([_quantiles(one) for one in rates]))
    with np.errstate(divide="ignore"):
        density = np.array([_log_density(one, at) for one in rates])
        below = np.log(np.array([special.betainc(one.yes, one.no, at) for one in rates]))
    return _shares(density, below, weights)


def prior_words(prior: Prior, *, rate: bool) -> str:
    """The prior, as it is shown beside a probability."""
    if rate:
        seen = prior.alpha + prior.beta
        flat = "every rate equally likely: " if prior.alpha == prior.beta == 1 else ""
        return (
            f"{flat}Beta({prior.alpha:g}, {prior.beta:g}), as if {seen:g} participants had been "
            "seen before"
        )
    if prior.sd is None:
        return "flat: every difference equally likely"
    return (
        f"normal around {100 * prior.mean:g} % with a spread of {100 * prior.sd:g} % of the "
        "control's value"
    )


def _checked(estimate: Estimate) -> None:
    if not (isfinite(estimate.value) and isfinite(estimate.se)):
        raise Undefined("The effect is not a finite number.")
    if estimate.se <= 0:
        raise Undefined("Nobody differs from anybody, so how sure the effect is cannot be told.")


def _updated(estimate: Estimate, prior: Prior, scale: float | None) -> tuple[float, float]:
    if prior.sd is None:
        return estimate.value, estimate.se**2
    if scale is None:
        raise Undefined("A prior of the relative difference needs the control's value.")
    if scale == 0:
        raise Undefined("The control's value is 0, so a relative prior says nothing.")
    spread = prior.sd * abs(scale)
    known = 1 / (1 + (estimate.se / spread) ** 2)
    mean = known * estimate.value + (1 - known) * prior.mean * abs(scale)
    return mean, known * estimate.se**2


def _expected_above(mean: float, sd: float) -> float:
    """The mean of max(0, N(mean, sd)); a continued fraction where it nearly cancels."""
    z = mean / sd
    density = exp(-0.5 * z * z) / sqrt(2 * pi)
    if z > -8:
        return max(0.0, sd * density + mean * _phi(z))
    return sd * density / (z * z + 3 - 6 / (z * z + 7))


def _phi(z: float) -> float:
    return 0.5 * erfc(-z / sqrt(2))


def _normal_quantile(p: float) -> float:
    from scipy import special

    return float(special.ndtri(p))


def _compared(a: Rate, b: Rate) -> tuple[float, float, float]:
    """P(b > a), and the means of max(0, a - b) and of max(0, b - a)."""
    if b.mean >= a.mean:
        tail, little = _least(a, b)
        return 1 - tail, little, little + (b.mean - a.mean)
    tail, little = _least(b, a)
    return tail, little + (a.mean - b.mean), little


def _least(low: Rate, high: Rate) -> tuple[float, float]:
    """P(low > high) and the mean of max(0, low - high), where ``low`` has the smaller mean."""
    from scipy import special

    low, high = _towards_zero(low, high)
    apart = (high.mean - low.mean) / sqrt(low.variance + high.variance)
    skipped = FAR - 1 if apart < OVERLAP else 0
    cuts = [_quantiles(one)[skipped : -skipped or None] for one in (low, high)]
    at, weights = _nodes(np.concatenate([*cuts, [0.0, 1.0]]))
    over = weights * special.betaincc(low.yes, low.no, at)
    tail = _probability(over * np.exp(_log_density(high, at)))
    return tail, float((over * special.betainc(high.yes, high.no, at)).sum())


def _towards_zero(one: Rate, two: Rate) -> tuple[Rate, Rate]:
    """The same question, asked of the failures and with the arms swapped, near a rate of one:
    one > two is 1 - two > 1 - one, and numbers near 0 are finer than those near 1."""
    if one.mean + two.mean <= 1:
        return one, two
    return Rate(two.no, two.yes), Rate(one.no, one.yes)


def _log_density(rate: Rate, at: Any) -> Any:
    """The logarithm of the posterior's density, without the cancellation of large counts.

    Around the mean p, ``yes log(x / p) + no log((1 - x) / q)``; what is left of the constant is
    Stirling's (Loader, Fast and accurate computation of binomial probabilities, 2000, eq. 3).
    """
    from scipy import special

    p, q = rate.mean, rate.no / (rate.yes + rate.no)
    near = np.abs(at - p) < 0.5 * min(p, q)
    x = np.where(near, at, p)
    body = rate.yes * np.log1p((x - p) / p) + rate.no * np.log1p((p - x) / q)
    far = special.xlogy(rate.yes - 1, at) + special.xlog1py(rate.no - 1, -at)
    far -= rate.yes * log(p) + rate.no * (log1p(-p) if p < 0.5 else log(q))
    return np.where(near, body - np.log(x) - np.log1p(-x), far) + _log_constant(rate)


def _log_constant(rate: Rate) -> float:
    total = rate.yes + rate.no
    rest = _stirling(total) - _stirling(rate.yes) - _stirling(rate.no)
    return 0.5 * log(rate.yes / total * rate.no / (2 * pi)) + rest


def _stirling(x: float) -> float:
    """log Gamma(x) less (x - 1/2) log x - x + log(2 pi) / 2."""
    if x < STIRLING:
        return lgamma(x) - ((x - 0.5) * log(x) - x + 0.5 * log(2 * pi))
    return (1 - (1 - 2 / (7 * x * x)) / (30 * x * x)) / (12 * x)


def _difference_interval(a: Rate, b: Rate, alpha: float, *, relative: bool) -> tuple[float, float]:
    """The equal-tailed interval of b - a, or of b / a - 1, by root finding on its distribution."""
    from scipy import special

    inner, others = (_quantiles(one)[FAR:-FAR] for one in (a, b))
    own = np.concatenate([[0.0], inner, [1.0]])

    @lru_cache(maxsize=64)
    def below(d: float) -> float:
        met = others / (1 + d) if relative else others - d
        edges = np.concatenate([own, met, [1 / (1 + d) if relative else -d, 1 - d]])
        x, weights = _nodes(edges[(edges >= 0) & (edges <= 1)], FEWER)
        mass = weights * np.exp(_log_density(a, x))
        moved = (x * (1 + d) if relative else x + d).clip(0, 1)
        return _probability(mass * special.betainc(b.yes, b.no, moved))

    value, sd = _guess(a, b, relative=relative)
    most = _ratio_most(a, b) if relative else 1 - 1e-12

    def end(p: float) -> float:
        wanted = float(special.ndtri(p))
        ends = (value + (wanted - NEAR) * sd, value + (wanted + NEAR) * sd)
        if not (ends[0] > -1 and ends[1] < most and below(ends[0]) < p < below(ends[1])):
            ends = (1e-12 - 1, most)
        return root(lambda d: float(special.ndtri(below(d))) - wanted, *ends, close=1e-9 * sd)

    return end(alpha / 2), end(1 - alpha / 2)


def _guess(a: Rate, b: Rate, *, relative: bool) -> tuple[float, float]:
    """Where the difference about lies, and how far it about varies."""
    if not relative:
        return b.mean - a.mean, sqrt(a.variance + b.variance)
    ratio = b.mean / a.mean
    return ratio - 1, ratio * sqrt(a.variance / a.mean**2 + b.variance / b.mean**2)


def _ratio_most(a: Rate, b: Rate) -> float:
    """More than b / a - 1 can be believed to be."""
    from scipy import special

    least = float(special.betaincinv(a.yes, a.no, 1e-6))
    return float(special.betainccinv(b.yes, b.no, 1e-6)) / max(least, 1e-300)


@lru_cache(maxsize=256)
def _quantiles(rate: Rate) -> Any:
    """Where its distribution is cut for quadrature, from 0 to 1."""
    from scipy import special

    p = np.array([*TAILS, *MIDDLE])
    low = special.betaincinv(rate.yes, rate.no, p)
    high = special.betainccinv(rate.yes, rate.no, p)
    found = np.concatenate([[0.0], low, high, [1.0]])
    return np.unique(found[np.isfinite(found)])


def _nodes(edges: Any, points: int = POINTS) -> tuple[Any, Any]:
    """Gauss–Legendre points and weights between neighbouring edges."""
    edges = np.unique(edges)
    x, w = _legendre(points)
    half, middle = np.diff(edges) / 2, (edges[1:] + edges[:-1]) / 2
    return (
        (middle[:, None] + half[:, None] * x[None, :]).ravel(),
        (half[:, None] * w[None, :]).ravel(),
    )


@lru_cache(maxsize=4)
def _legendre(points: int) -> tuple[Any, Any]:
    x, w = legendre.leggauss(points)
    return x, w


def _shares(log_density: Any, log_below: Any, weights: Any) -> list[float]:
    """Each arm's integral of its density times the others' distributions, to add up to one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        masses = [
            _probability(
                np.exp(log_density[i] + np.delete(log_below, i, axis=0).sum(axis=0)) * weights
            )
            for i in range(len(log_density))
        ]
    total = sum(masses)
    return [one / total for one in masses]


def _probability(parts: Any) -> float:
    return min(1.0, max(0.0, float(parts.sum())))
