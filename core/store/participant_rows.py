"""Rows of participants from any origin, in one shape: unit, variant, when, measures, segments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.domain.errors import BadInput
from core.domain.experiments import Dataset, Design, Metric

YES_OR_NO = frozenset({"proportion", "retention"})
YES, NO = ("yes", "y", "true", "t", "on"), ("no", "n", "false", "f", "off")
NOTHING = ("", "-", "na", "n/a", "nan", "null", "none", "inf", "-inf", "infinity", "-infinity")
"""Words that stand for no value at all."""
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_NUMBERS = frozenset(f"{sign}{name}" for name in _WHOLE for sign in ("", "U")) | {"BOOLEAN"}


@dataclass(slots=True)
class Rows:
    """A relation with one row for each thing that a participant did, or for each participant.

    Attributes:
        relation: What stands behind FROM.
        unit: The participant, as SQL.
        variant: The variant as the data call it, as SQL text.
        at: When the participant came, as SQL.
        names: The variant's id, by what the data call it.
        tables: The tables of a WITH clause that it needs.
        counted: The relation whose rows are what the origin holds.
        parts: Each metric's values as SQL numbers: value, per, before.
        segments: Each segment's value, as SQL text.
        texts: Text that is read as numbers: (column, its place in the design, as SQL).
        time: The text that is read as times, as SQL; None where there is none.
        loose: Metrics that are read as yes or no from a column that may hold something else.
        values: The statement's parameters.
        unique: Whether each row is a participant of its own.
        paired: Whether one participant may be in every variant.
    """

    relation: str
    unit: str
    variant: str
    at: str
    names: dict[str, str]
    counted: str = ""
    tables: list[str] = field(default_factory=list)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    segments: dict[str, str] = field(default_factory=dict)
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    time: str | None = None
    loose: frozenset[str] = frozenset()
    values: dict[str, Any] = field(default_factory=dict)
    unique: bool = False
    paired: bool = False

    def value(self, given: Any) -> str:
        """A parameter's mark in the statement."""
        name = f"p{len(self.values)}"
        self.values[name] = given
        return f"${name}"


def quoted(name: str) -> str:
    """A column's or table's name, safe in a statement."""
    return '"' + name.replace('"', '""') + '"'


def told(metric: Metric) -> tuple[tuple[str, str], ...]:
    """What a metric names, and in which of its fields."""
    named = (("value", metric.value), ("per", metric.per), ("before", metric.before))
    return tuple((place, name) for place, name in named if name is not None)


def table_rows(dataset: Dataset, design: Design, unique: frozenset[str], *by: str) -> Rows:
    """An imported table's rows.

    Args:
        dataset: The table.
        design: Which columns have what.
        unique: Columns in which no value stands twice.
        by: More columns to read by.

    Raises:
        BadInput: If a column that is named is not there, or cannot be read so.
    """
    data = design.data
    rows = Rows(
        relation=quoted(f"data_{dataset.id}"),
        unit=_column(dataset, data.unit, "data.unit"),
        variant=_text(dataset, data.variant, "data.variant"),
        at=_moment(dataset, data.time) if data.time else "NULL::TIMESTAMP",
        names={one.in_data: one.id for one in design.variants},
        unique=data.unit in unique,
    )
    rows.counted = rows.relation
    if data.time and dataset.columns[data.time] == "VARCHAR":
        rows.time = quoted(data.time)
    for at, metric in enumerate(design.metrics):
        rows.parts[metric.id] = tuple(
            _number(dataset, rows, name, f"metrics[{at}].{place}") for place, name in told(metric)
        )
    rows.loose = frozenset(
        one.id
        for one in design.metrics
        if one.kind in YES_OR_NO and dataset.columns[one.value] != "BOOLEAN"
    )
    for at, name in enumerate((*design.segments, *by)):
        rows.segments[name] = _text(dataset, name, f"segments[{at}]")
    return rows


def number_in(text: str) -> str:
    """Text as a number: yes and no are 1 and 0; what is no finite number is NULL."""
    said = f"lower(trim({text}))"
    number = f"try_cast({said} AS DOUBLE)"
    return (
        f"CASE WHEN {said} IN {YES} THEN 1.0 WHEN {said} IN {NO} THEN 0.0 "
        f"WHEN isfinite({number}) THEN {number} END"
    )


def _column(dataset: Dataset, name: str, place: str) -> str:
    if name not in dataset.columns:
        known = ", ".join(list(dataset.columns)[:12])
        raise BadInput(
            f"There is no column '{name}' in {dataset.name}.",
            place=place,
            fix=f"It has: {known}{' …' if len(dataset.columns) > 12 else ''}.",
        )
    return quoted(name)


def _text(dataset: Dataset, name: str, place: str) -> str:
    """A column as text; whole numbers are written without a fraction."""
    found = _column(dataset, name, place)
    kind = dataset.columns[name]
    if kind == "VARCHAR":
        return found
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        whole = f"try_cast({found} AS BIGINT)"
        return f"CASE WHEN {whole} = {found} THEN {whole}::VARCHAR ELSE {found}::VARCHAR END"
    return f"{found}::VARCHAR"


def _number(dataset: Dataset, rows: Rows, name: str, place: str) -> str:
    """A column as numbers; what is missing, or not finite, is NULL."""
    found = _column(dataset, name, place)
    kind = dataset.columns[name]
    if kind in ("FLOAT", "DOUBLE"):
        return f"CASE WHEN isfinite({found}) THEN {found}::DOUBLE END"
    if kind in _NUMBERS or kind.startswith("DECIMAL"):
        return f"{found}::DOUBLE"
    if kind == "VARCHAR":
        rows.texts.append((name, place, found))
        return number_in(found)
    raise BadInput(
        f"The column '{name}' holds {_KINDS.get(kind, 'something else')}, not numbers.",
        place=place,
        fix="Name a column of numbers, or of yes and no.",
    )


_KINDS = {"DATE": "dates", "TIME": "times", "TIMESTAMP": "moments", "BLOB": "bytes"}


def _moment(dataset: Dataset, name: str) -> str:
    found = _column(dataset, name, "data.time")
    kind = dataset.columns[name]
    if kind in _NUMBERS or kind in ("DOUBLE", "FLOAT"):
        thousandths = f"abs({found}) > 100000000000"
        seconds = f"CASE WHEN {thousandths} THEN {found} / 1000.0 ELSE {found} END"
        return f"(TIMESTAMP 'epoch' + to_microseconds((({seconds}) * 1e6)::BIGINT))"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"({found} AT TIME ZONE 'UTC')"
    if kind == "VARCHAR":
        zoned = f"try_cast({found} AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'UTC'"
        return f"coalesce(try_cast({found} AS TIMESTAMP), {zoned})"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"{found}::TIMESTAMP"
    raise BadInput(f"The column '{name}' holds no times.", place="data.time")
