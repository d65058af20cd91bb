"""Datasets: tables that experiments read, uploaded as files or taken from another database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.common import Bench, Page, Part, Space, StrictRoute, address, cut
from api.experiment_models import Preview, QueryIn, plain
from api.uploads import TABLE, Form, arrived, only_file
from core.commands import imported_table
from core.domain.errors import BadInput
from core.domain.experiments import Dataset, Design

router = APIRouter(prefix="/datasets", tags=["Datasets"], route_class=StrictRoute)


async def table_form(request: Request, bench: Bench) -> AsyncIterator[Form]:
    """A form with one file."""
    async with arrived(request, bench.settings, bench.settings.max_table_mb) as form:
        yield form


TableForm = Annotated[Form, Depends(table_form)]


def the_dataset(dataset_id: Annotated[str, Path(max_length=255)], space: Space) -> Dataset:
    """The table that a path names."""
    return space.datasets.get(dataset_id)


TheDataset = Annotated[Dataset, Depends(the_dataset)]


@router.get("")
def list_datasets(request: Request, space: Space, part: Part) -> Page[Dataset]:
    """List the tables, newest first."""
    return cut(request, space.datasets.list(), part)


@router.post("", status_code=201, openapi_extra=TABLE)
def upload_dataset(form: TableForm, request: Request, response: Response, space: Space) -> Dataset:
    """Import a file: CSV, Parquet or JSON lines, a participant or an event a row.

    What it is, its ending or its beginning says. It goes to the disk as it comes.
    """
    found = imported_table(space, only_file(form))
    response.headers["Location"] = address(request, f"/datasets/{found.id}")
    return found


@router.post("/query", status_code=201)
def query_dataset(wanted: QueryIn, request: Request, response: Response, space: Space) -> Dataset:
    """Import what one SELECT of another database gives; that database is only read."""
    try:
        found = space.datasets.add_query(wanted.connection_url, wanted.sql, wanted.name)
    except BadInput as error:
        place = "connection_url" if error.place == "connection" else error.place
        raise BadInput(error.message, place=place, fix=error.fix) from error
    response.headers["Location"] = address(request, f"/datasets/{found.id}")
    return found


@router.get("/{dataset_id}")
def get_dataset(dataset: TheDataset) -> Dataset:
    """Read what a table is: its columns with their types, how many rows."""
    return dataset


@router.get("/{dataset_id}/preview")
def preview_dataset(
    dataset: TheDataset,
    space: Space,
    limit: Annotated[int, Query(ge=1, le=1_000, description="So many rows.")] = 20,
) -> Preview:
    """Read the first rows of a table."""
    rows = [
        {name: plain(value) for name, value in row.items()}
        for row in space.datasets.preview(dataset.id, limit)
    ]
    return Preview(columns=dataset.columns, rows=rows, total=dataset.rows)


@router.get("/{dataset_id}/design")
def suggest_design(dataset: TheDataset, space: Space) -> Design:
    """A design that fits a table: its variants, and a metric for each column that can be one."""
    return space.experiments.suggest(dataset.id)


@router.delete("/{dataset_id}", status_code=204)
def delete_dataset(dataset: TheDataset, space: Space) -> None:
    """Take a table away, unless an experiment rests on it (409)."""
    space.datasets.delete(dataset.id)
