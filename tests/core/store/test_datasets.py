"""Imported tables: files of every kind, their faults in words, databases that are only read."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from core.domain.errors import BadInput, GreenroomError, TooLarge
from core.store import FileKind, Store


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store.in_memory()
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Somebody else's database."""
    path = tmp_path / "other one.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute(
            "CREATE TABLE people AS SELECT i AS id, i % 2 = 0 AS bought FROM range(9) t(i)"
        )
    return path


def written(folder: Path, text: str | bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("unit,arm\n1,a\n2,b\n", {"unit": "BIGINT", "arm": "VARCHAR"}),
        (
            "\ufeffunit;arm;x\n1;a;1,5\n2;b;2,25\n",
            {"unit": "BIGINT", "arm": "VARCHAR", "x": "DOUBLE"},
        ),
        ("unit\tarm\n1\ta\n", {"unit": "BIGINT", "arm": "VARCHAR"}),
        ('who|"a|rm"\nx|a\ny|b\n', {"who": "VARCHAR", "a|rm": "VARCHAR"}),
        ("é 'q' \"\",x\n1,true\n2,false\n".replace('""', '"'), None),
        ("näme,x\n1,Müller\n".encode("latin-1"), {"näme": "BIGINT", "x": "VARCHAR"}),
        ("a,b\n1,é\n".encode("utf-16"), {"a": "BIGINT", "b": "VARCHAR"}),
    ],
)
def test_separators_and_letters_are_found(
    store: Store, tmp_path: Path, text: str | bytes, columns: dict[str, str] | None
) -> None:
    dataset = store.datasets.add_file(written(tmp_path, text), "data.csv", "csv")
    assert columns is None or dataset.columns == columns
    assert dataset.rows == len(store.datasets.preview(dataset.id)) > 0


def test_numbers_with_a_comma_are_numbers(store: Store, tmp_path: Path) -> None:
    dataset = store.datasets.add_file(written(tmp_path, "u;x\n1;1,5\n2;-2,25\n"), "d", "csv")
    assert [row["x"] for row in store.datasets.preview(dataset.id)] == [1.5, -2.25]


def test_a_packed_file_is_read_whatever_it_is_called(store: Store, tmp_path: Path) -> None:
    packed = gzip.compress(b"u,x\n1,2\n3,4\n")
    for name in ("data.csv.gz", "upload"):
        path = written(tmp_path, packed, name)
        assert store.datasets.add_file(path, name, "csv").rows == 2


def test_a_path_stands_for_itself_alone(store: Store, tmp_path: Path) -> None:
    written(tmp_path, "u,x\n9,9\n9,9\n", "data1.csv")
    path = written(tmp_path, "u,x\n1,2\n", "data[1]*.csv")
    assert store.datasets.add_file(path, "d", "csv").rows == 1


def test_parquet_and_json_lines(store: Store, tmp_path: Path) -> None:
    place = tmp_path / "x.parquet"
    duckdb.sql("SELECT i AS u, i * 1.5 AS x FROM range(7) t(i)").write_parquet(str(place))
    assert store.datasets.add_file(place, "x.parquet", "parquet").rows == 7
    lines = "\n".join(json.dumps({"u": i, "x": i / 2, "who": {"age": i}}) for i in range(5))
    dataset = store.datasets.add_file(written(tmp_path, lines, "x.jsonl"), "x.jsonl", "jsonl")
    assert dataset.rows == 5 and dataset.columns["x"] == "DOUBLE"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("a,b\n1,2\n3\n4,5\n", "data.csv, line 3", "1 values where 2 columns"),
        ("u,x\n" + "1,1\n" * 50 + "8,9,10\n", "data.csv, line 52", "3 values where 2 columns"),
        ("", "data.csv", "is empty"),
        ("u,x\n", "data.csv", "has no rows"),
        (b"\x00\x01\x02\x00" * 50, "data.csv", "is no text"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    store: Store, tmp_path: Path, text: str | bytes, place: str, said: str
) -> None:
    with pytest.raises(BadInput) as raised:
        store.datasets.add_file(written(tmp_path, text), "data.csv", "csv")
    assert raised.value.place == place
    assert said in raised.value.message
    assert str(tmp_path) not in str(raised.value)
    assert store.datasets.all() == []
    tables = store.database.rows("SELECT table_name FROM duckdb_tables()")
    assert not [name for (name,) in tables if name.startswith("data_")]


def test_other_kinds_that_are_not_what_they_say(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no Parquet file"):
        store.datasets.add_file(written(tmp_path, "hello", "x"), "x.parquet", "parquet")
    with pytest.raises(BadInput, match="one JSON document a line") as raised:
        store.datasets.add_file(written(tmp_path, '{"a":1}\n{a\n', "y"), "y.jsonl", "jsonl")
    assert raised.value.place is not None and "line" in raised.value.place
    with pytest.raises(BadInput, match="There is no file"):
        store.datasets.add_file(tmp_path / "none", "none", "csv")


def test_a_column_that_turns_into_words_late_becomes_text(store: Store, tmp_path: Path) -> None:
    text = "u,x\n" + "".join(f"{i},{i}\n" for i in range(30_000)) + "z,abc\n"
    dataset = store.datasets.add_file(written(tmp_path, text), "d", "csv")
    assert dataset.columns == {"u": "VARCHAR", "x": "VARCHAR"} and dataset.rows == 30_001


def test_tables_are_kept_counted_and_deleted(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "u,x,g\n1,2,a\n2,2,a\n3,5,b\n")
    first = store.datasets.add_file(path, "first", "csv")
    second = store.datasets.add_file(path, "second", "csv")
    assert first.content_hash == second.content_hash and first.id != second.id
    assert store.datasets.unique(first.id) == {"u"}
    assert store.datasets.one(first.id) == first
    assert {one.id for one in store.datasets.all()} == {first.id, second.id}
    assert store.datasets.preview(first.id, 1) == [{"u": 1, "x": 2, "g": "a"}]
    store.datasets.delete(first.id)
    assert store.datasets.one(first.id) is None and store.datasets.preview(first.id) == []
    assert store.datasets.one(second.id) == second


# Other databases


def test_a_duckdb_file_is_asked_and_only_read(store: Store, other: Path) -> None:
    before = other.read_bytes()
    dataset = store.datasets.add_query(
        f"duckdb:///{other}", "WITH x AS (SELECT * FROM people) SELECT id, bought FROM x;", "them"
    )
    assert (dataset.rows, dataset.columns) == (9, {"id": "BIGINT", "bought": "BOOLEAN"})
    assert other.read_bytes() == before
    again = store.datasets.add_query(str(other), "SELECT id, bought FROM people", "them")
    assert again.content_hash == dataset.content_hash


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM people",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE people",
        "WITH x AS (SELECT 1) INSERT INTO people SELECT 1, true",
        "PRAGMA database_list",
        "COPY people TO 'x.csv'",
        "ATTACH 'x.duckdb'",
        "INSTALL httpfs",
        "SHOW TABLES",
        "CALL pragma_version()",
        "EXPLAIN SELECT 1",
        "SET threads = 1",
        "nonsense",
        "",
        "-- SELECT\nDROP TABLE people",
    ],
)
def test_anything_but_one_select_is_refused(store: Store, other: Path, sql: str) -> None:
    with pytest.raises(BadInput, match=r"question|SQL"):
        store.datasets.add_query(str(other), sql, "x")
    with duckdb.connect(str(other), read_only=True) as kept:
        assert kept.sql("SELECT count(*) FROM people").fetchall() == [(9,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM people, read_blob('{secret}')",
    ],
)
def test_a_question_reads_no_files(store: Store, other: Path, tmp_path: Path, sql: str) -> None:
    secret = written(tmp_path, "the,secret\n1,2\n", "secret.csv")
    with pytest.raises(BadInput) as raised:
        store.datasets.add_query(str(other), sql.format(secret=secret), "x")
    assert "the,secret" not in str(raised.value)


def test_a_sqlite_file_is_asked_and_only_read(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE sales (who TEXT, amount, n INTEGER)")
        made.executemany(
            "INSERT INTO sales VALUES (?, ?, ?)", [("a", 1, 1), ("b", 2.5, None), ("c", None, 3)]
        )
    made.close()
    dataset = store.datasets.add_query(f"sqlite:///{path}", "SELECT * FROM sales", "sales")
    assert dataset.columns == {"who": "VARCHAR", "amount": "DOUBLE", "n": "BIGINT"}
    assert [row["amount"] for row in store.datasets.preview(dataset.id)] == [1.0, 2.5, None]
    for sql in ("SELECT load_extension('x')", "DROP TABLE sales", "SELECT 1; SELECT 2"):
        with pytest.raises(BadInput):
            store.datasets.add_query(str(path), sql, "x")


def test_a_question_has_limits(store: Store, other: Path, tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="more than 5 rows"):
        store.datasets.add_query(str(other), "SELECT * FROM people", "x", most=5)
    endless = (
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
    )
    with pytest.raises(TooLarge, match="longer than"):
        store.datasets.add_query(str(other), endless, "x", seconds=0.3)
    sqlite3.connect(tmp_path / "empty.db").execute("CREATE TABLE t (i)").connection.close()
    with pytest.raises(TooLarge, match="longer than"):
        store.datasets.add_query(str(tmp_path / "empty.db"), endless, "x", seconds=0.3)
    assert store.datasets.all() == []


def test_a_password_is_never_repeated(store: Store) -> None:
    url = "postgresql://ann:hunter2@127.0.0.1:1/shop"
    with pytest.raises(GreenroomError) as raised:
        store.datasets.add_query(url, "SELECT 1", "x")
    assert "hunter2" not in str(raised.value)
    with pytest.raises(BadInput, match="no database"):
        store.datasets.add_query("mysql://x/y", "SELECT 1", "x")
    with pytest.raises(BadInput, match="no such database file"):
        store.datasets.add_query("/nowhere/at.duckdb", "SELECT 1", "x")


def packed(folder: Path, kind: str) -> Path:
    """10,000 participants who are all alike: far smaller packed than unpacked."""
    text = {"csv": "u,x\n" + "1,2\n" * 10_000, "jsonl": '{"u": 1, "x": 2}\n' * 10_000}
    if kind in text:
        return written(folder, gzip.compress(text[kind].encode()), "packed")
    path = folder / "packed"
    duckdb.sql("SELECT i AS u, i::VARCHAR AS x FROM range(10000) t(i)").write_parquet(
        str(path), compression="zstd"
    )
    return path


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_what_unpacks_to_more_than_a_table_may_have_is_refused(
    store: Store, tmp_path: Path, kind: FileKind
) -> None:
    path = packed(tmp_path, kind)
    size = path.stat().st_size
    assert store.datasets.add_file(path, "packed", kind, most=1_000_000).rows == 10_000
    with pytest.raises(TooLarge, match="unpacks to more than") as raised:
        store.datasets.add_file(path, "packed", kind, most=size + 100)
    assert "GREENROOM_MAX_TABLE_MB" in (raised.value.fix or "")
    if kind != "parquet":
        with pytest.raises(TooLarge, match="has more than"):
            store.datasets.add_file(path, "packed", kind, most=size - 1)
    assert len(store.datasets.all()) == 1


def test_a_packed_file_that_is_not_whole_is_refused(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(bytes(range(256)) * 99)[:-9], "broken")
    with pytest.raises(BadInput, match="cannot be unpacked"):
        store.datasets.add_file(path, "broken", "jsonl", most=1_000_000)
    with pytest.raises(BadInput, match="zstd"):
        store.datasets.add_file(written(tmp_path, b"\x28\xb5\x2f\xfd1234"), "z", "csv")


def test_a_file_is_read_anew_each_time(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    duckdb.sql("SELECT 0.25::DOUBLE AS x").write_parquet(str(path))
    first = store.datasets.add_file(path, "x", "parquet")
    at = path.stat().st_mtime
    duckdb.sql("SELECT 1::BIGINT AS x").write_parquet(str(path))
    os.utime(path, (at, at))
    second = store.datasets.add_file(path, "x", "parquet")
    assert store.datasets.preview(first.id) == [{"x": 0.25}]
    assert store.datasets.preview(second.id) == [{"x": 1}]


def test_files_of_a_closed_folder_are_not_asked(store: Store, other: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    way = tmp_path / "elsewhere" / ".." / other.name
    for url in (str(other), f"duckdb:///{other}", f"duckdb:///{way}"):
        with pytest.raises(BadInput, match="belongs to Greenroom"):
            store.datasets.add_query(url, "SELECT 1", "q", closed=tmp_path)
    assert store.datasets.add_query(str(other), "SELECT 1", "q", closed=tmp_path / "x").rows == 1
