"""Files of results as tables: CSV of any separator, Parquet, one JSON document a line."""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
from pathlib import Path
from typing import Literal

import duckdb

from core.domain.errors import BadInput
from core.store.dataset_limits import check_parquet, check_size, is_gzip

FileKind = Literal["csv", "parquet", "jsonl"]
SEPARATORS = ",;\t|"
_FIRST_LINE = 1_000_000
_ON_LINE = re.compile(r"CSV Error on Line: (\d+)")
_IN_LINE = re.compile(r"in line (\d+)")
_COUNTED = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_NOT_READ = "It was not possible to automatically detect"


def read_file(
    cursor: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    kind: FileKind,
    most: int | None = None,
) -> str:
    """A file as SQL that stands behind FROM.

    Raises:
        BadInput: If it is not what it says it is; the message names the line where one is known.
        TooLarge: If it is, or unpacks to, more than so many bytes.
    """
    if not path.is_file():
        raise BadInput(f"There is no file '{name}'.", place=name)
    if path.stat().st_size == 0:
        raise BadInput(f"{name} is empty.", place=name)
    check_size(path, name, most)
    place = _text(_literal(path))
    if kind == "parquet":
        try:
            check_parquet(cursor, place, name, most)
        except duckdb.Error as error:
            raise in_words(error, name) from error
        return f"read_parquet({place}, hive_partitioning = false)"
    if kind == "jsonl":
        return (
            f"read_json({place}, format = 'newline_delimited', hive_partitioning = false, "
            f"maximum_object_size = 16777216{_packing(path)})"
        )
    return _csv(cursor, path, name, place)


def _csv(cursor: duckdb.DuckDBPyConnection, path: Path, name: str, place: str) -> str:
    encoding, line = _first_line(path, name)
    try:
        counts = {mark: len(next(csv.reader([line], delimiter=mark))) for mark in SEPARATORS}
    except (csv.Error, StopIteration) as error:
        raise BadInput(f"The first line of {name} names no columns.", place=name) from error
    separator = max(SEPARATORS, key=lambda mark: counts[mark])
    options = (
        f"delim = {_text(separator)}, header = true, skip = 0, quote = '\"', escape = '\"', "
        f"hive_partitioning = false, encoding = '{encoding}'"
    )
    options += _packing(path)
    found = [f"read_csv({place}, {options})"]
    if separator == ";":
        found.append(f"read_csv({place}, {options}, decimal_separator = ',')")
    try:
        return min(found, key=lambda one: _texts(cursor, one))
    except duckdb.Error as error:
        plain = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(counts[separator]))
        as_text = f"read_csv({place}, {options}, auto_detect = false, columns = {{{plain}}})"
        raise _first_fault(cursor, as_text, error, name) from error


def _texts(cursor: duckdb.DuckDBPyConnection, source: str) -> int:
    """How many of its columns are no numbers, dates or yes and no."""
    rows = cursor.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return sum(row[1] == "VARCHAR" for row in rows)


def _first_fault(
    cursor: duckdb.DuckDBPyConnection, as_text: str, error: duckdb.Error, name: str
) -> BadInput:
    """Where a file stops to be a table: read as text, the line is known."""
    cursor.rollback()
    cursor.begin()
    try:
        cursor.execute(f"SELECT count(COLUMNS(*)) FROM {as_text}").fetchall()
    except duckdb.Error as fault:
        return in_words(fault, name)
    return in_words(error, name)


def wider(source: str) -> str:
    """The same, with types by all rows and not the first ones alone."""
    return f"{source[:-1]}, sample_size = -1)"


def _first_line(path: Path, name: str) -> tuple[str, str]:
    """(encoding, the first line)."""
    try:
        with path.open("rb") as packed:
            file = gzip.GzipFile(fileobj=packed) if is_gzip(path) else packed
            start = file.read(_FIRST_LINE)
    except (OSError, EOFError) as error:
        raise BadInput(f"{name} cannot be unpacked.", place=name) from error
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, text = "utf-16", start[: len(start) // 2 * 2].decode("utf-16", "replace")
    else:
        try:
            encoding, text = "utf-8", start.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            whole = error.start > len(start) - 4
            encoding = "utf-8" if whole else "latin-1"
            text = start.decode(encoding, "ignore").lstrip("\ufeff")
    if "\0" in text:
        raise BadInput(f"{name} is no text, so it is no CSV file.", place=name)
    return encoding, text.splitlines()[0] if text.strip() else ""


def _packing(path: Path) -> str:
    return ", compression = 'gzip'" if is_gzip(path) else ""


def _literal(path: Path) -> str:
    """The path so that no character of it stands for other files."""
    return re.sub(r"([*?\[])", r"[\1]", str(path.resolve()))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def in_words(error: duckdb.Error, name: str) -> BadInput:
    """What is wrong with a file, for the person who gave it."""
    said = str(error)
    found = _ON_LINE.search(said) or _IN_LINE.search(said)
    place = f"{name}, line {int(found[1]):,}" if found else name
    if counted := _COUNTED.search(said):
        return BadInput(
            f"There are {counted[2]} values where {counted[1]} columns are named.",
            place=place,
            fix="Look at that line: a separator or a quote may be missing.",
        )
    if "nterminated quote" in said or "unterminated" in said:
        return BadInput("A quote is opened and never closed.", place=place)
    if "unicode" in said.lower() or "not utf-8" in said.lower():
        return BadInput(
            "There are letters that are not UTF-8.", place=place, fix="Save the file as UTF-8."
        )
    if "Could not convert" in said:
        told = re.search(r'converting column "(.*?)". (Could not convert .*)', said)
        what = f"Column '{told[1]}': {told[2].lower()}" if told else "A value does not fit."
        return BadInput(what, place=place)
    if "arquet" in said:
        return BadInput("This is no Parquet file, or it is not whole.", place=place)
    if "JSON" in said:
        return BadInput("This is not one JSON document a line.", place=place)
    if _NOT_READ in said:
        return BadInput("This is no table of values with separators.", place=place)
    first = said.splitlines()[0].split(": ", 1)[-1]
    return BadInput(f"It cannot be read: {first}", place=place)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
