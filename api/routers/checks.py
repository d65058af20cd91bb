"""The catalogue of checks."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.common import Page, Part, StrictRoute, cut
from api.models import CheckOut
from core.commands import check_document
from core.flows import CHECKS

router = APIRouter(prefix="/checks", tags=["Checks"], route_class=StrictRoute)


@router.get("")
def list_checks(request: Request, part: Part) -> Page[CheckOut]:
    """List every check: what it looks for, why, how bad it is, and what to do about it."""
    return cut(request, [CheckOut(**check_document(check)) for check in CHECKS], part)
