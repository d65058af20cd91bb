"""Reading a run: every question that is asked of its events, added up by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from core.domain.reports import Unanswered
from core.domain.sums import (
    Failed,
    GoalCount,
    Moments,
    PairedCount,
    PairedMoments,
    PairedReactions,
    PersonaSums,
    ReplyCount,
    StepCount,
    Stopped,
    Visits,
)
from core.domain.words import INTENTS
from core.store.database import Row
from core.store.fragments import ENDS, PER_CONTACT, UNSURE, WHO, WORDS, Rows, without

DID: dict[str, str] = {
    "opened": "kind = 'read'",
    "clicked": "kind = 'clicked'",
    "answered": "kind = 'replied'",
    "opted_out": "kind = 'opted_out'",
    **{f"intent:{intent}": f"intent = '{intent}'" for intent in INTENTS},
}
"""What a person may have done with a step's messages, in terms of its events."""
HOW: dict[str, str] = {
    "hours": "avg(hours)",
    "words": "avg(words)",
    "share": "count(DISTINCT step_id) FILTER (kind = 'replied') "
    "/ count(DISTINCT step_id) FILTER (kind = 'sent')",
}
"""How they did it, as a number for each person."""


class SumReading:
    """Questions to the events of one run at a time."""

    def __init__(self, database: Rows) -> None:
        self._database = database

    def personas(self, run_id: str) -> list[PersonaSums]:
        """What each persona's people did, and everybody together (persona None) last."""
        rows = self._database.rows(
            f"""WITH {WHO}, {PER_CONTACT}, {ENDS}, {WORDS}
            SELECT persona, count(*),
                count(*) FILTER (delivered > 0), count(*) FILTER (opened > 0),
                count(*) FILTER (clicked > 0), count(*) FILTER (replied > 0),
                count(*) FILTER (goals_reached > 0 AND NOT unknown),
                count(*) FILTER (opted_out > 0),
                count(*) FILTER (sent >= 3 AND replied = 0 AND clicked = 0 AND unanswered = 0),
                count(*) FILTER (sent_after),
                {_moments("sent")}, {_moments("replied")},
                {_moments("words")}, {_moments("questions")},
                median(days), max(days)
            FROM per JOIN who USING (contact_id) LEFT JOIN ends USING (contact_id)
                LEFT JOIN words USING (contact_id)
            GROUP BY GROUPING SETS ((persona), ())
            ORDER BY grouping(persona), persona""",
            {"run": run_id},
        )
        return [_persona_sums(row) for row in rows if row[1]]

    def step_counts(self, run_id: str) -> list[StepCount]:
        """Events by step and kind."""
        rows = self._database.rows(
            "SELECT step_id, kind, count(*), any_value(channel) FROM events "
            "WHERE run_id = ? AND step_id IS NOT NULL GROUP BY ALL ORDER BY ALL",
            (run_id,),
        )
        return [StepCount(*row) for row in rows]

    def visits(self, run_id: str) -> list[Visits]:
        """Visits by step (way None) and by way."""
        rows = self._database.rows(
            """SELECT step_id, NULL AS way, count(*), count(DISTINCT contact_id)
                FROM events WHERE run_id = $run AND kind = 'stepped' GROUP BY step_id
            UNION ALL
            SELECT step_id, payload->>'$.way' AS way, count(*), count(DISTINCT contact_id)
                FROM events WHERE run_id = $run AND kind = 'branched' GROUP BY ALL
            ORDER BY 1, 2 NULLS FIRST""",
            {"run": run_id},
        )
        return [Visits(*row) for row in rows]

    def stops(self, run_id: str) -> list[Stopped]:
        """Who left the flow, by step and reason."""
        rows = self._database.rows(
            "SELECT step_id, coalesce(payload->>'$.reason', 'end'), payload->>'$.way', count(*) "
            "FROM events WHERE run_id = ? AND kind = 'ended' GROUP BY ALL ORDER BY ALL",
            (run_id,),
        )
        return [Stopped(*row) for row in rows]

    def replies(self, run_id: str) -> tuple[list[ReplyCount], dict[str | None, float]]:
        """Replies by step and kind; and the median hours to one, by step (None: all of them)."""
        rows = self._database.rows(
            """WITH answers AS (
                SELECT step_id, payload->>['$.intent', '$.sentiment', '$.late', '$.hours'] AS said
                FROM events WHERE run_id = $run AND kind = 'replied'),
            named AS (
                SELECT step_id, coalesce(said[1], 'other') AS intent,
                    coalesce(said[2], 'neutral') AS sentiment,
                    coalesce(said[3] = 'true', false) AS late, said[4]::DOUBLE AS hours
                FROM answers)
            SELECT grouping(step_id, intent), step_id, intent, sentiment, late, count(*),
                median(hours)
            FROM named GROUP BY GROUPING SETS ((step_id, intent, sentiment, late), (step_id), ())
            ORDER BY ALL""",
            {"run": run_id},
        )
        counts = [ReplyCount(*row[1:6]) for row in rows if row[0] == 0]
        return counts, {row[1]: row[6] for row in rows if row[0] != 0 and row[6] is not None}

    def failures(self, run_id: str) -> list[Failed]:
        """Messages held back or lost, and reactions that the engine could not give."""
        rows = self._database.rows(
            """WITH lost AS (
                SELECT step_id, kind, contact_id, coalesce(payload->>'$.reason',
                    payload->>'$.status', 'unavailable') AS reason
                FROM events WHERE run_id = ? AND kind IN ('failed', 'engine_failed'))
            SELECT step_id, kind, reason, count(*), count(DISTINCT contact_id)
            FROM lost GROUP BY ALL ORDER BY ALL""",
            (run_id,),
        )
        return [Failed(*row) for row in rows]

    def unanswered(self, run_id: str) -> list[Unanswered]:
        """People with a reaction that has no usable answer, by persona and what they did."""
        rows = self._database.rows(
            f"""WITH {WHO}, {PER_CONTACT}
            SELECT persona, delivered > 0, opened > 0, clicked > 0, replied > 0,
                goals_reached > 0 AND NOT unknown, NOT unknown, count(*)
            FROM per JOIN who USING (contact_id) WHERE unanswered > 0
            GROUP BY ALL ORDER BY ALL""",
            {"run": run_id},
        )
        names = list(Unanswered.model_fields)
        return [Unanswered(**dict(zip(names, row, strict=True))) for row in rows]

    def goals(self, run_id: str, leave_out: str | None = None) -> list[GoalCount]:
        """People who reached each goal, by persona and (persona None) together.

        ``leave_out`` is None, ``unknown`` or ``unsure``: see ``fragments``.
        """
        rows = self._database.rows(
            f"""WITH {WHO}, reached AS (
                SELECT DISTINCT contact_id, payload->>'$.name' AS name
                FROM events WHERE run_id = $run AND kind = 'goal_reached'{without(leave_out)})
            SELECT name, persona, count(*) FROM reached JOIN who USING (contact_id)
            GROUP BY GROUPING SETS ((name, persona), (name)) ORDER BY ALL""",
            {"run": run_id},
        )
        return [GoalCount(*row) for row in rows]

    def steps_by_persona(
        self, run_id: str, leave_out: str | None = None
    ) -> dict[tuple[str, str], int]:
        """How many of a persona's people visited a step, by (persona, step)."""
        rows = self._database.rows(
            f"""WITH {WHO}
            SELECT persona, step_id, count(DISTINCT contact_id)
            FROM events JOIN who USING (contact_id)
            WHERE run_id = $run AND kind = 'stepped'{without(leave_out)} GROUP BY ALL""",
            {"run": run_id},
        )
        return {(row[0], row[1]): row[2] for row in rows}

    def most_messages(
        self, run_id: str, leave_out: str | None = None
    ) -> dict[str, tuple[int, dict[int, int]]]:
        """By persona: the most messages that one person got, and how many people got how many."""
        rows = self._database.rows(
            f"""WITH {WHO}, {PER_CONTACT}
            SELECT persona, sent, count(*) FROM per JOIN who USING (contact_id)
            WHERE true{without(leave_out)} GROUP BY ALL ORDER BY ALL""",
            {"run": run_id},
        )
        tally: dict[str, dict[int, int]] = {}
        for persona, sent, people in rows:
            tally.setdefault(persona, {})[sent] = people
        return {persona: (max(counts), counts) for persona, counts in tally.items()}

    def sent_after_opt_out(self, run_id: str) -> list[Visits]:
        """Messages that went out after an opt-out, by step: there must be none."""
        rows = self._database.rows(
            """WITH outs AS (
                SELECT contact_id, min(seq) AS out FROM events
                WHERE run_id = $run AND kind = 'opted_out' GROUP BY contact_id)
            SELECT step_id, count(*), count(DISTINCT contact_id)
            FROM events JOIN outs USING (contact_id)
            WHERE run_id = $run AND kind = 'sent' AND seq > out GROUP BY step_id ORDER BY 1""",
            {"run": run_id},
        )
        return [Visits(row[0], None, row[1], row[2]) for row in rows]

    def reactions_of_two(self, run_a: str, run_b: str) -> list[PairedReactions]:
        """What people did with each step's messages in two runs, by persona and together."""
        did = ", ".join(
            f"coalesce(bool_or({test}), false) AS d{at}" for at, test in enumerate(DID.values())
        )
        how = ", ".join(f"{number} AS h{at}" for at, number in enumerate(HOW.values()))
        sums = ", ".join(
            [_counts_of_two(f"d{at}") for at in range(len(DID))]
            + [_moments_of_two(f"h{at}") for at in range(len(HOW))]
        )
        rows = self._database.rows(
            f"""WITH told AS (
                SELECT run_id, contact_id, step_id, kind, payload->>'$.intent' AS intent,
                    CASE WHEN kind = 'replied' THEN (payload->>'$.hours')::DOUBLE END AS hours,
                    CASE WHEN kind = 'replied' THEN length(string_split(trim(body), ' ')) END
                        AS words
                FROM events WHERE run_id IN ($run_a, $run_b) AND step_id IS NOT NULL
                    AND kind IN ('sent', 'read', 'clicked', 'replied', 'opted_out')),
            per AS (
                SELECT run_id, contact_id, coalesce(step_id, '') AS step, {did}, {how} FROM told
                GROUP BY GROUPING SETS ((run_id, contact_id, step_id), (run_id, contact_id))
                HAVING bool_or(kind = 'sent')),
            a AS (SELECT *, contact_id AS who FROM per WHERE run_id = $run_a),
            b AS (SELECT *, contact_id AS who FROM per WHERE run_id = $run_b),
            named AS (
                SELECT DISTINCT contact_id, payload->>'$.persona' AS persona FROM events
                WHERE run_id IN ($run_a, $run_b) AND kind = 'entered')
            SELECT persona, step, count(a.who), count(b.who),
                count(*) FILTER (a.who IS NOT NULL AND b.who IS NOT NULL), {sums}
            FROM a FULL JOIN b USING (contact_id, step) JOIN named USING (contact_id)
            GROUP BY GROUPING SETS ((persona, step), (step))
            ORDER BY grouping(persona), persona, step""",
            {"run_a": run_a, "run_b": run_b},
        )
        return [_paired_reactions(row) for row in rows]

    # Evidence for what to change

    def askers(self, run_id: str, intent: str) -> list[tuple[str, int, int]]:
        """(persona, people who said something of this intent, of them without a goal)."""
        rows = self._database.rows(
            f"""WITH {WHO}, asked AS (
                SELECT DISTINCT contact_id FROM events
                WHERE run_id = $run AND kind = 'replied' AND (payload->>'$.intent') = $intent),
            got AS (SELECT DISTINCT contact_id, true AS reached FROM events
                WHERE run_id = $run AND kind = 'goal_reached')
            SELECT persona, count(*),
                count(*) FILTER (reached IS NULL AND contact_id NOT IN {UNSURE})
            FROM asked JOIN who USING (contact_id) LEFT JOIN got USING (contact_id)
            GROUP BY persona ORDER BY 2 DESC, 1""",
            {"run": run_id, "intent": intent},
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def odd_hours(self, run_id: str, first: float, last: float) -> list[tuple[str, int, float]]:
        """(step, people, median local hour) of messages sent before ``first`` or after ``last``."""
        rows = self._database.rows(
            """WITH hours AS (
                SELECT step_id, contact_id, (payload->>'$.local_hour')::DOUBLE AS hour
                FROM events WHERE run_id = $run AND kind = 'sent')
            SELECT step_id, count(DISTINCT contact_id), median(hour) FROM hours
            WHERE hour < $first OR hour >= $last GROUP BY step_id ORDER BY 2 DESC, 1""",
            {"run": run_id, "first": first, "last": last},
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def twin_gaps(self, run_id: str, steps: Sequence[str]) -> list[tuple[str, int, int, int]]:
        """(step, answers that the twin gave, that it did not have, people without one)."""
        rows = self._database.rows(
            """WITH given AS (
                SELECT step_id, contact_id, (payload->>'$.answers') = 'false' AS gap FROM events
                WHERE run_id = $run AND kind = 'sent' AND list_contains($steps, step_id))
            SELECT step_id, count(*), count(*) FILTER (gap),
                count(DISTINCT contact_id) FILTER (gap)
            FROM given GROUP BY step_id ORDER BY 3 DESC, 1""",
            {"run": run_id, "steps": list(steps)},
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def left_without_goal(self, run_id: str) -> list[tuple[str, int]]:
        """(step, people) who answered at least once and left there without any goal."""
        rows = self._database.rows(
            f"""WITH {PER_CONTACT}
            SELECT step_id, count(*) FROM events JOIN per USING (contact_id)
            WHERE run_id = $run AND kind = 'ended' AND per.replied > 0 AND per.goals_reached = 0
                AND per.unanswered = 0
            GROUP BY step_id ORDER BY 2 DESC, 1""",
            {"run": run_id},
        )
        return [(row[0], row[1]) for row in rows]


def _moments(column: str) -> str:
    return (
        f"count({column}), avg({column}), stddev_samp({column}), "
        f"quantile_cont({column}, [0.25, 0.5, 0.75])"
    )


def _persona_sums(row: Row) -> PersonaSums:
    names = [field.name for field in fields(PersonaSums)]
    moments = [_moments_of(row[at : at + 4]) for at in (10, 14, 18, 22)]
    return PersonaSums(**dict(zip(names, [*row[:10], *moments, *row[26:]], strict=True)))


def _moments_of(row: Sequence[Any]) -> Moments:
    return Moments(row[0], row[1], row[2], tuple(row[3]) if row[3] else None)


def _counts_of_two(flag: str) -> str:
    return (
        f"count(*) FILTER (a.{flag}), count(*) FILTER (b.{flag}), "
        f"count(*) FILTER (a.{flag} AND NOT b.{flag}), count(*) FILTER (b.{flag} AND NOT a.{flag})"
    )


def _moments_of_two(column: str) -> str:
    difference = f"b.{column} - a.{column}"
    return (
        f"{_moments(f'a.{column}')}, {_moments(f'b.{column}')}, "
        f"count({difference}), avg({difference}), stddev_samp({difference})"
    )


def _paired_reactions(row: Row) -> PairedReactions:
    persona, step, people_a, people_b, both, *sums = row
    counts = []
    for at, name in enumerate(DID):
        a, b, only_a, only_b = sums[4 * at : 4 * at + 4]
        counts.append(PairedCount(name, a, b, only_a, only_b, (), ()))
    moments = {}
    for at, name in enumerate(HOW):
        first = 4 * len(DID) + 11 * at
        one = sums[first : first + 11]
        moments[name] = PairedMoments(_moments_of(one[:4]), _moments_of(one[4:8]), *one[8:])
    return PairedReactions(persona, step or None, people_a, people_b, both, tuple(counts), moments)
