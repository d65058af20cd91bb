"""Live events that come as a table: who met which variant, and what they did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from pydantic import ValidationError

from core.domain.errors import BadInput
from core.domain.experiment_life import LiveEvent
from core.domain.experiments import Dataset

NEEDED = ("contact_id", "kind")
KNOWN = (*NEEDED, "id", "at", "name", "value", "step_id", "channel", "body", "variant")
"""Columns with a meaning; others are kept with the event."""


def check_columns(dataset: Dataset) -> None:
    """Refuse a table that cannot be events.

    Raises:
        BadInput: If it lacks a column.
    """
    for column in NEEDED:
        if column not in dataset.columns:
            raise BadInput(
                f"“{dataset.name}” has no column '{column}'.",
                place="data",
                fix=f"Events have: {', '.join(KNOWN)}. Only {' and '.join(NEEDED)} are needed.",
            )


def came_in(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(contact, variant, what is known) of the rows that say who met which variant."""
    for row in rows:
        if row["kind"] == "entered" and row.get("variant") is not None:
            yield str(row["contact_id"]), str(row["variant"]), _more(row)


def _more(row: Mapping[str, Any]) -> dict[str, Any]:
    """The other columns, as JSON has it: moments and the like as text."""
    return {key: _plain(one) for key, one in row.items() if key not in KNOWN and one is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | list | dict) else str(value)


def events_of(dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> Iterator[LiveEvent]:
    """The other rows as events; one without an id gets its row's, so that it counts once.

    Raises:
        BadInput: If a row cannot be an event; names it.
    """
    for number, row in enumerate(rows, 1):
        if row["kind"] == "entered":
            continue
        told = {key: row[key] for key in KNOWN if row.get(key) is not None and key != "variant"}
        told |= {"contact_id": str(row["contact_id"]), "id": str(told.get("id") or "")}
        told["id"] = told["id"] or f"{dataset.content_hash or dataset.id}:{number}"
        more = _more(row)
        try:
            yield LiveEvent.model_validate({**told, "payload": more})
        except ValidationError as error:
            first = error.errors()[0]
            raise BadInput(
                f"Row {number} cannot be an event: {first['msg']}.",
                place=f"rows[{number}].{'.'.join(map(str, first['loc']))}",
            ) from error
