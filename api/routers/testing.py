"""Workflow tests: the source document's paths and fields, answered from the event log."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from api.common import Part, Slice, Space, StrictRoute, address, frozen, going, model_of, next_page
from api.models import NewTest, TestOut, TestReportOut, ValidationOut
from core.commands import find_run
from core.domain.errors import BadInput
from core.domain.populations import MAX_PEOPLE, CastLine
from core.domain.runs import Engine, Run
from core.domain.wording import place_of, sentence_of
from core.workbench import Workspace

router = APIRouter(prefix="/ai-testing", tags=["AI Testing"], route_class=StrictRoute)
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The newest if absent.")]
PersonaId = Annotated[str | None, Query(max_length=255, description="One persona, by id or name.")]
ModelName = Annotated[
    str | None, Query(min_length=1, max_length=255, description="A language model, by id or name.")
]


@router.post(
    "/workflows/{workflow_id}/test",
    response_model=TestOut,
    responses={202: {"model": Run, "description": "More than one person: a run to watch."}},
)
def run_workflow_test(
    workflow_id: str,
    request: Request,
    response: Response,
    space: Space,
    part: Part,
    persona_id: PersonaId = None,
    copies: Annotated[int | None, Query(ge=1, le=MAX_PEOPLE)] = None,
    seed: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
    engine: Engine | None = None,
    model: ModelName = None,
    budget_usd: Annotated[float | None, Query(gt=0, le=1_000_000)] = None,
    wanted: NewTest | None = None,
) -> TestOut | Response:
    """Run AI simulation test on a workflow.

    One person answers with the result. More than that answers 202 with a run that can be watched.
    What the query gives goes before what the body gives.
    """
    query = {
        "copies": copies,
        "seed": seed,
        "engine": engine,
        "model": model,
        "budget_usd": budget_usd,
    }
    given = {name: value for name, value in query.items() if value is not None}
    wanted = _together(wanted or NewTest(), given)
    who = _who(space, persona_id, wanted)
    population = frozen(space, who, wanted.copies, wanted.seed)
    asked = model_of(space, wanted.model)
    run = space.rehearsals.prepare(
        workflow_id,
        population.id,
        seed=wanted.seed,
        engine="language" if asked else "behaviour",
        model=asked,
        budget_usd=wanted.budget_usd,
    )
    if population.size > 1:
        return going(request, space.rehearsals.start(run.id))
    played = space.rehearsals.play(run.id)
    response.headers["Location"] = address(request, f"/ai-testing/tests/{played.id}")
    return _test(request, space, played, part)


@router.post("/workflows/{workflow_id}/validate")
def validate_workflow(workflow_id: str, space: Space, version: Version = None) -> ValidationOut:
    """Run validation checks on workflow."""
    return ValidationOut.of(space.flows.validation(workflow_id, version))


@router.get("/tests/{test_id}")
def get_test_result(test_id: str, request: Request, space: Space, part: Part) -> TestOut:
    """Get results of a workflow test; its interactions a page at a time."""
    return _test(request, space, find_run(space, test_id), part)


@router.get("/tests/{test_id}/report")
def get_test_report(test_id: str, space: Space, part: Part) -> TestReportOut:
    """Get detailed test report."""
    test_id = find_run(space, test_id).id
    report = space.reports.report(test_id)
    return TestReportOut(
        summary=" ".join(report.summary),
        score=report.score.value if report.score else None,
        interactions=space.reports.interactions(test_id, limit=part.limit, offset=part.offset),
        issues=report.findings,
        recommendations=[f"{one.title}: {one.text}" for one in report.recommendations],
        conversion_likelihood=report.conversion_likelihood,
        report=report,
    )


def _together(wanted: NewTest, query: dict[str, Any]) -> NewTest:
    """The body with what the query gives, held to the same rules."""
    try:
        return NewTest.model_validate({**wanted.model_dump(exclude_unset=True), **query})
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(sentence_of(first), place=place_of(first)) from error


def _who(space: Workspace, persona_id: str | None, wanted: NewTest) -> str | list[CastLine]:
    given = [one for one in (persona_id, wanted.persona_id, wanted.cast) if one is not None]
    if len(given) != 1:
        raise BadInput(
            "Who meets this workflow must be given once: persona_id, or a cast.",
            place="persona_id",
            fix="Give persona_id in the query or the body, or cast in the body.",
        )
    if wanted.cast is not None:
        return wanted.cast
    persona = space.personas.find(str(given[0]))
    return [CastLine(persona=persona.id, copies=wanted.copies)]


def _test(request: Request, space: Workspace, run: Run, part: Slice) -> TestOut:
    population = space.populations.get(run.population_id)
    only = population.cast[0].persona if len(population.cast) == 1 else None
    total = space.reports.interaction_count(run.id)
    return TestOut(
        id=run.id,
        workflow_id=run.flow_id,
        persona_id=only,
        status=run.status,
        config={
            "population_id": run.population_id,
            "cast": [line.model_dump() for line in population.cast],
            "seed": run.seed,
            "engine": run.engine,
            "model": run.model.model if run.model else None,
            "budget_usd": run.budget_usd,
            "workflow_version": run.flow_version,
            "parameters_version": run.parameters_version,
        },
        started_at=run.started_at,
        completed_at=run.finished_at,
        created_at=run.created_at,
        interactions=space.reports.interactions(run.id, limit=part.limit, offset=part.offset),
        total=total,
        limit=part.limit,
        offset=part.offset,
        next=next_page(request, total, part) if request.method == "GET" else None,
    )
