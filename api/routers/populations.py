"""Populations: frozen lists of people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.common import Page, Part, Space, StrictRoute, address, cut, page
from api.models import NewName, PersonOut
from core.domain.errors import Conflict
from core.domain.populations import Population, PopulationDraft

router = APIRouter(prefix="/populations", tags=["Populations"], route_class=StrictRoute)


@router.get("")
def list_populations(request: Request, space: Space, part: Part) -> Page[Population]:
    """List the populations, newest first."""
    return cut(request, space.populations.list(), part)


@router.post(
    "",
    status_code=201,
    responses={200: {"model": Population, "description": "The same people exist already."}},
)
def create_population(
    draft: PopulationDraft, request: Request, response: Response, space: Space
) -> Population:
    """Freeze a population: any personas, any number of copies of each, a seed."""
    before = {population.id for population in space.populations.list()}
    population = space.populations.freeze(draft)
    response.status_code = 200 if population.id in before else 201
    response.headers["Location"] = address(request, f"/populations/{population.id}")
    return population


@router.get("/{population_id}")
def get_population(population_id: str, space: Space) -> Population:
    """Read a population, without its people."""
    return space.populations.get(population_id)


@router.patch("/{population_id}")
def rename_population(population_id: str, wanted: NewName, space: Space) -> Population:
    """Give a population another name; its people stay as they are."""
    return space.populations.rename(population_id, wanted.name)


@router.put("/{population_id}", status_code=409)
def replace_population(population_id: str, space: Space) -> None:
    """Always refused: a population is frozen, so that runs that name it stay what they were."""
    raise Conflict(
        f"'{space.populations.get(population_id).name}' is frozen: its people never change.",
        fix="Freeze another population with POST /api/v1/populations; PATCH changes its name.",
    )


@router.delete("/{population_id}", status_code=204)
def delete_population(population_id: str, space: Space) -> None:
    """Take a population away, unless a run names it."""
    space.populations.delete(population_id)


@router.get("/{population_id}/people")
def list_people(population_id: str, request: Request, space: Space, part: Part) -> Page[PersonOut]:
    """List a population's people, in order."""
    population = space.populations.get(population_id)
    people = space.populations.people(population.id, part.offset, part.limit)
    return page(request, [PersonOut(**asdict(one)) for one in people], population.size, part)


@router.get("/{population_id}/export", response_model=dict[str, Any])
def export_population(population_id: str, space: Space) -> JSONResponse:
    """A population with its personas and people, as one document."""
    document = space.populations.export(population_id)
    name = f'attachment; filename="population-{document["id"]}.json"'
    return JSONResponse(document, headers={"Content-Disposition": name})
