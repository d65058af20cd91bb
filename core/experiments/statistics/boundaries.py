"""Looking a planned number of times: bounds, what they cost, and what may be said after stopping.

Everything rests on one recursion (Armitage, McPherson & Rowe, JRSS A 132, 1969, eq. 3.1; Jennison
& Turnbull, Group Sequential Methods, 2000, ch. 19): the density of the score among experiments that
are still going is that of the look before, moved by a normal step, and cut at the bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import e, isclose, isfinite, log, sqrt

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import Undefined
from core.domain.experiments import Boundary
from core.domain.samples import Estimate

POINTS = 240
FAR = 8.5
"""No score is further from its mean than so many standard deviations."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Crossing:
    """How likely an experiment stops at one look, above and below."""

    up: float
    down: float

    @property
    def either(self) -> float:
        """That it stops at this look."""
        return self.up + self.down


@dataclass(frozen=True, slots=True)
class AfterStopping:
    """What may be said when a look stopped the experiment.

    Attributes:
        value: The median-unbiased estimate.
        low: The stage-wise interval's lower end.
        high: Its upper end.
        p: The stage-wise p-value, two-sided.
        naive: The plain estimate, which is too large on average after stopping early.
        method: The method's name.
    """

    value: float
    low: float
    high: float
    p: float
    naive: float
    method: str


def bounds(
    looks: int,
    *,
    alpha: float = 0.05,
    kind: Boundary,
    fractions: Sequence[float] | None = None,
    spending: bool | None = None,
) -> list[float]:
    """The bound of |z| at each look, so that all looks together err in ``alpha`` of experiments.

    Pocock's (1977) and O'Brien & Fleming's (1979) constants where looks are evenly spaced; else
    the spending functions that resemble them (Lan & DeMets, Biometrika 70, 1983), so that looks
    may come when they come.

    Args:
        looks: How many looks.
        alpha: Two-sided.
        kind: How the error is spent.
        fractions: The share of the planned participants at each look, rising, at most 1; even
            steps where it is not given.
        spending: Whether to use the spending function; where it is not given, if the looks are
            not even. Say True at every look of an experiment whose looks may come at any time.

    Raises:
        Undefined: If the fractions do not rise from 0 to at most 1, one a look.
    """
    even = tuple((at + 1) / looks for at in range(looks))
    times = even if fractions is None else tuple(float(one) for one in fractions)
    _check_times(times, looks)
    same = all(isclose(a, b, abs_tol=1e-9) for a, b in zip(times, even, strict=True))
    if not same if spending is None else spending:
        return list(_spent(times, alpha, kind))
    shape = (1.0,) * looks if kind == "pocock" else tuple(1 / sqrt(one) for one in even)
    return [_constant(shape, even, alpha) * one for one in shape]


def spent(fraction: float, *, alpha: float, kind: Boundary) -> float:
    """How much of ``alpha`` may be used up when this share of the participants is there.

    Lan & DeMets (1983), eqs. 4 (as O'Brien & Fleming, each side with alpha / 2) and 5 (as Pocock).
    """
    if fraction <= 0:
        return 0.0
    if fraction >= 1:
        return alpha
    if kind == "pocock":
        return alpha * log(1 + (e - 1) * fraction)
    from scipy import special

    return float(4 * special.ndtr(special.ndtri(alpha / 4) / sqrt(fraction)))


def crossings(
    limits: Sequence[float], fractions: Sequence[float], drift: float = 0.0
) -> list[Crossing]:
    """How likely each look is the one that stops.

    Args:
        limits: The bound of |z| at each look.
        fractions: The share of the information at each look.
        drift: The mean of z at the full information (the effect over its final standard error).
    """
    found, state = [], _start()
    for limit, time in zip(limits, fractions, strict=True):
        found.append(state.crossing(limit, time, drift))
        state = state.going(limit, time, drift)
    return found


def power(limits: Sequence[float], fractions: Sequence[float], drift: float) -> float:
    """How likely any look stops, on either side."""
    return sum(one.either for one in crossings(limits, fractions, drift))


@lru_cache(maxsize=256)
def inflation(looks: int, *, alpha: float, power_wished: float, kind: Boundary) -> float:
    """How many times more participants than one look needs, for the same power.

    Jennison & Turnbull (2000), section 2.3: the square of the drift over that of one look.
    """
    from scipy import optimize, special

    limits = bounds(looks, alpha=alpha, kind=kind)
    times = [(at + 1) / looks for at in range(looks)]
    fixed = float(special.ndtri(1 - alpha / 2) + special.ndtri(power_wished))
    drift = optimize.brentq(
        lambda d: power(limits, times, d) - power_wished, 0.5 * fixed, 2 * fixed, xtol=1e-8
    )
    return float((drift / fixed) ** 2)


def stage_wise(
    estimate: Estimate,
    limits: Sequence[float],
    fractions: Sequence[float],
    *,
    alpha: float = 0.05,
) -> AfterStopping:
    """Value, interval and p that are right although a bound stopped the experiment.

    Outcomes are ordered by the look that stopped and then by z (Armitage 1957; Tsiatis, Rosner &
    Mehta, Biometrics 40, 1984); the value is the median-unbiased one.

    Args:
        estimate: The effect at the last look that was taken.
        limits: The bounds of the looks until then; that of the last one is not used.
        fractions: The share of the information at each of them.
        alpha: One less the interval's coverage.

    Raises:
        Undefined: Without spread, or if limits and fractions do not fit.
    """
    _check_times(tuple(fractions), len(limits))
    if not (estimate.se > 0 and isfinite(estimate.value)):
        raise Undefined("Nobody differs from anybody, so how sure the effect is cannot be told.")
    z, full = estimate.value / estimate.se, estimate.se * sqrt(fractions[-1])

    def above(drift: float) -> float:
        return _more_extreme(z, limits, fractions, drift)

    centre = z / sqrt(fractions[-1])
    low, middle, high = (
        _drift_at(above, p, centre) * full for p in (alpha / 2, 0.5, 1 - alpha / 2)
    )
    tail = above(0.0)
    return AfterStopping(
        value=middle,
        low=low,
        high=high,
        p=min(1.0, 2 * min(tail, 1 - tail)),
        naive=estimate.value,
        method="stage-wise (Tsiatis, Rosner & Mehta)",
    )


def repeated_interval(estimate: Estimate, limit: float) -> tuple[float, float]:
    """The interval that holds at all planned looks at once, whether or not one stops at a bound.

    Jennison & Turnbull, JRSS B 51, 1989: the estimate, more or less its bound times its error.
    """
    if not estimate.se > 0:
        raise Undefined("Nobody differs from anybody, so how sure the effect is cannot be told.")
    return estimate.value - limit * estimate.se, estimate.value + limit * estimate.se


@dataclass(frozen=True, slots=True)
class _State:
    """Experiments that are still going: the density of their scores at one look's time."""

    at: Floats
    mass: Floats
    time: float

    def crossing(self, limit: float, time: float, drift: float) -> Crossing:
        """How likely they stop at the next look."""
        from scipy import special

        step = sqrt(time - self.time)
        moved = self.at + drift * (time - self.time)
        edge = limit * sqrt(time)
        return Crossing(
            up=float((self.mass * special.ndtr((moved - edge) / step)).sum()),
            down=float((self.mass * special.ndtr((-edge - moved) / step)).sum()),
        )

    def going(self, limit: float, time: float, drift: float) -> _State:
        """Those that are still going after the next look."""
        edge, middle, far = limit * sqrt(time), drift * time, FAR * sqrt(time)
        low, high = max(-edge, middle - far), min(edge, middle + far)
        if high <= low:
            return _State(np.zeros(1), np.zeros(1), time)
        x, w = _legendre()
        at = (low + high) / 2 + (high - low) / 2 * x
        step = sqrt(time - self.time)
        away = (at[:, None] - self.at[None, :] - drift * (time - self.time)) / step
        density = np.exp(-0.5 * away * away) @ self.mass / (step * sqrt(2 * np.pi))
        return _State(at, density * w * (high - low) / 2, time)


def _start() -> _State:
    return _State(np.zeros(1), np.ones(1), 0.0)


@lru_cache(maxsize=1)
def _legendre() -> tuple[Floats, Floats]:
    x, w = np.polynomial.legendre.leggauss(POINTS)
    return x, w


def _check_times(times: tuple[float, ...], looks: int) -> None:
    rising = all(a < b for a, b in zip((0.0, *times), times, strict=False))
    if looks < 1 or len(times) != looks or not rising or times[-1] > 1 + 1e-9:
        raise Undefined(
            "Looks must come at rising shares of the planned participants, at most all of them."
        )


@lru_cache(maxsize=256)
def _constant(shape: tuple[float, ...], times: tuple[float, ...], alpha: float) -> float:
    from scipy import optimize

    def error(c: float) -> float:
        return power([c * one for one in shape], times, 0.0) - alpha

    return float(optimize.brentq(error, 0.1, 12.0, xtol=1e-9))


@lru_cache(maxsize=256)
def _spent(times: tuple[float, ...], alpha: float, kind: Boundary) -> tuple[float, ...]:
    from scipy import optimize

    found: list[float] = []
    state, before = _start(), 0.0
    for time in times:
        now = spent(time, alpha=alpha, kind=kind)
        step = now - before

        def over(c: float, state: _State = state, time: float = time, step: float = step) -> float:
            return state.crossing(c, time, 0.0).either - step

        limit = FAR if over(FAR) >= 0 else float(optimize.brentq(over, 0.0, FAR, xtol=1e-9))
        found.append(limit)
        state, before = state.going(limit, time, 0.0), now
    return tuple(found)


def _more_extreme(
    z: float, limits: Sequence[float], fractions: Sequence[float], drift: float
) -> float:
    """P(stopped above at an earlier look, or reached z or more at this one)."""
    state, total = _start(), 0.0
    for limit, time in zip(limits[:-1], fractions[:-1], strict=True):
        total += state.crossing(limit, time, drift).up
        state = state.going(limit, time, drift)
    from scipy import special

    last = fractions[-1]
    moved = state.at + drift * (last - state.time)
    step = sqrt(last - state.time)
    return total + float((state.mass * special.ndtr((moved - z * sqrt(last)) / step)).sum())


def _drift_at(above: Callable[[float], float], p: float, centre: float) -> float:
    from scipy import optimize

    reach = 6.0
    while above(centre - reach) > p or above(centre + reach) < p:
        reach *= 2
        if reach > 1e4:
            raise Undefined("The looks before this one leave no interval for the effect.")
    return float(optimize.brentq(lambda d: above(d) - p, centre - reach, centre + reach, xtol=1e-9))
