"""One DuckDB file: the connection, transactions, and the border where its errors become ours."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from core.domain.errors import GreenroomError, StorageFailed, StorageFull

Row = tuple[Any, ...]
_FULL = ("no space left", "file too large", "disk full", "max_temp_directory_size")


def translated(error: Exception) -> GreenroomError:
    """Our error for one of DuckDB's or the operating system's."""
    text = str(error)
    if any(sign in text.lower() for sign in _FULL) or (
        isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
    ):
        return StorageFull(
            "The disk has no room left. What was confirmed is safe.",
            fix="Free some space, then resume.",
        )
    return StorageFailed(f"The workspace's database answered: {text.splitlines()[0]}")


class Database:
    """A DuckDB file that this process owns.

    Reads run on a cursor each, beside the one writer. ``transaction`` holds the writer's lock.

    Raises:
        StorageFailed: If the file cannot be opened, read or written.
        StorageFull: If the disk is full.
    """

    def __init__(self, path: Path, *, memory: str = "600MB", threads: int = 2) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = duckdb.connect(
                str(path),
                config={
                    "memory_limit": memory,
                    "threads": threads,
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                    "preserve_insertion_order": True,
                    "enable_external_file_cache": False,
                },
            )
        except (duckdb.Error, OSError) as error:
            raise translated(error) from error
        self._writing = threading.RLock()

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """All rows of a query."""
        with self._reading() as cursor:
            return cursor.execute(sql, parameters).fetchall()

    def arrow(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> pa.Table:
        """A query's result as one Arrow table."""
        with self._reading() as cursor:
            return cursor.execute(sql, parameters).to_arrow_table()

    def copy_to(self, sql: str, path: Path, parameters: Sequence[Any] = ()) -> None:
        """Write a query's result to a Parquet file, without holding it in memory."""
        target = str(path).replace("'", "''")
        with self._reading() as cursor:
            cursor.execute(f"COPY ({sql}) TO '{target}' (FORMAT parquet)", parameters)

    def spill_to(self, folder: Path) -> None:
        """Where a query puts what does not fit into memory, instead of beside the file."""
        target = str(folder).replace("'", "''")
        with self._reading() as cursor:
            cursor.execute(f"SET temp_directory = '{target}'")

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor whose work is committed at the end, or rolled back if anything raises."""
        with self._writing, self._reading() as cursor:
            cursor.begin()
            try:
                yield cursor
                cursor.commit()
            except BaseException:
                self._roll_back(cursor)
                raise

    @staticmethod
    def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
        try:
            cursor.rollback()
        except duckdb.TransactionException:
            return  # a failed commit has rolled back already

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            cursor = self._connection.cursor()
            try:
                yield cursor
            finally:
                cursor.close()
        except (duckdb.Error, OSError) as error:
            raise translated(error) from error

    def close(self) -> None:
        """Write what is pending and let go of the file."""
        with self._writing:
            self._connection.close()
