"""Changes inside braces and brackets: ``{a: 1, b: [2, 3]}``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from core.flows.writing.entries import Odd
from core.flows.writing.fresh import inline
from core.flows.writing.matching import matched
from core.flows.writing.nodes import Node
from core.flows.writing.sameness import same
from core.flows.writing.scalars import double, key, scalar, single

TRIVIA = re.compile(r"(?:\s+|(?<=\s)#[^\n]*)*")
NOTE = re.compile(r"[ \t]*#[^\n]*")


@dataclass(frozen=True, slots=True)
class Item:
    """One item: what stands before it, itself, what stands before its comma, and behind that."""

    lead: str
    text: str
    before: str = ""
    behind: str = ""


def patched_inline(text: str, node: Node, new: Any) -> str:
    """The text of a mapping in braces, or a list in brackets, with another value.

    Raises:
        Odd: If it cannot be changed in place.
    """
    if text[node.start : node.start + 1] not in ("{", "[") or not node.items or not new:
        raise Odd
    items, close = _items(text, node)
    if node.kind == "map" and isinstance(new, dict):
        parts = _pairs(text, node, items, new)
    elif node.kind == "list" and isinstance(new, list):
        parts = _rows(text, node, items, new)
    else:
        raise Odd
    return text[node.start] + _joined(parts, items) + close


def _items(text: str, node: Node) -> tuple[list[Item], str]:
    """Every item, and what stands from the last one to the closing bracket."""
    items: list[Item] = []
    at = node.start + 1
    for number, value in enumerate(node.items):
        first = node.keys[number].start if node.keys else value.start
        lead = text[at:first]
        end = max(value.end, node.keys[number].end if node.keys else 0)
        found = TRIVIA.match(text, end)
        comma = found.end() if found else end
        item = Item(lead, text[first:end], text[end:comma])
        if text[comma : comma + 1] != ",":
            return [*items, replace(item, before="")], text[end : node.end]
        note = NOTE.match(text, comma + 1)
        at = note.end() if note else comma + 1
        items.append(replace(item, behind=text[comma + 1 : at]))
    return items, text[at : node.end]


def _pairs(text: str, node: Node, items: list[Item], new: dict[str, Any]) -> list[Item]:
    behind: dict[str | None, list[str]] = {}
    anchor: str | None = None
    for name in new:
        if name in node.value:
            anchor = name
        else:
            behind.setdefault(anchor, []).append(name)
    parts = [_new_pair(one, new, items) for one in behind.get(None, ())]
    for name_node, value, item in zip(node.keys, node.items, items, strict=True):
        name = name_node.value
        if name in new:
            parts.append(_kept(text, item, name_node, value, new[name]))
        parts += [_new_pair(one, new, items) for one in behind.get(name, ())]
    return parts


def _new_pair(name: str, new: dict[str, Any], items: list[Item]) -> Item:
    return Item(_lead(items), f"{key(name)}: {inline(new[name])}")


def _rows(text: str, node: Node, items: list[Item], new: list[Any]) -> list[Item]:
    parts = []
    for was, value in zip(matched(node.value, new), new, strict=True):
        if was is None:
            parts.append(Item(_lead(items), inline(value)))
        else:
            parts.append(_kept(text, items[was], None, node.items[was], value))
    return parts


def _lead(items: list[Item]) -> str:
    """What stands before a new item: the blanks before its neighbour, or one blank."""
    lead = items[-1].lead
    return lead if lead and not lead.strip() else " "


def _kept(text: str, item: Item, name: Node | None, node: Node, new: Any) -> Item:
    if same(node.value, new):
        return item
    before = "" if name is None else text[name.start : node.start]
    if name is not None and ":" not in text[name.end : node.start]:
        before = text[name.start : name.end] + ": "
    elif before and node.start == node.end and not before.endswith(" "):
        before += " "
    return replace(item, text=before + _value(text, node, new))


def _value(text: str, node: Node, new: Any) -> str:
    if node.kind != "scalar":
        try:
            return patched_inline(text, node, new)
        except Odd:
            return inline(new)
    if isinstance(new, str) and node.style == '"':
        return double(new)
    if isinstance(new, str) and node.style == "'":
        return single(new) or double(new)
    return inline(new) if isinstance(new, (dict, list)) else scalar(new, flow=True)


def _joined(parts: list[Item], items: list[Item]) -> str:
    """The items with commas between them; the first stands where the first one stood."""
    found = ""
    for number, part in enumerate(parts):
        lead = part.lead
        if number == 0 and not lead.strip():
            lead = items[0].lead if not items[0].lead.strip() else ""
        elif number and not lead:
            lead = " "
        comma = "," if number < len(parts) - 1 else ""
        found += f"{lead}{part.text}{part.before}{comma}{part.behind}"
    return found
