"""New YAML for a value: blocks for what is long, one line for what is short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from core.flows.writing.scalars import key, literal, scalar

WIDTH = 72
LONG = 48
"""A longer text stands on a line of its own."""
STEP_FIRST = ("id", "type")
STEP_LAST = ("config", "next", "on_reply", "on_timeout", "expect", "comment")
FLOW_FIRST = ("name", "description", "timezone", "variables", "quiet_hours", "start")
FLOW_LAST = ("steps", "tests", "canvas")


class Fresh(NamedTuple):
    """New text of a value: what follows its key on the same line, and the lines below."""

    head: str
    body: str = ""


def document(value: Mapping[str, Any]) -> str:
    """A whole flow document."""
    return _mapping(in_order(value), 0) if value else "{}\n"


def fresh(value: Any, indent: int) -> Fresh:
    """A value, with the lines below its key indented so far."""
    if isinstance(value, str):
        if "\n" in value:
            block = literal(value, indent)
            if block is not None:
                return Fresh(*block)
        return Fresh(scalar(value))
    if not isinstance(value, (dict, list)):
        return Fresh(scalar(value))
    line = inline(value) if not value or _is_short(value) else None
    if line is not None and len(line) + indent <= WIDTH:
        return Fresh(line)
    if isinstance(value, list):
        return Fresh("", "".join(item(one, indent) for one in value))
    return Fresh("", _mapping(in_order(value), indent))


def item(value: Any, indent: int) -> str:
    """An item of a list, in lines of its own."""
    pad = " " * indent
    if isinstance(value, dict) and value and is_step(value):
        lines = _mapping(in_order(value), indent + 2)
    else:
        head, lines = fresh(value, indent + 2)
        if head:
            return f"{pad}- {head}\n{lines}"
    return f"{pad}- {lines[indent + 2 :]}"


def entry(name: str, value: Any, indent: int) -> str:
    """A key and its value, in lines of their own."""
    head, lines = fresh(value, indent + 2)
    return f"{' ' * indent}{key(name)}:{' ' + head if head else ''}\n{lines}"


def inline(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        pairs = (f"{key(name)}: {inline(one)}" for name, one in in_order(value).items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(one) for one in value) + "]"
    return scalar(value, flow=True)


def is_step(value: Any) -> bool:
    """Whether a mapping looks like a step."""
    return isinstance(value, dict) and "id" in value and "type" in value


def _mapping(value: Mapping[str, Any], indent: int) -> str:
    return "".join(
        _steps(value[name], indent) if name == "steps" else entry(name, value[name], indent)
        for name in value
    )


def _steps(value: Any, indent: int) -> str:
    if not isinstance(value, list) or not value:
        return entry("steps", value, indent)
    rows = "".join(item(one, indent + 2) for one in value)
    return f"{' ' * indent}steps:\n{rows}"


def in_order(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A flow or a step with its keys in the order in which people read them."""
    if is_step(value):
        return _ordered(value, STEP_FIRST, STEP_LAST)
    is_flow = isinstance(value.get("steps"), list)
    return _ordered(value, FLOW_FIRST, FLOW_LAST) if is_flow else value


def _ordered(value: Mapping[str, Any], first: Iterable[str], last: Iterable[str]) -> dict[str, Any]:
    front = [name for name in first if name in value]
    back = [name for name in last if name in value]
    middle = [name for name in value if name not in front and name not in back]
    return {name: value[name] for name in (*front, *middle, *back)}


def _is_short(value: Any) -> bool:
    """Whether a mapping or list is so small that one line says it best."""
    if isinstance(value, list):
        return all(_is_word(one) for one in value)
    return all(
        _is_word(one) or (isinstance(one, list) and all(map(_is_word, one)))
        for one in value.values()
    )


def _is_word(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONG and "\n" not in value
    return not value or not isinstance(value, (dict, list))
