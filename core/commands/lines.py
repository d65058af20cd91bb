"""JSON lines of a batch command: one object a line in, the same line out with more keys."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from core.domain.errors import BadInput

LONGEST_LINE = 10_000_000


@contextmanager
def lines_of(name: str) -> Iterator[BinaryIO]:
    """The lines of a file; ``-`` is standard input.

    Raises:
        BadInput: If it cannot be read.
    """
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        raise BadInput(f"This file cannot be read: {error.strerror}.", place=name) from error


def objects(lines: Iterable[bytes], example: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where each line stands, and its object; empty lines are passed over.

    Args:
        lines: As they stand in the file.
        example: What a line should look like.

    Raises:
        BadInput: At the first line that is no object; names the line.
    """
    for number, line in enumerate(lines, 1):
        line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if line.strip():
            yield f"line {number}", _object(line, f"line {number}", example)


def written_line(document: dict[str, Any]) -> bytes:
    """An object as one line."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _object(line: bytes, where: str, example: str) -> dict[str, Any]:
    """A line's object, its whole numbers exact however long they are."""
    if len(line) > LONGEST_LINE:
        raise BadInput(f"It is longer than {LONGEST_LINE:,} bytes.", place=where)
    try:
        orjson.loads(line)
        given = json.loads(line, object_pairs_hook=_once)
    except _Twice as error:
        raise BadInput(f"The key '{error}' is there twice.", place=where) from error
    except (ValueError, RecursionError) as error:
        fix = f"Write one object a line: {example}."
        raise BadInput("This is no JSON.", place=where, fix=fix) from error
    if not isinstance(given, dict):
        raise BadInput("This is no JSON object.", place=where)
    return given


class _Twice(ValueError):
    """A key that an object has more than once."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1)[:80])
    return found
