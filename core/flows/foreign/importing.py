"""A file of any builder that we read, told by its content, as a flow document and a report."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from core.domain.errors import BadInput, InvalidFlow, TooLarge
from core.flows.compiling import compile_flow
from core.flows.foreign.drafting import Draft, Row
from core.flows.foreign.n8n import is_n8n, read_n8n
from core.flows.foreign.typebot import is_typebot, read_typebot
from core.flows.reading import MAX_BYTES, MAX_STEPS, fault_of, read_flow
from core.flows.yaml_events import Duplicate

Format = Literal["n8n", "typebot", "greenroom"]
FORMATS: tuple[Format, ...] = ("n8n", "typebot", "greenroom")
HINT = "Give an n8n workflow, a Typebot export, or a Greenroom flow."
MARK = re.compile(r'"(nodes|groups|edges)"\s*:')


@dataclass(frozen=True)
class Imported:
    """A flow of another builder, read.

    Attributes:
        format: What it was.
        document: The flow document.
        report: One row a node: id, name, type, the steps that it became, and what was lost.
    """

    format: Format
    document: dict[str, Any]
    report: list[dict[str, Any]] = field(default_factory=list)


def import_flow(data: bytes | str, *, source: str = "flow", max_bytes: int = MAX_BYTES) -> Imported:
    """A flow document from a file of n8n, of Typebot or of ours.

    Args:
        data: The file's content.
        source: What to call it in an error: its file name.
        max_bytes: The largest file that is looked at.

    Raises:
        TooLarge: If it is over a limit.
        BadInput: If it is none of these, or cannot be read.
    """
    raw = _json(data, max_bytes, source)
    if raw is not None and "steps" not in raw:
        document = _unwrapped(raw)
        for format, fits, read in (
            ("n8n", is_n8n, read_n8n),
            ("typebot", is_typebot, read_typebot),
        ):
            if fits(document):
                return _finished(format, _sure(read, document, source), source)
    document = read_flow(data, source=source, max_bytes=max_bytes)
    if "steps" not in document:
        raise BadInput(f"{source} is no flow that can be read here.", fix=HINT)
    return Imported("greenroom", document, [_own(step) for step in _steps(document)])


def _json(data: bytes | str, max_bytes: int, source: str) -> dict[str, Any] | None:
    """The object of a JSON file that may be foreign; None where it is something else."""
    if len(data) > max_bytes:
        raise TooLarge(f"{source} is larger than {max_bytes / 1e6:g} MB.", fix="Split it.")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not MARK.search(text):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError, Duplicate):
        return None
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    return found if isinstance(found, dict) else None


def _unwrapped(document: dict[str, Any]) -> dict[str, Any]:
    """The workflow itself, where an API's answer is around it."""
    for key in ("workflow", "typebot", "data"):
        inside = document.get(key)
        if isinstance(inside, dict) and ("nodes" in inside or "groups" in inside):
            return inside
    return document


def _sure(read: Any, document: dict[str, Any], source: str) -> Draft:
    try:
        draft: Draft = read(document)
    except BadInput as error:
        kind = type(error)
        raise kind(f"{source}: {error.message}", place=error.place, fix=error.fix) from error
    except RecursionError as error:
        raise TooLarge(f"{source} nests too deeply.") from error
    return draft


def _finished(format: Any, draft: Draft, source: str) -> Imported:
    if not draft.steps:
        raise BadInput(f"{source} has no node that could become a step.", fix=HINT)
    if len(draft.steps) > MAX_STEPS:
        raise TooLarge(f"{source} would have {len(draft.steps):,} steps; {MAX_STEPS:,} may be.")
    document = draft.document()
    fault = fault_of(document)
    if fault is not None:
        raise type(fault)(f"{source}: {fault.message}", place=fault.place, fix=fault.fix)
    try:
        compile_flow(document)
    except InvalidFlow:
        document = _mended(document, draft)
    return Imported(format, document, [row.document() for row in draft.rows])


def _mended(document: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """A time zone that does not exist here is the one thing that may be wrong."""
    document = {**document, "timezone": "UTC"}
    compile_flow(document)
    if draft.rows:
        draft.rows[0].lose(f"There is no time zone “{draft.timezone[:60]}” here; UTC instead.")
    return document


def _steps(document: dict[str, Any]) -> list[dict[str, Any]]:
    steps = document.get("steps")
    return [one for one in steps if isinstance(one, dict)] if isinstance(steps, list) else []


def _own(step: dict[str, Any]) -> dict[str, Any]:
    id, type_ = str(step.get("id", "")), str(step.get("type", ""))
    return Row(id, id, type_, [id]).document()
