"""Personas: list, make, read, change, copy, delete."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.common import Page, Part, Space, StrictRoute, address, cut
from api.models import CopyName
from core.domain.personas import Persona, PersonaDraft

router = APIRouter(prefix="/ai-testing/personas", tags=["AI Testing"], route_class=StrictRoute)


@router.get("")
def list_personas(request: Request, space: Space, part: Part) -> Page[Persona]:
    """List available test personas, built-in ones first."""
    return cut(request, space.personas.list(), part)


@router.post("", status_code=201)
def create_persona(
    draft: PersonaDraft, request: Request, response: Response, space: Space
) -> Persona:
    """Create a custom test persona."""
    persona = space.personas.create(draft)
    response.headers["Location"] = address(request, f"/ai-testing/personas/{persona.id}")
    return persona


@router.get("/{persona_id}")
def get_persona(persona_id: str, space: Space) -> Persona:
    """Read a persona."""
    return space.personas.get(persona_id)


@router.put("/{persona_id}")
def replace_persona(persona_id: str, draft: PersonaDraft, space: Space) -> Persona:
    """Keep a new version of a persona. A built-in one cannot be changed, only copied."""
    return space.personas.update(persona_id, draft)


@router.delete("/{persona_id}", status_code=204)
def delete_persona(persona_id: str, space: Space) -> None:
    """Take a persona out of the gallery; populations that hold it keep it."""
    space.personas.delete(persona_id)


@router.post("/{persona_id}/copy", status_code=201)
def copy_persona(
    persona_id: str,
    request: Request,
    response: Response,
    space: Space,
    wanted: CopyName | None = None,
) -> Persona:
    """Make a copy of a persona, under a free name where none is given."""
    persona = space.personas.copy(persona_id, wanted.name if wanted else None)
    response.headers["Location"] = address(request, f"/ai-testing/personas/{persona.id}")
    return persona
