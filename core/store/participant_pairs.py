"""The same contacts in two variants: value beside value, which is far more sensitive."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.experiments import Design
from core.domain.samples import Cell, Measured
from core.store.participant_cells import co_moments, sample_of, valued, width
from core.store.participant_rows import YES_OR_NO
from core.store.participant_tails import Edge
from core.store.participant_units import Units

Pairs = dict[str | None, list[Cell]]


def pairs(
    units: Units, design: Design, edges: Mapping[str, Edge], names: Mapping[str, str], b: str
) -> Pairs:
    """Sums over contacts that are in both variants, by segment (None: everybody).

    Args:
        units: Participants of both variants.
        design: What is measured.
        edges: Each metric's cap.
        names: What the data call the first variant and the second: ``a`` and ``b``.
        b: The second variant's id.
    """
    chosen, sums = [], []
    for at, metric in enumerate(design.metrics):
        values = [f"v{at}_{part}" for part in range(2 if metric.per else 1)]
        both = f"a.{values[0]} IS NOT NULL AND b.{values[0]} IS NOT NULL"
        sides = [(side, value) for side in "ab" for value in values]
        chosen += [
            f"CASE WHEN {both} THEN {side}.{value} END AS {side}{value}" for side, value in sides
        ]
        sums.append(co_moments([f"{side}{value}" for side, value in sides]))
    keys = [f"s{at}" for at in range(len(units.segments))]
    named = "".join(f", coalesce(a.{key}, '') AS {key}" for key in keys)
    sets = ", ".join(["()", *(f"({key})" for key in keys)])
    said = "".join(f"{key}, grouping({key}), " for key in keys)
    columns = [
        one
        for at, metric in enumerate(design.metrics)
        for one in valued(at, metric.model_copy(update={"before": None}), edges[metric.id])
    ]
    mine = ", ".join(["unit", *keys, *columns])
    found = units.asking.rows(
        f"""SELECT {said}{", ".join(["count(*)", *sums])} FROM (
            SELECT {", ".join(["1 AS one", *chosen])}{named}
            FROM ({units.of(mine, "variant = $first")}) AS a
                JOIN ({units.of(mine, "variant = $second")}) AS b USING (unit))
        GROUP BY GROUPING SETS ({sets}) ORDER BY ALL""",
        first=names["a"],
        second=names["b"],
    )
    cells: Pairs = {name: [] for name in (None, *units.segments)}
    for row in found:
        flags = row[: 2 * len(keys)]
        which = next((at for at in range(len(keys)) if flags[2 * at + 1] == 0), None)
        segment = units.segments[which] if which is not None else None
        value = flags[2 * which] if which is not None else None
        n, *figures = row[2 * len(keys) :]
        if n:
            cells[segment].append(_cell(design, b, n, figures, value))
    return cells


def _cell(design: Design, b: str, n: int, figures: list[float | None], value: str | None) -> Cell:
    metrics, start = {}, 0
    for metric in design.metrics:
        k = 4 if metric.per else 2
        sample = sample_of(figures[start : start + width(k)], k)
        metrics[metric.id] = Measured(sample, n - sample.n)
        start += width(k)
    return Cell(b, n, metrics, value)


def side_by_side(
    units: Units, design: Design, metric: str, first: str, second: str
) -> list[tuple[str, float | None, float | None]]:
    """(contact, value in the first variant, value in the second) of those in both, by contact."""
    at = [one.id for one in design.metrics].index(metric)
    value = f"m{at}_0 / nullif(m{at}_1, 0)" if design.metrics[at].per else f"m{at}_0"
    if design.metrics[at].kind in YES_OR_NO:
        value = f"(m{at}_0 > 0)::INTEGER::DOUBLE"
    mine = f"unit, {value} AS v"
    rows = units.asking.rows(
        f"""SELECT unit, a.v, b.v FROM ({units.of(mine, "variant = $first")}) AS a
            JOIN ({units.of(mine, "variant = $second")}) AS b USING (unit) ORDER BY unit""",
        first=first,
        second=second,
    )
    return [(row[0], row[1], row[2]) for row in rows]
