"""Where time and money go at each step of a run: real time, simulated waiting, model calls."""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import pyarrow as pa

from core.store.database import Database

TIMES = pa.schema(
    [
        ("step_id", pa.string()),
        ("bucket", pa.int32()),
        ("visits", pa.int64()),
        ("seconds", pa.float64()),
    ]
)
"""Real time as it arrives: visits by step and bucket, and their seconds."""


class Measured(NamedTuple):
    """A step's real time: visits by bucket, and all their seconds."""

    buckets: dict[int, int]
    seconds: float


class Waited(NamedTuple):
    """A step's simulated time: visits, all their seconds, the median and the 95th percentile."""

    visits: int
    seconds: float
    p50: float | None
    p95: float | None


class Asked(NamedTuple):
    """What language models were asked at a step, and paid."""

    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float


class StepTimeTable:
    """Real time in buckets, and what stands beside it in the events and the ledger of calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def measured(self, run_id: str) -> dict[str, Measured]:
        """A run's real time by step; nothing for a run that was played before it was measured."""
        rows = self._database.rows(
            "SELECT step_id, bucket, sum(visits)::BIGINT, sum(seconds) FROM step_times "
            "WHERE run_id = ? GROUP BY ALL ORDER BY ALL",
            (run_id,),
        )
        found: dict[str, Measured] = {}
        for step, bucket, visits, seconds in rows:
            before = found.get(step, Measured({}, 0.0))
            found[step] = Measured(before.buckets | {bucket: visits}, before.seconds + seconds)
        return found

    def waited(self, run_id: str) -> dict[str, Waited]:
        """Simulated time from arriving at a step to leaving it, by step.

        Whoever ends is followed until nothing more happens, so when they left stands in ``at``.
        """
        rows = self._database.rows(
            """WITH moves AS (
                SELECT contact_id, seq, step_id, kind, simulated_at,
                    CASE WHEN kind = 'ended' THEN coalesce(
                        try_cast(replace(payload->>'$.at', 'Z', '') AS TIMESTAMP), simulated_at)
                    ELSE simulated_at END AS left_at
                FROM events WHERE run_id = $run AND kind IN ('stepped', 'branched', 'ended')),
            visits AS (
                SELECT step_id, kind, epoch(lead(left_at) OVER one - simulated_at) AS seconds
                FROM moves WINDOW one AS (PARTITION BY contact_id ORDER BY seq))
            SELECT step_id, count(*), coalesce(sum(greatest(seconds, 0)), 0),
                quantile_cont(greatest(seconds, 0), [0.5, 0.95])
            FROM visits WHERE kind = 'stepped' GROUP BY step_id ORDER BY step_id""",
            {"run": run_id},
        )
        return {row[0]: Waited(row[1], row[2], *(row[3] or (None, None))) for row in rows}

    def asked(self, account: str) -> dict[str, Asked]:
        """Calls to language models that were made and paid for, by step."""
        rows = self._database.rows(
            """SELECT step_id, count(*) FILTER (NOT cached AND status <> 'unavailable'),
                coalesce(sum(prompt_tokens) FILTER (NOT cached), 0)::BIGINT,
                coalesce(sum(completion_tokens) FILTER (NOT cached), 0)::BIGINT,
                coalesce(sum(cost_usd), 0)
            FROM model_calls WHERE account = ? AND step_id IS NOT NULL
            GROUP BY step_id ORDER BY step_id""",
            (account,),
        )
        return {row[0]: Asked(*row[1:]) for row in rows}


def add_times(cursor: duckdb.DuckDBPyConnection, run_id: str, times: pa.Table) -> None:
    """Put a batch's real time beside its events, in the transaction that commits both."""
    if not times.num_rows:
        return
    cursor.register("arriving_times", times)
    cursor.execute(
        "INSERT INTO step_times SELECT $run, step_id, bucket, visits, seconds FROM arriving_times",
        {"run": run_id},
    )
    cursor.unregister("arriving_times")


def delete_times(cursor: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Take the times of a run and of its tests' runs away, before the runs themselves go."""
    cursor.execute(
        "DELETE FROM step_times WHERE run_id IN "
        "(SELECT id FROM runs WHERE id = $id OR parent_id = $id)",
        {"id": run_id},
    )
