"""From the bytes of a file to a plain document: every hostile input ends here, at once."""

from __future__ import annotations

import json
import re
from math import inf, isfinite
from typing import Any

from core.domain.errors import BadInput, TooLarge
from core.flows.yaml_events import Duplicate, read_yaml

MAX_BYTES = 5_000_000
MAX_STEPS = 5_000
MAX_DEPTH = 100
MAX_VALUES = 200_000
MAX_DIGITS = 30
LARGEST = 2**63
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
JSON_WORD = re.compile(
    r'(?P<key>"[^"\\]*(?:\\.[^"\\]*)*")\s*:|"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL
)
MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def read_flow(
    data: bytes | str, *, source: str = "flow", max_bytes: int = MAX_BYTES
) -> dict[str, Any]:
    """The document of a flow file, JSON or YAML.

    Args:
        data: The file's content.
        source: What to call it in an error: its file name.
        max_bytes: The largest file that is looked at.

    Raises:
        TooLarge: If it is over a limit.
        BadInput: If it cannot be read; names the line and column, or the path.
    """
    text = _decode(data, source, max_bytes)
    if not text.strip():
        raise BadInput(f"{source} is empty.", fix="Give a flow as JSON or YAML.")
    document = _parse(text, source)
    fault = fault_of(document)
    if fault is not None:
        kind = type(fault)
        raise kind(f"{source}: {fault.message}", place=fault.place, fix=fault.fix)
    assert isinstance(document, dict)
    return document


def _decode(data: bytes | str, source: str, max_bytes: int) -> str:
    if len(data) > max_bytes:
        raise TooLarge(
            f"{source} is larger than {max_bytes / 1e6:g} MB.", fix="Split it into several flows."
        )
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    if data.startswith(MARKS):
        raise BadInput(f"{source} is not UTF-8 but UTF-16 or UTF-32.", fix="Save it as UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise BadInput(
            f"{source} is not UTF-8.",
            place=f"line {line}, column {column}",
            fix="Save it as UTF-8.",
        ) from None


def _parse(text: str, source: str) -> Any:
    if text.lstrip()[:1] not in {"{", "["}:
        return _yaml(text, source)
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_int=_whole)
    except (Duplicate, RecursionError) as error:
        raise _json_fault(text, source, error) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        fault = BadInput(f"{source} is not valid JSON: {error.msg.lower()}.", place=place)
    try:
        return _yaml(text, source)
    except BadInput as error:
        raise (error if isinstance(error, TooLarge) else fault) from None


def is_json(text: str) -> bool:
    """Whether a text that can be read is JSON rather than YAML."""
    if text.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _yaml(text: str, source: str) -> Any:
    try:
        return read_yaml(text, max_depth=MAX_DEPTH, max_values=MAX_VALUES, max_steps=MAX_STEPS)
    except BadInput as error:
        raise type(error)(f"{source}: {error.message}", place=error.place, fix=error.fix) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        raise Duplicate(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return found


def _whole(digits: str) -> int | float:
    """A whole number; one beyond all measure becomes infinite, and is refused with its path."""
    return int(digits) if len(digits) <= MAX_DIGITS else inf


def _json_fault(text: str, source: str, error: Exception) -> BadInput:
    """Find the place of a doubled key, or of the level that is one too many."""
    keys: list[set[str] | None] = []
    deep = isinstance(error, RecursionError)
    for match in JSON_WORD.finditer(text):
        word = match[0]
        if word in "{[":
            keys.append(set() if word == "{" else None)
            if deep and len(keys) > MAX_DEPTH:
                message = f"{source} nests deeper than {MAX_DEPTH} levels."
                return TooLarge(message, place=_at(text, match.start()), fix="Make it flatter.")
        elif word in "}]":
            del keys[-1:]
        elif match["key"] and keys and keys[-1] is not None:
            if match["key"] in keys[-1]:
                message = f"{source}: the key {match['key'][:60]} is there twice."
                return BadInput(message, place=_at(text, match.start()), fix="Keep one of them.")
            keys[-1].add(match["key"])
    return BadInput(f"{source}: a key is there twice: {error}.", fix="Keep one of them.")


def _at(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"line {line}, column {position - text.rfind(chr(10), 0, position)}"


def fault_of(document: Any) -> BadInput | None:
    """What keeps a document from being used at all, naming its path; None where nothing does."""
    if not isinstance(document, dict):
        kind = "a list" if isinstance(document, list) else "a single value"
        return BadInput(f"a flow is a mapping with name and steps, not {kind}.")
    steps = document.get("steps")
    if isinstance(steps, list) and len(steps) > MAX_STEPS:
        message = f"it has {len(steps):,} steps; at most {MAX_STEPS:,} are possible."
        return TooLarge(message, place="steps", fix="Split it into several flows.")
    return _walk(document)


def _walk(document: dict[str, Any]) -> BadInput | None:
    """Look at every value, without recursion."""
    open_: list[tuple[Any, str, int]] = [(document, "", 0)]
    values = 0
    while open_:
        value, path, depth = open_.pop()
        values += len(value) if isinstance(value, (dict, list)) else 0
        if depth > MAX_DEPTH:
            return TooLarge(f"it nests deeper than {MAX_DEPTH} levels.", place=path[:120])
        if values > MAX_VALUES:
            return TooLarge(f"it has more than {MAX_VALUES:,} values.", place=path[:120])
        if isinstance(value, dict):
            for key, item in value.items():
                if not isinstance(key, str) or CONTROL.search(key):
                    return BadInput(f"the key {key!r:.60} is no plain text.", place=path or None)
                open_.append((item, f"{path}.{key}" if path else key, depth + 1))
        elif isinstance(value, list):
            open_.extend(
                (item, f"{path}[{number}]", depth + 1) for number, item in enumerate(value)
            )
        elif (message := _scalar_fault(value)) is not None:
            return BadInput(message, place=path)
    return None


def _scalar_fault(value: Any) -> str | None:
    if isinstance(value, str):
        found = CONTROL.search(value)
        return None if found is None else f"has a control character at position {found.start()}."
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return None if -LARGEST <= value < LARGEST else "is a number with too many digits."
    if isinstance(value, float):
        return None if isfinite(value) else "is no finite number, or too large."
    return f"is a {type(value).__name__}, which a flow cannot hold."
