"""The AI engine: documents become knowledge, questions are answered from it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.common import Space, StrictRoute, address, model_of
from api.routers.creator_twin import CreatorForm, creator
from api.routers.twin_trials import new_conversation, reply
from api.routers.twins import choice_of, trained_on
from api.twin_models import (
    AiStatus,
    ChosenModel,
    CollectionStatus,
    ModelStatus,
    Processed,
    Query,
    Reply,
)
from api.uploads import CREATOR_FILES
from core.domain.models import Model
from core.domain.twins import Twin
from core.workbench import TwinPurpose, Workspace

router = APIRouter(prefix="/ai", tags=["AI Engine"], route_class=StrictRoute)
PATIENCE = 20.0
"""Seconds after which a document that is still being read is answered with 202."""
_GOING: dict[int | str, dict[str, Any]] = {
    202: {"model": Processed, "description": "It is still going on; watch its `Location`."}
}


@router.post(
    "/documents/process", response_model=Processed, responses=_GOING, openapi_extra=CREATOR_FILES
)
def process_documents(
    form: CreatorForm, request: Request, space: Space
) -> Processed | JSONResponse:
    """Read a document into a twin's knowledge, and say what was read and what was found."""
    twin = creator(space, form.fields.get("creator_id"))
    trained_on(space, twin, form, choice_of(form))
    state = space.twins.wait(twin.id, PATIENCE)
    names = {file.name for file in form.files}
    roots = tuple(f"{name}/" for name in names)
    found = Processed(
        creator_id=twin.id,
        files=sorted(names),
        training=state,
        pieces=[
            piece
            for piece in space.twins.pieces(twin.id)
            if piece.name in names or piece.name.startswith(roots)
        ],
    )
    if not state.going_on:
        return found
    where = {"Location": address(request, f"/twins/{twin.id}/training")}
    return JSONResponse(found.model_dump(mode="json"), 202, where)


@router.post("/conversations")
def converse(wanted: Query, space: Space) -> Reply:
    """Ask a twin in a conversation, which begins where no id is given."""
    twin = creator(space, wanted.creator_id)
    id = wanted.conversation_id or new_conversation()
    model = model_of(space, wanted.model)
    return reply(space.talks.stream(twin.id, wanted.query, model=model, conversation=id), id)


@router.get("/models/status")
def get_ai_status(space: Space) -> AiStatus:
    """Which models answer, embed and write down; as it is known here, without asking any."""
    chosen = space.chosen_models()
    return AiStatus(
        embedding=_status(space, chosen.embedding) if chosen.embedding else None,
        transcription=_status(space, chosen.transcription) if chosen.transcription else None,
        models=[_status(space, model) for model in space.models.list()],
        collections=[_collection(space, twin) for twin in space.twins.list()],
    )


@router.put("/models/{purpose}")
def choose_ai_model(purpose: TwinPurpose, wanted: ChosenModel, space: Space) -> AiStatus:
    """Let a model embed content or write recordings down; twins train again to follow."""
    space.choose_model(purpose, wanted.model)
    return get_ai_status(space)


def _status(space: Workspace, model: Model) -> ModelStatus:
    source = space.models.key_source(model)
    return ModelStatus(
        id=model.id,
        name=model.name,
        model=model.model,
        purpose=model.purpose,
        key_source=source,
        ready=source != "none" or space.models.key_name(model) is None,
    )


def _collection(space: Workspace, twin: Twin) -> CollectionStatus:
    pieces = [piece for piece in space.twins.pieces(twin.id) if piece.stage == "analysed"]
    trained = twin.version is not None
    return CollectionStatus(
        creator_id=twin.id,
        collection=f"creator_{twin.id}_knowledge",
        embedder=space.twins.version(twin.id).embedder if trained else None,
        chunks=sum(piece.chunks for piece in pieces),
        passages=sum(piece.passages for piece in pieces),
    )
