"""A flow as an SVG drawing: cards, edges with their labels, light and dark."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from core.flows.drawing import positions as placed
from core.flows.exports.parts import Card, Edge, cards_of, cut, edges_of
from core.flows.exports.routes import Router

WIDTH, HEIGHT, MARGIN, BAND = 240, 96, 40, 46
FARTHEST = 1e6
MANY = 3
LETTER = {"kind": 6.6, "id": 8.4, "line": 6.6, "label": 6.0}
"""About how wide a letter is, in pixels."""
NS = "http://www.w3.org/2000/svg"
LOOK = """
  .paper { fill: #FBFAF6 } .card { fill: #FFFFFF; stroke: #DFDCCF }
  .note { fill: #F2F0E7; stroke: #DFDCCF }
  text { fill: #1E2420;
    font-family: Inter, system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, sans-serif }
  .name { font-size: 18px; font-weight: 560;
    font-family: Fraunces, Inter, system-ui, -apple-system, 'Segoe UI', sans-serif }
  .kind { font-size: 11.5px; font-weight: 600 } .id { font-size: 14px; font-weight: 600 }
  .line, .words { font-size: 12px; fill: #6B726C } .label { font-size: 11px; fill: #6B726C }
  .halo { fill: none; stroke: #FBFAF6; stroke-width: 5; stroke-linejoin: round }
  .way { fill: none; stroke: #476F8A; stroke-width: 1.4 } .head { fill: #476F8A }
  .green { fill: #1F6B4A } .plum { fill: #7A4E7E } .slate { fill: #3C6E91 }
  .ochre { fill: #A87212 } .brick { fill: #B3402F } .quiet { fill: #6B726C }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #111714 } .card { fill: #19211D; stroke: #2C3831 }
    .note { fill: #19211D; stroke: #2C3831 } text { fill: #E8EBE6 }
    .line, .words, .label { fill: #9AA39C } .halo { stroke: #111714 }
    .way { stroke: #86ACC5 } .head { fill: #86ACC5 }
    .green { fill: #5CC596 } .plum { fill: #B58ABA } .slate { fill: #7FB0D3 }
    .ochre { fill: #E0B04B } .brick { fill: #E07F6D } .quiet { fill: #9AA39C }
  }
"""
Point = tuple[float, float]


def svg(flow: Mapping[str, Any], positions: Mapping[str, Point] | None = None) -> str:
    """A flow document as a drawing that is well-formed XML.

    Args:
        flow: The document as it was given.
        positions: Where steps stand, by id; goes before the document's own places and the layout.
    """
    cards = cards_of(flow)
    places = _places(flow, cards, positions or {})
    notes, edges = _notes(flow), edges_of(flow)
    router = Router(places, WIDTH, HEIGHT)
    corners = [*places.values(), *((x + w - WIDTH, y + h - HEIGHT) for x, y, w, h, _ in notes)]
    corners += [(x, y) for x, y, *_ in notes]
    left = min((x for x, _ in corners), default=0.0) - MARGIN
    top = min((y for _, y in corners), default=0.0) - MARGIN - BAND
    width = max((x for x, _ in corners), default=0.0) + WIDTH + MARGIN - left
    height = max((y for _, y in corners), default=0.0) + HEIGHT + MARGIN - top
    name = cut(" ".join(str(flow.get("name") or "Untitled flow").split()), 90)
    box = " ".join(_figure(one) for one in (left, top, width, height))
    parts = [
        f'<svg xmlns="{NS}" viewBox="{box}" width="{_figure(width)}" height="{_figure(height)}" '
        f'role="img" aria-label="{escaped(name)}">',
        f"<style>{LOOK}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse"><path class="head" d="M0 0 8 4 0 8z"/>'
        "</marker></defs>",
        f'<rect class="paper" x="{_figure(left)}" y="{_figure(top)}" width="{_figure(width)}" '
        f'height="{_figure(height)}"/>',
        _text("name", left + MARGIN, top + MARGIN, name),
        *(_note(*note) for note in notes),
        *(router.path(edge.at, edge.of, edge.start, edge.end) for edge in edges),
        *(_card(card, places[card.id]) for card in cards),
        *(_label(edge, places[edge.start]) for edge in edges if edge.label.strip()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _places(
    flow: Mapping[str, Any], cards: list[Card], given: Mapping[str, Point]
) -> dict[str, Point]:
    """Where each card stands: as given, else as the document says, else as the layout does."""
    canvas = flow.get("canvas")
    own = canvas.get("positions") if isinstance(canvas, dict) else None
    own = own if isinstance(own, dict) else {}
    wanted = {card.id: _point(given.get(card.id)) or _point(own.get(card.id)) for card in cards}
    free = [name for name, place in wanted.items() if place is None]
    laid: dict[str, Point] = {}
    if free:
        known = [place for place in wanted.values() if place is not None]
        below = max((y for _, y in known), default=-HEIGHT * 2.0) + HEIGHT * 2
        found = placed(flow)
        highest = min((found[name][1] for name in free if name in found), default=0)
        for number, name in enumerate(free):
            x, y = found.get(name, (0, number * HEIGHT * 2))
            laid[name] = (x, y - highest + below)
    return {name: place or laid[name] for name, place in wanted.items()}


def _point(value: Any) -> Point | None:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return None
    good = [
        float(one)
        for one in value
        if isinstance(one, (int, float)) and math.isfinite(one) and abs(one) <= FARTHEST
    ]
    return (good[0], good[1]) if len(good) == 2 else None


def _notes(flow: Mapping[str, Any]) -> list[tuple[float, float, float, float, str]]:
    canvas = flow.get("canvas")
    rows = canvas.get("notes") if isinstance(canvas, dict) else None
    found = []
    for one in rows if isinstance(rows, list) else ():
        place = _point([one.get("x", 0), one.get("y", 0)]) if isinstance(one, dict) else None
        size = _point([one.get("width", 220), one.get("height", 120)]) if place else None
        if place is not None and size is not None and str(one.get("text") or "").strip():
            found.append((*place, max(size[0], 40), max(size[1], 30), str(one.get("text", ""))))
    return found


def _note(x: float, y: float, width: float, height: float, text: str) -> str:
    most = int((width - 20) / LETTER["line"])
    lines = [line for line in text.split("\n") if line.strip()][: int((height - 12) / 17)]
    words = [
        _text("words", x + 10, y + 22 + 17 * number, cut(line.strip(), max(most, 2)))
        for number, line in enumerate(lines)
    ]
    box = _box("note", x, y, width, height)
    return "\n".join([box, *words])


def _box(kind: str, x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="{kind}" x="{_figure(x)}" y="{_figure(y)}" width="{_figure(width)}" '
        f'height="{_figure(height)}" rx="9"/>'
    )


def _card(card: Card, at: Point) -> str:
    x, y = at
    lines = [
        _box("card", x, y, WIDTH, HEIGHT),
        f'<rect class="{card.tone}" x="{_figure(x)}" y="{_figure(y)}" width="5" '
        f'height="{HEIGHT}" rx="2.5"/>',
        _text(
            f"kind {card.tone}",
            x + 14,
            y + 24,
            fitting(f"{card.kind.sign} {card.kind.name}", "kind"),
        ),
        _text("id", x + 14, y + 48, fitting(card.id, "id")),
    ]
    if card.line:
        lines.append(_text("line", x + 14, y + 72, fitting(card.line, "line")))
    return "\n".join([f"<g><title>{escaped(card.id)}</title>", *lines, "</g>"])


def _label(edge: Edge, at: Point) -> str:
    """The name of a way under its card; where there are many, every second one a line lower."""
    cell = WIDTH / edge.of
    many = edge.of > MANY
    x = at[0] + cell * (edge.at + 0.5)
    y = at[1] + HEIGHT + 19 + 15 * (many and edge.at % 2)
    most = int((cell * (2 if many else 1) - 8) / LETTER["label"])
    label = cut(" ".join(edge.label.replace("intent is ", "").split()), max(most, 4))
    return "\n".join(_text(kind, x, y, label, middle=True) for kind in ("label halo", "label"))


def fitting(text: str, kind: str) -> str:
    """A text cut to the width of a card."""
    room = (WIDTH - 28) / LETTER[kind]
    wide = 0.0
    for number, one in enumerate(text):
        wide += 1.7 if unicodedata.east_asian_width(one) in "WF" else 1
        if wide > room:
            return text[: max(number - 1, 1)].rstrip() + "…"
    return text


def _text(kind: str, x: float, y: float, words: str, *, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text class="{kind}" x="{_figure(x)}" y="{_figure(y)}"{anchor}>{escaped(words)}</text>'


def _figure(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def escaped(text: str) -> str:
    """A text as XML may hold it, in text and in attributes."""
    shown = "".join(one if one.isprintable() else " " for one in text)
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        shown = shown.replace(sign, name)
    return shown.replace("\ufffe", "").replace("\uffff", "")
