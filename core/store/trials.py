"""Trials of flows' tests: the newest of each version of a flow."""

from __future__ import annotations

from core.domain.trials import KeptTrial
from core.store.database import Database


class TrialTable:
    """What came of the tests of kept flows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, trial: KeptTrial) -> None:
        """Keep a trial in place of the one before of this version."""
        id = f"{trial.flow_id}@{trial.flow_version}"
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM flow_trials WHERE id = ?", (id,))
            cursor.execute(
                "INSERT INTO flow_trials (id, flow_id, flow_version, made_at, document) "
                "VALUES (?, ?, ?, ?, ?)",
                (
                    id,
                    trial.flow_id,
                    trial.flow_version,
                    trial.made_at.replace(tzinfo=None),
                    trial.model_dump_json(),
                ),
            )

    def newest(self, flow_id: str, version: int | None = None) -> KeptTrial | None:
        """The trial of a version, or of the newest version that has one."""
        rows = self._database.rows(
            "SELECT document FROM flow_trials WHERE flow_id = $flow "
            "AND ($version IS NULL OR flow_version = $version) "
            "ORDER BY flow_version DESC LIMIT 1",
            {"flow": flow_id, "version": version},
        )
        return KeptTrial.model_validate_json(rows[0][0]) if rows else None
