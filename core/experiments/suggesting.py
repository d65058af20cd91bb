"""A design that fits an imported table, to start from: its variants, and what could be measured."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.domain.errors import BadInput, NotFound
from core.domain.experiments import (
    MOST_METRICS,
    MOST_SEGMENTS,
    MOST_VARIANTS,
    Assignment,
    Data,
    Dataset,
    Design,
    Metric,
    MetricKind,
    Variant,
)
from core.store import Store, TableOrigin

SEEN = 2_000
"""So many rows are looked at to guess what a column is."""
FEW, LONGEST = 20, 80
_UNIT = re.compile(
    r"^(unit|participant|contact|user|customer|visitor|person|member)s?(_?id)?$|_id$"
)
_VARIANT = re.compile(
    r"variant|variation|version|group|\barm|treatment|condition|bucket|segment", re.I
)
_BEFORE = re.compile(r"^(pre|before|past|prior)_(?P<a>.+)$|^(?P<b>.+)_(before|pre|prior)$", re.I)
_MONEY = re.compile(r"revenue|spend|spent|amount|price|sales|value|income|gmv", re.I)
_CONTROL = re.compile(
    r"control|baseline|original|holdout|status.?quo|as it is|^(a|0|off|none|no|v1)$"
    r"|\b(no|old|current|existing|before|default|today)\b",
    re.I,
)
_NESTED = ("STRUCT", "MAP", "UNION")
_NUMBERS = re.compile(r"INT|FLOAT|DOUBLE|DECIMAL")
Rows = Sequence[Mapping[str, Any]]


def suggested(store: Store, id: str, data: Data | None = None) -> Design:
    """A design for an imported table.

    Args:
        store: The workspace's tables.
        id: The table.
        data: Which columns have the participant, the variant and the time; guessed where it is not
            given.

    Raises:
        NotFound: If there is no such table.
        BadInput: If the table lacks a named column.
    """
    dataset = store.datasets.one(id)
    if dataset is None:
        raise NotFound(f"There is no table '{id}' here.", place="dataset")
    rows = store.datasets.preview(id, SEEN)
    data = data or _data(dataset, rows, store.datasets.unique(id))
    for column in (data.unit, data.variant):
        if column not in dataset.columns:
            raise BadInput(
                f"“{dataset.name}” has no column '{column}'.",
                place="data",
                fix=f"Say which column it is: {', '.join(dataset.columns)}.",
            )
    taken = {data.unit, data.variant, data.time}
    others = [column for column in dataset.columns if column not in taken]
    return Design(
        name=dataset.name,
        variants=tuple(_variants(store, dataset, data)),
        metrics=_metrics(dataset, rows, others),
        segments=tuple(_segments(dataset, rows, others))[:MOST_SEGMENTS],
        assignment=Assignment(how="given"),
        data=data,
    )


def _data(dataset: Dataset, rows: Rows, unique: Iterable[str]) -> Data:
    """Which columns have the participant, the variant and the time."""
    columns = list(dataset.columns)
    unit = _first(columns, lambda one: _UNIT.search(one.lower())) or next(
        (one for one in columns if one in set(unique)), columns[0]
    )
    named = [one for one in columns if one != unit and _VARIANT.search(one)]
    few = [one for one in named if 2 <= len(_seen(rows, one)) <= MOST_VARIANTS]
    worded = [
        one
        for one in columns
        if one != unit
        and dataset.columns[one] == "VARCHAR"
        and 2 <= len(_seen(rows, one)) <= MOST_VARIANTS
    ]
    variant = next(iter([*few, *named, *worded]), columns[-1])
    time = _first(
        [one for one in columns if one not in (unit, variant)],
        lambda one: dataset.columns[one].startswith(("TIMESTAMP", "DATE")),
    )
    return Data(unit=unit, variant=variant, time=time)


def _first(columns: Iterable[str], fits: Any) -> str | None:
    return next((one for one in columns if fits(one)), None)


def _seen(rows: Rows, column: str) -> set[Any]:
    """What stands in a column; what holds parts of its own is no value."""
    return {row[column] for row in rows if isinstance(row[column], Hashable)} - {None}


def _variants(store: Store, dataset: Dataset, data: Data) -> Iterator[Variant]:
    """The variants that are in the data, the control first."""
    asked = Design(name=dataset.name, variants=(Variant(id="…"),), data=data)
    counts = store.participants.facts(TableOrigin(dataset.id), asked).unknown
    common = sorted(counts, key=lambda name: (-counts[name], name))[:MOST_VARIANTS]
    for name in sorted(common, key=lambda name: (not _CONTROL.search(name), name)):
        id = name.strip()[:LONGEST]
        if id:
            yield Variant(id=id, value=None if id == name else name, weight=1.0)


def _metrics(dataset: Dataset, rows: Rows, columns: Sequence[str]) -> tuple[Metric, ...]:
    """What could be measured; the first is primary."""
    matches = [(one, _BEFORE.match(one)) for one in columns]
    before = {(match["a"] or match["b"]): one for one, match in matches if match}
    metrics: list[Metric] = []
    for column in columns:
        kind = _kind(dataset, rows, column)
        if kind is not None and column not in before.values() and len(column) <= LONGEST:
            metrics.append(Metric(id=column, kind=kind, value=column, before=before.get(column)))
    metrics.sort(key=lambda one: one.kind != "proportion")
    return tuple(
        one.model_copy(update={"role": "primary"}) if at == 0 else one
        for at, one in enumerate(metrics[:MOST_METRICS])
    )


def _kind(dataset: Dataset, rows: Rows, column: str) -> MetricKind | None:
    """How a column would be measured; None where it is no number."""
    type = dataset.columns[column]
    if type == "BOOLEAN":
        return "proportion"
    if not _NUMBERS.search(type) or type.startswith(_NESTED) or type.endswith("]"):
        return None
    seen = _seen(rows, column)
    if seen <= {0, 1}:
        return "proportion"
    return "revenue" if _MONEY.search(column) else "mean"


def _segments(dataset: Dataset, rows: Rows, columns: Sequence[str]) -> Iterator[str]:
    """Columns of few words."""
    for column in columns:
        if dataset.columns[column] == "VARCHAR" and 2 <= len(_seen(rows, column)) <= FEW:
            yield column
