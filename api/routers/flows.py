"""Flows: list, import, read, replace as a new version, delete; their findings and templates."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from api.common import Page, Part, Space, StrictRoute, address, cut
from api.conditions import carried, tried
from api.flow_models import (
    ConditionsIn,
    ConditionsOut,
    DocumentIn,
    DocumentOut,
    DrawnValidation,
    MendIn,
    MergeIn,
    MergeOut,
    NamesIn,
    NamesOut,
    Positions,
    ReadIn,
    TextIn,
    TextOut,
    TwoDocuments,
    VersionDifferences,
)
from api.models import KeptFlow, Template
from core.domain.errors import BadInput, Conflict
from core.domain.findings import Finding
from core.domain.flows import StoredFlow
from core.flows import (
    Differences,
    differences,
    flow_schema,
    merge,
    names_at,
    positions,
    repair,
    restored,
    validate_document,
    written,
)
from core.workbench import Workspace

router = APIRouter(prefix="/flows", tags=["Flows"], route_class=StrictRoute)
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The newest if absent.")]
After = Annotated[
    int | None,
    Query(ge=1, le=2**31 - 1, description="The version that was changed; any if absent."),
]
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
    flow = space.flows.create(_read(space, given), text=space.flows.text_in(given.data))
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
def validate_flow(given: Document, space: Space) -> DrawnValidation:
    """Look at a document with every check; nothing is kept."""
    return DrawnValidation.of(validate_document(_read(space, given)))


@router.post("/mend")
def mend_flow(given: MendIn, space: Space) -> DocumentOut:
    """The document with one of its findings mended; 409 where a person must do it."""
    mended = repair(_sound(space, given.document), given.finding)
    if mended is None:
        raise Conflict(
            "This finding cannot be mended by itself, or it is gone already.",
            place=given.finding.step_id,
            fix=given.finding.fix,
        )
    return DocumentOut(document=mended)


@router.post("/text")
def write_flow_text(given: TextIn, space: Space) -> TextOut:
    """The YAML that says a document; what did not change stays as it is in `text`."""
    document = _sound(space, given.document)
    if given.text is not None and given.text.strip():
        document = _with_fractions(space, document, given.text)
    return TextOut(text=written(document, given.text))


@router.post("/read")
def read_flow_text(given: ReadIn, space: Space) -> DocumentOut:
    """The document that a text says; where it cannot be read, the problem names the line."""
    return DocumentOut(document=space.flows.read(given.text, source="the text"))


@router.post("/layout")
def lay_out_flow(given: DocumentIn, space: Space) -> Positions:
    """Where each step would stand; a flow that is half drawn is laid out too."""
    places = positions(_sound(space, given.document))
    return Positions(positions={id: [x, y] for id, (x, y) in places.items()})


@router.post("/names")
def list_names(given: NamesIn, space: Space) -> NamesOut:
    """What conditions and messages can read at a step; it need not be connected yet."""
    document = _sound(space, given.document)
    return NamesOut(names=names_at(document, given.step_id, carried(space)))


@router.post("/conditions")
def try_flow_conditions(given: ConditionsIn, space: Space) -> ConditionsOut:
    """Try conditions on samples and personas, or make a condition of rows; nothing is run."""
    return tried(space, given)


@router.post("/differences")
def compare_flow_documents(given: TwoDocuments, space: Space) -> Differences:
    """What a second document differs by from a first, step by step and in words."""
    return differences(_sound(space, given.a, "a"), _sound(space, given.b, "b"))


@router.get("/{flow_id}")
def get_flow(flow_id: str, space: Space, version: Version = None) -> StoredFlow:
    """Read a flow; its text is YAML, with the comments that it was given."""
    return _with_text(space, space.flows.get(flow_id, version))


@router.put("/{flow_id}", openapi_extra=_BODY)
def replace_flow(flow_id: str, given: Document, space: Space, after: After = None) -> KeptFlow:
    """Keep a new version of a flow; its findings say what is wrong with it.

    409 with `newest` where `after` is not the newest version.
    """
    document, text = _read(space, given), space.flows.text_in(given.data)
    return _kept(space, space.flows.replace(flow_id, document, text=text, after=after))


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


@router.get("/{flow_id}/differences")
def compare_flow_versions(
    flow_id: str, space: Space, a: Version = None, b: Version = None
) -> VersionDifferences:
    """What two versions of a flow differ by; the newest where one is not given."""
    first, second = space.flows.get(flow_id, a), space.flows.get(flow_id, b)
    found = differences(first.document, second.document)
    return VersionDifferences(
        **found.model_dump(), a_version=first.version, b_version=second.version
    )


@router.post("/{flow_id}/merge")
def merge_flow(flow_id: str, given: MergeIn, space: Space) -> MergeOut:
    """Put my changes together with those of the newest version; nothing is kept."""
    base, newest = space.flows.get(flow_id, given.base), space.flows.get(flow_id)
    merged = merge(base.document, _sound(space, given.document), newest.document)
    return MergeOut(document=merged.document, conflicts=merged.conflicts, newest=newest.version)


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
    return KeptFlow(**_with_text(space, flow).model_dump(), findings=found)


def _with_text(space: Workspace, flow: StoredFlow) -> StoredFlow:
    return flow.model_copy(update={"text": space.flows.text_of(flow)})


def _read(space: Workspace, given: Incoming) -> dict[str, Any]:
    return space.flows.read(given.data, source=given.source)


def _sound(space: Workspace, document: dict[str, Any], name: str = "document") -> dict[str, Any]:
    """A document that came in a body, once it keeps within the limits of any other."""
    try:
        return space.flows.read(orjson.dumps(document), source=name)
    except BadInput as error:
        error.place = f"{name}.{error.place}" if error.place else name
        raise


def _with_fractions(space: Workspace, document: dict[str, Any], text: str) -> dict[str, Any]:
    try:
        return restored(document, space.flows.read(text))
    except BadInput:
        return document
