"""Pieces of SQL that several questions share. Each is one named table of a WITH clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from core.store.database import Row

WHO = """who AS (
    SELECT contact_id, payload->>'$.persona' AS persona
    FROM events WHERE run_id = $run AND kind = 'entered')"""
_COUNTED = """
        count(*) FILTER (kind = 'sent') AS sent,
        count(*) FILTER (kind = 'delivered') AS delivered,
        count(*) FILTER (kind = 'read') AS opened,
        count(*) FILTER (kind = 'clicked') AS clicked,
        count(*) FILTER (kind = 'replied') AS replied,
        count(*) FILTER (kind = 'goal_reached') AS goals_reached,
        count(*) FILTER (kind = 'opted_out') AS opted_out,
        coalesce(max(seq) FILTER (kind = 'sent') > min(seq) FILTER (kind = 'opted_out'), false)
            AS sent_after,
        count(*) FILTER (kind = 'engine_failed') AS unanswered,
        bool_or(kind = 'engine_failed')
            AND NOT bool_or(kind IN ('read', 'clicked', 'replied', 'ignored', 'opted_out'))
            AS unknown"""


def per_contact(told: str = "events WHERE run_id = $run", by: str = "contact_id") -> str:
    """What is counted for each contact.

    Args:
        told: The events to count, and which of them.
        by: What tells contacts apart.
    """
    return f"per AS (\n    SELECT {by},{_COUNTED}\n    FROM {told} GROUP BY {by})"


PER_CONTACT = per_contact()
ENDS = """ends AS (
    SELECT contact_id, payload->>'$.reason' AS reason,
        (payload->>'$.hours')::DOUBLE / 24 AS days
    FROM events WHERE run_id = $run AND kind = 'ended')"""
WORDS = """words AS (
    SELECT contact_id, count(*) AS replies,
        sum(length(string_split(trim(body), ' '))) / count(*) AS words,
        sum(length(body) - length(replace(body, '?', ''))) / count(*) AS questions
    FROM events WHERE run_id = $run AND kind = 'replied' GROUP BY contact_id)"""


UNSURE = """(SELECT contact_id FROM events WHERE run_id = $run AND kind = 'engine_failed')"""
"""People with a reaction that has no usable answer."""
UNKNOWN = """(SELECT contact_id FROM events WHERE run_id = $run GROUP BY contact_id
    HAVING bool_or(kind = 'engine_failed')
        AND NOT bool_or(kind IN ('read', 'clicked', 'replied', 'ignored', 'opted_out')))"""
"""People of whom nothing is known: not one of their reactions has a usable answer."""
_LEFT_OUT = {"unsure": UNSURE, "unknown": UNKNOWN}


def without(whom: str | None) -> str:
    """A condition that leaves out ``unsure`` or ``unknown`` people; nobody where it is None."""
    return f" AND contact_id NOT IN {_LEFT_OUT[whom]}" if whom else ""


class Rows(Protocol):
    """Whatever answers a query: the database, or one moment of it."""

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """All rows of a query."""
        ...
