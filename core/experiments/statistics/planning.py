"""How many participants a test needs, and what it can find with those it gets.

All sizes are of a two-sided test of each treatment against the control, the error shared among the
treatments (Bonferroni, which is Holm's first step). Effects are relative to the baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import asin, ceil, exp, isfinite, pi, sqrt

from core.domain.errors import Undefined
from core.domain.experiments import MetricKind, Rule
from core.experiments.statistics import boundaries
from core.experiments.statistics.contrasts import COUNTED
from core.experiments.statistics.sequential import radius

ALWAYS_LOOKS = 20
"""How many looks a plan for always-valid reading reckons with; more find hardly more."""
ENOUGH = 10**15
EVEN = (0.5, 0.5)
_TOO_FEW = "So few participants do not find even the largest effect there can be."


FEWEST, LARGEST = 10, 1e100
"""An arm of yes and no with fewer is not planned for; nor are values that are larger."""


@dataclass(frozen=True, slots=True)
class ProportionSizes:
    """Participants in the control by each of the usual formulas, before rounding."""

    unpooled_z: float
    pooled_null_z: float
    arcsine: float


@dataclass(frozen=True, slots=True)
class MeanSizes:
    """Participants in each arm, before rounding."""

    t: float
    z: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a test is to find, and how surely.

    Attributes:
        kind: What is measured.
        baseline: The control's value.
        sd: How much participants differ (pairs: how much their differences do; a quantile: the
            root of q (1 - q) over the density there); not needed for yes and no.
        shares: Of participants, the control first.
        alpha: Two-sided, of all treatments together.
        power: How often the effect shall be found.
        paired: Whether every participant meets every variant.
    """

    kind: MetricKind
    baseline: float
    sd: float | None = None
    shares: tuple[float, ...] = EVEN
    alpha: float = 0.05
    power: float = 0.8
    paired: bool = False


def sample_size(
    kind: MetricKind,
    baseline: float,
    effect: float,
    *,
    sd: float | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    shares: Sequence[float] = EVEN,
    paired: bool = False,
) -> int:
    """Participants in all arms together, for one look at the end.

    Yes and no by the z test with each arm's own variance, all else by Welch's t test.

    Args:
        kind: What is measured.
        baseline: The control's value.
        effect: The smallest effect to find, relative to the baseline.
        sd: How much participants differ; see ``Wanted``.
        alpha: Two-sided, shared among the treatments.
        power: How often the effect shall be found.
        shares: Of participants, the control first.
        paired: Whether every participant meets every variant.

    Raises:
        Undefined: If there is no such number.
    """
    wanted = Wanted(kind, baseline, sd, tuple(shares), alpha, power, paired)
    return _up(needed(wanted, effect))


def smallest_effect(
    people: float,
    kind: MetricKind,
    baseline: float,
    *,
    sd: float | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    shares: Sequence[float] = EVEN,
    paired: bool = False,
) -> float:
    """The smallest relative effect that ``people`` in all arms together find in one look.

    Raises:
        Undefined: If no effect is found so surely with so few.
    """
    return smallest(Wanted(kind, baseline, sd, tuple(shares), alpha, power, paired), people)


def power_of(
    people: float,
    kind: MetricKind,
    baseline: float,
    effect: float,
    *,
    sd: float | None = None,
    alpha: float = 0.05,
    shares: Sequence[float] = EVEN,
    paired: bool = False,
) -> float:
    """How often ``people`` in all arms find the effect in one look (the hardest treatment's).

    Raises:
        Undefined: If the figures make no sense.
    """
    wanted = Wanted(kind, baseline, sd, tuple(shares), alpha, 0.8, paired)
    error = _each(wanted)
    drifts = [abs(effect * baseline) / one for one in _errors(wanted, effect, people)]
    if kind in COUNTED and not paired:
        from scipy import special

        bar = special.ndtri(1 - error / 2)
        return float(min(special.ndtr(d - bar) + special.ndtr(-d - bar) for d in drifts))
    return min(_t_power(d, _freedom(wanted, people), error) for d in drifts)


def proportion_sizes(
    baseline: float,
    relative: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    ratio: float = 1.0,
) -> ProportionSizes:
    """The control's participants for two rates, by three formulas (Fleiss, Levin & Paik 2003, ch.
    4; Cohen 1988, ch. 6 for the arcsine).

    Args:
        baseline: The control's rate.
        relative: The effect, relative to it.
        alpha: Two-sided.
        power: How often it shall be found.
        ratio: Participants in the control for each in the treatment.

    Raises:
        Undefined: If a rate is not between 0 and 1, or there is no effect.
    """
    one, two = _rates(baseline, relative)
    high, low = _quantile(1 - alpha / 2), _quantile(power)
    own = one * (1 - one) / ratio + two * (1 - two)
    pooled = (ratio * one + two) / (1 + ratio)
    null = pooled * (1 - pooled) * (1 + 1 / ratio)
    gap = (two - one) ** 2
    angle = 2 * (asin(sqrt(two)) - asin(sqrt(one)))
    return ProportionSizes(
        unpooled_z=ratio * (high + low) ** 2 * own / gap,
        pooled_null_z=ratio * (high * sqrt(null) + low * sqrt(own)) ** 2 / gap,
        arcsine=ratio * _both_sides(abs(angle), alpha, power) * (1 + 1 / ratio),
    )


def mean_sizes(effect: float, *, alpha: float = 0.05, power: float = 0.8) -> MeanSizes:
    """Each arm's participants for two means that lie ``effect`` standard deviations apart.

    Raises:
        Undefined: If there is no effect.
    """
    if not effect:
        raise Undefined("No number of participants finds a difference of nothing.")
    z = 2 * _both_sides(abs(effect), alpha, power)
    return MeanSizes(t=_t_size(abs(effect), alpha, power, z), z=z)


def smallest_relative(
    baseline: float, per_arm: float, *, alpha: float = 0.05, power: float = 0.8
) -> float:
    """The smallest relative rise of a rate that two arms of this size find (unpooled z).

    Raises:
        Undefined: If there is none.
    """
    return smallest_effect(2 * per_arm, "proportion", baseline, alpha=alpha, power=power)


def rule_factor(rule: Rule) -> float:
    """How many times the participants of one look a rule needs for the same power.

    One for ``fixed`` and ``expected_loss``; by the recursion of ``boundaries`` for the others.
    """
    if rule.kind == "group_sequential":
        return boundaries.inflation(
            rule.looks, alpha=rule.alpha, power_wished=rule.power, kind=rule.boundary
        )
    if rule.kind == "always_valid":
        return always_valid_factor(rule.alpha, rule.power)
    return 1.0


@lru_cache(maxsize=64)
def always_valid_factor(alpha: float = 0.05, power: float = 0.8) -> float:
    """How many times the participants of one look an always-valid reading needs, at most.

    With the tuning at the planned number its bound at each share of the plan is always the same,
    so that the chance to have crossed it by the end follows from the group-sequential recursion.
    """
    from scipy import optimize

    plan = 10**6
    times = [(at + 1) / ALWAYS_LOOKS for at in range(ALWAYS_LOOKS)]
    limits = [radius(round(plan * one), alpha=alpha, tuning=plan) for one in times]
    fixed = _quantile(1 - alpha / 2) + _quantile(power)
    drift = optimize.brentq(
        lambda d: boundaries.power(limits, times, d) - power, fixed, 3 * fixed, xtol=1e-8
    )
    return float((drift / fixed) ** 2)


def quantile_spread(q: float) -> float:
    """How much more than a mean a quantile of normal values varies: root of q (1 - q) over the
    density there (Cramér 1946, section 28.5)."""
    from scipy import special

    density = exp(-0.5 * float(special.ndtri(q)) ** 2) / sqrt(2 * pi)
    return sqrt(q * (1 - q)) / density


def needed(wanted: Wanted, effect: float) -> float:
    """Participants in all arms for one look at the end, before rounding.

    Raises:
        Undefined: If there is no such number.
    """
    if not effect:
        raise Undefined("No number of participants finds a difference of nothing.")
    if not wanted.baseline:
        raise Undefined("Relative to a baseline of 0 there is no effect to plan for.")
    error = _each(wanted)
    gap = abs(effect * wanted.baseline)
    spread = max(_spreads(wanted, effect))
    if not spread > 0:
        raise Undefined("Where nobody differs from anybody, there is nothing to plan.")
    found = spread**2 * _two_sided(gap, error, wanted.power)
    if wanted.kind in COUNTED and not wanted.paired:
        return found
    return _with_t(wanted, gap / spread, error, found)


def _with_t(wanted: Wanted, drift: float, alpha: float, start: float) -> float:
    """The same with the t distribution: ``drift`` is the mean of t over the root of people."""
    from scipy import optimize

    least = 2.0 if wanted.paired else 2.0 / min(wanted.shares) * sum(wanted.shares)
    if start > 1e7:
        return start + 1

    def missing(people: float) -> float:
        return _t_power(drift * sqrt(people), _freedom(wanted, people), alpha) - wanted.power

    if missing(least) >= 0:
        return least
    return float(optimize.brentq(missing, least, 4 * start + 100, xtol=1e-6))


def smallest(wanted: Wanted, people: float) -> float:
    """The smallest relative effect that ``people`` in all arms find in one look.

    Raises:
        Undefined: If they find none.
    """
    from scipy import optimize

    if not wanted.baseline:
        raise Undefined("Relative to a baseline of 0 there is no effect to plan for.")
    if wanted.kind in COUNTED and not wanted.paired:
        _rates(wanted.baseline, 0.0)
        if people * min(wanted.shares) < FEWEST * sum(wanted.shares):
            raise Undefined(_TOO_FEW)
        most = (1 - wanted.baseline) / wanted.baseline * (1 - 1e-9)
        if needed(wanted, most) > people:
            raise Undefined(_TOO_FEW)
        return float(
            optimize.brentq(lambda r: needed(wanted, r) / people - 1, 1e-12, most, xtol=1e-15)
        )
    alpha, error = _each(wanted), max(_errors(wanted, 0.0, people))
    return _t_drift(_freedom(wanted, people), alpha, wanted.power) * error / abs(wanted.baseline)


def _t_drift(freedom: float, alpha: float, power: float) -> float:
    """The mean of t that is found with this power."""
    from scipy import optimize

    if _t_power(35.0, freedom, alpha) < power:
        raise Undefined(_TOO_FEW)
    return float(
        optimize.brentq(lambda d: _t_power(d, freedom, alpha) - power, 0.0, 36.0, xtol=1e-9)
    )


def _each(wanted: Wanted) -> float:
    """What each treatment may err."""
    if not (0 < wanted.alpha < 1 and 0 < wanted.power < 1):
        raise Undefined("Error and power lie between 0 and 1.")
    if len(wanted.shares) < 2:
        raise Undefined("A test needs two variants.")
    if not all(isfinite(one) and one > 0 for one in wanted.shares):
        raise Undefined("Each variant needs a share of the participants.")
    if not max(abs(wanted.baseline), wanted.sd or 0.0) < LARGEST:
        raise Undefined("Values as large as this cannot be planned with.")
    return wanted.alpha / (len(wanted.shares) - 1)


def _spreads(wanted: Wanted, effect: float) -> list[float]:
    """For each treatment, the difference's standard error times the root of all participants."""
    total = sum(wanted.shares)
    control, *others = (one / total for one in wanted.shares)
    if wanted.kind in COUNTED and not wanted.paired:
        one, two = _rates(wanted.baseline, effect)
        return [sqrt(one * (1 - one) / control + two * (1 - two) / share) for share in others]
    if wanted.sd is None or not isfinite(wanted.sd) or wanted.sd < 0:
        raise Undefined("To plan this, how much participants differ (sd) must be known.")
    if wanted.paired:
        return [wanted.sd for _ in others]
    return [wanted.sd * sqrt(1 / control + 1 / share) for share in others]


def _errors(wanted: Wanted, effect: float, people: float) -> list[float]:
    if not people > 0:
        raise Undefined("Without participants nothing is found.")
    found = [one / sqrt(people) for one in _spreads(wanted, effect)]
    if not all(found):
        raise Undefined("Where nobody differs from anybody, there is nothing to plan.")
    return found


def _freedom(wanted: Wanted, people: float) -> float:
    if wanted.paired:
        return people - 1
    total = sum(wanted.shares)
    return people * (wanted.shares[0] + min(wanted.shares[1:])) / total - 2


def _rates(baseline: float, relative: float) -> tuple[float, float]:
    two = baseline * (1 + relative)
    if not 0 < baseline < 1:
        raise Undefined("A rate to plan from lies between 0 and 1.")
    if not 0 <= two <= 1:
        raise Undefined(f"An effect of {100 * relative:g} % would make the rate {100 * two:g} %.")
    return baseline, two


def _two_sided(gap: float, alpha: float, power: float) -> float:
    """(z of error + z of power)^2 / gap^2; the wrong side's chance is far below rounding."""
    return (_quantile(1 - alpha / 2) + _quantile(power)) ** 2 / gap**2


def _both_sides(gap: float, alpha: float, power: float) -> float:
    """The same with the wrong side's chance counted as power, as packages do."""
    from scipy import optimize, special

    bar = _quantile(1 - alpha / 2)
    drift = optimize.brentq(
        lambda d: float(special.ndtr(d - bar) + special.ndtr(-d - bar)) - power, 0.0, 40.0
    )
    return float(drift / gap) ** 2


def _t_size(effect: float, alpha: float, power: float, start: float) -> float:
    from scipy import optimize

    def missing(n: float) -> float:
        return _t_power(effect * sqrt(n / 2), 2 * (n - 1), alpha) - power

    if missing(2.0) >= 0:
        return 2.0
    return float(optimize.brentq(missing, 2.0, 4 * start + 100, xtol=1e-7))


def _t_power(drift: float, freedom: float, alpha: float) -> float:
    """The two-sided t test's power; normal where the difference is far below rounding."""
    from scipy import special, stats

    if freedom < 1:
        return 0.0
    if freedom > 1e7:
        bar = special.ndtri(1 - alpha / 2)
        return float(special.ndtr(drift - bar) + special.ndtr(-drift - bar))
    if drift > 35:
        return 1.0
    bar = stats.t.isf(alpha / 2, freedom)
    other = stats.nct.cdf(-bar, freedom, drift) if drift < 5 else 0.0
    return float(stats.nct.sf(bar, freedom, drift) + other)


def _quantile(p: float) -> float:
    from scipy import special

    return float(special.ndtri(p))


def _up(people: float) -> int:
    if not people < ENOUGH:
        raise Undefined("More participants would be needed than there are people.")
    return ceil(people - 1e-9)
