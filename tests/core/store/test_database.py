"""The database: all or nothing, errors that are ours, a schema that grows by steps."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import duckdb
import pytest

from core.domain.errors import StorageFailed, StorageFull
from core.store import Database, Store
from core.store.database import translated
from core.store.migrations import MIGRATIONS, migrate


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(tmp_path / "new" / "file.duckdb")
    with made.transaction() as cursor:
        cursor.execute("CREATE TABLE numbers (n INTEGER)")
    return made


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError, match="in the middle"), database.transaction() as cursor:
        cursor.execute("INSERT INTO numbers VALUES (1)")
        raise RuntimeError("in the middle")
    assert database.rows("SELECT count(*) FROM numbers") == [(0,)]
    with database.transaction() as cursor:
        cursor.execute("INSERT INTO numbers VALUES (1)")
    assert database.rows("SELECT n FROM numbers") == [(1,)]


def test_readers_see_what_is_committed_beside_a_writer(database: Database) -> None:
    counts: list[int] = []
    with database.transaction() as cursor:
        cursor.execute("INSERT INTO numbers VALUES (1)")
        reader = threading.Thread(
            target=lambda: counts.append(database.rows("SELECT count(*) FROM numbers")[0][0])
        )
        reader.start()
        reader.join()
    assert counts == [0]


def test_many_writers_take_turns(database: Database) -> None:
    def write() -> None:
        for _ in range(20):
            with database.transaction() as cursor:
                cursor.execute("INSERT INTO numbers SELECT coalesce(max(n), 0) + 1 FROM numbers")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.rows("SELECT count(*), count(DISTINCT n), max(n) FROM numbers") == [
        (80, 80, 80)
    ]


def test_errors_are_ours(database: Database, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="nothing"):
        database.rows("SELECT * FROM nothing")
    garbage = tmp_path / "garbage.duckdb"
    garbage.write_bytes(b"not a database at all" * 1_000)
    with pytest.raises(StorageFailed):
        Database(garbage)


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), StorageFull),
        (OSError(errno.EFBIG, "File too large"), StorageFull),
        (duckdb.IOException("IO Error: Could not write: No space left on device"), StorageFull),
        (duckdb.IOException("IO Error: something else"), StorageFailed),
        (OSError(errno.EACCES, "Permission denied"), StorageFailed),
    ],
)
def test_a_full_disk_is_told_from_other_failures(error: Exception, ours: type[Exception]) -> None:
    assert type(translated(error)) is ours


def test_each_step_of_the_schema_is_taken_once(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    for _ in range(2):
        store = Store(path)
        rows = store.database.rows("SELECT number, name FROM migrations ORDER BY number")
        assert rows == [(n, step.__name__) for n, step in enumerate(MIGRATIONS, 1)]
        store.close()
    store = Store(path)
    assert migrate(store.database) == len(MIGRATIONS)
    store.close()


def test_the_schema_keeps_to_what_ducklake_shares(tmp_path: Path) -> None:
    """No keys, sequences, unique constraints or indexes."""
    store = Store(tmp_path / "store.duckdb")
    for table in ("duckdb_constraints", "duckdb_indexes", "duckdb_sequences"):
        assert store.database.rows(f"SELECT * FROM {table}()") == []
    store.close()
