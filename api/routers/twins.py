"""Creator twins: made, given content, trained, tuned, corrected."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.common import (
    Bench,
    Page,
    Part,
    Space,
    StrictRoute,
    address,
    cut,
)
from api.twin_models import (
    ByModel,
    Decision,
    NewTraining,
    NewTwin,
    TwinChanges,
    TwinOut,
    Uploaded,
    VersionLine,
)
from api.uploads import FILES, Form, arrived, moved
from core.domain.errors import BadInput, GreenroomError
from core.domain.twins import (
    Methodology,
    PersonalChoice,
    Piece,
    Profile,
    TrainingState,
    Tuning,
    Twin,
    TwinProgress,
    TwinVersion,
)
from core.workbench import Workspace

router = APIRouter(prefix="/twins", tags=["Creator twins"], route_class=StrictRoute)
_LOOK = 0.2
_VERSION = "Which version; the one in use if absent."
Version = Annotated[int | None, Query(ge=0, le=2**31 - 1, description=_VERSION)]
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]
Pii = Annotated[
    PersonalChoice | None,
    Query(description="What becomes of personal data; absent, pieces that hold some wait."),
]
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


def the_twin(twin_id: str, space: Space) -> Twin:
    """The twin that a path names, by its id, its slug or its name."""
    return space.twins.get(twin_id)


TheTwin = Annotated[Twin, Depends(the_twin)]


async def the_form(_: TheTwin, request: Request, bench: Bench) -> AsyncIterator[Form]:
    """The files of a form, once the twin is known to be there."""
    async with arrived(request, bench.settings) as form:
        yield form


TheForm = Annotated[Form, Depends(the_form)]


# Twins


@router.get("")
def list_twins(request: Request, space: Space, part: Part) -> Page[Twin]:
    """List the twins, by name."""
    return cut(request, space.twins.list(), part)


@router.post("", status_code=201)
def create_twin(wanted: NewTwin, request: Request, response: Response, space: Space) -> Twin:
    """Make a twin that knows nothing yet; `personality` holds from its first training on."""
    twin = space.twins.create(wanted.name, wanted.about, wanted.personality)
    response.headers["Location"] = address(request, f"/twins/{twin.id}")
    return twin


@router.get("/{twin_id}")
def get_twin(twin: TheTwin, space: Space) -> TwinOut:
    """Read a twin: its version in use, how much it was given, how far its training is."""
    pieces = space.twins.pieces(twin.id)
    return TwinOut(
        **twin.model_dump(),
        pieces=len(pieces),
        words=sum(piece.words for piece in pieces),
        versions=len(space.twins.versions(twin.id)),
        training=space.twins.training(twin.id),
    )


@router.patch("/{twin_id}")
def change_twin(twin: TheTwin, wanted: TwinChanges, space: Space) -> Twin:
    """Give a twin another name or description; its slug stays, for flows name it."""
    return space.twins.rename(twin.id, name=wanted.name, about=wanted.about)


@router.delete("/{twin_id}", status_code=204)
def delete_twin(twin: TheTwin, space: Space) -> None:
    """Erase a twin with its content, versions, vectors and conversations."""
    space.twins.erase(twin.id)


# Content


@router.get("/{twin_id}/pieces")
def list_pieces(twin: TheTwin, request: Request, space: Space, part: Part) -> Page[Piece]:
    """List what a twin was given: how far each piece is, and what was found wrong with it."""
    return cut(request, space.twins.pieces(twin.id), part)


@router.post("/{twin_id}/pieces", status_code=202, response_model=Uploaded, openapi_extra=FILES)
def upload_pieces(
    twin: TheTwin, form: TheForm, request: Request, space: Space, pii: Pii = None
) -> JSONResponse:
    """Give a twin files, and train it on them; watch the training at its `Location`."""
    return taken_in(request, space, twin, form, pii)


@router.patch("/{twin_id}/pieces/{piece_id}")
def decide_piece(twin: TheTwin, piece_id: str, wanted: Decision, space: Space) -> Piece:
    """Say what becomes of the personal data in a piece; the next training learns it."""
    return space.twins.decide(twin.id, {piece_id: wanted.choice})[0]


@router.delete("/{twin_id}/pieces/{piece_id}", status_code=204)
def delete_piece(twin: TheTwin, piece_id: str, space: Space) -> None:
    """Take a piece out of what the next training learns; versions that know it stay."""
    space.twins.remove(twin.id, piece_id)


# Training


@router.get("/{twin_id}/training")
def get_training(twin: TheTwin, space: Space) -> TrainingState:
    """How far a twin's training is, or how the last one ended."""
    return space.twins.training(twin.id)


@router.post("/{twin_id}/training", status_code=202, response_model=TrainingState)
def start_training(
    twin: TheTwin, request: Request, space: Space, wanted: NewTraining | None = None
) -> JSONResponse:
    """Train a twin on what waits: decided pieces, removed ones, another embedding model."""
    state = space.twins.train(twin.id, (), (wanted or NewTraining()).pii)
    return JSONResponse(state.model_dump(mode="json"), 202, _watched_at(request, twin))


@router.delete("/{twin_id}/training")
def stop_training(twin: TheTwin, space: Space) -> TrainingState:
    """Stop a training; what is done stays done."""
    return space.twins.stop(twin.id)


@router.get("/{twin_id}/training/events", response_class=EventSourceResponse, responses=_STREAM)
async def watch_training(twin: TheTwin, space: Space) -> EventSourceResponse:
    """Watch a training: server-sent events `progress`, then one `rest` when it is over."""
    return EventSourceResponse(_trained(space, twin.id), ping=15)


async def _trained(space: Workspace, twin_id: str) -> AsyncIterator[ServerSentEvent]:
    told: TrainingState | None = None
    while told is None or told.going_on:
        state = await asyncio.to_thread(space.twins.training, twin_id)
        if state != told:
            kind = "progress" if state.going_on else "rest"
            yield ServerSentEvent(state.model_dump_json(), event=kind)
            told = state
        if state.going_on:
            await asyncio.sleep(_LOOK)


# Versions


@router.get("/{twin_id}/versions")
def list_twin_versions(
    twin: TheTwin, request: Request, space: Space, part: Part
) -> Page[VersionLine]:
    """List a twin's versions, newest first."""
    found = [VersionLine.of(one, twin) for one in space.twins.versions(twin.id)]
    return cut(request, found, part)


@router.get("/{twin_id}/versions/{number}")
def get_twin_version(twin: TheTwin, number: Number, space: Space) -> TwinVersion:
    """Read a version: its pieces, its personality and voice, its method, its tuning."""
    return space.twins.version(twin.id, number)


@router.post("/{twin_id}/versions/{number}/use")
def use_twin_version(twin: TheTwin, number: Number, space: Space) -> Twin:
    """Let a version be the one that answers."""
    return space.twins.use(twin.id, number)


@router.get("/{twin_id}/profile")
def get_profile(twin: TheTwin, space: Space, version: Version = None) -> Profile:
    """Personality and voice: each figure with its interval, and the sentences behind it."""
    return space.twins.version(twin.id, version).profile


@router.get("/{twin_id}/tuning")
def get_tuning(twin: TheTwin, space: Space, version: Version = None) -> Tuning:
    """Read how the twin is to differ from what its content shows."""
    return space.twins.version(twin.id, version).tuning


@router.put("/{twin_id}/tuning")
def replace_tuning(
    twin: TheTwin,
    wanted: Tuning,
    space: Space,
    note: Annotated[str, Query(max_length=200, description="What the version is called.")] = "",
    use: Annotated[bool, Query(description="Whether it answers from now on.")] = True,
) -> VersionLine:
    """Move the sliders or edit the instructions: a new version over the one in use."""
    version = space.twins.tune(twin.id, wanted, note=note, use=use)
    return VersionLine.of(version, space.twins.get(twin.id))


@router.get("/{twin_id}/methodology")
def get_methodology(twin: TheTwin, space: Space, version: Version = None) -> Methodology:
    """Read the creator's method: concepts, principles and exercises, and how they hang together."""
    return space.twins.version(twin.id, version).methodology


@router.put("/{twin_id}/methodology")
def replace_methodology(
    twin: TheTwin,
    wanted: Methodology,
    space: Space,
    note: Annotated[str, Query(max_length=200, description="What the version is called.")] = "",
) -> VersionLine:
    """Correct the method by hand: a new version, which the twin follows from now on."""
    version = space.twins.correct(twin.id, wanted, note)
    return VersionLine.of(version, space.twins.get(twin.id))


@router.post("/{twin_id}/methodology/map")
def map_methodology(twin: TheTwin, wanted: ByModel, space: Space) -> VersionLine:
    """Let a language model read the method out of the content; corrections by hand stay."""
    version = space.opinions.map_method(twin.id, space.models.keep(wanted.model))
    return VersionLine.of(version, space.twins.get(twin.id))


@router.get("/{twin_id}/progress")
def get_progress(twin: TheTwin, space: Space, version: Version = None) -> TwinProgress:
    """How far a twin has come: topics, freshness, steadiness, and what to upload next."""
    return space.twin_progress.of(twin.id, version)


def taken_in(
    request: Request, space: Workspace, twin: Twin, form: Form, pii: PersonalChoice | None
) -> JSONResponse:
    """202 with a training on a form's files, and where it can be watched."""
    state = trained_on(space, twin, form, pii)
    names = [file.name for file in form.files]
    uploaded = Uploaded(creator_id=twin.id, files=names, training=state)
    return JSONResponse(uploaded.model_dump(mode="json"), 202, _watched_at(request, twin))


def trained_on(
    space: Workspace, twin: Twin, form: Form, pii: PersonalChoice | None
) -> TrainingState:
    """A training on a form's files, which are its own from now on."""
    folder = space.twins.upload_folder(twin.id)
    try:
        return space.twins.train(twin.id, moved(form, folder), pii)
    except GreenroomError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def choice_of(form: Form) -> PersonalChoice | None:
    """What a form says of personal data."""
    said = form.fields.get("pii") or None
    for choice in ("keep", "mask", "drop"):
        if said == choice:
            return choice
    if said is None:
        return None
    raise BadInput("Must be keep, mask or drop.", place="pii")


def _watched_at(request: Request, twin: Twin) -> dict[str, str]:
    return {"Location": address(request, f"/twins/{twin.id}/training")}
