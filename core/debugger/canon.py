"""One way of writing any state down, so that equal states have equal bytes."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel


def canonical(value: Any) -> bytes:
    """A value as bytes that are equal where the value is.

    Raises:
        TypeError: If it holds something of which nobody knows how to write it down.
    """
    text = json.dumps(value, default=_plain, sort_keys=True, separators=(",", ":"))
    return text.encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    if isinstance(value, deque):
        return list(value)
    if isinstance(value, BaseModel):
        return value.model_dump()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot be written down")
