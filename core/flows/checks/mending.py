"""Small changes to a document, each made on a copy of what it touches."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

REFERENCES = ("next", "on_reply", "on_timeout")
ROWS = ("branches", "arms")
PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def with_steps(document: dict[str, Any], steps: Sequence[Any]) -> dict[str, Any]:
    """The document with these steps in place of its own."""
    return {**document, "steps": list(steps)}


def with_step(document: dict[str, Any], number: int, step: Any) -> dict[str, Any]:
    """The document with one step replaced."""
    steps = document["steps"]
    return with_steps(document, [*steps[:number], step, *steps[number + 1 :]])


def redirected(step: Any, old: str, new: str | None) -> Any:
    """The step with every way to ``old`` leading to ``new``, or taken out."""
    if not isinstance(step, dict):
        return step
    step = _turned(step, REFERENCES, old, new)
    config = step.get("config")
    if not isinstance(config, dict):
        return step
    config = _turned(config, ("else",), old, new)
    for key in ROWS:
        rows = config.get(key)
        if isinstance(rows, list):
            turned = [
                _turned(row, ("next",), old, new) if isinstance(row, dict) else row for row in rows
            ]
            config = {**config, key: turned}
    return {**step, "config": config}


def _turned(
    holder: dict[str, Any], names: Sequence[str], old: str, new: str | None
) -> dict[str, Any]:
    ways = [name for name in names if holder.get(name) == old]
    if new is None:
        return {key: value for key, value in holder.items() if key not in ways}
    return {**holder, **dict.fromkeys(ways, new)}


def parts_of(path: str) -> list[str | int]:
    """``steps[3].config.body`` as its parts."""
    return [int(number) if number else name for number, name in PART.findall(path)]


def changed(value: Any, path: Sequence[str | int], change: Callable[[Any], Any]) -> Any:
    """A copy of a value in which what stands at a path is changed.

    Raises:
        LookupError: If there is nothing at that path.
    """
    if not path:
        return change(value)
    first, *rest = path
    if isinstance(value, list) and isinstance(first, int):
        return [*value[:first], changed(value[first], rest, change), *value[first + 1 :]]
    if isinstance(value, dict) and first in value:
        return {**value, first: changed(value[first], rest, change)}
    raise LookupError(first)
