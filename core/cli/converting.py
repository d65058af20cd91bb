"""The command that turns flows into other forms; it needs no workspace."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from core.cli.base import Home, settings_of
from core.commands import converted, flow_file, told, writable, write_file


def convert(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A flow of n8n, Typebot or Greenroom, or -.")
    ],
    to: Annotated[str, typer.Option("--to", help="yaml, json, mermaid or svg.")],
    report: Annotated[
        str | None, typer.Option("--report", help="Write what became of each node, as JSON.")
    ] = None,
    out: Annotated[
        str, typer.Option("-o", "--out", help="The file to write; - is standard output.")
    ] = "-",
    home: Home = None,
) -> int:
    """Turn a flow of n8n, Typebot or Greenroom into YAML, JSON, Mermaid or SVG."""
    settings = settings_of(home)
    most = settings.max_flow_bytes
    data, source = flow_file(file, most)
    imported, text = converted(data, to, source, most, "--to")
    for path in (out, report):
        if path is not None:
            writable(path)
    if report is not None:
        rows = json.dumps(imported.report, ensure_ascii=False, indent=2)
        write_file(report, iter([rows.encode() + b"\n"]))
    write_file(out, iter([text.encode()]))
    if told(imported):
        print(told(imported), file=sys.stderr)
    return 0
