"""Runs: list, start, watch, stop, resume, delete."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.common import Page, Part, Space, StrictRoute, TheRun, frozen, going, model_of, page
from api.models import NewBudget, NewRun
from core.domain.errors import BadInput, Conflict, InvalidFlow
from core.domain.estimates import Estimate
from core.domain.models import CallRecord
from core.domain.populations import Population
from core.domain.problems import Problems
from core.domain.runs import Run
from core.domain.times import StepTimes
from core.flows import compile_flow
from core.rehearsal import Progress
from core.workbench import Workspace

router = APIRouter(prefix="/runs", tags=["Runs"], route_class=StrictRoute)
_STARTED: dict[int | str, dict[str, Any]] = {202: {"model": Run, "description": "It is going on."}}


@router.get("")
def list_runs(
    request: Request,
    space: Space,
    part: Part,
    flow: Annotated[str | None, Query(description="The runs of one flow alone.")] = None,
) -> Page[Run]:
    """List the runs, newest first."""
    found = space.rehearsals.list(flow, part.limit, part.offset)
    return page(request, found, space.rehearsals.count(flow), part)


@router.post("", status_code=202, response_model=Run)
def create_run(wanted: NewRun, request: Request, space: Space) -> JSONResponse:
    """Rehearse a flow with a population; watch the run at its `Location`."""
    flow_id, flow_version, population = _script(space, wanted)
    model = model_of(space, wanted.model)
    run = space.rehearsals.prepare(
        flow_id,
        population.id,
        seed=wanted.seed,
        engine="language" if model else "behaviour",
        flow_version=flow_version,
        parameters_version=wanted.parameters_version,
        model=model,
        budget_usd=wanted.budget_usd,
    )
    return going(request, space.rehearsals.start(run.id))


@router.post("/estimate")
def estimate_run(wanted: NewRun, space: Space) -> Estimate:
    """What a run with a language model will ask and cost, as ranges; nothing is asked yet."""
    if wanted.model is None:
        raise BadInput(
            "Only a language model costs anything.", place="model", fix="Name one, or just start."
        )
    flow_id, flow_version, population = _script(space, wanted)
    model = space.models.find(wanted.model)
    return space.rehearsals.estimate(
        flow_id, population.id, model, seed=wanted.seed, flow_version=flow_version
    )


@router.get("/{run_id}")
def get_run(run: TheRun) -> Run:
    """Read a run, and how far it is."""
    return run


@router.put("/{run_id}", status_code=409)
def replace_run(run: TheRun) -> None:
    """Always refused: a run is a record of what happened."""
    raise Conflict(
        f"Run {run.number} is a record of what happened and cannot be replaced.",
        fix="Rehearse again with POST /api/v1/runs, and compare the two.",
    )


@router.delete("/{run_id}", status_code=204)
def delete_run(run: TheRun, space: Space) -> None:
    """Take a run and its events away, unless it is going on."""
    space.rehearsals.delete(run.id)


@router.post("/{run_id}/stop")
def stop_run(run: TheRun, space: Space) -> Run:
    """Stop a run at its next checkpoint; it can be resumed."""
    return space.rehearsals.stop(run.id)


@router.post("/{run_id}/resume", response_model=Run, responses=_STARTED)
def resume_run(run: TheRun, request: Request, space: Space) -> Run | JSONResponse:
    """Go on with a run from its last checkpoint; a finished one is shown."""
    run = space.rehearsals.start(run.id)
    return run if run.status == "finished" else going(request, run)


@router.put("/{run_id}/budget")
def replace_budget(run: TheRun, wanted: NewBudget, space: Space) -> Run:
    """Set what a run may cost; one that paused at its budget can then be resumed."""
    return space.rehearsals.allow(run.id, wanted.budget_usd)


@router.get("/{run_id}/calls")
def list_calls(
    run: TheRun,
    request: Request,
    space: Space,
    part: Part,
    contact: Annotated[
        str | None, Query(max_length=255, description="The calls of one contact alone.")
    ] = None,
) -> Page[CallRecord]:
    """List the calls to language models that a run made: prompt, price, tokens, cache."""
    found = space.reports.calls(run.id, contact, part.limit, part.offset)
    return page(request, found, space.reports.call_count(run.id, contact), part)


@router.get("/{run_id}/times")
def get_times(run: TheRun, space: Space) -> StepTimes:
    """Where time and money went, step by step; real times are null where none were measured."""
    return StepTimes(rows=space.reports.steps.times(run.id))


@router.get("/{run_id}/problems")
def get_problems(run: TheRun, space: Space) -> Problems:
    """What went wrong, step by step: the message, what was seen there, the fix, an example."""
    return space.reports.steps.problems(run.id)


@router.get(
    "/{run_id}/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def watch_run(run: TheRun, space: Space) -> EventSourceResponse:
    """Watch a run: server-sent events `progress`, then one `rest` when it has come to rest."""
    return EventSourceResponse(_told(space.rehearsals.watch(run.id)), ping=15)


async def _told(progress: AsyncIterator[Progress]) -> AsyncIterator[ServerSentEvent]:
    async for one in progress:
        yield ServerSentEvent(one.model_dump_json(), event="rest" if one.resting else "progress")


def _document(space: Workspace, given: dict[str, Any]) -> dict[str, Any]:
    """A flow that a body holds, once it is known to be playable."""
    try:
        document = space.flows.read(orjson.dumps(given), source="flow")
        compile_flow(document)
    except BadInput as error:
        error.place = "flow"
        raise
    return document


def _script(space: Workspace, wanted: NewRun) -> tuple[str, int, Population]:
    """The flow that is meant, kept where it came along, its version, and who meets it."""
    document = None if wanted.flow is None else _document(space, wanted.flow)
    population = _people(space, wanted)
    try:
        if document is not None:
            flow = space.flows.keep(document)
        else:
            flow = space.flows.get(wanted.flow_id or "", wanted.flow_version)
        space.flows.compiled(flow.id, flow.version)
    except InvalidFlow as error:
        error.place = "flow_id"
        raise
    return flow.id, flow.version, population


def _people(space: Workspace, wanted: NewRun) -> Population:
    if wanted.population_id is not None:
        return space.populations.get(wanted.population_id)
    return frozen(space, wanted.cast or "", wanted.copies, wanted.seed)
