"""Pieces of SQL that several questions share. Each is one named table of a WITH clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from core.store.database import Row

WHO = """who AS (
    SELECT contact_id, payload->>'$.persona' AS persona
    FROM events WHERE run_id = $run AND kind = 'entered')"""
PER_CONTACT = """per AS (
    SELECT contact_id,
        count(*) FILTER (kind = 'sent') AS sent,
        count(*) FILTER (kind = 'delivered') AS delivered,
        count(*) FILTER (kind = 'read') AS opened,
        count(*) FILTER (kind = 'clicked') AS clicked,
        count(*) FILTER (kind = 'replied') AS replied,
        count(*) FILTER (kind = 'goal_reached') AS goals_reached,
        count(*) FILTER (kind = 'opted_out') AS opted_out,
        coalesce(max(seq) FILTER (kind = 'sent') > min(seq) FILTER (kind = 'opted_out'), false)
            AS sent_after
    FROM events WHERE run_id = $run GROUP BY contact_id)"""
ENDS = """ends AS (
    SELECT contact_id, payload->>'$.reason' AS reason,
        (payload->>'$.hours')::DOUBLE / 24 AS days
    FROM events WHERE run_id = $run AND kind = 'ended')"""
WORDS = """words AS (
    SELECT contact_id, count(*) AS replies,
        sum(length(string_split(trim(body), ' '))) / count(*) AS words,
        sum(length(body) - length(replace(body, '?', ''))) / count(*) AS questions
    FROM events WHERE run_id = $run AND kind = 'replied' GROUP BY contact_id)"""


class Rows(Protocol):
    """Whatever answers a query: the database, or one moment of it."""

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """All rows of a query."""
        ...
