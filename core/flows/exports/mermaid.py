"""A flow as a Mermaid flowchart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.flows.exports.parts import Card, cards_of, cut, edges_of

BOX = ("[", "]")
SHAPES: dict[str, tuple[str, str]] = {
    "condition": ("{", "}"),
    "split": ("{{", "}}"),
    "wait_for_reply": ("([", "])"),
    "delay": ("([", "])"),
    "lesson": ("[/", "/]"),
    "check_in": ("[/", "/]"),
    "assessment": ("[/", "/]"),
    "set": ("[[", "]]"),
    "tag": ("[[", "]]"),
    "webhook": ("[(", ")]"),
    "goal": ("((", "))"),
    "handoff": ("([", "])"),
    "end": ("([", "])"),
}
"""How each kind of step is drawn; messages are boxes."""
COLOURS = {
    "green": "#1F6B4A",
    "plum": "#7A4E7E",
    "slate": "#3C6E91",
    "ochre": "#C98A1B",
    "brick": "#B3402F",
    "quiet": "#6B726C",
}
ESCAPED = {
    "#": "#35;",
    '"': "#quot;",
    "<": "#lt;",
    ">": "#gt;",
    "&": "#amp;",
    "`": "#96;",
    "|": "#124;",
    "\\": "#92;",
    "{": "#123;",
    "}": "#125;",
}
WIDEST = 60


def mermaid(flow: Mapping[str, Any]) -> str:
    """A flow document as a Mermaid flowchart.

    Args:
        flow: The document as it was given; ways that lead to no step are left out.
    """
    cards = cards_of(flow)
    names = {card.id: f"s{number}" for number, card in enumerate(cards, 1)}
    title = cut(" ".join(str(flow.get("name") or "Untitled flow").split()), 200)
    lines = ["---", f"title: {json.dumps(title)}", "---", "flowchart TD"]
    lines += [f"  {names[card.id]}{_box(card)}" for card in cards]
    for edge in edges_of(flow):
        label = f'|"{_safe(cut(edge.label, WIDEST))}"|' if edge.label.strip() else ""
        lines.append(f"  {names[edge.start]} -->{label} {names[edge.end]}")
    lines += [f"  classDef {tone} stroke:{colour}" for tone, colour in COLOURS.items()]
    for tone in COLOURS:
        own = [names[card.id] for card in cards if card.tone == tone]
        if own:
            lines.append(f"  class {','.join(own)} {tone}")
    return "\n".join(lines) + "\n"


def _box(card: Card) -> str:
    open_, close = SHAPES.get(card.type, BOX)
    parts = [f"<b>{_safe(cut(card.id, WIDEST))}</b>", _safe(cut(card.type, WIDEST))]
    if card.line:
        parts.append(_safe(cut(card.line, WIDEST)))
    return f'{open_}"{"<br/>".join(parts)}"{close}'


def _safe(text: str) -> str:
    """A text in which Mermaid finds nothing but words."""
    flat = "".join(one if one.isprintable() else " " for one in text)
    return "".join(ESCAPED.get(one, one) for one in flat)
