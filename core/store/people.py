"""Reading a run person by person: lists of people, visits of steps, the same people twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.domain.sums import PairedCount, PairedRuns, PersonRow, VisitRow
from core.store.database import Row
from core.store.fragments import ENDS, PER_CONTACT, WHO, Rows

MEASURES: dict[str, str] = {
    "goal": "goals_reached > 0",
    "answered": "replied > 0",
    "opted_out": "opted_out > 0",
}
"""The yes-or-no measures of a contact, in terms of what is counted for each."""

SORTS: dict[str, str] = {
    "position": "position",
    "name": "lower(name)",
    "persona": "persona",
    "messages": "sent",
    "replies": "replied",
    "days": "days",
}
"""What a list of people can be sorted by."""

OUTCOMES: dict[str, str] = {
    "goal": "len(goals) > 0",
    "no_goal": "len(goals) = 0",
    "answered": "replied > 0",
    "silent": "replied = 0 AND unanswered = 0",
    "unanswered": "unanswered > 0",
    "clicked": "clicked > 0",
    "opted_out": "opted_out",
}
"""What a list of people can be narrowed to; any other word is the name of a goal."""


_LINES = """reached AS (
    SELECT contact_id, list(DISTINCT payload->>'$.name') AS names FROM events
    WHERE run_id = $run AND kind = 'goal_reached' GROUP BY contact_id),
lines AS (
    SELECT per.contact_id, people.attributes->>'$.name' AS name, who.persona, sent, replied,
        coalesce(list_sort(names), []) AS goals, opted_out > 0 AS opted_out, reason, days,
        clicked, people.position, unanswered
    FROM per JOIN who USING (contact_id) LEFT JOIN ends USING (contact_id)
        LEFT JOIN reached USING (contact_id)
        LEFT JOIN people ON people.population_id = $population
            AND people.contact_id = per.contact_id)"""


class PeopleReading:
    """Questions about single people of a run."""

    def __init__(self, database: Rows) -> None:
        self._database = database

    def people(
        self,
        run_id: str,
        population_id: str,
        *,
        persona: str | None = None,
        outcome: str | None = None,
        text: str | None = None,
        sort: str = "position",
        descending: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[int, list[PersonRow]]:
        """How many people match, and some of them, sorted.

        ``outcome`` is one of OUTCOMES or a goal's name, ``text`` is looked for in names, ids and
        replies, ``sort`` is one of SORTS.
        """
        found = OUTCOMES.get(outcome or "", "list_contains(goals, $outcome)")
        order = f"{SORTS[sort]} {'DESC' if descending else 'ASC'} NULLS LAST, position, contact_id"
        said = """(contains(lower(coalesce(name, '') || ' ' || contact_id), $text)
            OR contact_id IN (SELECT contact_id FROM events WHERE run_id = $run
                AND kind = 'replied' AND contains(lower(body), $text)))"""
        narrowed = [
            "persona = $persona" if persona else "",
            found if outcome else "",
            said if text else "",
        ]
        values = {"persona": persona, "outcome": outcome, "text": text and text.lower()}
        where = " AND ".join(filter(None, narrowed)) or "true"
        sql = (
            f"WITH {WHO}, {PER_CONTACT}, {ENDS}, {_LINES} SELECT lines.*, count(*) OVER () "
            f"FROM lines WHERE {where} ORDER BY {order} LIMIT $limit OFFSET $offset"
        )
        given = {"run": run_id, "population": population_id} | {
            name: value for name, value in values.items() if f"${name}" in where
        }
        rows = self._database.rows(sql, given | {"limit": limit, "offset": offset})
        if not rows and offset:
            past = self._database.rows(sql, given | {"limit": 1, "offset": 0})
            return (past[0][-1] if past else 0), []
        return (rows[0][-1] if rows else 0), [_person(row) for row in rows]

    def position(self, population_id: str, contact_id: str) -> int | None:
        """A person's place in the population, from 0."""
        rows = self._database.rows(
            "SELECT position FROM people WHERE population_id = ? AND contact_id = ?",
            (population_id, contact_id),
        )
        return int(rows[0][0]) if rows else None

    def visit_total(self, run_id: str, steps: Sequence[str], contact_id: str | None = None) -> int:
        """How many visits these steps had."""
        rows = self._database.rows(
            "SELECT count(*) FROM events WHERE run_id = $run AND kind = 'stepped' AND "
            "list_contains($steps, step_id) AND ($contact IS NULL OR contact_id = $contact)",
            {"run": run_id, "steps": list(steps), "contact": contact_id},
        )
        return int(rows[0][0])

    def visit_page(
        self,
        run_id: str,
        steps: Sequence[str],
        contact_id: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[VisitRow]:
        """Some of the visits of these steps with what came of each, by contact and order."""
        rows = self._database.rows(
            f"""WITH visited AS (
                SELECT contact_id, seq FROM events
                WHERE run_id = $run AND kind = 'stepped' AND list_contains($steps, step_id)
                    AND ($contact IS NULL OR contact_id = $contact)
                ORDER BY contact_id, seq LIMIT $limit OFFSET $offset),
            these AS (SELECT DISTINCT contact_id FROM visited),
            {_visits("contact_id IN (SELECT contact_id FROM these)")}
            SELECT grouped.* FROM grouped JOIN visited USING (contact_id, seq)
            ORDER BY contact_id, seq""",
            {"run": run_id, "steps": list(steps), "contact": contact_id}
            | {"limit": limit, "offset": offset},
        )
        return [VisitRow(*row) for row in rows]

    def every_visit(
        self, run_id: str, steps: Sequence[str], people: int = 2_000
    ) -> Iterator[VisitRow]:
        """All visits of these steps, by contact and order, so many people at a time."""
        contacts = self._database.rows(
            "SELECT contact_id FROM events WHERE run_id = ? AND kind = 'entered' ORDER BY 1",
            (run_id,),
        )
        for start in range(0, len(contacts), people):
            some = contacts[start : start + people]
            rows = self._database.rows(
                f"WITH {_visits('contact_id BETWEEN $first AND $last')} "
                "SELECT * FROM grouped ORDER BY contact_id, seq",
                {"run": run_id, "steps": list(steps), "first": some[0][0], "last": some[-1][0]},
            )
            yield from (VisitRow(*row) for row in rows)

    def paired(self, run_a: str, run_b: str, names: int = 50) -> PairedRuns:
        """The same people in two runs; ``names`` of those who changed are given."""
        sums = ", ".join(
            f"count(*) FILTER (a.{name}), count(*) FILTER (b.{name}), "
            f"count(*) FILTER (a.{name} AND NOT b.{name}), "
            f"count(*) FILTER (b.{name} AND NOT a.{name}), "
            f"list(a.contact_id) FILTER (a.{name} AND NOT b.{name}), "
            f"list(a.contact_id) FILTER (b.{name} AND NOT a.{name})"
            for name in MEASURES
        )
        flags = ", ".join(f"{test} AS {name}" for name, test in MEASURES.items())
        sides = ", ".join(
            f"{side} AS (WITH {PER_CONTACT.replace('$run', f'$run_{side}')} "
            f"SELECT contact_id, sent, {flags} FROM per)"
            for side in ("a", "b")
        )
        row = self._database.rows(
            f"WITH {sides} SELECT count(*), avg(a.sent), avg(b.sent), avg(b.sent - a.sent), "
            f"stddev_samp(b.sent - a.sent), {sums} FROM a JOIN b USING (contact_id)",
            {"run_a": run_a, "run_b": run_b},
        )[0]
        counts = [
            PairedCount(
                name=name,
                a=row[at],
                b=row[at + 1],
                only_a=row[at + 2],
                only_b=row[at + 3],
                only_a_people=_first(row[at + 4], names),
                only_b_people=_first(row[at + 5], names),
            )
            for name, at in zip(MEASURES, range(5, len(row), 6), strict=True)
        ]
        return PairedRuns(row[0], tuple(counts), *row[1:5])


def _person(row: Row) -> PersonRow:
    id, name, persona, sent, replied, goals, opted_out, reason, days, *_ = row
    return PersonRow(id, name, persona, sent, replied, tuple(goals), opted_out, reason, days)


def _first(people: list[str] | None, count: int) -> tuple[str, ...]:
    return tuple(sorted(people or ())[:count])


def _visits(which: str) -> str:
    """Events of these steps gathered to visits.

    A reaction belongs to the visit that its payload names, else to the step's latest before it.
    """
    return f"""{WHO}, told AS (
        SELECT *, coalesce((payload->>'$.visit')::INTEGER, count(*) FILTER (kind = 'stepped')
            OVER (PARTITION BY contact_id, step_id ORDER BY seq)) AS visit
        FROM events
        WHERE run_id = $run AND list_contains($steps, step_id) AND {which}),
    gathered AS (
        SELECT contact_id, step_id, visit, min(seq) FILTER (kind = 'stepped') AS seq,
            any_value(simulated_at) FILTER (kind = 'stepped') AS simulated_at,
            any_value(occurred_at) AS occurred_at, any_value(channel) AS channel,
            any_value(body) FILTER (kind = 'sent') AS sent,
            any_value(body) FILTER (kind = 'failed') AS held,
            arg_min(body, seq) FILTER (kind = 'replied') AS reply,
            bool_or(kind = 'sent') AS was_sent, bool_or(kind = 'read') AS was_read,
            bool_or(kind = 'clicked') AS was_clicked,
            bool_or(kind = 'opted_out') AS was_opted_out,
            bool_or(kind = 'handed_off') AS was_handed_off,
            any_value(payload) FILTER (kind = 'sent') AS sent_payload,
            arg_min(payload, seq) FILTER (kind = 'replied') AS reply_payload,
            arg_min(payload, seq) FILTER (kind = 'clicked') AS click_payload,
            arg_min(payload, seq) FILTER (kind = 'ignored') AS ignored_payload,
            arg_min(payload, seq) FILTER (kind = 'failed') AS failed_payload,
            arg_min(payload, seq) FILTER (kind = 'engine_failed') AS engine_payload,
            any_value(payload) FILTER (kind = 'branched') AS branch_payload,
            any_value(payload) FILTER (kind = 'goal_reached') AS goal_payload,
            any_value(payload) FILTER (kind = 'ended') AS end_payload
        FROM told GROUP BY contact_id, step_id, visit),
    grouped AS (
        SELECT contact_id, who.persona, gathered.* EXCLUDE (contact_id)
        FROM gathered JOIN who USING (contact_id) WHERE seq IS NOT NULL)"""
