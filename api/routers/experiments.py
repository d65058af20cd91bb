"""Experiments: designed, planned, started, fed, read, decided, applied, written out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api.common import Page, Part, Space, StrictRoute, address, cut, page
from api.experiment_models import (
    AssignedOut,
    ChangedExperiment,
    DecisionIn,
    EventsIn,
    FiguresWanted,
    LookLine,
    NewExperiment,
    PeopleIn,
    StartIn,
    TableWanted,
    ToPlan,
)
from core.commands import DecideExperiment, decided, export_experiment
from core.domain.errors import NotFound
from core.domain.experiment_life import Obstacle, Received, TranscriptsBeside
from core.domain.experiment_results import Analysis, BanditReading, BesideList, Plan
from core.domain.experiments import Design, Experiment, Variant
from core.experiments import figures
from core.rehearsal import Progress

router = APIRouter(prefix="/experiments", tags=["Experiments"], route_class=StrictRoute)
ExportFormat = Literal["html", "md", "csv", "json", "yaml"]
_FILES = ("text/html", "text/markdown", "text/csv", "application/json", "application/yaml")
_STARTED: dict[int | str, dict[str, Any]] = {
    202: {"model": Experiment, "description": "Its variants' runs are going on; see `/progress`."}
}
VariantId = Annotated[str, Query(min_length=1, max_length=80, description="A variant's id.")]
Number = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, description="Which look; the newest if absent.")
]


def the_experiment(experiment_id: Annotated[str, Path(max_length=255)], space: Space) -> Experiment:
    """The experiment that a path names."""
    return space.experiments.get(experiment_id)


TheExperiment = Annotated[Experiment, Depends(the_experiment)]


@router.get("")
def list_experiments(request: Request, space: Space, part: Part) -> Page[Experiment]:
    """List the experiments, newest first."""
    found = space.experiments.list(part.limit, part.offset)
    return page(request, found, space.experiments.count(), part)


@router.post("", status_code=201)
def create_experiment(
    wanted: NewExperiment, request: Request, response: Response, space: Space
) -> Experiment:
    """Keep a draft; it may be changed until it is started."""
    one = space.experiments.create(wanted.design, wanted.source)
    response.headers["Location"] = address(request, f"/experiments/{one.id}")
    return one


@router.post("/plan")
def plan_experiment(wanted: ToPlan, space: Space) -> Plan:
    """How many participants a design needs, and what fewer or more would find; nothing is kept."""
    return space.experiments.plan(wanted.design, run=wanted.run)


@router.post("/figures")
def compute_figures(wanted: FiguresWanted) -> dict[str, dict[str, Any]]:
    """Every figure of cases, from their sums; `refused` says why one cannot be told."""
    return figures(wanted.model_dump())


@router.get("/{experiment_id}")
def get_experiment(one: TheExperiment) -> Experiment:
    """Read an experiment: its design, how far it is, what was decided."""
    return one


@router.put("/{experiment_id}")
def change_experiment(one: TheExperiment, wanted: ChangedExperiment, space: Space) -> Experiment:
    """Change a draft; one that has started is frozen (409)."""
    return space.experiments.change(one.id, wanted.design, wanted.source)


@router.delete("/{experiment_id}", status_code=204)
def delete_experiment(one: TheExperiment, space: Space) -> None:
    """Take an experiment away, with its looks and its live events."""
    space.experiments.delete(one.id)


@router.post("/{experiment_id}/copy", status_code=201)
def copy_experiment(
    one: TheExperiment, request: Request, response: Response, space: Space
) -> Experiment:
    """Make a draft of the same design."""
    copied = space.experiments.copy(one.id)
    response.headers["Location"] = address(request, f"/experiments/{copied.id}")
    return copied


@router.post("/{experiment_id}/variants")
def add_experiment_variant(one: TheExperiment, wanted: Variant, space: Space) -> Experiment:
    """Give a draft one more variant."""
    return space.experiments.add_variant(one.id, wanted)


# Running


@router.get("/{experiment_id}/obstacles")
def list_obstacles(one: TheExperiment, space: Space) -> list[Obstacle]:
    """What keeps an experiment from starting, or should be known before it does."""
    return list(space.experiments.problems(one.design, one.source, one.dataset))


@router.post("/{experiment_id}/start", response_model=Experiment, responses=_STARTED)
def start_experiment(
    one: TheExperiment, request: Request, space: Space, wanted: StartIn | None = None
) -> JSONResponse:
    """Freeze the design and start; a rehearsal's variants are played, which answers 202."""
    budget = wanted.budget_usd if wanted else None
    return _started(request, space.experiments.start(one.id, budget_usd=budget))


@router.post("/{experiment_id}/stop")
def stop_experiment(one: TheExperiment, space: Space) -> Experiment:
    """Stop an experiment; what came in stays, and it can go on later."""
    return space.experiments.stop(one.id)


@router.post("/{experiment_id}/resume", response_model=Experiment, responses=_STARTED)
def resume_experiment(one: TheExperiment, request: Request, space: Space) -> JSONResponse:
    """Go on with an experiment that was stopped."""
    return _started(request, space.experiments.resume(one.id))


def _started(request: Request, one: Experiment) -> JSONResponse:
    playing = one.source == "rehearsal" and one.status == "running"
    where = address(request, f"/experiments/{one.id}/progress")
    headers = {"Location": where} if playing else None
    return JSONResponse(one.model_dump(mode="json"), 202 if playing else 200, headers)


@router.get("/{experiment_id}/progress")
def get_experiment_progress(one: TheExperiment, space: Space) -> dict[str, Progress]:
    """How far a rehearsal's runs are, by variant; nothing for an experiment without one."""
    return space.experiments.progress(one.id)


@router.put("/{experiment_id}/data")
def attach_data(one: TheExperiment, wanted: TableWanted, space: Space) -> Experiment:
    """Let an experiment read an imported table."""
    return space.experiments.attach(one.id, wanted.dataset_id)


@router.post("/{experiment_id}/events")
def send_events(one: TheExperiment, wanted: EventsIn, space: Space) -> Received:
    """Tell what participants did, as it happens or from a table; an event's `id` counts once."""
    if wanted.dataset_id is not None:
        return space.experiments.import_events(one.id, wanted.dataset_id)
    return space.experiments.receive(one.id, wanted.events)


@router.post("/{experiment_id}/assign")
def assign_participants(one: TheExperiment, wanted: PeopleIn, space: Space) -> AssignedOut:
    """Which variant each participant meets: decided once, the same ever after."""
    people = [(person.id, person.attributes) for person in wanted.participants]
    return AssignedOut(items=space.experiments.assign_all(one.id, people))


# Reading


@router.get("/{experiment_id}/looks")
def list_looks(one: TheExperiment, request: Request, space: Space, part: Part) -> Page[LookLine]:
    """List every look at an experiment's results, in order."""
    found = [LookLine(number=number, at=at) for number, at in space.experiments.looks(one.id)]
    return cut(request, found, part)


@router.post("/{experiment_id}/looks")
def look_at_results(one: TheExperiment, space: Space) -> Analysis:
    """Look at the results: a new look is kept; with no new data the last one is shown again."""
    return space.experiments.look(one.id)


@router.get("/{experiment_id}/results")
def get_results(one: TheExperiment, space: Space, look: Number = None) -> Analysis:
    """Read a look that was kept, as it was seen then; nothing is looked at anew."""
    if look is not None:
        return space.experiments.seen(one.id, look)
    found = space.experiments.newest(one.id)
    if found is None:
        fix = "Look at them: POST to the address of its looks."
        raise NotFound("Nobody has looked at these results yet.", place="look", fix=fix)
    return found


@router.get("/{experiment_id}/beside")
def list_beside(
    one: TheExperiment,
    space: Space,
    part: Part,
    a: VariantId,
    b: VariantId,
    metric: Annotated[str | None, Query(max_length=80, description="By which metric.")] = None,
    only_different: Annotated[bool, Query(description="Leave out whom it makes no odds.")] = True,
) -> BesideList:
    """Two variants side by side, on the same contacts and seed: those that differ first."""
    return space.experiments.beside(
        one.id,
        a,
        b,
        metric=metric,
        only_different=only_different,
        limit=part.limit,
        offset=part.offset,
    )


@router.get("/{experiment_id}/beside/{contact_id}")
def get_beside(
    one: TheExperiment,
    contact_id: Annotated[str, Path(max_length=255)],
    space: Space,
    a: VariantId,
    b: VariantId,
) -> TranscriptsBeside:
    """One contact's conversations in two variants, with what differs marked."""
    return space.experiments.transcripts(one.id, contact_id, a, b)


@router.get("/{experiment_id}/bandit")
def get_bandit(one: TheExperiment, space: Space) -> BanditReading | None:
    """What a bandit did, what that cost, and what may be said after it; null without one."""
    return space.experiments.bandit(one.id)


@router.get("/{experiment_id}/real-test")
def plan_real_test(one: TheExperiment, space: Space) -> Design:
    """The design of the real test that a rehearsal leads to, planned from its figures."""
    return space.experiments.plan_real(one.id)


# Deciding


@router.post("/{experiment_id}/decide")
def decide_experiment(one: TheExperiment, wanted: DecisionIn, space: Space) -> Experiment:
    """Record a decision: what the rule says, or what a person decided, with a note."""
    return decided(space, one, DecideExperiment(experiment=one.id, **wanted.model_dump()))


@router.post("/{experiment_id}/apply")
def apply_decision(one: TheExperiment, space: Space) -> Experiment:
    """Let the winner become the version in use: of its flow, its twin, its words."""
    return space.experiments.apply(one.id)


@router.get(
    "/{experiment_id}/export/{format}",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in _FILES}}},
)
def export_results(one: TheExperiment, format: ExportFormat, space: Space) -> StreamingResponse:
    """An experiment as one file: HTML, Markdown, every figure as CSV, JSON; its design as YAML."""
    export = export_experiment(space, one.id, format)
    name = f'attachment; filename="{export.filename}"'
    return StreamingResponse(
        export.chunks, media_type=export.media_type, headers={"Content-Disposition": name}
    )
