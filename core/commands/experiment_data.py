"""Tables that an experiment is read from on the command line: a file, its input, a query."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal, get_args

from core.commands.files import flow_text
from core.domain.errors import BadInput
from core.domain.experiments import Dataset
from core.twins import Upload
from core.workbench import Workspace

TableKind = Literal["csv", "parquet", "jsonl"]
KINDS: tuple[TableKind, ...] = get_args(TableKind)
_ENDINGS: dict[str, TableKind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_PACKED = (".gz", ".zst")
_BEGINNING = 4_096
_LONGEST_NAME = 255
MOST_CASES = 100_000_000


@contextmanager
def table_file(name: str) -> Iterator[tuple[Path, str]]:
    """A table's file and what to call it; ``-`` is standard input, which is put on the disk.

    Raises:
        BadInput: If it cannot be read, or there is nothing in it.
    """
    if name != "-":
        yield _readable(Path(name)), Path(name).name
        return
    with tempfile.TemporaryDirectory(prefix="greenroom-") as folder:
        path = Path(folder) / "input"
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield _readable(path, "standard input"), "standard input"


def _readable(path: Path, called: str | None = None) -> Path:
    place = called or str(path)
    try:
        if path.is_dir():
            raise BadInput("This is a folder, not a table.", place=place)
        with path.open("rb") as file:
            if not file.read(_BEGINNING).strip():
                raise BadInput("This file is empty.", place=place)
    except OSError as error:
        raise BadInput(f"This file cannot be read: {error.strerror}.", place=place) from error
    return path


def imported_table(space: Workspace, file: Upload) -> Dataset:
    """A file that has arrived, kept as a table.

    Raises:
        TooLarge: If it is larger than a table may be.
        BadInput: If it cannot be read.
    """
    path = _readable(file.path, file.name)
    return space.datasets.add_file(path, file.name[-_LONGEST_NAME:], kind_of(path, file.name))


def kind_of(path: Path, name: str) -> TableKind:
    """What a table's file is, by its ending, else by how it begins.

    Raises:
        BadInput: If it is no table at all.
    """
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING)
    if beginning.startswith(b"PAR1"):
        return "parquet"
    ending = _ENDINGS.get(_ending(name))
    packed = Path(name).suffix.lower() in _PACKED
    if not packed and (b"\0" in beginning or ending == "parquet"):
        raise BadInput("This is no table.", place=name, fix="Give CSV, Parquet or JSON lines.")
    return ending or ("jsonl" if beginning.lstrip()[:1] == b"{" else "csv")


def _ending(name: str) -> str:
    path = Path(name)
    return (path.with_suffix("") if path.suffix.lower() in _PACKED else path).suffix.lower()


def cases_file(name: str) -> dict[str, Any]:
    """The cases in a JSON file, whose figures are wanted; ``-`` is standard input.

    NaN and infinities are read as what they are: no figure can be told from them.

    Raises:
        BadInput: If it holds no cases; names the line.
    """
    text = flow_text(name, MOST_CASES)
    try:
        document = json.loads(text["text"])
    except json.JSONDecodeError as error:
        place = f"{text['source']}, line {error.lineno}"
        raise BadInput("This is no JSON.", place=place) from error
    except (ValueError, RecursionError) as error:
        raise BadInput("This JSON cannot be used.", place=text["source"]) from error
    if isinstance(document, list):
        return {"cases": document}
    if not isinstance(document, dict):
        fix = 'Write {"cases": [{"id": …, "kind": …}]}.'
        raise BadInput("There are no cases here.", place=text["source"], fix=fix)
    return document


def kind_named(word: str) -> TableKind:
    """A kind of table by its name.

    Raises:
        BadInput: If there is none.
    """
    for kind in KINDS:
        if word == kind:
            return kind
    raise BadInput(f"'{word[:60]}' is no kind of table.", fix=f"Use {', '.join(KINDS)}.")


def spilled(text: str, file: IO[bytes]) -> None:
    """A table that came as text, written down."""
    file.write(text.encode())
    file.flush()
