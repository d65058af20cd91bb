"""The largest of millions of values, exactly, without sorting them all: caps and long tails.

A sample says above which value a rank must lie; what lies above it is read and sorted, the rest is
counted. Where the sample was wrong, everything is read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.experiments import Design, Metric
from core.domain.samples import Tail
from core.store.participant_rows import YES_OR_NO
from core.store.participant_units import Units

SMALL = 200_000
"""So many participants are sorted as they are."""
SAMPLED = 100_000
SPREADS = 6.0
"""So many standard errors of the sample's rank a rank is looked for: it misses once in 10^9."""
TOP = 0.01
Values = NDArray[Any]
Columns = dict[str, Values]


@dataclass(frozen=True, slots=True)
class Edge:
    """What everybody's values say of one metric.

    Attributes:
        cap: What its values are winsorised to; None where they are not.
        middle: The mean of what was known before; None where nothing was.
        tail: How long its tail is; None for a yes or no, and for a ratio.
    """

    cap: float | None = None
    middle: float | None = None
    tail: Tail | None = None


def edges(units: Units, design: Design, sample: Columns) -> dict[str, Edge]:
    """Each metric's edge, of all variants together.

    Args:
        units: The participants.
        design: What is measured.
        sample: Some participants' values, from ``some``.
    """
    figures = [
        figure
        for at, metric in enumerate(design.metrics)
        for figure in (
            f"count(m{at}_0), favg(m{at}_0), min(m{at}_0)" if _has_tail(metric) else "0, 0, 0",
            f"avg(m{at}_{2 if metric.per else 1})" if metric.before is not None else "NULL",
        )
    ]
    *row, _ = units.asking.rows(units.of(", ".join([*figures, "count(*)"])))[0]
    return {
        metric.id: _edge(units, at, metric, row[4 * at : 4 * at + 4], sample)
        for at, metric in enumerate(design.metrics)
    }


def some(units: Units, design: Design) -> Columns:
    """The values and segments of about ``SAMPLED`` participants, always the same."""
    names = [f"m{at}_0" for at, metric in enumerate(design.metrics) if _has_tail(metric)]
    names += [f"s{at}" for at in range(len(units.segments))]
    if not names:
        return {}
    one_in = f"hash(row_at) % {max(1, units.whole // SAMPLED)} = 0"
    return units.asking.columns(units.of(", ".join(names), one_in))


def _has_tail(metric: Metric) -> bool:
    if metric.kind == "ratio":
        return metric.winsorise is not None
    return metric.kind not in YES_OR_NO


def linear(sorted_part: Values, q: float, n: int, below: int) -> float:
    """A quantile of ``n`` values, between ranks as a line, from a part of them in order.

    Args:
        sorted_part: Those that stand from rank ``below`` on.
        q: Which quantile.
        n: How many values there are.
        below: How many smaller values are not in the part.
    """
    rank = q * (n - 1)
    first = min(math.floor(rank), n - 1)
    low = float(sorted_part[first - below])
    high = float(sorted_part[min(first + 1, n - 1) - below])
    return low + (high - low) * (rank - first) if high != low else low


def _edge(units: Units, at: int, metric: Metric, figures: Sequence[Any], sample: Columns) -> Edge:
    n, mean, least, middle = figures
    if not _has_tail(metric):
        return Edge(middle=middle)
    if not n:
        return Edge(middle=middle, tail=None if metric.kind == "ratio" else Tail(None, None))
    value = f"m{at}_0"
    share = min(metric.winsorise or 1 - TOP, 1 - TOP)
    upper = _upper(units, value, share, n, finite(sample[value]))
    cap = None
    if metric.winsorise is not None:
        cap = linear(upper, metric.winsorise, n, n - len(upper))
    if metric.kind == "ratio":
        return Edge(cap, middle)
    negative = units.asking.rows(units.of("count(*)", f"{value} < 0"))[0][0] if least < 0 else 0
    lopsided = skewness(upper, n, finite(sample[value]), cap)
    return Edge(cap, middle, _tail(upper, n, mean * n, cap, negative, lopsided))


def skewness(upper: Values, n: int, sample: Values, cap: float | None) -> float | None:
    """The third moment over the spread cubed: the largest values exactly, the others by a sample.

    Args:
        upper: The largest values in order.
        n: How many values there are.
        sample: Some of all values.
        cap: What larger values count as.

    Returns:
        None where values do not differ, or are too large to tell.
    """
    lower = sample[sample < upper[0]] if len(upper) < n else upper[:0]
    values = np.concatenate([upper, lower])
    if cap is not None:
        values = np.minimum(values, cap)
    rest = (n - len(upper)) / len(lower) if len(lower) else 0.0
    weights = np.repeat([1.0, rest], [len(upper), len(lower)])
    weights /= weights.sum()
    with np.errstate(over="ignore", invalid="ignore"):
        off = values - weights @ values
        spread = math.sqrt(weights @ (off * off))
        found = float(weights @ (off / spread) ** 3) if 0 < spread < math.inf else math.nan
    return found if math.isfinite(found) else None


def _tail(
    upper: Values,
    n: int,
    total: float,
    cap: float | None,
    negative: int,
    lopsided: float | None,
) -> Tail:
    top = float(upper[-math.ceil(TOP * n) :].sum())
    return Tail(
        largest=float(upper[-1]),
        top_share=top / total if total > 0 else None,
        cap=cap,
        capped=int((upper > cap).sum()) if cap is not None else 0,
        negative=negative,
        skewness=lopsided,
    )


def _upper(units: Units, value: str, share: float, n: int, sample: Values) -> Values:
    """The largest values in order, at least from the rank of ``share`` on."""
    wanted = n - math.floor(share * (n - 1))
    m = len(sample)
    rank = math.floor(share * m - SPREADS * math.sqrt(share * (1 - share) * m)) - 1
    if n > SMALL and rank >= 0:
        low = float(np.sort(sample)[rank])
        found = np.sort(_read(units, value, f"{value} > $low", low=low))
        if len(found) >= wanted:
            return found
        tied = units.asking.rows(units.of("count(*)", f"{value} = $low"), low=low)[0][0]
        if len(found) + tied >= wanted:
            return np.concatenate([np.full(wanted - len(found), low), found])
    return np.sort(_read(units, value, f"{value} IS NOT NULL"))


def _read(units: Units, value: str, *conditions: str, **values: float) -> Values:
    found = units.asking.columns(units.of(f"{value} AS x", *conditions), **values)["x"]
    return np.asarray(found, dtype=float)


def finite(column: Values) -> Values:
    """Those that are there."""
    if isinstance(column, np.ma.MaskedArray):
        column = column.compressed()
    return np.asarray(column, dtype=float)
