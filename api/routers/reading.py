"""What can be read from a run: its log, report, people, conversations, comparison, files."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from api.common import Page, Part, Space, StrictRoute, TheRun, page
from core.commands import export_run
from core.domain.comparisons import Comparison, ReactionComparison
from core.domain.events import Event
from core.domain.reports import ContactRow, Report, Transcript

router = APIRouter(prefix="/runs/{run_id}", tags=["Runs"], route_class=StrictRoute)
Format = Literal["json", "csv", "md", "junit", "parquet", "jsonl", "events_csv"]
Sort = Literal["position", "name", "persona", "messages", "replies", "days"]
_FILES = (
    "application/json",
    "text/csv",
    "text/markdown",
    "application/xml",
    "application/vnd.apache.parquet",
    "application/x-ndjson",
)


@router.get("/log")
def list_events(run: TheRun, request: Request, space: Space, part: Part) -> Page[Event]:
    """List a run's events, by contact and order."""
    found = space.events.page(run.id, limit=part.limit, offset=part.offset)
    return page(request, found, run.events, part)


@router.get("/report")
def get_report(run: TheRun, space: Space) -> Report:
    """Read what a run found."""
    return space.reports.report(run.id)


@router.get("/contacts")
def list_contacts(
    run: TheRun,
    request: Request,
    space: Space,
    part: Part,
    persona: Annotated[
        str | None, Query(max_length=255, description="One persona's people.")
    ] = None,
    outcome: Annotated[
        str | None,
        Query(
            max_length=255,
            description="goal, no_goal, answered, silent, clicked, opted_out, or a goal.",
        ),
    ] = None,
    text: Annotated[
        str | None, Query(max_length=200, description="Words in names and replies.")
    ] = None,
    sort: Sort = "position",
    descending: bool = False,
) -> Page[ContactRow]:
    """List a run's people and their way through, on one line each."""
    found = space.reports.contacts(
        run.id,
        persona,
        outcome,
        text,
        sort=sort,
        descending=descending,
        limit=part.limit,
        offset=part.offset,
    )
    return page(request, found.rows, found.total, part)


@router.get("/contacts/{contact_id}")
def get_transcript(run: TheRun, contact_id: str, space: Space) -> Transcript:
    """Read one contact's whole conversation."""
    return space.reports.transcript(run.id, contact_id)


@router.get("/compare/{other_id}")
def compare_runs(run: TheRun, other_id: str, space: Space) -> Comparison:
    """Compare a run with another of the same flow: differences are the other minus this one."""
    return space.reports.compare(run.id, other_id)


@router.get("/compare/{other_id}/reactions")
def compare_reactions(run: TheRun, other_id: str, space: Space) -> ReactionComparison:
    """Where a run and another of the same people differ, per persona and step, with the spread."""
    return space.reports.reactions(run.id, other_id)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in _FILES}}},
)
def export_report(run: TheRun, space: Space, format: Format = "json") -> StreamingResponse:
    """A run as a file: its report (json, csv, md, junit) or its events (the others)."""
    export = export_run(space, run.id, format)
    name = f'attachment; filename="{export.filename}"'
    return StreamingResponse(
        export.chunks, media_type=export.media_type, headers={"Content-Disposition": name}
    )
