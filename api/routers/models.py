"""Language models: add, read, change, try, remove; a key is written and never read."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.common import Page, Part, Space, StrictRoute, address, cut
from api.models import ModelIn, ModelOut
from core.domain.models import KeptAnswers, Model, Purpose, Trial
from core.minds import PRESETS, Preset
from core.workbench import Workspace

router = APIRouter(prefix="/models", tags=["Language models"], route_class=StrictRoute)


@router.get("")
def list_models(
    request: Request, space: Space, part: Part, purpose: Purpose | None = None
) -> Page[ModelOut]:
    """List the language models of this workspace, or those for one purpose, by name."""
    return cut(request, [_out(space, model) for model in space.models.list(purpose)], part)


@router.post("", status_code=201)
def create_model(wanted: ModelIn, request: Request, response: Response, space: Space) -> ModelOut:
    """Add a language model. A `key` is stored encrypted and is never shown again."""
    model = space.models.add(wanted.draft(), wanted.secret())
    response.headers["Location"] = address(request, f"/models/{model.id}")
    return _out(space, model)


@router.get("/presets")
def list_model_presets() -> list[Preset]:
    """List what a model can be started from: one for each kind of provider and purpose."""
    return list(PRESETS)


@router.get("/answers")
def get_kept_answers(space: Space) -> KeptAnswers:
    """How many answers are kept, so that a repeated run asks nothing."""
    return space.models.kept_answers()


@router.delete("/answers", status_code=204)
def delete_kept_answers(space: Space) -> None:
    """Let go of every kept answer; what is asked again is a fresh sample, and costs."""
    space.models.forget_answers()


@router.get("/{model_id}")
def get_model(model_id: str, space: Space) -> ModelOut:
    """Read a language model, by its id or its name."""
    return _out(space, space.models.get(model_id))


@router.put("/{model_id}")
def replace_model(model_id: str, wanted: ModelIn, space: Space) -> ModelOut:
    """Keep a new version of a model; without a `key` the saved one stays."""
    model = space.models.get(model_id)
    return _out(space, space.models.change(model.id, wanted.draft(), wanted.secret()))


@router.delete("/{model_id}", status_code=204)
def delete_model(model_id: str, space: Space) -> None:
    """Remove a model and its saved key; runs that it answered keep its definition."""
    space.models.delete(space.models.get(model_id).id)


@router.post("/{model_id}/try")
def try_model(model_id: str, space: Space) -> Trial:
    """Call the model once: what works, or what is wrong and what to do."""
    return space.models.trial(space.models.get(model_id).id)


def _out(space: Workspace, model: Model) -> ModelOut:
    return ModelOut(**model.model_dump(), key_source=space.models.key_source(model))
