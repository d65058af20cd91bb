"""The files of a command line: flows that are read, results that are written."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

from core.domain.errors import BadInput, GreenroomError

EVENT_FILES = {".parquet": "parquet", ".csv": "events_csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


def flow_source(name: str, most: int) -> dict[str, Any]:
    """What is to be rehearsed: a file's text, or the id of a stored flow."""
    if name == "-" or Path(name).is_file():
        return flow_text(name, most)
    if "/" in name or Path(name).suffix:
        raise BadInput("There is no such file.", place=name)
    return {"flow": name}


def flow_file(name: str, most: int) -> tuple[bytes, str]:
    """A flow file's content and its name; no more of it is read than a flow may have."""
    source = "standard input" if name == "-" else Path(name).name
    try:
        if name == "-":
            return sys.stdin.buffer.read(most + 1), source
        with Path(name).open("rb") as file:
            return file.read(most + 1), source
    except OSError as error:
        raise BadInput(f"This file cannot be read: {error.strerror}.", place=name) from error


def flow_text(name: str, most: int) -> dict[str, Any]:
    """A flow file's text; no more of it is read than a flow may have."""
    data, source = flow_file(name, most)
    try:
        return {
            "text": data.decode("utf-8-sig" if len(data) <= most else "latin-1"),
            "source": source,
        }
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(
            "This is no UTF-8 text.", place=f"{source}, line {line}", fix="Save it as UTF-8."
        ) from error


def given_key(variable: str | None, *, from_input: bool) -> str | None:
    """A model's key from the environment or from standard input; it is never an argument.

    Raises:
        BadInput: If both are named, or there is nothing.
    """
    if variable is None and not from_input:
        return None
    if variable is not None and from_input:
        raise BadInput("The key can come from one place alone.", place="--key-env")
    key = sys.stdin.readline() if variable is None else os.environ.get(variable, "")
    if not key.strip():
        where = "--key-stdin" if variable is None else "--key-env"
        found = "Standard input" if variable is None else f"The environment's {variable}"
        raise BadInput(f"{found} holds no key.", place=where)
    return key.strip()


def event_file(path: str | None) -> dict[str, str]:
    """The format that a file of events is written in; ``-`` gets JSON lines."""
    if path is None:
        return {}
    if path == "-":
        return {path: "jsonl"}
    format = EVENT_FILES.get(Path(path).suffix.lower())
    if format is None:
        raise BadInput(
            "Events are written to .parquet, .csv or .jsonl.",
            place=path,
            fix="Choose such an ending.",
        )
    return {path: format}


def writable(path: str) -> None:
    """Refuse a file that cannot be written before anything is played."""
    if path == "-":
        return
    target = Path(path).resolve()
    folder = target.parent
    if not folder.is_dir():
        raise BadInput("There is no such folder.", place=str(folder), fix="Make it first.")
    if target.is_dir() or (target.exists() and not os.access(target, os.W_OK)):
        raise BadInput("This file cannot be written.", place=path)
    if not _in_place(target) and not os.access(folder, os.W_OK):
        raise BadInput("Nothing can be written into this folder.", place=str(folder))


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Standard output, for writing; says so where it cannot take what is written."""
    try:
        yield sys.stdout.buffer
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_output()
        raise GreenroomError(f"The output cannot be written: {error.strerror}.") from error


def discard_output() -> None:
    """Let go of what standard output cannot take, so that leaving does not try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_file(path: str, chunks: Iterator[bytes]) -> None:
    """Write a file piece by piece; it stays as it was until all of it is there.

    So a file may be read while it is written anew, and nothing is lost where that fails.
    """
    if path == "-":
        with standard_output() as out:
            _pour(chunks, out)
        return
    target = Path(path).resolve()
    try:
        if _in_place(target):
            with target.open("wb") as file:
                _pour(chunks, file)
        else:
            _replace(target, chunks)
    except OSError as error:
        raise GreenroomError(
            f"This file cannot be written: {error.strerror}.", place=path
        ) from error


def _in_place(target: Path) -> bool:
    """Whether it is a device or a pipe, which nothing can take the place of."""
    return target.exists() and not target.is_file()


def _replace(target: Path, chunks: Iterator[bytes]) -> None:
    beside = target.with_name(f".{token_hex(8)}.part")
    try:
        with beside.open("xb") as file:
            _pour(chunks, file)
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _pour(chunks: Iterator[bytes], file: BinaryIO) -> None:
    for chunk in chunks:
        file.write(chunk)
    file.flush()
