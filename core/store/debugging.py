"""Debug sessions: one document each, of which the newest are kept."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from core.store.database import Database

MOST = 200
"""So many sessions are kept in a workspace; who starts one more loses the oldest."""


class DebugTable:
    """Debug sessions by their id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def one(self, id: str) -> dict[str, Any] | None:
        """A session's document, None where there is none."""
        rows = self._database.rows("SELECT document FROM debug_sessions WHERE id = ?", (id,))
        return json.loads(rows[0][0]) if rows else None

    def all(
        self, flow_id: str | None = None, limit: int | None = None, offset: int = 0
    ) -> list[dict[str, Any]]:
        """Some sessions' documents, newest first."""
        rows = self._database.rows(
            "SELECT document FROM debug_sessions WHERE $flow IS NULL OR flow_id = $flow "
            "ORDER BY changed_at DESC, id LIMIT $limit OFFSET $offset",
            {"flow": flow_id, "limit": limit if limit is not None else 2**31, "offset": offset},
        )
        return [json.loads(row[0]) for row in rows]

    def count(self, flow_id: str | None = None) -> int:
        """How many there are."""
        rows = self._database.rows(
            "SELECT count(*) FROM debug_sessions WHERE $flow IS NULL OR flow_id = $flow",
            {"flow": flow_id},
        )
        return int(rows[0][0])

    def put(
        self, id: str, flow_id: str | None, changed_at: datetime, document: dict[str, Any]
    ) -> None:
        """Keep a session in the place of what was kept of it before."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM debug_sessions WHERE id = ?", (id,))
            cursor.execute(
                "INSERT INTO debug_sessions VALUES (?, ?, ?, ?)",
                (id, flow_id, changed_at, json.dumps(document)),
            )

    def delete_oldest(self, keep: int = MOST) -> list[str]:
        """Take away all but the newest; gives the ids of those that went."""
        with self._database.transaction() as cursor:
            gone = cursor.execute(
                "DELETE FROM debug_sessions WHERE id IN (SELECT id FROM debug_sessions "
                "ORDER BY changed_at DESC, id OFFSET ?) RETURNING id",
                (keep,),
            ).fetchall()
        return [row[0] for row in gone]

    def delete(self, id: str) -> None:
        """Take a session away."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM debug_sessions WHERE id = ?", (id,))
