"""From rows to participants: one for each unit, and apart from them those in two variants.

Several rows of one unit are added up to one first, so that what one person did many times is not
taken for what many did: values are summed (mean, revenue, quantile, both parts of a ratio), yes
counts if any row says yes, ``before`` is the rows' mean, a segment is the earliest row's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import duckdb
from numpy.typing import NDArray

from core.domain.errors import BadInput
from core.domain.experiments import Design, Metric
from core.store.database import Row
from core.store.participant_rows import NOTHING, YES_OR_NO, Rows, number_in, told

MOST_NAMES = 100


class Asking:
    """Questions with parameters, of which each statement gets those that it names."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, values: dict[str, Any]) -> None:
        self._cursor = cursor
        self.values = values

    def rows(self, sql: str, **more: Any) -> list[Row]:
        """All rows of a query."""
        return self._run(sql, more).fetchall()

    def columns(self, sql: str, **more: Any) -> dict[str, NDArray[Any]]:
        """A query's result by column."""
        return cast(dict[str, NDArray[Any]], self._run(sql, more).fetchnumpy())

    def run(self, sql: str) -> None:
        """Do something."""
        self._run(sql, {})

    def _run(self, sql: str, more: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        named = set(re.findall(r"\$(\w+)\b", sql))
        known = {name: one for name, one in {**self.values, **more}.items() if name in named}
        return self._cursor.execute(sql, known)


@dataclass(frozen=True, slots=True)
class Arm:
    """How many units carry a variant, and when the first and the last came; and its rows."""

    variant: str | None
    n: int
    first: datetime | None
    last: datetime | None
    rows: int


@dataclass(frozen=True, slots=True)
class Units:
    """Participants, one row each: ``unit``, ``variant``, ``came_at``, ``m0_0`` …, ``s0`` ….

    Attributes:
        asking: What answers.
        relation: What stands behind FROM.
        where: Who of it is a participant.
        arms: The variants of the data.
        names: The variant's id, by what the data call it.
        segments: The segments' names, as ``s0``, ``s1`` … are.
        simple: Whether each row of the origin is a participant.
    """

    asking: Asking
    relation: str
    where: str
    arms: tuple[Arm, ...]
    names: dict[str, str]
    segments: tuple[str, ...]
    simple: bool

    def of(self, columns: str, *conditions: str) -> str:
        """A query of participants."""
        asked = " AND ".join(filter(None, (self.where, *conditions)))
        return f"SELECT {columns} FROM {self.relation}{f' WHERE {asked}' if asked else ''}"

    @property
    def known(self) -> list[Arm]:
        """The arms that the design knows."""
        return [one for one in self.arms if one.variant in self.names]

    @property
    def whole(self) -> int:
        """How many participants there are."""
        return sum(one.n for one in self.known)

    @property
    def first(self) -> datetime | None:
        """When the first participant came."""
        return min((one.first for one in self.known if one.first), default=None)

    @property
    def last(self) -> datetime | None:
        """When the last participant came."""
        return max((one.last for one in self.known if one.last), default=None)


def laid_out(asking: Asking, rows: Rows, design: Design) -> Units:
    """Participants of an origin; kept beside for the length of this moment if that takes work.

    Raises:
        BadInput: If a column that is read as numbers holds something else.
    """
    _check_texts(asking, rows)
    _check_times(asking, rows)
    simple = rows.unique and not rows.tables
    if simple:
        relation = f"(SELECT rowid AS row_at, {_columns(rows, design)} FROM {rows.relation})"
    else:
        asking.run(f"CREATE OR REPLACE TEMP TABLE units AS {_added_up(rows, design)}")
        relation = "(SELECT rowid AS row_at, * FROM units)"
    arms = _arms(asking, rows, relation, simple)
    conditions = [] if simple else ["variants = 1"]
    if any(arm.rows != arm.n for arm in arms):
        conditions.append("unit IS NOT NULL")
    if any(arm.variant not in rows.names for arm in arms):
        marks = ", ".join(rows.value(name) for name in rows.names)
        conditions.append(f"variant IN ({marks})")
    where = " AND ".join(conditions)
    return Units(asking, relation, where, arms, rows.names, tuple(rows.segments), simple)


def _columns(rows: Rows, design: Design) -> str:
    parts = [
        f"{sql} AS m{at}_{part}"
        for at, metric in enumerate(design.metrics)
        for part, sql in enumerate(rows.parts[metric.id])
    ]
    segments = [f"{sql} AS s{at}" for at, sql in enumerate(rows.segments.values())]
    named = [f"{rows.unit} AS unit", f"{rows.variant} AS variant", f"{rows.at} AS came_at"]
    return ", ".join([*named, *parts, *segments])


def _added_up(rows: Rows, design: Design) -> str:
    tables = "".join(f"{table}, " for table in rows.tables)
    acted = f"WITH {tables}acted AS (SELECT {_columns(rows, design)} FROM {rows.relation})"
    named = "WHERE unit IS NOT NULL AND variant IS NOT NULL"
    if rows.unique:
        return f"{acted} SELECT *, 1 AS variants, 1 AS acts FROM acted {named}"
    parts = "".join(
        f", {_together(metric, name)}(m{at}_{part}) AS m{at}_{part}"
        for at, metric in enumerate(design.metrics)
        for part, (name, _) in enumerate(told(metric))
    )
    segments = "".join(
        f", coalesce(arg_min(s{at}, came_at), min(s{at})) AS s{at}"
        for at in range(len(rows.segments))
    )
    return f"""{acted}
        SELECT unit, min(variant) AS variant,
            CASE WHEN min(variant) = max(variant) THEN 1 ELSE 2 END AS variants,
            count(*) AS acts, min(came_at) AS came_at{parts}{segments}
        FROM acted {named} GROUP BY unit"""


def _together(metric: Metric, place: str) -> str:
    if place == "before":
        return "avg"
    return "max" if metric.kind in YES_OR_NO else "sum"


def _arms(asking: Asking, rows: Rows, relation: str, simple: bool) -> tuple[Arm, ...]:
    """The variants of the data, those of the design first, then the largest."""
    marks = ", ".join(rows.value(name) for name in rows.names)
    found = asking.rows(
        f"""SELECT variant, count(unit), min(came_at), max(came_at), count(*) FROM {relation}
        {"" if simple else "WHERE variants = 1"}
        GROUP BY variant ORDER BY coalesce(variant IN ({marks}), false) DESC, 2 DESC, 1
        LIMIT {MOST_NAMES}"""
    )
    return tuple(Arm(*row) for row in found)


def _check_texts(asking: Asking, rows: Rows) -> None:
    """Refuse a column that is read as numbers and holds other words."""
    for name, place, found in rows.texts:
        marks = ", ".join(f"'{one}'" for one in NOTHING)
        odd = asking.rows(
            f"""SELECT {found}, {rows.unit}::VARCHAR FROM {rows.relation}
            WHERE {found} IS NOT NULL AND ({number_in(found)}) IS NULL
                AND lower(trim({found})) NOT IN ({marks}) LIMIT 1"""
        )
        if odd:
            said, unit = odd[0]
            raise BadInput(
                f"The column '{name}' is no number everywhere: it says “{_short(said)}” for the "
                f"participant {_short(unit)}.",
                place=place,
                fix="Name a column of numbers, or of yes and no.",
            )


def _check_times(asking: Asking, rows: Rows) -> None:
    """Refuse a column that is read as times and holds other words."""
    marks = ", ".join(f"'{one}'" for one in NOTHING)
    odd = rows.time and asking.rows(
        f"""SELECT {rows.time} FROM {rows.relation} WHERE {rows.time} IS NOT NULL
            AND ({rows.at}) IS NULL AND lower(trim({rows.time})) NOT IN ({marks}) LIMIT 1"""
    )
    if odd:
        raise BadInput(
            f"The column {rows.time} is no time everywhere: it says “{_short(odd[0][0])}”.",
            place="data.time",
            fix="Name a column of moments, like 2026-03-01 09:30.",
        )


def _short(text: str | None, most: int = 60) -> str:
    text = text or "without a name"
    return text if len(text) <= most else f"{text[:most]}…"


def counted(units: Units, rows: Rows) -> tuple[int, int, int, int]:
    """(rows, rows without a unit or a variant, units in many variants, units with several rows)."""
    if units.simple and len(units.arms) < MOST_NAMES:
        whole = sum(arm.rows for arm in units.arms)
        named = sum(arm.n for arm in units.arms if arm.variant is not None)
        return whole, whole - named, 0, 0
    nameless = (
        "0" if rows.tables else f"count(*) FILTER ({rows.unit} IS NULL OR {rows.variant} IS NULL)"
    )
    tables = f"WITH {', '.join(rows.tables)} " if rows.tables else ""
    whole, left = units.asking.rows(f"{tables}SELECT count(*), {nameless} FROM {rows.counted}")[0]
    if units.simple:
        return whole, left, 0, 0
    many, several = units.asking.rows(
        "SELECT count(*) FILTER (variants > 1), count(*) FILTER (acts > 1) FROM units"
    )[0]
    return whole, left, many, several
