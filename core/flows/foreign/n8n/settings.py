"""The names and values that n8n's Edit Fields (Set) gives, in every version of the node."""

from __future__ import annotations

import json
import re
from typing import Any

from core.flows.foreign.n8n.nodes import Node
from core.flows.foreign.saying import CURLY

ASSIGNED = re.compile(r"Object\.assign\(\s*(\{[^{}]*\})\s*,")


def settings_of(node: Node) -> list[tuple[str, Any]]:
    """The names and values that a Set node gives, in every version."""
    found: list[tuple[str, Any]] = []
    for rows in (node.get("assignments", "assignments"), node.get("fields", "values")):
        for one in rows if isinstance(rows, list) else ():
            if isinstance(one, dict) and isinstance(one.get("name"), str):
                found += [(one["name"], _assigned(one))]
    old = node.get("values")
    for kind in ("string", "number", "boolean"):
        rows = old.get(kind) if isinstance(old, dict) else None
        for one in rows if isinstance(rows, list) else ():
            if isinstance(one, dict) and isinstance(one.get("name"), str):
                found += [(one["name"], one.get("value"))]
    if not found and node.text("jsonOutput"):
        found = _from_json(node.text("jsonOutput"))
    named = ((name.removeprefix("=").strip(), value) for name, value in found[:200])
    return [(name, value) for name, value in named if name]


def _assigned(one: dict[str, Any]) -> Any:
    kind = str(one.get("type", "")).removesuffix("Value")
    value = one.get("value", one.get(f"{kind}Value"))
    if value is None:
        named = ("stringValue", "numberValue", "booleanValue", "arrayValue", "objectValue")
        value = next((one[name] for name in named if name in one), None)
    if isinstance(value, str) and "{{" not in value:
        if kind == "number" and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value.strip()):
            return float(value) if "." in value else int(value)
        if kind == "boolean" and value in ("true", "false"):
            return value == "true"
        if kind in ("array", "object"):
            return _parsed(value)
    return value


def _parsed(text: str) -> Any:
    try:
        return json.loads(text.removeprefix("="))
    except (ValueError, RecursionError):
        return text


def _from_json(text: str) -> list[tuple[str, Any]]:
    """The values of a JSON text that may hold expressions, in quotes or bare."""
    inside = ASSIGNED.search(text)
    text = inside[1] if inside else text.removeprefix("=")
    words: list[str] = []

    def kept(match: re.Match[str]) -> str:
        words.append(match[0])
        return f"@@{len(words) - 1}@@"

    marked = re.sub(r"(?<=[:\[,])\s*(@@\d+@@)\s*(?=[,}\]\n])", r'"\1"', CURLY.sub(kept, text))
    whole = _parsed(re.sub(r",\s*(?=[}\]])", "", marked))
    if not isinstance(whole, dict):
        return []
    return [(str(name), _unmarked(value, words)) for name, value in whole.items()]


def _unmarked(value: Any, words: list[str]) -> Any:
    """A value with its expressions where they were."""
    if isinstance(value, str) and "@@" in value:
        return "=" + re.sub(r"@@(\d{1,6})@@", lambda found: _word(words, found), value)
    if isinstance(value, dict):
        return {name: _unmarked(one, words) for name, one in value.items()}
    return [_unmarked(one, words) for one in value] if isinstance(value, list) else value


def _word(words: list[str], found: re.Match[str]) -> str:
    number = int(found[1])
    return words[number] if number < len(words) else found[0]
