"""Figures that may be looked at after every participant, and stopped at whenever one likes.

The normal one is the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy &
Ramdas (Annals of Statistics 52, 2024), which for two arms is the mixture sequential probability
ratio test. It rests on the central limit theorem and on estimated spreads, and simulation shows
where these fail (``benchmarks/always_valid.py``), and what helps:

* where arms are unequal and values have a tail, the small arm's spread is guessed too small as long
  as its tail has not come: the larger of the two usual errors, apart and pooled, is taken;
* where an arm has few who did it, or few who did not, an exact test takes over
  (``always_valid_counts``), for which a fifth of the error is set aside;
* where participants are very few, it is refused as too early;
* relative intervals are Fieller's, since those of the delta method leave 0 out far too often where
  few have done it.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, log, log1p, sqrt

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind
from core.domain.samples import Estimate, Quantiles, Sample
from core.experiments.statistics.anytime import Sequential, p_value
from core.experiments.statistics.contrasts import (
    COUNTED,
    Contrast,
    contrast,
    fieller,
    pair_contrast,
)
from core.experiments.statistics.counting import always_valid_counts
from core.experiments.statistics.quantiles import quantile_error
from core.experiments.statistics.tails import z_for

LEAST_EVENTS = 10
"""Each arm needs so many yeses and so many noes before the central limit theorem is trusted; of
pairs, so many must have come out differently."""
LEAST_PEOPLE = 30
"""Each arm needs so many participants, whatever is measured."""
START_SHARE = 0.2
"""The share of the error that is set aside for the exact test at the start."""
ASYMPTOTIC = "asymptotic confidence sequence (Waudby-Smith et al. 2024)"


def mixing(alpha: float, tuning: int) -> float:
    """The mixture's variance at which the interval is narrowest with ``tuning`` participants.

    Waudby-Smith et al. (2024), appendix B.2: rho^2 = (-2 log alpha + log(-2 log alpha + 1)) / t,
    the usual approximation of the Lambert function in its optimum.
    """
    if tuning < 1:
        raise Undefined("The number of participants that intervals are tuned to is 1 at least.")
    narrow = -2 * log(alpha)
    return (narrow + log1p(narrow)) / tuning


def radius(n: int, *, alpha: float, tuning: int) -> float:
    """The bound of |z| at ``n`` participants (Waudby-Smith et al. 2024, eq. 9)."""
    if n < 1:
        raise Undefined("Nobody has taken part yet.")
    grown = n * mixing(alpha, tuning)
    return sqrt(2 * (grown + 1) / grown * (0.5 * log1p(grown) - log(alpha)))


def evidence(z: float, n: int, *, alpha: float, tuning: int) -> float:
    """The logarithm of the e-value: how much likelier a difference made the data than none did."""
    grown = n * mixing(alpha, tuning)
    return grown * z * z / (2 * (grown + 1)) - 0.5 * log1p(grown)


def always_valid(estimate: Estimate, *, alpha: float = 0.05, tuning: int) -> Sequential:
    """The asymptotic confidence sequence of an estimate, as it stands.

    It says nothing about whether there are enough participants for it: ``always_valid_between``,
    ``always_valid_pairs`` and ``always_valid_quantiles`` ask that first, and are what to show to
    people.

    Args:
        estimate: The effect, absolute or relative.
        alpha: One less the coverage at all times together.
        tuning: The number of participants at which the interval is narrowest.

    Raises:
        Undefined: Without spread, or without anybody.
    """
    if not (isfinite(estimate.value) and isfinite(estimate.se)):
        raise Undefined("The effect is not a finite number.")
    if estimate.se <= 0:
        raise Undefined("Nobody differs from anybody, so how sure the effect is cannot be told.")
    bound = radius(estimate.n, alpha=alpha, tuning=tuning)
    half = bound * estimate.se
    strength = evidence(estimate.value / estimate.se, estimate.n, alpha=alpha, tuning=tuning)
    return Sequential(
        value=estimate.value,
        low=estimate.value - half,
        high=estimate.value + half,
        p=p_value(strength),
        widening=bound / z_for(alpha),
        method=ASYMPTOTIC,
        tuning=tuning,
    )


def always_valid_between(
    kind: MetricKind,
    a: Sample,
    b: Sample,
    *,
    alpha: float = 0.05,
    tuning: int,
    before: bool = False,
    relative: bool = False,
    share: float | None = None,
) -> Sequential:
    """Two arms, at any time: asymptotic where there are enough, exact for few counts, else refused.

    The relative interval is Fieller's (JRSS B 16, 1954) with the sequence's bound in the place of
    z: every relative effect r for which b - (1 + r) a is not clearly other than 0. So it leaves 0
    out exactly when the absolute one does; the delta method's does not, and is wrong too often
    where an arm has few events.

    Args:
        kind: What is measured; quantiles have no sums (``always_valid_quantiles``).
        a: The control.
        b: The treatment.
        alpha: One less the coverage at all times together.
        tuning: The number of participants at which the interval is narrowest.
        before: Whether the last value is a covariate from before (CUPED).
        relative: Whether the effect is b / a - 1.
        share: The treatment's designed share of these two arms, for the exact test; what came where
            it is not given, so that arms out of proportion are no evidence of an effect.

    Raises:
        Undefined: If it is too early, there is no spread, or the control's value is not clearly
            other than 0 (relative).
    """
    early = too_early(kind, a, b)
    if early is not None and kind in COUNTED and not before:
        return _at_the_start(a, b, alpha, tuning, share, relative=relative)
    if early is not None:
        raise Undefined(early)
    found = contrast(kind, a, b, before=before).careful()
    return _of_contrast(found, alpha, tuning, relative=relative)


def always_valid_pairs(
    kind: MetricKind,
    pairs: Sample,
    *,
    alpha: float = 0.05,
    tuning: int,
    relative: bool = False,
) -> Sequential:
    """Pairs of the same units in both arms, at any time.

    Args:
        kind: What is measured.
        pairs: The values in a, then those in b (a ratio: value and per of each).
        alpha: One less the coverage at all times together.
        tuning: The number of pairs at which the interval is narrowest.
        relative: Whether the effect is b / a - 1.

    Raises:
        Undefined: If it is too early, or no pair differs.
    """
    found = pair_contrast(kind, pairs)
    counted = kind in COUNTED
    uneven = pairs.n * (pairs.n - 1) * found.variance + pairs.n * found.difference**2
    if counted and uneven < LEAST_EVENTS - 1e-6:
        raise Undefined(
            f"Too early: {uneven:.0f} people came out differently in the two variants; "
            f"{LEAST_EVENTS} are needed."
        )
    if pairs.n < LEAST_PEOPLE:
        raise Undefined(f"Too early: {pairs.n} pairs; {LEAST_PEOPLE} are needed.")
    return _of_contrast(found.careful(), alpha, tuning, relative=relative)


def always_valid_quantiles(
    a: Quantiles, b: Quantiles, *, alpha: float = 0.05, tuning: int, relative: bool = False
) -> Sequential:
    """A quantile in two arms, at any time.

    Args:
        a: The control's.
        b: The treatment's.
        alpha: One less the coverage at all times together.
        tuning: The number of participants at which the interval is narrowest.
        relative: Whether the effect is b / a - 1.

    Raises:
        Undefined: If it is too early, or the values around the quantile are all equal.
    """
    if min(a.n, b.n) < LEAST_PEOPLE:
        raise Undefined(_few(min(a.n, b.n)))
    of_a, of_b = quantile_error(a, "control") ** 2, quantile_error(b, "treatment") ** 2
    found = Contrast(b.value - a.value, a.value, of_a + of_b, of_a, -of_a, a.n + b.n)
    return _of_contrast(found, alpha, tuning, relative=relative)


def too_early(kind: MetricKind, a: Sample, b: Sample) -> str | None:
    """Why the central limit theorem may not be trusted yet; None where it may.

    Yes and no are read exactly up to then; nothing else is read.
    """
    fewest = min(a.n, b.n)
    if fewest < LEAST_PEOPLE:
        return _few(fewest)
    if kind not in COUNTED:
        return None
    events = min(min(did, one.n - did) for one in (a, b) for did in [one.n * one.means[0]])
    if events < LEAST_EVENTS - 1e-6:
        return f"Too early: {events:.0f} did it, or did not, in one variant; {LEAST_EVENTS} must."
    return None


def _few(fewest: int) -> str:
    who = "1 participant" if fewest == 1 else f"{fewest} participants"
    return f"Too early: {who} in one variant; {LEAST_PEOPLE} are needed."


def _at_the_start(
    a: Sample, b: Sample, alpha: float, tuning: int, share: float | None, *, relative: bool
) -> Sequential:
    """The exact test, with its part of the error."""
    found = always_valid_counts(
        (a.n, round(a.n * a.means[0])),
        (b.n, round(b.n * b.means[0])),
        alpha=alpha * START_SHARE,
        tuning=tuning,
        share=share,
        relative=relative,
    )
    return replace(found, p=min(1.0, found.p / START_SHARE))


def _of_contrast(of: Contrast, alpha: float, tuning: int, *, relative: bool) -> Sequential:
    if not of.variance > 0:
        raise Undefined("Nobody differs from anybody, so how sure the effect is cannot be told.")
    plain = always_valid(
        Estimate(of.difference, sqrt(of.variance), float("inf"), of.n), alpha=alpha, tuning=tuning
    )
    if not relative:
        return plain
    low, high = fieller(of, radius(of.n, alpha=alpha, tuning=tuning))
    once = _once(of, alpha)
    return Sequential(
        value=of.difference / of.base,
        low=low,
        high=high,
        p=plain.p,
        widening=(high - low) / once if once else None,
        method=f"{ASYMPTOTIC}, relative by Fieller",
        tuning=tuning,
    )


def _once(of: Contrast, alpha: float) -> float:
    """The width of the relative interval for one look."""
    low, high = fieller(of, z_for(alpha))
    return high - low
