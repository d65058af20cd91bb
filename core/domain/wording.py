"""What pydantic finds wrong, in our words: where it is, and one sentence about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sized
from typing import Any

from pydantic_core import PydanticCustomError

LONGEST_PART = 80
_INSIDE = re.compile(r"(function-(after|before|wrap|plain)|constrained-\w+|literal|nullable)\[")
"""What pydantic calls the branches of a union, which nobody has written."""
_WORDS = {
    "missing": "this is needed",
    "extra_forbidden": "is not known here",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object of keys and values",
    "model_type": "must be an object of keys and values",
    "model_attributes_type": "must be an object of keys and values",
    "string_pattern_mismatch": "has a form that is not allowed here",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "must be at least {}"),
    "greater_than": ("gt", "must be more than {}"),
    "less_than_equal": ("le", "must be at most {}"),
    "less_than": ("lt", "must be less than {}"),
    "literal_error": ("expected", "must be {}"),
}


def fault_at(field: str, message: str) -> PydanticCustomError:
    """What a validator of a whole object raises about one of its fields."""
    return PydanticCustomError("value_error", "{message}", {"message": message, "field": field})


def place_of(one: Mapping[str, Any], start: int = 0) -> str | None:
    """Where a fault is: ``("cast", 0, "copies")`` as ``cast[0].copies``; ``start`` skips parts."""
    text = ""
    for part in one["loc"][start:]:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part != "[key]" and not _INSIDE.match(str(part)):
            short = str(part) if len(str(part)) <= LONGEST_PART else f"{part[:LONGEST_PART]}…"
            text += f".{short}" if text else short
    return text or one.get("ctx", {}).get("field")


def sentence_of(one: Mapping[str, Any]) -> str:
    """What is wrong, as a sentence: ``Has 51 entries; at most 50 are allowed.``"""
    text = _said(one)
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _said(one: Mapping[str, Any]) -> str:
    kind, context, given = one["type"], one.get("ctx", {}), one.get("input")
    if kind in _WORDS:
        return _WORDS[kind]
    if kind in _BOUNDS:
        name, text = _BOUNDS[kind]
        bound = context[name]
        return text.format(f"{bound:,}" if isinstance(bound, int | float) else bound)
    if kind.endswith("too_long"):
        return f"{_size(given, context)}at most {context['max_length']:,} are allowed"
    if kind.endswith("too_short"):
        least = context["min_length"]
        return "must not be empty" if least == 1 else f"{_size(given, context)}{least:,} are needed"
    return str(one["msg"]).removeprefix("Value error, ")


def _size(given: Any, context: Mapping[str, Any]) -> str:
    if isinstance(given, str):
        return f"has {len(given):,} characters; "
    size = context.get("actual_length") or (len(given) if isinstance(given, Sized) else None)
    return f"has {size:,} entries; " if size else "has too many entries; "
