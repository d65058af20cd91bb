"""A flow from one form into another: files of n8n, Typebot or ours as YAML, JSON or a drawing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field

from core.commands.base import Answer, Arguments, Room
from core.domain.errors import BadInput
from core.flows import Imported, import_flow, mermaid, svg, written

Form = Literal["yaml", "json", "mermaid", "svg"]


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


class FormKind:
    """One form that a flow can be written in."""

    def __init__(self, suffix: str, media: str, write: Callable[[dict[str, Any]], str]) -> None:
        self.suffix = suffix
        self.media = media
        self.write = write


FORMS: dict[str, FormKind] = {
    "yaml": FormKind("yaml", "application/yaml", written),
    "json": FormKind("json", "application/json", _json),
    "mermaid": FormKind("mmd", "text/vnd.mermaid", mermaid),
    "svg": FormKind("svg", "image/svg+xml", svg),
}
"""Every form that a flow can be written in."""


class Convert(Arguments):
    """The text of a flow file, and the form that is wanted."""

    text: str = Field(description="The content of a flow file: ours, n8n's or Typebot's.")
    source: str = Field(default="flow", description="What an error calls the file.")
    to: Form = Field(default="yaml", description="yaml, json, mermaid or svg.")


def convert(room: Room, given: Convert) -> Answer:
    """Turn a flow of n8n, Typebot or Greenroom into YAML, JSON, Mermaid or SVG."""
    most = room.workbench.settings.max_flow_bytes
    imported, text = converted(given.text, given.to, given.source, most)
    return Answer({"format": imported.format, "text": text, "report": imported.report}, text)


def converted(
    data: bytes | str, to: str, source: str, most: int, place: str = "to"
) -> tuple[Imported, str]:
    """A flow file, read and written in another form.

    Args:
        data: The file's content.
        to: A name of ``FORMS``.
        source: What to call the file in an error.
        most: The largest file that is looked at, in bytes.
        place: What an error calls the wanted form.

    Raises:
        BadInput: If it cannot be read, or there is no such form.
    """
    form = form_of(to, place)
    imported = import_flow(data, source=source, max_bytes=most)
    return imported, _own_yaml(imported, data, to) or form.write(imported.document)


def _own_yaml(imported: Imported, data: bytes | str, to: str) -> str | None:
    """A YAML file of ours again, with its comments."""
    if imported.format != "greenroom" or to != "yaml":
        return None
    text = data if isinstance(data, str) else data.decode("utf-8-sig")
    return None if text.lstrip().startswith(("{", "[")) else written(imported.document, text)


def form_of(name: str, place: str = "to") -> FormKind:
    """A form by its name.

    Raises:
        BadInput: If there is none.
    """
    if name not in FORMS:
        known = ", ".join(FORMS)
        raise BadInput(f"There is no form “{name[:60]}”.", place=place, fix=f"Use one of {known}.")
    return FORMS[name]


def told(imported: Imported) -> str:
    """What became of a foreign flow, in one line; empty for one of ours."""
    if imported.format == "greenroom":
        return ""
    nodes = len(imported.report)
    without = sum(not row["steps"] for row in imported.report)
    said = sum(bool(row["lost"]) for row in imported.report)
    steps = len(imported.document["steps"])
    return (
        f"{imported.format}: {nodes:,} nodes became {steps:,} steps; {without:,} have no step; "
        f"the report has something to say about {said:,}."
    )
