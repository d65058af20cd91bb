"""Flows in and out: from n8n and Typebot, and as JSON, YAML, Mermaid or SVG."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.common import Bench, Space, StrictRoute
from api.routers.flows import Document, Version
from core.commands import form_of
from core.flows import import_flow

router = APIRouter(prefix="/flows", tags=["Flows"], route_class=StrictRoute)
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A flow of n8n, Typebot or Greenroom, told by its content.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
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
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The flow as a file.",
        "content": {
            media: {"schema": {"type": "string"}}
            for media in ("application/yaml", "text/vnd.mermaid", "image/svg+xml")
        }
        | {"application/json": {"schema": {"type": "object"}}},
    }
}


class NodeRow(BaseModel):
    """What became of one node of a foreign flow."""

    id: str
    name: str
    type: str
    steps: list[str] = Field(description="The ids of the steps that it became.")
    lost: list[str] = Field(description="What was not understood, or is different now.")


class ImportedFlow(BaseModel):
    """A foreign flow, read; nothing is kept."""

    format: Literal["n8n", "typebot", "greenroom"]
    document: dict[str, Any] = Field(description="The flow document.")
    report: list[NodeRow]


@router.post("/import", openapi_extra=_BODY)
def import_foreign_flow(given: Document, bench: Bench) -> ImportedFlow:
    """Read a flow of n8n, Typebot or Greenroom; nothing is kept."""
    most = bench.settings.max_flow_bytes
    found = import_flow(given.data, source=given.source, max_bytes=most)
    return ImportedFlow(
        format=found.format,
        document=found.document,
        report=[NodeRow(**row) for row in found.report],
    )


@router.get("/{flow_id}/export", response_class=Response, responses=_FILE)
def export_flow(
    flow_id: str,
    space: Space,
    format: Annotated[
        Literal["json", "yaml", "mermaid", "svg"], Query(description="The form of the file.")
    ] = "yaml",
    version: Version = None,
) -> Response:
    """A flow as a file: JSON, YAML, Mermaid or SVG."""
    flow = space.flows.get(flow_id, version)
    form = form_of(format, "format")
    kept = flow.text if format == "yaml" else None
    name = f"{flow.id}-v{flow.version}.{form.suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(kept or form.write(flow.document), media_type=form.media, headers=headers)
