"""Flows: list, import, read, replace as a new version, delete; their findings and templates."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request, Response

from api.common import Page, Part, Space, StrictRoute, address, cut
from api.models import KeptFlow, Template, ValidationOut
from core.domain.errors import BadInput
from core.domain.findings import Finding
from core.domain.flows import StoredFlow
from core.flows import flow_schema, validate_document
from core.workbench import Workspace

router = APIRouter(prefix="/flows", tags=["Flows"], route_class=StrictRoute)
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The newest if absent.")]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A flow document; its format is at `/api/v1/flows/schema`.",
        "content": {
            "application/json": {"schema": {"type": "object", "required": ["steps"]}},
            "application/yaml": {"schema": {"type": "string"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


class Incoming(NamedTuple):
    """A flow document as it came."""

    data: bytes
    source: str


async def incoming(request: Request) -> Incoming:
    """The document of a request: its body, or the file of a form."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return Incoming(await request.body(), "the body")
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if file is None or isinstance(file, str):
            raise BadInput("There is no file in this form.", place="file")
        return Incoming(await file.read(), file.filename or "the file")


Document = Annotated[Incoming, Depends(incoming)]


@router.get("")
def list_flows(request: Request, space: Space, part: Part) -> Page[StoredFlow]:
    """List the flows in their newest version, by name."""
    return cut(request, space.flows.list(), part)


@router.post("", status_code=201, openapi_extra=_BODY)
def create_flow(given: Document, request: Request, response: Response, space: Space) -> KeptFlow:
    """Keep a new flow. One that cannot be played yet is kept too; its findings say why."""
    flow = space.flows.create(_read(space, given))
    response.headers["Location"] = address(request, f"/flows/{flow.id}")
    return _kept(space, flow)


@router.get("/schema")
def get_flow_schema() -> dict[str, Any]:
    """The JSON Schema of the flow format."""
    return flow_schema()


@router.get("/templates")
def list_flow_templates(request: Request, space: Space, part: Part) -> Page[Template]:
    """List the flows to start from."""
    found = [Template(**template._asdict()) for template in space.flows.templates()]
    return cut(request, found, part)


@router.post("/validate", openapi_extra=_BODY)
def validate_flow(given: Document, space: Space) -> ValidationOut:
    """Look at a document with every check; nothing is kept."""
    return ValidationOut.of(validate_document(_read(space, given)))


@router.get("/{flow_id}")
def get_flow(flow_id: str, space: Space, version: Version = None) -> StoredFlow:
    """Read a flow."""
    return space.flows.get(flow_id, version)


@router.put("/{flow_id}", openapi_extra=_BODY)
def replace_flow(flow_id: str, given: Document, space: Space) -> KeptFlow:
    """Keep a new version of a flow; its findings say what is wrong with it."""
    return _kept(space, space.flows.replace(flow_id, _read(space, given)))


@router.delete("/{flow_id}", status_code=204)
def delete_flow(flow_id: str, space: Space) -> None:
    """Take a flow away, unless runs have played it."""
    space.flows.delete(flow_id)


@router.get("/{flow_id}/versions")
def list_flow_versions(
    flow_id: str, request: Request, space: Space, part: Part
) -> Page[StoredFlow]:
    """List a flow's versions, newest first."""
    return cut(request, space.flows.history(flow_id), part)


@router.get("/{flow_id}/findings")
def list_flow_findings(
    flow_id: str, request: Request, space: Space, part: Part, version: Version = None
) -> Page[Finding]:
    """List what is wrong with a flow, worst first."""
    return cut(request, space.flows.validation(flow_id, version).findings, part)


@router.post("/{flow_id}/fixes")
def fix_flow(flow_id: str, finding: Finding, space: Space) -> KeptFlow:
    """Keep a new version in which one of the findings is mended; 409 where a person must do it."""
    return _kept(space, space.flows.mend(flow_id, finding))


def _kept(space: Workspace, flow: StoredFlow) -> KeptFlow:
    found = space.flows.validation(flow.id, flow.version).findings
    return KeptFlow(**flow.model_dump(), findings=found)


def _read(space: Workspace, given: Incoming) -> dict[str, Any]:
    return space.flows.read(given.data, source=given.source)
