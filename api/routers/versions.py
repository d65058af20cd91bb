"""Two versions of a flow, rehearsed with the same people: started, and compared."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field, model_validator

from api.common import Space, StrictRoute, frozen, model_of
from api.models import SEED, Asking, Cast
from core.cast import DEFAULT_COPIES
from core.domain.populations import MAX_PEOPLE
from core.domain.versions import VersionComparison, VersionRehearsal
from core.domain.wording import fault_at

router = APIRouter(prefix="/flows/{flow_id}/versions", tags=["Flows"], route_class=StrictRoute)
Number = Annotated[int, Query(ge=1, le=2**31 - 1, description="A version.")]
_STARTED: dict[int | str, dict[str, Any]] = {
    202: {"model": VersionRehearsal, "description": "At least one of the two is going on."}
}


class VersionsIn(Asking):
    """Which versions, and who meets them: a population, or a cast that is frozen first."""

    a: int = Field(ge=1, le=2**31 - 1)
    b: int = Field(ge=1, le=2**31 - 1)
    population_id: str | None = Field(default=None, max_length=255)
    cast: Cast | None = None
    copies: int = Field(default=DEFAULT_COPIES, ge=1, le=MAX_PEOPLE)
    seed: int = SEED

    @model_validator(mode="after")
    def _two_versions_one_crowd(self) -> VersionsIn:
        if self.a == self.b:
            raise fault_at("b", "give two different versions")
        if (self.population_id is None) == (self.cast is None):
            raise fault_at("cast", "give either population_id or cast")
        return self


@router.post("/rehearse", responses=_STARTED)
def rehearse_versions(
    flow_id: str, wanted: VersionsIn, space: Space, response: Response
) -> VersionRehearsal:
    """Rehearse two versions with the same people and seed; runs that are there are used again."""
    population = wanted.population_id
    if population is None:
        population = frozen(space, wanted.cast or "", wanted.copies, wanted.seed).id
    found = space.versions.rehearse(
        space.flows.get(flow_id).id,
        wanted.a,
        wanted.b,
        population,
        seed=wanted.seed,
        model=model_of(space, wanted.model),
        budget_usd=wanted.budget_usd,
    )
    if found.compared is None:
        response.status_code = 202
    return found


@router.get("/compared")
def compare_versions(
    flow_id: str,
    a: Number,
    b: Number,
    space: Space,
    population: Annotated[str | None, Query(max_length=255, description="With whom.")] = None,
    seed: Annotated[int | None, Query(ge=0, le=2**63 - 1, description="Under which seed.")] = None,
) -> VersionComparison:
    """What version b does differently, by the newest two runs that differ in nothing else."""
    return space.versions.compared(
        space.flows.get(flow_id).id, a, b, population_id=population, seed=seed
    )
