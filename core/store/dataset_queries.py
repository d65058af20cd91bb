"""Results of one question to another database, which is only read: DuckDB, SQLite, PostgreSQL."""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import duckdb
import pyarrow as pa

from core.domain.errors import BadInput, TooLarge

MOST_ROWS = 20_000_000
SECONDS = 60.0
BATCH = 50_000
_ALONE = "Ask one question that starts with SELECT or WITH."
Config = dict[str, str | bool | int | float | list[str]]
_SHUT: Config = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "300MB",
    "threads": 1,
}
_MAY = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
_NEVER = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"}
_SCANNER = "duckdb_extension_postgres_scanner"


def answered(
    url: str,
    sql: str,
    *,
    most: int = MOST_ROWS,
    seconds: float = SECONDS,
    closed: Path | None = None,
) -> Iterator[pa.RecordBatch]:
    """The rows that a question gives, some at a time.

    Args:
        url: ``duckdb:///FILE``, ``sqlite:///FILE``, ``postgresql://…``, or a file's path.
        sql: One SELECT.
        most: No more rows than that.
        seconds: No longer than that.
        closed: A folder whose files are not asked.

    Raises:
        BadInput: If it is anything else than one SELECT, or cannot be answered.
        TooLarge: If it gives more rows, or takes longer.
    """
    question = only_select(sql)
    kind, where = _source(url)
    if closed is not None and kind != "postgres":
        _check_open(Path(where), closed)
    ask = {"duckdb": _of_duckdb, "sqlite": _of_sqlite, "postgres": _of_postgres}[kind]
    deadline, count = time.monotonic() + seconds, 0
    try:
        for batch in ask(where, question, seconds):
            count += batch.num_rows
            if count > most:
                raise TooLarge(
                    f"The question gives more than {most:,} rows.",
                    place="sql",
                    fix="Ask for one row a participant, or for fewer days.",
                )
            if time.monotonic() > deadline:
                raise _too_long(seconds)
            yield batch
    except (duckdb.Error, sqlite3.Error) as error:
        raise (_too_long(seconds) if _interrupted(error) else _no_answer(error)) from error


def _interrupted(error: Exception) -> bool:
    return isinstance(error, duckdb.InterruptException) or str(error) == "interrupted"


def only_select(sql: str) -> str:
    """The question without its semicolon.

    Raises:
        BadInput: If it is not exactly one SELECT.
    """
    try:
        found = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise BadInput(f"This is no SQL: {_line(error)}", place="sql", fix=_ALONE) from error
    if len(found) != 1 or found[0].type != duckdb.StatementType.SELECT:
        raise BadInput("Only one question that reads is asked.", place="sql", fix=_ALONE)
    plain = re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.DOTALL).strip().rstrip(";").strip()
    if not re.match(r"\(*\s*(select|with)\b", plain, re.IGNORECASE):
        raise BadInput("Only one question that reads is asked.", place="sql", fix=_ALONE)
    return sql.strip().rstrip(";")


def _source(url: str) -> tuple[str, str]:
    scheme = urlsplit(url).scheme.lower() if "://" in url else ""
    if scheme in ("postgres", "postgresql"):
        return "postgres", url
    path = unquote(url.split("://", 1)[1]) if scheme else url
    if scheme and path.startswith("/") and not path.startswith("//"):
        path = path if Path(path).exists() else path[1:]
    elif path.startswith("//"):
        path = path[1:]
    kind = scheme or ("sqlite" if Path(path).suffix in (".sqlite", ".sqlite3", ".db") else "duckdb")
    if kind not in ("duckdb", "sqlite"):
        raise BadInput(
            f"'{scheme}' is no database that can be read.",
            place="connection",
            fix="Give duckdb:///FILE, sqlite:///FILE or postgresql://USER@HOST/NAME.",
        )
    if not Path(path).is_file():
        raise BadInput("There is no such database file.", place="connection")
    return kind, path


def _check_open(path: Path, closed: Path) -> None:
    """Refuse a file of ours: it holds other workspaces, and what they keep secret."""
    if path.resolve().is_relative_to(closed.resolve()):
        raise BadInput(
            "This file belongs to Greenroom itself, and is not asked.",
            place="connection",
            fix="Name another database, or export what you need.",
        )


def _of_duckdb(path: str, sql: str, seconds: float) -> Iterator[pa.RecordBatch]:
    with closing(duckdb.connect(path, read_only=True, config=_SHUT)) as connection:
        connection.execute("SET lock_configuration = true")
        with _ended_after(connection, seconds):
            yield from connection.execute(sql).to_arrow_reader(BATCH)


def _of_postgres(url: str, sql: str, seconds: float) -> Iterator[pa.RecordBatch]:
    if re.search(r"\bpostgres_\w+", sql, re.IGNORECASE):
        raise BadInput("Ask the tables by their names alone.", place="sql", fix=_ALONE)
    config: dict[str, str | bool | int | float | list[str]] = {
        **_SHUT,
        "enable_external_access": "true",
    }
    with closing(duckdb.connect(":memory:", config=config)) as connection:
        connection.load_extension(str(_scanner()))
        target = url.replace("'", "''")
        connection.execute(f"ATTACH '{target}' AS source (TYPE postgres, READ_ONLY)")
        connection.execute("USE source")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        with _ended_after(connection, seconds):
            yield from connection.execute(sql).to_arrow_reader(BATCH)


def _scanner() -> Path:
    found = importlib.util.find_spec(_SCANNER)
    places = found.submodule_search_locations if found else None
    files = [file for place in places or () for file in Path(place).rglob("*.duckdb_extension")]
    if not files:
        raise BadInput(
            "PostgreSQL cannot be read here yet.",
            place="connection",
            fix="Install the package duckdb-extension-postgres-scanner, or export a CSV file.",
        )
    return files[0]


@contextmanager
def _ended_after(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    clock = threading.Timer(seconds, connection.interrupt)
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _of_sqlite(path: str, sql: str, seconds: float) -> Iterator[pa.RecordBatch]:
    deadline = time.monotonic() + seconds
    address = f"file:{quote(path)}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        connection.set_authorizer(_allowed)
        connection.set_progress_handler(lambda: int(time.monotonic() > deadline), 10_000)
        schema = _sqlite_schema(connection, sql)
        cursor = connection.execute(sql)
        yield from _sqlite_batches(cursor, schema)


def _allowed(action: int, *named: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (named[1] or "").lower() in _NEVER else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in _MAY else sqlite3.SQLITE_DENY


def _sqlite_schema(connection: sqlite3.Connection, sql: str) -> pa.Schema:
    """SQLite types values and not columns: each column has the narrowest type for all of them."""
    names = [
        column[0] for column in connection.execute(f"SELECT * FROM ({sql}) LIMIT 0").description
    ]
    kinds = ", ".join(
        f"group_concat(DISTINCT typeof({_quoted(name)}))" for name in dict.fromkeys(names)
    )
    if len(set(names)) != len(names):
        raise BadInput("Two columns have the same name.", place="sql", fix="Name them with AS.")
    row = connection.execute(f"SELECT {kinds} FROM ({sql})").fetchone()
    return pa.schema([(name, _type(said)) for name, said in zip(names, row, strict=True)])


def _type(said: str | None) -> pa.DataType:
    kinds = set((said or "").split(",")) - {"null", ""}
    if kinds == {"integer"}:
        return pa.int64()
    return pa.float64() if kinds and kinds <= {"integer", "real"} else pa.string()


def _sqlite_batches(cursor: sqlite3.Cursor, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    reads = [{pa.int64(): int, pa.float64(): float}.get(field.type, _as_text) for field in schema]
    while rows := cursor.fetchmany(BATCH):
        columns = [
            pa.array([None if one is None else read(one) for one in column], field.type)
            for column, read, field in zip(zip(*rows, strict=True), reads, schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _as_text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _too_long(seconds: float) -> TooLarge:
    return TooLarge(
        f"The question took longer than {seconds:g} seconds.",
        place="sql",
        fix="Ask for less, or export a file.",
    )


def _no_answer(error: Exception) -> BadInput:
    return BadInput(f"The database did not answer: {_line(error)}", place="sql")


def _line(error: Exception) -> str:
    said = re.sub(r"\w+://\S+", "…", str(error))
    return said.splitlines()[0].split("Error: ", 1)[-1] if said else type(error).__name__
