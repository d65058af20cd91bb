"""The door to a run's events: sums, and single people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import duckdb

from core.store.database import Database, Row
from core.store.partings import PartingReading
from core.store.people import OUTCOMES, SORTS, PeopleReading
from core.store.problems import ProblemReading
from core.store.sums import SumReading
from core.store.ways import WayReading


class Reading(SumReading, PeopleReading, WayReading, ProblemReading, PartingReading):
    """Questions to the events of a run.

    Args:
        database: The database, or one moment of it.
    """

    outcomes: ClassVar[Mapping[str, str]] = OUTCOMES
    sorts: ClassVar[Mapping[str, str]] = SORTS

    @classmethod
    @contextmanager
    def one_moment(cls, database: Database) -> Iterator[Reading]:
        """Read beside the writer, without seeing what it commits in between."""
        with database._reading() as cursor:
            cursor.begin()
            try:
                yield cls(_Moment(cursor))
            finally:
                cursor.rollback()


class _Moment:
    """The database as it was at one moment: every query sees the same events."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """All rows of a query."""
        return self._cursor.execute(sql, parameters).fetchall()
