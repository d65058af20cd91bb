"""Reading two runs of the same people: who went where in one of them alone, and where they part."""

from __future__ import annotations

from typing import NamedTuple

from core.store.fragments import Rows

MOST, EXAMPLES = 50, 5
SURE = """sure AS (
    SELECT contact_id FROM events WHERE run_id IN ($run_a, $run_b) GROUP BY contact_id
    HAVING count(DISTINCT run_id) = 2 AND NOT bool_or(kind = 'engine_failed'))"""
"""Those who are in both runs, and had an answer everywhere."""


class Went(NamedTuple):
    """How many people came to a step (way None) or took a way, in each of two runs."""

    step_id: str
    way: str | None
    a: int
    b: int
    only_a: int
    only_b: int


class Parted(NamedTuple):
    """People who part at the same place, by the first move that differs.

    ``before`` is the last step that they share, where they then go to different ones.
    """

    before: str | None
    a_step: str | None
    a_way: str | None
    b_step: str | None
    b_way: str | None
    people: int
    examples: list[tuple[str, int | None, int | None]]


class PartingReading:
    """Questions about two runs of the same people."""

    def __init__(self, database: Rows) -> None:
        self._database = database

    def in_both(self, run_a: str, run_b: str) -> tuple[int, int]:
        """How many people are in both runs with an answer everywhere, and how many without."""
        row = self._database.rows(
            """SELECT count(*) FILTER (NOT lost), count(*) FILTER (lost) FROM (
                SELECT bool_or(kind = 'engine_failed') AS lost FROM events
                WHERE run_id IN ($run_a, $run_b)
                GROUP BY contact_id HAVING count(DISTINCT run_id) = 2)""",
            {"run_a": run_a, "run_b": run_b},
        )[0]
        return int(row[0]), int(row[1])

    def went(self, run_a: str, run_b: str) -> list[Went]:
        """Who came to each step and took each way in both runs, and in one alone."""
        rows = self._database.rows(
            f"""WITH {SURE}, {_gone("a")}, {_gone("b")}
            SELECT step_id, nullif(way, ''), count(*) FILTER (here_a), count(*) FILTER (here_b),
                count(*) FILTER (here_b IS NULL), count(*) FILTER (here_a IS NULL)
            FROM a FULL JOIN b USING (contact_id, step_id, way)
            GROUP BY step_id, way ORDER BY step_id, way""",
            {"run_a": run_a, "run_b": run_b},
        )
        return [Went(*row) for row in rows]

    def parted(self, run_a: str, run_b: str, steps: list[str]) -> tuple[int, list[Parted]]:
        """How many people went another way, and where they first part, most people first.

        Args:
            run_a: One run.
            run_b: The other.
            steps: The steps that both versions have; what happens at others is passed over.
        """
        rows = self._database.rows(
            f"""WITH {SURE}, {_moves("a")}, {_moves("b")},
            pairs AS (
                SELECT contact_id, n, a.step_id AS a_step, a.way AS a_way, a.seq AS a_seq,
                    b.step_id AS b_step, b.way AS b_way, b.seq AS b_seq,
                    CASE WHEN a.step_id IS DISTINCT FROM b.step_id
                        THEN lag(a.step_id) OVER (PARTITION BY contact_id ORDER BY n) END AS before
                FROM a FULL JOIN b USING (contact_id, n)),
            firsts AS (
                SELECT * FROM pairs
                WHERE (a_step, a_way) IS DISTINCT FROM (b_step, b_way)
                QUALIFY row_number() OVER (PARTITION BY contact_id ORDER BY n) = 1)
            SELECT before, a_step, a_way, b_step, b_way, count(*) AS people,
                list(struct_pack(c := contact_id, a := a_seq, b := b_seq)
                    ORDER BY contact_id)[1:{EXAMPLES}],
                sum(count(*)) OVER ()::BIGINT
            FROM firsts GROUP BY before, a_step, a_way, b_step, b_way
            ORDER BY people DESC, before, a_step, a_way, b_step, b_way LIMIT {MOST}""",
            {"run_a": run_a, "run_b": run_b, "steps": steps},
        )
        found = [
            Parted(*[*place, [(one["c"], one["a"], one["b"]) for one in examples]])
            for *place, examples, _ in rows
        ]
        return (int(rows[0][7]) if rows else 0), found


def _gone(side: str) -> str:
    return f"""{side} AS (
        SELECT DISTINCT contact_id, step_id, true AS here_{side},
            CASE WHEN kind = 'stepped' THEN '' ELSE payload->>'$.way' END AS way
        FROM events JOIN sure USING (contact_id)
        WHERE run_id = $run_{side} AND (kind = 'stepped'
            OR (kind IN ('branched', 'ended') AND (payload->>'$.way') IS NOT NULL)))"""


def _moves(side: str) -> str:
    """Moves out of steps that both versions have, numbered for each contact."""
    return f"""{side} AS (
        SELECT contact_id, step_id, seq, payload->>'$.way' AS way,
            row_number() OVER (PARTITION BY contact_id ORDER BY seq) AS n
        FROM events JOIN sure USING (contact_id)
        WHERE run_id = $run_{side} AND kind IN ('branched', 'ended')
            AND list_contains($steps, step_id))"""
