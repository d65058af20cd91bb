"""Imported tables: whether they have what a design names, and what a design could name."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_life import Obstacle
from core.domain.experiments import Dataset, Design
from core.store import DatasetTable


def named_columns(design: Design) -> Iterator[tuple[str, str]]:
    """(place, column) of everything that a design asks a table for."""
    data = design.data
    yield "data", data.unit
    yield "data", data.variant
    if data.time is not None:
        yield "data", data.time
    for metric in design.metrics:
        for column in (metric.value, metric.per, metric.before):
            if column is not None:
                yield f"metrics.{metric.id}", column
    for column in design.segments:
        yield "segments", column


def column_obstacles(
    design: Design, datasets: DatasetTable, dataset: str | None
) -> Iterator[Obstacle]:
    """What a table lacks for a design; a table that is not there yet may come later."""
    if dataset is None:
        yield Obstacle(
            place="data",
            text="No table is attached yet.",
            fix="Attach one now, or after the start: what was decided before the data came counts "
            "for more.",
            severity="warning",
        )
        return
    found = datasets.one(dataset)
    if found is None:
        yield Obstacle(
            place="data",
            text="The table is not there any more.",
            fix="Import it again, and attach it.",
        )
        return
    yield from missing_columns(design, found)


def missing_columns(design: Design, dataset: Dataset) -> Iterator[Obstacle]:
    """What a table lacks for a design."""
    for place, column in dict.fromkeys(named_columns(design)):
        if column not in dataset.columns:
            yield Obstacle(
                place=place,
                text=f"“{dataset.name}” has no column '{column}'.",
                fix=f"It has: {', '.join(dataset.columns)}.",
            )
