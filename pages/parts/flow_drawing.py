"""A flow drawn: a card for each step in ranks from the start, with what the last run did there."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v1 import declare_component

from core.domain.findings import Finding
from core.domain.reports import MessageRow, Report, StepRow
from core.flows import CompiledFlow, CompiledStep, Position
from pages.parts.flow_layout import (
    CARD_HEIGHT,
    CARD_WIDTH,
    FITS,
    LINE,
    Point,
    Sheet,
    arranged,
    before,
    sheets,
    size,
)
from pages.parts.flow_words import LOOKS, kind_of, line_of
from pages.parts.page import counted, short
from pages.parts.theme import Palette, palette

FACE = "Inter, system-ui, Helvetica, Arial, sans-serif"
TALLEST = 720
OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "groups": {},
    "layout": {"hierarchical": {"enabled": False}, "improvedLayout": False},
    "interaction": {
        "dragNodes": False,
        "dragView": True,
        "zoomView": False,
        "hover": False,
        "selectConnectedEdges": False,
    },
    "nodes": {
        "margin": {"top": 8, "bottom": 8, "left": 10, "right": 10},
        "borderWidth": 1.5,
        "borderWidthSelected": 3,
    },
    "edges": {"chosen": False},
    "autoResize": True,
}
INERT = {"div": {"innerHTML": ""}}
"""Without a title, which agraph would read as HTML, and open as an address on a double click."""


@dataclass(frozen=True)
class Happened:
    """What a run did at each step and on each way; nothing where there was no run."""

    steps: Mapping[str, StepRow] = field(default_factory=dict)
    ways: Mapping[tuple[str, str], int] = field(default_factory=dict)
    messages: Mapping[str, MessageRow] = field(default_factory=dict)
    people: int = 0

    @classmethod
    def of(cls, report: Report | None) -> Happened:
        """What a report tells about steps and ways."""
        if report is None:
            return cls()
        return cls(
            steps={row.step_id: row for row in report.steps},
            ways={(row.step_id, row.way): row.people for row in report.ways},
            messages={row.step_id: row for row in report.messages},
            people=report.facts.done,
        )

    def line(self, step: CompiledStep) -> str:
        """What happened at a step, in one short line."""
        row = self.steps.get(step.id)
        if row is None:
            return ""
        if not row.reached:
            return "nobody came here"
        message = self.messages.get(step.id)
        if message is not None and message.sent:
            return f"{message.sent:,} sent · {message.read.count:,} read"
        if step.type == "wait_for_reply":
            replied, missed = row.ways.get("on_reply", 0), row.ways.get("on_timeout", 0)
            return f"{replied:,} replied · {missed:,} did not"
        if step.type in ("condition", "split"):
            return " · ".join(f"{row.ways.get(way.name, 0):,}" for way in step.ways)
        if step.type == "goal":
            return f"{row.people:,} reached it"
        return counted(row.people, "person", "people")


def draw_flow(
    flow: CompiledFlow,
    places: Mapping[str, Position],
    happened: Happened,
    findings: Sequence[Finding] = (),
    *,
    key: str,
) -> str | None:
    """Draw a flow; gives the id of the step that was clicked.

    A flow of many steps is drawn a part at a time.
    """
    parts = sheets(places)
    at = 1
    if len(parts) > 1:
        at = st.pagination(len(parts), key=f"{key}_sheet")
        shown = parts[at - 1]
        st.caption(
            f"Steps {before(parts, at) + 1:,} to {before(parts, at) + len(shown.steps):,} "
            f"of {len(flow.steps):,}, in the order in which they come."
        )
    return _draw(flow, places, parts[at - 1], happened, findings, f"{key}_{at}")


def _draw(
    flow: CompiledFlow,
    places: Mapping[str, Position],
    sheet: Sheet,
    happened: Happened,
    findings: Sequence[Finding],
    key: str,
) -> str | None:
    colours = palette()
    marks: dict[str, list[Finding]] = {}
    for finding in findings:
        marks.setdefault(finding.step_id or "", []).append(finding)
    points, bends = arranged(flow, places, sheet)
    nodes = [
        _card(flow.steps[name], points[name], happened, marks, colours) for name in sheet.steps
    ]
    edges, extra = _edges(flow, sheet, points, bends, happened, colours)
    nodes += extra
    wide, tall = size(points)
    data = {"nodes": [{**node, **INERT} for node in nodes], "edges": edges}
    config = {**OPTIONS, "width": "100%", "height": f"{tall}px"}
    with (
        st.container(border=True, height=min(tall + 40, TALLEST)),
        st.grid(1, wrap=False, min_column_width=wide if wide > FITS else "auto") as grid,
        grid.cell(),
    ):
        clicked = _agraph()(data=json.dumps(data), config=json.dumps(config), key=key)
    return str(clicked) if clicked in flow.steps else None


@st.cache_resource(show_spinner=False)
def _agraph() -> Any:
    """streamlit-agraph's drawing, without its Python side: that imports for a second."""
    package = find_spec("streamlit_agraph")
    assert package is not None and package.submodule_search_locations
    build = Path(next(iter(package.submodule_search_locations))) / "frontend" / "build"
    return declare_component("agraph", path=str(build))


def _card(
    step: CompiledStep,
    point: Point,
    happened: Happened,
    marks: Mapping[str, Sequence[Finding]],
    colours: Palette,
) -> dict[str, Any]:
    kind = kind_of(step.type)
    row = happened.steps.get(step.id)
    pale = row is not None and not row.reached
    tone = colours.track if pale else getattr(colours, kind.tone)
    lines = [f"<i>{kind.sign} {_safe(kind.name)}{_mark(marks.get(step.id, ()))}</i>"]
    lines.append(f"<b>{_safe(short(step.id, 24))}</b>")
    if content := line_of(step):
        lines.append(_safe(short(content, 52)))
    if did := happened.line(step):
        lines.append(f"<code>{_safe(did)}</code>")
    back = colours.panel if pale else colours.paper
    return {
        "id": step.id,
        "shape": "box",
        "widthConstraint": {"minimum": CARD_WIDTH, "maximum": CARD_WIDTH},
        "heightConstraint": {"minimum": CARD_HEIGHT, "valign": "top"},
        "label": "\n".join(lines),
        "x": point.x,
        "y": point.y,
        "font": _font(colours, getattr(colours, kind.tone), pale=pale),
        "color": {
            "background": back,
            "border": tone,
            "highlight": {"background": back, "border": colours.ochre},
        },
        "shapeProperties": {"borderRadius": 7, "borderDashes": [4, 4] if pale else False},
    }


def _safe(text: str) -> str:
    """Words inside a card's label, of which the drawing reads <b>, <i> and <code>."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _mark(findings: Sequence[Finding]) -> str:
    """A sign for each severity that is found at a step."""
    found = {finding.severity for finding in findings}
    return "".join(f"  {look.sign}" for severity, look in LOOKS.items() if severity in found)


def _font(colours: Palette, tone: str, *, pale: bool) -> dict[str, Any]:
    ink = colours.quiet if pale else colours.ink
    small = {"size": 11, "face": FACE, "mod": "", "vadjust": 0}
    return {
        "multi": "html",
        "align": "left",
        "face": FACE,
        "size": 12,
        "color": colours.quiet,
        "bold": {"color": ink, "size": 14, "face": FACE, "mod": "bold", "vadjust": 0},
        "ital": {**small, "color": tone},
        "mono": {**small, "color": ink},
    }


def _edges(
    flow: CompiledFlow,
    sheet: Sheet,
    points: Mapping[str, Point],
    bends: Mapping[tuple[str, str], Sequence[str]],
    happened: Happened,
    colours: Palette,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every way between drawn steps, by its bends; one that leaves the sheet ends at a name."""
    edges, extra = [], []
    for name in sheet.steps:
        step = flow.steps[name]
        for number, way in enumerate(step.ways):
            if way.to is None or way.to not in flow.steps:
                continue
            stops = [name, *bends.get((name, way.name), ()), way.to]
            if way.to not in points:
                stops[-1] = f"\u2192 {name} {number}"
                extra.append(_stub(stops[-1], way.to, points[name], number, colours))
            extra += [_bend(bend, points[bend]) for bend in stops[1:-1]]
            style = _style(step, number, happened, colours)
            back = way.to in points and len(stops) == 2 and points[way.to].y <= points[name].y
            bent: dict[str, Any] = (
                {"type": "curvedCW", "roundness": 0.3}
                if back
                else {"type": "cubicBezier", "forceDirection": "vertical", "roundness": 0.45}
            )
            labels = _labels(step, way.to)
            if labels and labels[0] == way.label and way.to in points:
                ends = [points[stop] for stop in stops[-2:]]
                text = " / ".join(labels)
                extra.append(_label(f"{stops[-1]} {name} {number}", text, ends, colours))
            for one, other in pairwise(stops):
                piece = {**style, "from": one, "to": other}
                piece["smooth"] = {"enabled": True, **bent}
                piece["arrows"] = {"to": {"enabled": other == stops[-1], "scaleFactor": 0.45}}
                edges.append(piece)
    return edges, extra


def _labels(step: CompiledStep, to: str) -> list[str]:
    """What leads from a step to another, where it is not simply what comes next."""
    return [way.label for way in step.ways if way.to == to and way.name != "next"]


def _label(id: str, text: str, ends: Sequence[Point], colours: Palette) -> dict[str, Any]:
    """A way's words on its last stretch, nearer to its end, where ways have parted."""
    start, end = ends
    return {
        "id": f"\u2026 {id}",
        "label": short(text, 24),
        "shape": "text",
        "x": start.x + 0.7 * (end.x - start.x),
        "y": start.y + 0.58 * (end.y - start.y),
        "chosen": False,
        "font": {"size": 11, "color": colours.quiet, "background": colours.paper, "face": FACE},
    }


def _bend(id: str, point: Point) -> dict[str, Any]:
    clear = {"background": "rgba(0,0,0,0)", "border": "rgba(0,0,0,0)"}
    return {
        "id": id,
        "shape": "dot",
        "size": 0.5,
        "x": point.x,
        "y": point.y,
        "color": {**clear, "highlight": clear},
        "chosen": False,
    }


def _stub(id: str, to: str, point: Point, number: int, colours: Palette) -> dict[str, Any]:
    return {
        "id": id,
        "label": f"to {short(to, 20)}",
        "shape": "text",
        "x": point.x + (number - 0.5) * 70,
        "y": point.y + 0.55 * LINE,
        "font": {"size": 11, "color": colours.quiet},
    }


def _style(step: CompiledStep, number: int, happened: Happened, colours: Palette) -> dict[str, Any]:
    """How a way is drawn: as thick as the people who took it, dashed where nobody did."""
    way = step.ways[number]
    people = happened.ways.get((step.id, way.name))
    share = (people or 0) / happened.people if happened.people else 0.0
    return {
        "color": {"color": colours.quiet if people == 0 else colours.slate, "opacity": 1.0},
        "width": 1.0 if not people else 1.2 + 4.8 * math.sqrt(share),
        "dashes": [5, 5] if people == 0 else False,
    }
