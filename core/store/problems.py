"""Reading a run: what went wrong, where, for whom, and who is known to have gone which way."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.problems import Gone, Wrong
from core.store.fragments import WHO, Rows

MOST, EACH = 300, 5
"""So many rows at most; so many that differ only in what the event says."""
WRONG = """wrong AS (
    SELECT step_id, kind, contact_id, seq,
        CASE WHEN kind = 'failed' THEN coalesce(payload->>'$.reason', 'bounced')
            WHEN kind = 'engine_failed' THEN coalesce(payload->>'$.status', 'unavailable')
            WHEN (payload->>'$.reason') = 'too_long' THEN 'too_long' ELSE 'error' END AS reason,
        CASE WHEN kind = 'failed' THEN payload->>'$.message'
            WHEN kind IN ('branched', 'ended', 'set') THEN payload->>'$.error' END AS said
    FROM events WHERE run_id = $run AND step_id IS NOT NULL AND (
        kind IN ('failed', 'engine_failed')
        OR (kind IN ('branched', 'ended', 'set') AND (payload->>'$.error') IS NOT NULL)
        OR (kind = 'ended' AND (payload->>'$.reason') = 'too_long')))"""


class ProblemReading:
    """Questions about what went wrong."""

    def __init__(self, database: Rows) -> None:
        self._database = database

    def wrong(self, run_id: str) -> list[Wrong]:
        """What went wrong, by step and reason; what happened to most people first."""
        rows = self._database.rows(
            f"""WITH {WRONG}
            SELECT step_id, kind, reason, said, count(*) AS times,
                count(DISTINCT contact_id) AS people,
                min(struct_pack(contact := contact_id, seq := seq)) AS first
            FROM wrong GROUP BY step_id, kind, reason, said
            QUALIFY row_number() OVER (
                PARTITION BY step_id, kind, reason ORDER BY people DESC, said) <= {EACH}
            ORDER BY people DESC, step_id, kind, reason, said LIMIT {MOST}""",
            {"run": run_id},
        )
        return [Wrong(*[*first, one["contact"], one["seq"]]) for *first, one in rows]

    def failed(self, run_id: str) -> dict[str, int]:
        """How many people something went wrong for, by step; a bounce is nobody's."""
        rows = self._database.rows(
            f"""WITH {WRONG}
            SELECT step_id, count(DISTINCT contact_id) FROM wrong WHERE reason <> 'bounced'
            GROUP BY step_id ORDER BY step_id""",
            {"run": run_id},
        )
        return {row[0]: row[1] for row in rows}

    def gone(self, run_id: str) -> list[Gone]:
        """Who came to each step and took each way, apart for those of whom it is not known."""
        rows = self._database.rows(
            """WITH lost AS (
                SELECT contact_id, min(seq) AS since FROM events
                WHERE run_id = $run AND kind = 'engine_failed' GROUP BY contact_id),
            moves AS (
                SELECT step_id, contact_id, seq,
                    CASE WHEN kind <> 'stepped' THEN payload->>'$.way' END AS way, kind
                FROM events WHERE run_id = $run AND kind IN ('stepped', 'branched', 'ended')),
            told AS (
                SELECT step_id, way, contact_id, bool_or(since IS NULL OR seq < since) AS known
                FROM moves LEFT JOIN lost USING (contact_id)
                WHERE kind = 'stepped' OR way IS NOT NULL GROUP BY ALL)
            SELECT step_id, way, count(*) FILTER (known), count(*) FILTER (NOT known)
            FROM told GROUP BY step_id, way ORDER BY step_id, way NULLS FIRST""",
            {"run": run_id},
        )
        return [Gone(step_id=row[0], way=row[1], people=row[2], unsure=row[3]) for row in rows]

    def against(
        self,
        run_id: str,
        persona: str,
        *,
        never: Sequence[str] = (),
        reaches: Sequence[str] = (),
        goal: str | None = None,
        most: int | None = None,
    ) -> str | None:
        """One of a persona's people, first those who go against what is expected of them."""
        rows = self._database.rows(
            f"""WITH {WHO}, did AS (
                SELECT contact_id,
                    coalesce(list(DISTINCT step_id) FILTER (kind = 'stepped'), []) AS steps,
                    coalesce(list(DISTINCT step_id) FILTER (kind = 'goal_reached'), [])
                        || coalesce(list(DISTINCT payload->>'$.name')
                            FILTER (kind = 'goal_reached'), []) AS goals,
                    count(*) FILTER (kind = 'sent') AS sent
                FROM events JOIN who USING (contact_id)
                WHERE run_id = $run AND persona = $persona GROUP BY contact_id)
            SELECT contact_id FROM did ORDER BY list_has_any(steps, $never) DESC,
                coalesce(sent > $most, false) DESC,
                ($goal IS NOT NULL AND NOT list_contains(goals, $goal)) DESC,
                list_has_all(steps, $reaches), contact_id LIMIT 1""",
            {"run": run_id, "persona": persona, "never": list(never), "reaches": list(reaches)}
            | {"goal": goal, "most": most},
        )
        return rows[0][0] if rows else None
