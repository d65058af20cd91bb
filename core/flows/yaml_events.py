"""YAML from its events, one after the other: nothing is built that has not been looked at.

Scalars are read as YAML 1.2 does (``yes`` and ``on`` are texts, ``21:00`` is no number), but for
forms that PyYAML writes as texts (``1e3``, ``0o7``). Aliases,
tags of programs, doubled keys, keys that are no text and more than one document are refused, each
with its line.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import yaml

from core.domain.errors import BadInput, TooLarge

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
STANDARD = "tag:yaml.org,2002:"
SCALAR_TAGS = frozenset(STANDARD + name for name in ("str", "int", "float", "bool", "null"))
WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
FRACTION = re.compile(r"(?:[-+]?[0-9]+(?:\.[0-9]*|(?=[eE]))|\.[0-9]+)(?:[eE][-+][0-9]+)?")
NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
MOMENT = re.compile(r"\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d.*)?")
WORDS = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


class Duplicate(Exception):
    """A key that a mapping holds twice."""


def read_yaml(text: str, *, max_depth: int, max_values: int, max_steps: int) -> Any:
    """The value of a YAML document.

    Raises:
        BadInput, TooLarge: Naming the line and column.
    """
    builder = _Builder(max_depth, max_values, max_steps)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "cannot be read"
        raise BadInput(f"it is not valid YAML: {problem}.", place=_at(mark)) from None
    except yaml.reader.ReaderError as error:
        raise BadInput(
            f"it is not valid YAML: the character U+{_code(error.character):04X} is not allowed.",
            place=_position(text, error.position),
        ) from None
    return builder.result


def _code(character: Any) -> int:
    return character if isinstance(character, int) else ord(str(character)[:1] or " ")


def _position(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line}, column {at - text.rfind(chr(10), 0, at)}"


def _at(mark: Any) -> str | None:
    return None if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"


class _Builder:
    """Builds the document; ``stack`` holds what is open, with the key that waits for a value."""

    def __init__(self, max_depth: int, max_values: int, max_steps: int) -> None:
        self.limits = max_depth, max_values, max_steps
        self.stack: list[tuple[dict[str, Any] | list[Any], list[str]]] = []
        self.result: Any = None
        self.documents = self.values = 0

    def take(self, event: Any) -> None:
        """One event."""
        if isinstance(event, yaml.ScalarEvent):
            self._count(event)
            self._put(scalar_of(event, self._wants_key()), event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._open(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise _bad(event, f"the alias “*{event.anchor}” is not allowed here.", "Write it out.")
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _bad(event, "it holds more than one document.", "Keep the first one.")

    def _count(self, event: Any) -> None:
        self.values += 1
        if self.values > self.limits[1]:
            raise _large(event, f"it has more than {self.limits[1]:,} values.")

    def _open(self, event: Any) -> None:
        mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag not in (None, "!", STANDARD + ("map" if mapping else "seq")):
            raise _bad(event, f"the tag {_tag(event)} is not allowed.", "Take the tag out.")
        if self._wants_key():
            raise _bad(event, "a key is no text.", "Put the key in quotation marks.")
        self._count(event)
        value: dict[str, Any] | list[Any] = {} if mapping else []
        self._put(value, event)
        self.stack.append((value, []))
        if len(self.stack) > self.limits[0]:
            raise _large(event, f"it nests deeper than {self.limits[0]} levels.")

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1][0], dict) and not self.stack[-1][1]

    def _put(self, value: Any, event: Any) -> None:
        if not self.stack:
            self.result = value
            return
        holder, keys = self.stack[-1]
        if isinstance(holder, list):
            holder.append(value)
            if len(self.stack) == 2 and len(holder) > self.limits[2] and self._in_steps():
                raise _large(event, f"it has more than {self.limits[2]:,} steps.")
        elif keys:
            holder[keys.pop()] = value
        elif value in holder:
            raise _bad(event, f"the key “{value[:60]}” is there twice.", "Keep one of them.")
        else:
            holder[value] = None
            keys.append(value)

    def _in_steps(self) -> bool:
        top = self.stack[0][0]
        return isinstance(top, dict) and top.get("steps") is self.stack[1][0]


def scalar_of(event: Any, key: bool = False) -> Any:
    """The value of a scalar's event; ``key``: it must be a text."""
    text: str = event.value
    tag = event.tag
    if tag is not None and tag != "!" and tag not in SCALAR_TAGS:
        raise _bad(event, f"the tag {_tag(event)} is not allowed.", "Take the tag out.")
    if tag in ("!", STANDARD + "str") or not event.implicit[0]:
        value: Any = text
    else:
        value = _plain(text, event)
    if not key or isinstance(value, str):
        return value
    raise _bad(event, f"the key {text[:60]!r} is no text.", "Put the key in quotation marks.")


def _plain(text: str, event: Any) -> Any:
    if text in WORDS:
        return WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if NO_NUMBER.fullmatch(text):
        raise _bad(event, f"{text} is no number that can be used.", "Give a number, or null.")
    if len(text) > 400 and WHOLE.fullmatch(text):
        raise _bad(event, "this number has too many digits.", "Put it in quotation marks.")
    if WHOLE.fullmatch(text):
        return int(text)
    if HEXADECIMAL.fullmatch(text):
        return int(text, 0)
    if FRACTION.fullmatch(text):
        return float(text)
    return _moment(text) if MOMENT.fullmatch(text) else text


def _moment(text: str) -> str:
    """A date or moment in ISO 8601, as JSON would hold it."""
    try:
        if len(text) <= 10:
            return date.fromisoformat(text).isoformat()
        return datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "")).isoformat()
    except ValueError:
        return text


def _tag(event: Any) -> str:
    return str(event.tag)[:60].replace(STANDARD, "!!")


def _bad(event: Any, message: str, fix: str) -> BadInput:
    return BadInput(message, place=_at(event.start_mark), fix=fix)


def _large(event: Any, message: str) -> TooLarge:
    return TooLarge(message, place=_at(event.start_mark), fix="Make it smaller.")
