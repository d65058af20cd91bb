"""Experiments and the looks at them: what was decided beforehand, and every analysis as it was."""

from __future__ import annotations

import json
from datetime import datetime

from core.domain.experiment_results import Analysis
from core.domain.experiments import Experiment
from core.store.database import Database, Row

_SEEN = """(SELECT count(*) FROM experiment_looks WHERE experiment_id = experiments.id)"""


class ExperimentTable:
    """Experiments by id; the number of looks is counted, never typed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, experiment: Experiment) -> None:
        """Keep a new experiment."""
        with self._database.transaction() as cursor:
            cursor.execute("INSERT INTO experiments VALUES (?, ?, ?, ?, ?, ?)", _row(experiment))

    def put(self, experiment: Experiment) -> None:
        """Keep an experiment as it is now, in place of how it was."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM experiments WHERE id = ?", (experiment.id,))
            cursor.execute("INSERT INTO experiments VALUES (?, ?, ?, ?, ?, ?)", _row(experiment))

    def one(self, id: str) -> Experiment | None:
        """One experiment, None where there is none."""
        rows = self._database.rows(f"SELECT document, {_SEEN} FROM experiments WHERE id = ?", (id,))
        return _experiment(rows[0]) if rows else None

    def all(self, limit: int | None = None, offset: int = 0) -> list[Experiment]:
        """Some of the experiments, newest first."""
        rows = self._database.rows(
            f"SELECT document, {_SEEN} FROM experiments ORDER BY created_at DESC, id "
            "LIMIT $limit OFFSET $offset",
            {"limit": limit if limit is not None else 2**31, "offset": offset},
        )
        return [_experiment(row) for row in rows]

    def of_run(self, run_id: str) -> Experiment | None:
        """The newest experiment of which a run is a variant, None where it is of none."""
        rows = self._database.rows(
            f"SELECT document, {_SEEN} FROM experiments "
            "WHERE list_contains(document->>'$.runs.*', ?) ORDER BY created_at DESC, id LIMIT 1",
            (run_id,),
        )
        return _experiment(rows[0]) if rows else None

    def count(self) -> int:
        """How many experiments there are."""
        return int(self._database.rows("SELECT count(*) FROM experiments")[0][0])

    def delete(self, id: str) -> None:
        """Take an experiment, its looks and its live events away."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM experiment_looks WHERE experiment_id = ?", (id,))
            cursor.execute("DELETE FROM events WHERE run_id = ?", (id,))
            cursor.execute("DELETE FROM experiments WHERE id = ?", (id,))

    def add_look(self, analysis: Analysis, state: str = "") -> Analysis:
        """Keep a look at an experiment under the next number.

        Args:
            analysis: What was seen; its ``experiment_id`` names the experiment.
            state: What the data were, as ``ParticipantReading.state`` says it.

        Returns:
            The analysis with its number.
        """
        with self._database.transaction() as cursor:
            row = cursor.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM experiment_looks WHERE experiment_id = ?",
                (analysis.experiment_id,),
            ).fetchone()
            kept = analysis.model_copy(update={"number": int(row[0]) if row else 1})
            cursor.execute(
                "INSERT INTO experiment_looks VALUES (?, ?, ?, ?, ?)",
                (kept.experiment_id, kept.number, kept.at, state, kept.model_dump_json()),
            )
        return kept

    def looks(self, id: str) -> list[tuple[int, datetime]]:
        """(number, when) of every look at an experiment, in order."""
        rows = self._database.rows(
            "SELECT number, looked_at FROM experiment_looks WHERE experiment_id = ? ORDER BY 1",
            (id,),
        )
        return [(row[0], row[1]) for row in rows]

    def people(self, id: str) -> list[int]:
        """How many participants there were at each look, in order; who met all counts once."""
        rows = self._database.rows(
            "SELECT document->'$.participants', coalesce(document->>'$.paired' = 'true', false) "
            "FROM experiment_looks WHERE experiment_id = ? ORDER BY number",
            (id,),
        )
        arms = [(list(json.loads(row[0]).values()), row[1]) for row in rows]
        return [max(counts, default=0) if paired else sum(counts) for counts, paired in arms]

    def tables(self, id: str) -> list[tuple[int, str]]:
        """(number, table) of each look that read a table, in order."""
        rows = self._database.rows(
            "SELECT number, split_part(state, ' ', 2) FROM experiment_looks "
            "WHERE experiment_id = ? AND state LIKE 'table %' ORDER BY number",
            (id,),
        )
        return [(row[0], row[1]) for row in rows]

    def look(self, id: str, number: int | None = None) -> Analysis | None:
        """One look, the newest where no number is given; None where there is none."""
        rows = self._database.rows(
            "SELECT document FROM experiment_looks WHERE experiment_id = $id "
            "AND ($number IS NULL OR number = $number) ORDER BY number DESC LIMIT 1",
            {"id": id, "number": number},
        )
        return Analysis.model_validate_json(rows[0][0]) if rows else None

    def state(self, id: str) -> str | None:
        """What the data were at the newest look; None where nobody has looked."""
        rows = self._database.rows(
            "SELECT state FROM experiment_looks WHERE experiment_id = ? "
            "ORDER BY number DESC LIMIT 1",
            (id,),
        )
        return rows[0][0] if rows else None


def _row(one: Experiment) -> tuple[object, ...]:
    document = one.model_dump_json()
    return one.id, one.design.name, one.status, one.source, document, one.created_at


def _experiment(row: Row) -> Experiment:
    return Experiment.model_validate_json(row[0]).model_copy(update={"looks": row[1]})
