"""The behaviour model's parameters: every number, and versions of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.common import Page, Part, Space, StrictRoute, cut
from api.models import ParameterChanges, ParameterOut, ParametersOut, VersionOut
from core.domain.errors import NotFound
from core.workbench import Workspace

router = APIRouter(prefix="/parameters", tags=["Parameters"], route_class=StrictRoute)


@router.get("")
def get_parameters(
    space: Space,
    version: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Newest if absent.")
    ] = None,
) -> ParametersOut:
    """Read every parameter: value, unit, range, what it does, and where it is from."""
    return _parameters(space, version)


@router.post("", status_code=201)
def create_parameters(wanted: ParameterChanges, space: Space) -> ParametersOut:
    """Keep a new version."""
    parameters = space.parameters
    changes = {**parameters.changes(parameters.newest()), **wanted.changes}
    return _parameters(space, parameters.save(changes, wanted.note))


@router.get("/versions")
def list_parameter_versions(request: Request, space: Space, part: Part) -> Page[VersionOut]:
    """List the versions, newest first; version 1 is the one we ship."""
    found = [
        VersionOut(version=one.number, note=one.note, created_at=one.created_at)
        for one in space.parameters.versions()
    ]
    return cut(request, found, part)


def _parameters(space: Workspace, version: int | None) -> ParametersOut:
    versions = space.parameters.versions()
    wanted = next((one for one in versions if version in (None, one.number)), None)
    if wanted is None:
        raise NotFound(f"There is no version {version} of the parameters.", place="version")
    shipped = space.parameters.shipped
    parameters = space.parameters.get(wanted.number).parameters.values()
    return ParametersOut(
        version=wanted.number,
        note=wanted.note,
        created_at=wanted.created_at,
        parameters=[
            ParameterOut(**asdict(one), changed=one.value != shipped[one.name])
            for one in parameters
        ],
    )
