"""Runs and the event log: what was rehearsed, how far it is, and everything that happened."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa

from core.domain.events import EVENT_COLUMNS, Event
from core.domain.runs import Run, RunDraft, RunStatus
from core.store.database import Database, Row
from core.store.definitions import Clock, utc_now
from core.store.step_times import add_times, delete_times

_RUN_COLUMNS = (
    "id, number, status, flow_id, flow_version, population_id, seed, engine, parameters_version, "
    "parent_id, contacts, done, events, created_at, started_at, finished_at, error, cost_usd, "
    "model, budget_usd, twins"
)
_EVENTS = ", ".join(EVENT_COLUMNS)
_PLAIN_EVENTS = _EVENTS.replace("payload", "payload::VARCHAR AS payload")
"""For readers outside, to whom JSON is text."""


class RunTable:
    """Runs and their states."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def add(self, draft: RunDraft, contacts: int) -> Run:
        """Start a record of a run; it is pending."""
        id = f"r-{uuid4().hex[:12]}"
        with self._database.transaction() as cursor:
            row = cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM runs").fetchone()
            number = int(row[0]) if row and draft.parent_id is None else 0
            run = Run(
                **draft.model_dump(),
                id=id,
                number=number,
                status="pending",
                contacts=contacts,
                created_at=self._clock(),
            )
            values = run.model_dump()
            values["model"] = run.model.model_dump_json() if run.model else None
            values["twins"] = json.dumps(run.twins)
            names = _RUN_COLUMNS.split(", ")
            cursor.execute(
                f"INSERT INTO runs ({_RUN_COLUMNS}) VALUES ({', '.join('?' * len(names))})",
                [values[name] for name in names],
            )
        return run

    def one(self, id: str) -> Run | None:
        """One run, by its id or by its number written as digits; None where there is none."""
        rows = self._database.rows(
            f"SELECT {_RUN_COLUMNS} FROM runs WHERE id = $id "
            "OR (parent_id IS NULL AND number = try_cast($id AS INTEGER))",
            {"id": id},
        )
        return self._run(rows[0]) if rows else None

    def all(
        self, flow_id: str | None = None, limit: int | None = None, offset: int = 0
    ) -> list[Run]:
        """Rehearsals, newest first, without the runs that play another run's tests."""
        rows = self._database.rows(
            f"SELECT {_RUN_COLUMNS} FROM runs WHERE parent_id IS NULL "
            "AND ($flow IS NULL OR flow_id = $flow) ORDER BY number DESC "
            "LIMIT $limit OFFSET $offset",
            {"flow": flow_id, "limit": limit if limit is not None else 2**31, "offset": offset},
        )
        return [self._run(row) for row in rows]

    def count(self, flow_id: str | None = None) -> int:
        """How many rehearsals there are."""
        rows = self._database.rows(
            "SELECT count(*) FROM runs WHERE parent_id IS NULL "
            "AND ($flow IS NULL OR flow_id = $flow)",
            {"flow": flow_id},
        )
        return int(rows[0][0])

    def children(self, id: str) -> list[Run]:
        """The runs that play a run's tests with people who are not in its cast."""
        rows = self._database.rows(
            f"SELECT {_RUN_COLUMNS} FROM runs WHERE parent_id = ? ORDER BY created_at, id", (id,)
        )
        return [self._run(row) for row in rows]

    def with_status(self, *statuses: RunStatus) -> list[Run]:
        """Every run in one of these states, children too."""
        rows = self._database.rows(
            f"SELECT {_RUN_COLUMNS} FROM runs WHERE list_contains(?, status) ORDER BY number",
            (list(statuses),),
        )
        return [self._run(row) for row in rows]

    def using_population(self, population_id: str) -> int:
        """How many runs name a population."""
        rows = self._database.rows(
            "SELECT count(*) FROM runs WHERE population_id = ?", (population_id,)
        )
        return int(rows[0][0])

    def change(self, id: str, status: RunStatus, *, error: str | None = None) -> None:
        """Put a run into a state, and note when it started or came to rest."""
        now = self._clock()
        with self._database.transaction() as cursor:
            cursor.execute(
                "UPDATE runs SET status = $status, error = $error, "
                "started_at = CASE WHEN $status = 'running' THEN coalesce(started_at, $now) "
                "ELSE started_at END, "
                "finished_at = CASE WHEN $status IN ('running', 'pending') THEN NULL ELSE $now END "
                "WHERE id = $id",
                {"id": id, "status": status, "error": error, "now": now},
            )

    def allow(self, id: str, budget_usd: float | None) -> None:
        """Set what a run's calls to a language model may cost; None for no limit."""
        with self._database.transaction() as cursor:
            cursor.execute("UPDATE runs SET budget_usd = ? WHERE id = ?", (budget_usd, id))

    def spend(self, id: str, cost_usd: float) -> None:
        """Note what a run has cost so far."""
        with self._database.transaction() as cursor:
            cursor.execute("UPDATE runs SET cost_usd = ? WHERE id = ?", (cost_usd, id))

    def delete(self, id: str) -> None:
        """Take a run, its tests' runs, and all their events and times away."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "DELETE FROM events WHERE run_id IN "
                "(SELECT id FROM runs WHERE id = $id OR parent_id = $id)",
                {"id": id},
            )
            delete_times(cursor, id)
            cursor.execute("DELETE FROM runs WHERE id = $id OR parent_id = $id", {"id": id})

    @staticmethod
    def _run(row: Row) -> Run:
        values = dict(zip(_RUN_COLUMNS.split(", "), row, strict=True))
        values["model"] = json.loads(values["model"]) if values["model"] else None
        values["twins"] = json.loads(values["twins"] or "{}")
        return Run(**values)


class EventLog:
    """The append-only record. Batches are committed with the run's progress, or not at all."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def append(
        self, run_id: str, batch: pa.Table, done: int, times: pa.Table | None = None
    ) -> None:
        """Commit a batch of a run's events: that is the run's checkpoint.

        Args:
            run_id: The run.
            batch: Columns contact_id, seq, simulated_at, variant, actor, kind, step_id, channel,
                body, payload (JSON text).
            done: How many of the run's contacts are complete with this batch.
            times: The real time that it took, by step and bucket.
        """
        with self._database.transaction() as cursor:
            cursor.register("arriving", batch)
            cursor.execute(
                f"INSERT INTO events ({_EVENTS}) SELECT $run, contact_id, seq, $now, simulated_at, "
                "variant, actor, kind, step_id, channel, body, payload FROM arriving",
                {"run": run_id, "now": self._clock()},
            )
            cursor.unregister("arriving")
            cursor.execute(
                "UPDATE runs SET done = ?, events = events + ? WHERE id = ?",
                (done, batch.num_rows, run_id),
            )
            if times is not None:
                add_times(cursor, run_id, times)

    def counts(self, run_id: str) -> dict[str, int]:
        """How many events of each kind a run has so far."""
        rows = self._database.rows(
            "SELECT kind, count(*) FROM events WHERE run_id = ? GROUP BY kind", (run_id,)
        )
        return {row[0]: row[1] for row in rows}

    def failures(self, run_id: str) -> dict[str, int]:
        """How many reactions the engine failed to give, by their status."""
        rows = self._database.rows(
            "SELECT payload->>'$.status', count(*) FROM events "
            "WHERE run_id = ? AND kind = 'engine_failed' GROUP BY 1 ORDER BY 2 DESC, 1",
            (run_id,),
        )
        return {str(row[0]): row[1] for row in rows}

    def of_contact(self, run_id: str, contact_id: str) -> list[Event]:
        """Everything that happened to one contact, in order."""
        rows = self._database.rows(
            f"SELECT {_EVENTS} FROM events WHERE run_id = ? AND contact_id = ? ORDER BY seq",
            (run_id, contact_id),
        )
        return [self._event(row) for row in rows]

    def of_contacts(self, run_id: str, contact_ids: Collection[str]) -> dict[str, list[Event]]:
        """Everything that happened to each of some contacts, in order."""
        rows = self._database.rows(
            f"SELECT {_EVENTS} FROM events WHERE run_id = $run "
            "AND list_contains($contacts, contact_id) ORDER BY contact_id, seq",
            {"run": run_id, "contacts": list(contact_ids)},
        )
        found: dict[str, list[Event]] = {id: [] for id in contact_ids}
        for row in rows:
            event = self._event(row)
            found[event.contact_id].append(event)
        return found

    def page(
        self, run_id: str, *, limit: int = 1_000, offset: int = 0, kind: str | None = None
    ) -> list[Event]:
        """Some of a run's events, by contact and order."""
        rows = self._database.rows(
            f"SELECT {_EVENTS} FROM events WHERE run_id = $run "
            "AND ($kind IS NULL OR kind = $kind) ORDER BY contact_id, seq "
            "LIMIT $limit OFFSET $offset",
            {"run": run_id, "kind": kind, "limit": limit, "offset": offset},
        )
        return [self._event(row) for row in rows]

    def every(self, run_id: str, page: int = 20_000) -> Iterator[Event]:
        """All of a run's events, a page at a time."""
        offset = 0
        while events := self.page(run_id, limit=page, offset=offset):
            yield from events
            offset += page

    def table(self, run_id: str) -> pa.Table:
        """All of a run's events as one Arrow table, by contact and order."""
        return self._database.arrow(
            f"SELECT {_PLAIN_EVENTS} FROM events WHERE run_id = ? ORDER BY contact_id, seq",
            (run_id,),
        )

    def to_parquet(self, run_id: str, path: Path) -> None:
        """Write all of a run's events to a Parquet file, by contact and order."""
        safe = run_id.replace("'", "''")
        self._database.copy_to(
            f"SELECT {_PLAIN_EVENTS} FROM events WHERE run_id = '{safe}' ORDER BY contact_id, seq",
            path,
        )

    @staticmethod
    def _event(row: Row) -> Event:
        values: dict[str, Any] = dict(zip(EVENT_COLUMNS, row, strict=True))
        values["payload"] = json.loads(values["payload"] or "{}")
        return Event(**values)
