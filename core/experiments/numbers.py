"""Figures as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

from core.domain.experiment_results import Span
from core.domain.experiments import MetricKind

SHARES: frozenset[MetricKind] = frozenset(("proportion", "retention"))
"""Kinds whose values are shares of people."""
LARGE = 1e15


def digits(number: float, significant: int = 3) -> str:
    """So many significant digits, whole thousands apart: ``0.0123``, ``4,120``."""
    if number == 0:
        return "0"
    size = math.floor(math.log10(abs(number)))
    if not -9 <= size < 15:
        return f"{number:.{significant - 1}e}".replace("-", "−", 1 if number < 0 else 0)
    return placed(number, max(0, significant - 1 - size))


def placed(number: float, places: int) -> str:
    """So many decimal places, with a true minus."""
    if abs(number) >= LARGE:
        return f"{number:.2e}".replace("-", "−", 1 if number < 0 else 0)
    text = f"{number:,.{places}f}"
    return f"−{text[1:]}" if text.startswith("-") else text


def plain(number: float) -> str:
    """A value as it was measured: ``49,854``, ``12.5``."""
    return f"{number:,.6g}".replace("-", "−") if abs(number) < LARGE else digits(number)


def percent(share: float) -> str:
    """A measured share: ``12.1 %``, ``0.0520 %``."""
    size = abs(100 * share)
    if size >= 99.95 or size == 0:
        return f"{placed(100 * share, 0)} %"
    return f"{placed(100 * share, 1)} %" if size >= 10 else f"{digits(100 * share)} %"


def rounded(share: float) -> str:
    """A share that somebody chose: ``5 %``, ``0.5 %``."""
    return f"{100 * share:.4g} %"


def _signed(number: float, places: int) -> str:
    text = placed(number, places)
    if text.strip("0.,−") == "":
        return text.lstrip("−")
    return text if text.startswith("−") else f"+{text}"


def _places(numbers: Sequence[float]) -> int:
    """As many decimal places as show an interval's width in three digits."""
    width = max(numbers) - min(numbers) if len(numbers) > 1 else abs(numbers[0])
    if not 0 < width < math.inf:
        return 2
    return min(9, max(0, 2 - math.floor(math.log10(width))))


def change(relative: float) -> str:
    """A relative difference: ``+4.2 %``."""
    return f"{_signed(100 * relative, _places([100 * relative]))} %"


def value(kind: MetricKind, number: float) -> str:
    """A metric's value: a share in per cent, anything else as it is."""
    return percent(number) if kind in SHARES else digits(number, 4)


def difference(kind: MetricKind, number: float) -> str:
    """A difference in the metric's own units; of shares in percentage points."""
    factor, unit = _unit(kind)
    return f"{_signed(factor * number, _places([factor * number]))}{unit}"


def size(kind: MetricKind, number: float) -> str:
    """How large a loss is, without a sign: ``0.82 points``."""
    factor, unit = _unit(kind)
    return f"{digits(factor * number, 2)}{unit}"


def _unit(kind: MetricKind) -> tuple[float, str]:
    return (100.0, " points") if kind in SHARES else (1.0, "")


def _spanned(span: Span, factor: float, unit: str) -> str:
    ends = [factor * one for one in (span.value, span.low, span.high)]
    places = _places(ends)
    middle, low, high = (_signed(one, places) for one in ends)
    return f"{middle}{unit} ({low} to {high}{unit})"


def span_of_change(span: Span) -> str:
    """A relative difference with its interval: ``+4.20 % (+0.13 to +8.41 %)``."""
    return _spanned(span, 100.0, " %")


def span_of_difference(kind: MetricKind, span: Span) -> str:
    """A difference with its interval, in the metric's units."""
    return _spanned(span, *_unit(kind))


def value_with_interval(
    kind: MetricKind, number: float, low: float | None, high: float | None
) -> tuple[str, str]:
    """A value and its interval's ends, to as many places as that is wide; "" where there is none.

    An interval is written to two digits of its width, so that all three compare at a glance.
    """
    if low is None or high is None:
        return value(kind, number), ""
    factor, unit = (100.0, " %") if kind in SHARES else (1.0, "")
    ends = [factor * one for one in (number, low, high)]
    places = max(0, _places(ends[1:]) - 1)
    middle, least, most = (placed(one, places) for one in ends)
    return f"{middle}{unit}", f"{least} to {most}{unit}"


def chance(p: float) -> str:
    """A p-value: ``0.034``, ``below 0.0001``."""
    if p < 0.0001:
        return "below 0.0001"
    return "1" if p > 0.9995 else digits(p, 2)


def p_equals(p: float) -> str:
    """The same in a sentence: ``p = 0.034``, ``p < 0.0001``."""
    return "p < 0.0001" if p < 0.0001 else f"p = {chance(p)}"


def probability(share: float) -> str:
    """A probability that never claims to be certain: ``over 99.9 %``."""
    if share > 0.999:
        return "over 99.9 %"
    if share < 0.001:
        return "under 0.1 %"
    return f"{100 * share:.1f} %"


def confidence(alpha: float) -> str:
    """What an interval is called: ``95 %``."""
    return f"{100 * (1 - alpha):.4g} %"


def people(count: float) -> str:
    """``1 person``, ``12,000 people``."""
    return counted(round(count), "person", "people")


def counted(count: int, one: str, many: str) -> str:
    """``1 look``, ``12 looks``."""
    return f"{count:,} {one if count == 1 else many}"


def listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def z_of_p(p: float) -> float:
    """The size of the normal deviate that a two-sided p-value stands for."""
    return abs(NormalDist().inv_cdf(max(p, 1e-300) / 2))


def p_of_z(z: float) -> float:
    """The two-sided p-value of a normal deviate."""
    return math.erfc(abs(z) / math.sqrt(2))
