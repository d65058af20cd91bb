"""Which ways people took out of steps: what coverage and tests add up."""

from __future__ import annotations

from core.store.fragments import WHO, Rows, without


class WayReading:
    """Questions about ways to the events of one run at a time."""

    def __init__(self, database: Rows) -> None:
        self._database = database

    def ways_by_persona(
        self, run_id: str, leave_out: str | None = None
    ) -> dict[tuple[str, str, str], int]:
        """How many of a persona's people took a way out of a step, by (persona, step, way)."""
        rows = self._database.rows(
            f"""WITH {WHO}
            SELECT persona, step_id, payload->>'$.way', count(DISTINCT contact_id)
            FROM events JOIN who USING (contact_id)
            WHERE run_id = $run AND kind IN ('branched', 'ended')
                AND (payload->>'$.way') IS NOT NULL{without(leave_out)} GROUP BY ALL""",
            {"run": run_id},
        )
        return {(row[0], row[1], row[2]): row[3] for row in rows}

    def way_people(self, run_id: str) -> dict[str, dict[str, int]]:
        """How many people took a way out of a step, by step and way."""
        rows = self._database.rows(
            """SELECT step_id, payload->>'$.way', count(DISTINCT contact_id)
            FROM events WHERE run_id = ? AND kind IN ('branched', 'ended')
                AND (payload->>'$.way') IS NOT NULL GROUP BY ALL ORDER BY ALL""",
            (run_id,),
        )
        found: dict[str, dict[str, int]] = {}
        for step, way, people in rows:
            found.setdefault(step, {})[way] = people
        return found

    def left(self, run_id: str) -> dict[tuple[str, str, str | None], int]:
        """Visits that left a step, by (step, way, the error that was noted)."""
        rows = self._database.rows(
            """SELECT step_id, payload->>'$.way', payload->>'$.error', count(*)
            FROM events WHERE run_id = ? AND kind IN ('branched', 'ended')
                AND (payload->>'$.way') IS NOT NULL GROUP BY ALL ORDER BY ALL""",
            (run_id,),
        )
        return {(row[0], row[1], row[2]): row[3] for row in rows}

    def timed_out(self, run_id: str) -> dict[str, int]:
        """How many people waited at a step until the time was up."""
        rows = self._database.rows(
            "SELECT step_id, count(DISTINCT contact_id) FROM events "
            "WHERE run_id = ? AND kind = 'timed_out' GROUP BY step_id ORDER BY 1",
            (run_id,),
        )
        return dict(rows)
