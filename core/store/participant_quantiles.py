"""Quantiles of each variant, and the order statistics around them, exactly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.experiments import Design
from core.domain.samples import Quantiles
from core.store.participant_tails import SAMPLED, SMALL, SPREADS, linear
from core.store.participant_units import Units

Group = tuple[str, str]
Key = tuple[str, str, str | None]
_Z = 1.96


def quantiles(units: Units, design: Design) -> dict[Key, Quantiles]:
    """Each quantile metric, by (metric, variant, None)."""
    return {
        (metric, variant, None): one
        for (metric, variant, _), one in _read(units, design, "''").items()
    }


def quantiles_by(units: Units, design: Design, segment: str) -> dict[Key, Quantiles]:
    """Each quantile metric, by (metric, variant, the segment's value)."""
    return _read(units, design, f"coalesce(s{units.segments.index(segment)}, '')")


def _read(units: Units, design: Design, key: str) -> dict[Key, Quantiles]:
    found: dict[Key, Quantiles] = {}
    for at, metric in enumerate(design.metrics):
        if metric.kind == "quantile":
            groups = _Groups(units, f"m{at}_0", key, metric.quantile)
            for (variant, value), one in groups.all().items():
                found[metric.id, units.names[variant], value] = one
    return found


class _Groups:
    """One metric's values in each group of participants."""

    def __init__(self, units: Units, value: str, key: str, q: float) -> None:
        self._units, self._value, self._key, self._q = units, value, key, q
        self._columns = f"variant, {key} AS k, {value} AS x"
        self._there = f"{value} IS NOT NULL"

    def all(self) -> dict[Group, Quantiles]:
        """Each group's quantile."""
        if self._units.whole <= SMALL:
            parts = self._sorted(self._units.of(self._columns, self._there))
            return {group: self._of(len(part), 0, part) for group, part in parts.items()}
        spans = self._spans()
        return {group: self._within(group, n, *span) for group, (n, *span) in spans.items()}

    def _spans(self) -> dict[Group, tuple[Any, ...]]:
        """Of each group: how many, how many up to and below a low end, and what lies above it."""
        one_in = f"hash(row_at) % {max(1, self._units.whole // SAMPLED)} = 0"
        known = self._sorted(self._units.of(self._columns, self._there, one_in))
        ends = {group: self._ends(part) for group, part in known.items()}
        given = {
            "variants": [group[0] for group in ends],
            "keys": [group[1] for group in ends],
            "lows": [low for low, _ in ends.values()],
            "highs": [high for _, high in ends.values()],
        }
        spans = (
            "(SELECT unnest($variants) AS variant, unnest($keys) AS k, unnest($lows) AS low, "
            "unnest($highs) AS high) AS spans"
        )
        valued = self._units.of(self._columns, self._there)
        joined = f"FROM ({valued}) AS valued LEFT JOIN {spans} USING (variant, k)"
        counts = self._units.asking.rows(
            f"""SELECT variant, k, count(*), count(*) FILTER (x <= low), count(*) FILTER (x < low),
                any_value(low) {joined} GROUP BY variant, k""",
            **given,
        )
        inside = self._sorted(
            f"SELECT variant, k, x {joined} WHERE low IS NOT NULL AND x > low AND x <= high",
            **given,
        )
        nothing = np.empty(0)
        return {
            (row[0], row[1]): (*row[2:], inside.get((row[0], row[1]), nothing)) for row in counts
        }

    def _ends(self, sample: NDArray[Any]) -> tuple[float, float]:
        m, q = len(sample), self._q
        reach = SPREADS * math.sqrt(q * (1 - q) * m) + 2
        first, last = math.floor(q * m - reach), math.ceil(q * m + reach)
        low = float(sample[first]) if first >= 0 else -math.inf
        return low, float(sample[last]) if last < m else math.inf

    def _within(
        self, group: Group, n: int, upto: int, less: int, low: float | None, part: NDArray[Any]
    ) -> Quantiles:
        first, last = min(self._ranks(n)), max(self._ranks(n))
        if low is not None and less <= first and last < upto + len(part):
            if first < upto:
                part = np.concatenate([np.full(upto - first, low), part])
            return self._of(n, min(first, upto), part)
        whole = self._sorted(
            f"SELECT * FROM ({self._units.of(self._columns, self._there)}) "
            "WHERE variant = $one AND k = $key",
            one=group[0],
            key=group[1],
        )
        return self._of(n, 0, whole[group])

    def _ranks(self, n: int) -> tuple[int, int, int, int]:
        """Of the quantile's two neighbours, and of the ends of its interval (from 0)."""
        q, reach = self._q, _Z * math.sqrt(n * self._q * (1 - self._q))
        at = math.floor(q * (n - 1))
        low, high = math.floor(n * q - reach) - 1, math.floor(n * q + reach)
        return max(low, 0), at, min(at + 1, n - 1), min(high, n - 1)

    def _of(self, n: int, below: int, part: NDArray[Any]) -> Quantiles:
        low, *_, high = self._ranks(n)
        value = linear(part, self._q, n, below)
        return Quantiles(n, self._q, value, float(part[low - below]), float(part[high - below]))

    def _sorted(self, sql: str, **given: Any) -> dict[Group, NDArray[Any]]:
        """Values by group, each in order."""
        found = self._units.asking.columns(f"{sql} ORDER BY ALL", **given)
        variants, keys, values = found["variant"], found["k"], np.asarray(found["x"], float)
        parts: dict[Group, NDArray[Any]] = {}
        start = 0
        for end in _changes(variants, keys):
            parts[str(variants[start]), str(keys[start])] = values[start:end]
            start = end
        return parts


def _changes(*columns: NDArray[Any]) -> list[int]:
    """Where the next group begins, and the end."""
    if not len(columns[0]):
        return []
    differ = np.zeros(len(columns[0]) - 1, dtype=bool)
    for column in columns:
        differ |= column[1:] != column[:-1]
    return [*(np.flatnonzero(differ) + 1).tolist(), len(columns[0])]
