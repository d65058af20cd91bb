"""The home itself: its workspaces, and whether the API answers."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Request

from api.common import Bench, Page, Part, StrictRoute, cut
from api.models import Health, WorkspaceOut

router = APIRouter(tags=["Home"], route_class=StrictRoute)


@router.get("/workspaces")
def list_workspaces(request: Request, bench: Bench, part: Part) -> Page[WorkspaceOut]:
    """List the workspaces of this home."""
    usual = bench.settings.workspace
    found = [WorkspaceOut(name=name, default=name == usual) for name in bench.workspaces()]
    return cut(request, found, part)


@router.get("/health")
async def get_health() -> Health:
    """Say that the API answers."""
    return Health(version=version("greenroom"))
