"""Live events: who came into an experiment, and what they did there.

They stand in the event log under the experiment's id. An event's id is kept in its payload, so
that one that arrives twice counts once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pyarrow as pa

from core.store.database import Database
from core.store.definitions import Clock, utc_now

_ARRIVING = pa.schema(
    [
        ("contact_id", pa.string()),
        ("position", pa.int64()),
        ("moment", pa.timestamp("us")),
        ("variant", pa.string()),
        ("kind", pa.string()),
        ("step_id", pa.string()),
        ("channel", pa.string()),
        ("body", pa.string()),
        ("payload", pa.string()),
    ]
)
_OF_KIND = "FROM events WHERE run_id = $id AND kind = 'entered'"


class LiveRow(NamedTuple):
    """One event of a live experiment; ``at`` is UTC, None for now."""

    contact_id: str
    variant: str
    kind: str
    payload: dict[str, Any]
    at: datetime | None = None
    step_id: str | None = None
    channel: str | None = None
    body: str | None = None


class Entered(NamedTuple):
    """Whom a participant was assigned to, how likely that was, and when they came in."""

    variant: str
    probability: float
    at: datetime


class LiveTable:
    """The live events of experiments."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def append(self, experiment_id: str, rows: Sequence[LiveRow]) -> None:
        """Commit events after those that their contacts have already."""
        now = self._clock()
        table = pa.Table.from_pylist(
            [
                {
                    **row._asdict(),
                    "position": position,
                    "moment": row.at or now,
                    "payload": json.dumps(row.payload),
                }
                for position, row in enumerate(rows)
            ],
            schema=_ARRIVING,
        )
        with self._database.transaction() as cursor:
            cursor.register("arriving", table)
            cursor.execute(
                """INSERT INTO events (run_id, contact_id, seq, occurred_at, simulated_at, variant,
                    actor, kind, step_id, channel, body, payload)
                SELECT $id, contact_id, coalesce(known.latest, -1)
                    + row_number() OVER (PARTITION BY contact_id ORDER BY position),
                    moment, moment, variant,
                    CASE WHEN kind IN ('sent', 'delivered', 'stepped', 'entered', 'ended',
                        'handed_off') THEN 'flow' ELSE 'contact' END,
                    kind, step_id, channel, body, payload
                FROM arriving LEFT JOIN (
                    SELECT contact_id, max(seq) AS latest FROM events
                    WHERE run_id = $id GROUP BY contact_id) known USING (contact_id)""",
                {"id": experiment_id},
            )
            cursor.unregister("arriving")

    def entered(self, experiment_id: str, contacts: Collection[str]) -> dict[str, Entered]:
        """Which of these contacts were assigned, and to what."""
        rows = self._database.rows(
            "SELECT contact_id, variant, (payload->>'$.probability')::DOUBLE, occurred_at "
            f"{_OF_KIND} AND list_contains($contacts, contact_id)",
            {"id": experiment_id, "contacts": list(contacts)},
        )
        return {row[0]: Entered(*row[1:]) for row in rows}

    def counts(self, experiment_id: str, stratum: str | None = None) -> dict[str, int]:
        """How many were assigned to each variant, in one stratum or in all."""
        rows = self._database.rows(
            f"SELECT variant, count(*) {_OF_KIND} "
            "AND ($stratum IS NULL OR (payload->>'$.stratum') = $stratum) GROUP BY variant",
            {"id": experiment_id, "stratum": stratum},
        )
        return {row[0]: int(row[1]) for row in rows}

    def rounds(self, experiment_id: str) -> list[tuple[int, str, int, float]]:
        """(round, variant, participants, probability) of a bandit's batches, in order."""
        rows = self._database.rows(
            "SELECT coalesce((payload->>'$.round')::BIGINT, 0) AS round, variant, count(*), "
            f"avg((payload->>'$.probability')::DOUBLE) {_OF_KIND} "
            "GROUP BY round, variant ORDER BY round, variant",
            {"id": experiment_id},
        )
        return [(int(row[0]), row[1], int(row[2]), float(row[3])) for row in rows]

    def shares(self, experiment_id: str, round: int) -> dict[str, float] | None:
        """Each variant's probability in a bandit's batch; None where nobody came in it."""
        rows = self._database.rows(
            f"SELECT payload->'$.shares' {_OF_KIND} "
            "AND (payload->>'$.round')::BIGINT = $round LIMIT 1",
            {"id": experiment_id, "round": round},
        )
        return json.loads(rows[0][0]) if rows and rows[0][0] else None

    def known(self, experiment_id: str, event_ids: Collection[str]) -> set[str]:
        """Which of these events arrived before, by the source's ids."""
        rows = self._database.rows(
            "SELECT DISTINCT payload->>'$.id' FROM events WHERE run_id = $id "
            "AND kind <> 'entered' AND list_contains($ids, (payload->>'$.id'))",
            {"id": experiment_id, "ids": list(event_ids)},
        )
        return {row[0] for row in rows}
