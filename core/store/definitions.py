"""Definitions with versions: personas, flows, the behaviour model's parameters, small facts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import duckdb

from core.domain.flows import StoredFlow
from core.domain.personas import Persona
from core.store.database import Database, Row

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment in UTC, without a zone, as the database keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


class VersionedTable:
    """Rows (id, version, name, document, deleted, created_at), of which the newest counts.

    ``more`` names columns that a table has beside these.
    """

    more: tuple[str, ...] = ()

    def __init__(self, database: Database, table: str, clock: Clock = utc_now) -> None:
        self._database = database
        self._table = table
        self._clock = clock
        self._columns = ", ".join(("id, version, name, document, created_at", *self.more))

    def newest(self) -> list[Row]:
        """(id, version, name, document, created_at, …) of everything not deleted, by name."""
        return self._database.rows(
            f"SELECT {self._columns} FROM {self._table} "
            "QUALIFY version = max(version) OVER (PARTITION BY id) AND NOT deleted "
            "ORDER BY lower(name), id"
        )

    def get(self, id: str, version: int | None = None) -> Row | None:
        """One version, or the newest that is not deleted; None where there is none."""
        rows = self._database.rows(
            f"SELECT {self._columns}, deleted "
            f"FROM {self._table} WHERE id = $id AND ($version IS NULL OR version = $version) "
            "ORDER BY version DESC LIMIT 1",
            {"id": id, "version": version},
        )
        if not rows or (version is None and rows[0][-1]):
            return None
        return rows[0][:-1]

    def versions(self, id: str) -> list[Row]:
        """Every version of one definition, newest first."""
        return self._database.rows(
            f"SELECT {self._columns} FROM {self._table} "
            "WHERE id = ? AND NOT deleted ORDER BY version DESC",
            (id,),
        )

    def taken(self) -> set[str]:
        """Every id that was ever used; an id is never used again for something else."""
        return {row[0] for row in self._database.rows(f"SELECT DISTINCT id FROM {self._table}")}

    def add(
        self, id: str, name: str, document: dict[str, Any], *, deleted: bool = False, **more: Any
    ) -> int:
        """Append a version; gives its number."""
        with self._database.transaction() as cursor:
            version = self._newest(cursor, id) + 1
            self._insert(cursor, (id, version, name, document, deleted), more)
        return version

    def _newest(self, cursor: duckdb.DuckDBPyConnection, id: str) -> int:
        row = cursor.execute(
            f"SELECT coalesce(max(version), 0) FROM {self._table} WHERE id = ?", (id,)
        ).fetchone()
        return int(row[0]) if row else 0

    def _insert(
        self, cursor: duckdb.DuckDBPyConnection, values: tuple[Any, ...], more: dict[str, Any]
    ) -> None:
        id, version, name, document, deleted = values
        kept = [id, version, name, json.dumps(document), deleted, self._clock()]
        columns = ", ".join(("id, version, name, document, deleted, created_at", *self.more))
        kept += [more.get(column) for column in self.more]
        marks = ", ".join("?" * len(kept))
        cursor.execute(f"INSERT INTO {self._table} ({columns}) VALUES ({marks})", kept)


class PersonaTable(VersionedTable):
    """The personas that a workspace made itself."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        super().__init__(database, "personas", clock)

    def all(self) -> list[Persona]:
        """Every persona of the workspace, by name."""
        return [self._persona(row) for row in self.newest()]

    def one(self, id: str) -> Persona | None:
        """One persona, None where there is none."""
        row = self.get(id)
        return self._persona(row) if row else None

    @staticmethod
    def _persona(row: Row) -> Persona:
        return Persona.model_validate({**json.loads(row[3]), "id": row[0], "version": row[1]})


class FlowTable(VersionedTable):
    """The flows of a workspace; ``text`` is the YAML that a document was read from."""

    more = ("text",)

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        super().__init__(database, "flows", clock)

    def all(self) -> list[StoredFlow]:
        """The newest version of every flow, by name."""
        return [self._flow(row) for row in self.newest()]

    def one(self, id: str, version: int | None = None) -> StoredFlow | None:
        """One flow, None where there is none."""
        row = self.get(id, version)
        return self._flow(row) if row else None

    def add_after(
        self, after: int, id: str, name: str, document: dict[str, Any], **more: Any
    ) -> int | None:
        """Append a version if ``after`` is the newest; None, and nothing is kept, if it is not."""
        with self._database.transaction() as cursor:
            if self._newest(cursor, id) != after:
                return None
            self._insert(cursor, (id, after + 1, name, document, False), more)
        return after + 1

    def history(self, id: str) -> list[StoredFlow]:
        """Every version of one flow, newest first."""
        return [self._flow(row) for row in self.versions(id)]

    @staticmethod
    def _flow(row: Row) -> StoredFlow:
        return StoredFlow(
            id=row[0],
            version=row[1],
            name=row[2],
            document=json.loads(row[3]),
            created_at=row[4],
            text=row[5],
        )


class ParameterTable:
    """The versions of the behaviour model's parameters; version 1 is the one we ship."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def versions(self) -> list[tuple[int, str, datetime]]:
        """(version, note, created_at) of what the workspace saved, newest first."""
        rows = self._database.rows(
            "SELECT version, note, created_at FROM parameters ORDER BY version DESC"
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def document(self, version: int) -> dict[str, Any] | None:
        """The changed values of one version, None where there is no such version."""
        rows = self._database.rows("SELECT document FROM parameters WHERE version = ?", (version,))
        return json.loads(rows[0][0]) if rows else None

    def add(self, document: dict[str, Any], note: str) -> int:
        """Append a version; gives its number, from 2."""
        with self._database.transaction() as cursor:
            row = cursor.execute("SELECT coalesce(max(version), 1) + 1 FROM parameters").fetchone()
            version = int(row[0]) if row else 2
            cursor.execute(
                "INSERT INTO parameters VALUES (?, ?, ?, ?)",
                (version, json.dumps(document), note, self._clock()),
            )
        return version


class FactTable:
    """Small facts about the workspace, by name (``demo`` is true in the demo workspace)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> Any:
        """A fact's value, None where there is none."""
        rows = self._database.rows("SELECT value FROM facts WHERE name = ?", (name,))
        return json.loads(rows[0][0]) if rows else None

    def put(self, name: str, value: Any) -> None:
        """Set a fact."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM facts WHERE name = ?", (name,))
            cursor.execute("INSERT INTO facts VALUES (?, ?)", (name, json.dumps(value)))
