"""Sums of participants: one pass over them, from which coarser questions are added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.domain.errors import BadInput
from core.domain.experiments import Design, Metric
from core.domain.samples import Cell, Measured, Sample
from core.store.database import Row
from core.store.participant_rows import YES_OR_NO, told
from core.store.participant_tails import Columns, Edge
from core.store.participant_units import Units

MOST_GROUPS = 4_000
MOST_VALUES = 1_000
"""A segment may have so many values."""
_DAYS = "(epoch_us(came_at) - epoch_us($first)) // 86400000000"


@dataclass(frozen=True, slots=True)
class Fine:
    """Cells by several segments and days at once: each with its values, in the keys' order."""

    segments: tuple[str, ...]
    daily: bool
    cells: tuple[tuple[tuple[str, ...], Cell], ...]

    def gives(self, segment: str | None, daily: bool) -> bool:
        """Whether a question can be added up from these."""
        return (segment is None or segment in self.segments) and (self.daily or not daily)

    def coarse(self, segment: str | None, daily: bool) -> list[Cell]:
        """The cells of a question."""
        at = self.segments.index(segment) if segment is not None else None
        groups: dict[tuple[str, str | None, int | None], list[Cell]] = {}
        for values, cell in self.cells:
            value = values[at] if at is not None else None
            key = cell.variant, value, cell.day if daily else None
            groups.setdefault(key, []).append(cell)
        ordered = sorted(groups, key=lambda key: (key[2] or 0, key[1] or "", key[0]))
        return [_together(*key, groups[key]) for key in ordered]


def fine(
    units: Units, design: Design, edges: Mapping[str, Edge], segments: Sequence[str], daily: bool
) -> Fine:
    """Cells by these segments, in one pass.

    Raises:
        BadInput: If a segment has more values than anybody could read.
    """
    keys = ["variant", *(f"coalesce(s{units.segments.index(one)}, '')" for one in segments)]
    keys.append(_DAYS if daily else "NULL::BIGINT")
    named = [f"{key} AS k{at}" for at, key in enumerate(keys)]
    chosen = [
        one
        for at, metric in enumerate(design.metrics)
        for one in valued(at, metric, edges[metric.id])
    ]
    sums = [sums_of(at, metric) for at, metric in enumerate(design.metrics)]
    grouped = ", ".join(f"k{at}" for at in range(len(keys)))
    found = units.asking.rows(
        f"""SELECT {", ".join([grouped, "count(*)", *sums])}
        FROM ({units.of(", ".join([*named, *chosen]))})
        GROUP BY {grouped} ORDER BY {grouped}""",
        first=units.first,
    )
    for at, segment in enumerate(segments, 1):
        values = len({row[at] for row in found})
        if values > MOST_VALUES:
            raise BadInput(
                f"'{segment}' has {values:,} different values: too many to read results by.",
                place="segments",
                fix="Choose something with fewer, like a country or a plan.",
            )
    cells = tuple(_cell(row, len(segments), units, design) for row in found)
    return Fine(tuple(segments), daily, cells)


def at_once(units: Units, sample: Columns, daily: bool) -> bool:
    """Whether all segments and days can be read in one pass, by a sample of participants."""
    groups = len(units.known) * (_days(units) if daily else 1)
    for at in range(len(units.segments)):
        groups *= len(set(sample[f"s{at}"].tolist()))
    return groups <= MOST_GROUPS


def _days(units: Units) -> int:
    first, last = units.first, units.last
    return (last - first).days + 1 if first is not None and last is not None else 1


def valued(at: int, metric: Metric, edge: Edge) -> list[str]:
    """A metric's values, winsorised, with all of them or none: as columns ``v0_0`` and so on."""
    own = f"m{at}_0"
    if metric.kind in YES_OR_NO:
        own = f"(m{at}_0 > 0)::INTEGER::DOUBLE"
    elif edge.cap is not None:
        own = f"CASE WHEN m{at}_0 > {edge.cap!r} THEN {edge.cap!r} ELSE m{at}_0 END"
    parts = [name for name, _ in told(metric)]
    columns = []
    for part, name in enumerate(parts):
        column = own if part == 0 else f"m{at}_{part}"
        if name == "before":
            column = f"coalesce(m{at}_{part}, {edge.middle or 0.0!r})"
        there = [f"m{at}_{i}" for i, one in enumerate(parts) if one != "before" and i != part]
        if there:
            tests = " AND ".join(f"{one} IS NOT NULL" for one in there)
            column = f"CASE WHEN {tests} THEN {column} END"
        columns.append(f"{column} AS v{at}_{part}")
    return columns


def sums_of(at: int, metric: Metric) -> str:
    """A metric's sums, as SQL."""
    names = [f"v{at}_{part}" for part in range(len(told(metric)))]
    if len(names) == 1 and metric.kind in YES_OR_NO:
        return f"count({names[0]}), count(*) FILTER ({names[0]} > 0)"
    return co_moments(names)


def co_moments(names: Sequence[str]) -> str:
    """Means, and how values vary together, by algorithms that do not cancel."""
    figures = [f"count({names[0]})", *(f"favg({name})" for name in names)]
    figures += [
        f"var_pop({one})" if one == other else f"covar_pop({one}, {other})"
        for i, one in enumerate(names)
        for other in names[i:]
    ]
    return ", ".join(figures)


def width(k: int) -> int:
    """How many figures ``co_moments`` gives."""
    return 1 + k + k * (k + 1) // 2


def sample_of(figures: Sequence[float | None], k: int) -> Sample:
    """The sample that ``co_moments`` tells of."""
    n = int(figures[0] or 0)
    if not n:
        return Sample.none(k)
    rest = iter(figures[1 + k :])
    products = [[0.0] * k for _ in range(k)]
    for i in range(k):
        for j in range(i, k):
            products[i][j] = products[j][i] = float(next(rest) or 0) * n
    means = tuple(float(one or 0) for one in figures[1 : 1 + k])
    return Sample(n, means, tuple(tuple(row) for row in products))


def _cell(row: Row, segments: int, units: Units, design: Design) -> tuple[tuple[str, ...], Cell]:
    variant, values, day, n = row[0], row[1 : 1 + segments], row[1 + segments], row[2 + segments]
    figures = list(row[3 + segments :])
    metrics: dict[str, Measured] = {}
    for metric in design.metrics:
        k = len(told(metric))
        if k == 1 and metric.kind in YES_OR_NO:
            sample = Sample.of_counts(figures.pop(0), figures.pop(0))
        else:
            sample = sample_of([figures.pop(0) for _ in range(width(k))], k)
        metrics[metric.id] = Measured(sample, n - sample.n)
    return values, Cell(units.names[variant], n, metrics, day=day)


def _together(variant: str, value: str | None, day: int | None, cells: Sequence[Cell]) -> Cell:
    if len(cells) == 1:
        return replace(cells[0], value=value, day=day)
    metrics = {}
    for id, first in cells[0].metrics.items():
        sample, missing = first.sample, first.missing
        for cell in cells[1:]:
            sample, missing = sample + cell.metrics[id].sample, missing + cell.metrics[id].missing
        metrics[id] = Measured(sample, missing)
    return Cell(variant, sum(cell.n for cell in cells), metrics, value, day)
