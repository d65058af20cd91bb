"""Imported tables: each has its rows in a table of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa

from core.domain.errors import BadInput, StorageFull, TooLarge
from core.domain.experiments import Dataset
from core.store.database import Database, Row, translated
from core.store.dataset_files import FileKind, hash_of, in_words, read_file, wider
from core.store.dataset_queries import MOST_ROWS, SECONDS, answered
from core.store.definitions import Clock, utc_now
from core.store.participant_rows import quoted

MOST_COLUMNS = 1_000
_COLUMNS = "id, name, columns, row_count, imported_at, content_hash"


class DatasetTable:
    """Imported tables by id."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def add_file(
        self, path: Path, name: str, kind: FileKind, *, most: int | None = None
    ) -> Dataset:
        """Import a file, a row at a time.

        Args:
            path: Where it is.
            name: What to call it.
            kind: What it is.
            most: It may have, and unpack to, so many bytes.

        Raises:
            BadInput: If it cannot be read; the message names the line where one is known.
            TooLarge: If it is larger, or has too many columns or rows.
        """
        id = _new_id()
        with self._database.transaction() as cursor:
            source = read_file(cursor, path, name, kind, most)
            make = f"CREATE OR REPLACE TABLE {_table(id)} AS SELECT * FROM"
            try:
                cursor.execute(f"{make} {source}")
            except duckdb.ConversionException:
                cursor.rollback()
                cursor.begin()
                self._again(cursor, f"{make} {wider(source)}", name)
            except duckdb.Error as error:
                raise _told(error, name) from error
            return self._keep(cursor, id, name, hash_of(path))

    @staticmethod
    def _again(cursor: duckdb.DuckDBPyConnection, sql: str, name: str) -> None:
        try:
            cursor.execute(sql)
        except duckdb.Error as error:
            raise _told(error, name) from error

    def add_query(
        self,
        connection_url: str,
        sql: str,
        name: str,
        *,
        most: int = MOST_ROWS,
        seconds: float = SECONDS,
        closed: Path | None = None,
    ) -> Dataset:
        """Import what one SELECT of another database gives; that database is only read.

        Args:
            connection_url: ``duckdb:///FILE``, ``sqlite:///FILE``, ``postgresql://…`` or a path.
            sql: The question.
            name: What to call the table.
            most: No more rows than that.
            seconds: No longer than that.
            closed: A folder whose files are not asked.

        Raises:
            BadInput: If it is anything else than one SELECT, or cannot be answered.
            TooLarge: If it gives more rows, or takes longer.
        """
        id = _new_id()
        with self._database.transaction() as cursor:
            made = False
            asked = answered(connection_url, sql, most=most, seconds=seconds, closed=closed)
            for batch in asked:
                cursor.register("arriving", pa.Table.from_batches([batch]))
                into = f"INSERT INTO {_table(id)}" if made else f"CREATE TABLE {_table(id)} AS"
                cursor.execute(f"{into} SELECT * FROM arriving")
                cursor.unregister("arriving")
                made = True
            if not made:
                raise BadInput(f"{name} has no rows.", place=name)
            found = cursor.execute(
                f"SELECT count(*), bit_xor(hash(all_of_it)) FROM {_table(id)} AS all_of_it"
            ).fetchone()
            return self._keep(cursor, id, name, sha256(repr(found).encode()).hexdigest())

    def _keep(
        self, cursor: duckdb.DuckDBPyConnection, id: str, name: str, content_hash: str
    ) -> Dataset:
        rows = cursor.execute(f"DESCRIBE {_table(id)}").fetchall()
        columns = {row[0]: row[1] for row in rows}
        if len(columns) > MOST_COLUMNS:
            raise TooLarge(f"{name} has more than {MOST_COLUMNS:,} columns.", place=name)
        count, unique = _unique(cursor, id, columns)
        if not count:
            raise BadInput(f"{name} has no rows.", place=name)
        dataset = Dataset(
            id=id,
            name=name,
            columns=columns,
            rows=count,
            imported_at=self._clock(),
            content_hash=content_hash,
        )
        at = dataset.imported_at
        kept = (id, name, json.dumps(columns), json.dumps(unique), count, at, content_hash)
        cursor.execute("INSERT INTO datasets VALUES (?, ?, ?, ?, ?, ?, ?)", kept)
        return dataset

    def one(self, id: str) -> Dataset | None:
        """One table, None where there is none."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM datasets WHERE id = ?", (id,))
        return _dataset(rows[0]) if rows else None

    def all(self) -> list[Dataset]:
        """Every table, newest first."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM datasets ORDER BY imported_at DESC, id")
        return [_dataset(row) for row in rows]

    def unique(self, id: str) -> frozenset[str]:
        """The columns in which no value stands twice."""
        rows = self._database.rows("SELECT unique_columns FROM datasets WHERE id = ?", (id,))
        return frozenset(json.loads(rows[0][0])) if rows else frozenset()

    def delete(self, id: str) -> None:
        """Take a table and its rows away."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM datasets WHERE id = ?", (id,))
            cursor.execute(f"DROP TABLE IF EXISTS {quoted(f'data_{id}')}")

    def preview(self, id: str, n: int = 20) -> list[dict[str, Any]]:
        """Its first rows."""
        dataset = self.one(id)
        if dataset is None:
            return []
        rows = self._database.rows(f"SELECT * FROM {quoted(f'data_{id}')} LIMIT ?", (n,))
        return [dict(zip(dataset.columns, row, strict=True)) for row in rows]


def _dataset(row: Row) -> Dataset:
    id, name, columns, count, imported_at, content_hash = row
    return Dataset(
        id=id,
        name=name,
        columns=json.loads(columns),
        rows=count,
        imported_at=imported_at,
        content_hash=content_hash,
    )


def _new_id() -> str:
    return f"d-{uuid4().hex[:12]}"


def _table(id: str) -> str:
    return quoted(f"data_{id}")


def _unique(
    cursor: duckdb.DuckDBPyConnection, id: str, columns: Iterable[str]
) -> tuple[int, list[str]]:
    """How many rows there are, and the columns in which no value stands twice."""
    names = [quoted(column) for column in columns]
    about = ", ".join(f"approx_count_distinct({name})" for name in names)
    row = cursor.execute(f"SELECT count(*), {about} FROM {_table(id)}").fetchone() or (0,)
    likely = [name for name, some in zip(names, row[1:], strict=True) if some > 0.8 * row[0]]
    found = []
    for column, name in zip(columns, names, strict=True):
        if name in likely:
            exact = cursor.execute(
                f"SELECT count(DISTINCT {name}) = count({name}) FROM {_table(id)}"
            ).fetchone()
            if exact and exact[0]:
                found.append(column)
    return int(row[0]), found


def _told(error: duckdb.Error, name: str) -> Exception:
    """In a person's words, unless it is the disk that is full."""
    ours = translated(error)
    return ours if isinstance(ours, StorageFull) else in_words(error, name)
