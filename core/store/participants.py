"""Participants of an experiment, added up: the only thing that statistics see of them.

What was worked out for one design is kept as long as the data are the same, so that an analysis
that asks for cells, facts and quantiles reads its participants once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict

import duckdb

from core.domain.errors import BadInput, NotFound
from core.domain.experiments import Dataset, Design, Metric
from core.domain.samples import Cell, DataFacts, Quantiles
from core.store.database import Database
from core.store.datasets import DatasetTable
from core.store.origins import Origin, RunsOrigin, TableOrigin
from core.store.participant_answers import Answers, gathered, in_data, paired
from core.store.participant_events import MEASURES, event_rows
from core.store.participant_pairs import side_by_side
from core.store.participant_rows import Rows, table_rows
from core.store.participant_units import Asking, Units, laid_out

DAY = "day"
SUMS = "metrics"
"""The place of values that cannot be added up."""
_KEPT = 16
_ASKED = {"variants", "metrics", "segments", "data", "assignment", "control"}


class ParticipantReading:
    """Questions to the participants of an experiment.

    All of them raise ``BadInput`` if the data do not have what the design names, or hold something
    else there, and ``NotFound`` if there is no such table.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._datasets = DatasetTable(database)
        self._kept: OrderedDict[str, Answers] = OrderedDict()
        self._lock = threading.Lock()
        self._states: dict[str, str] | None = None

    def still(self) -> ParticipantReading:
        """The same, for one analysis: what comes in after its first question is not seen."""
        found = copy(self)
        found._states = {}
        return found

    def cells(
        self, origin: Origin, design: Design, *, segment: str | None = None, daily: bool = False
    ) -> list[Cell]:
        """Every metric's sums by variant, and by a segment's value and day where that is asked.

        Values are winsorised where the metric says so, at the quantile of everybody's. What was
        known ``before`` counts as everybody's mean where it is missing. A segment's missing value
        is ``""``.
        """
        return self._answers(origin, _with(design, segment)).cells(segment, daily)

    def pairs(
        self, origin: RunsOrigin, design: Design, a: str, b: str, *, segment: str | None = None
    ) -> list[Cell]:
        """Every metric's sums over contacts that are in both variants of a rehearsal."""
        design = _with(design, segment)
        answers = self._answers(origin, design)
        if (a, b) not in answers.pairs:
            with self._laid_out(origin, design) as (units, _):
                answers.pairs[a, b] = paired(answers, units, design, a, b)
        return answers.pairs[a, b][segment]

    def quantiles(
        self, origin: Origin, design: Design, *, segment: str | None = None
    ) -> dict[tuple[str, str, str | None], Quantiles]:
        """Each quantile metric, by (metric, variant, the segment's value or None)."""
        return self._answers(origin, _with(design, segment)).quantiles(segment)

    def facts(self, origin: Origin, design: Design) -> DataFacts:
        """What is true of the data, beside the figures."""
        return self._answers(origin, design).facts

    def balance(self, origin: Origin, design: Design, by: str) -> list[tuple[str, str, int]]:
        """(stratum or day, variant, participants): ``by`` is a column, an attribute, or ``day``."""
        if by == DAY:
            cells = self.cells(origin, design, daily=True)
            return [(str(cell.day), cell.variant, cell.n) for cell in cells]
        if by not in design.segments:
            design = design.model_copy(update={"metrics": ()})
        cells = self.cells(origin, design, segment=by)
        return [(cell.value or "", cell.variant, cell.n) for cell in cells]

    def strata(
        self, origin: Origin, design: Design, by: Sequence[str]
    ) -> dict[str, list[tuple[str, str, int]]]:
        """The balance by each of some columns or attributes."""
        return {name: self.balance(origin, design, name) for name in by}

    def columns(self, origin: Origin) -> dict[str, str]:
        """What a metric's value may name, with its type."""
        if isinstance(origin, TableOrigin):
            return dict(self._dataset(origin).columns)
        return dict.fromkeys(MEASURES, "measure")

    def values(
        self, origin: RunsOrigin, design: Design, metric: str, a: str, b: str
    ) -> list[tuple[str, float | None, float | None]]:
        """(contact, value in a, value in b) of everybody who is in both variants, by contact."""
        chosen = tuple(one for one in design.metrics if one.id == metric)
        design = design.model_copy(update={"metrics": chosen, "segments": ()})
        names = in_data({run: variant for variant, run in origin.runs.items()})
        with self._laid_out(origin, design) as (units, _):
            return side_by_side(units, design, metric, names[a], names[b])

    def state(self, origin: Origin) -> str:
        """What the data are now: another text as soon as they change."""
        if self._states is None:
            return self._state(origin)
        key = f"{type(origin).__name__} {asdict(origin)}"
        if key not in self._states:
            self._states[key] = self._state(origin)
        return self._states[key]

    def _state(self, origin: Origin) -> str:
        if isinstance(origin, TableOrigin):
            return f"table {origin.dataset} {self._dataset(origin).content_hash}"
        if isinstance(origin, RunsOrigin):
            ids = list(origin.runs.values())
        else:
            ids = [origin.experiment_id]
        rows = self._database.rows(
            "SELECT run_id, count(*), max(occurred_at) FROM events "
            "WHERE list_contains(?, run_id) GROUP BY run_id ORDER BY run_id",
            (ids,),
        )
        return "; ".join(f"events {id} {count} {at}" for id, count, at in rows)

    def _answers(self, origin: Origin, design: Design) -> Answers:
        """What is known of these data by this design; read where it is not known yet."""
        asked = design.model_dump_json(include=_ASKED)
        key = f"{type(origin).__name__} {asdict(origin)} {self.state(origin)} {asked}"
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            known = self._gathered(origin, design)
        with self._lock:
            self._kept[key] = known
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return known

    def _gathered(self, origin: Origin, design: Design) -> Answers:
        """Everything that a design names.

        Raises:
            BadInput: If it cannot be read; names the metric whose values cannot be added up.
        """
        try:
            with self._laid_out(origin, design) as (units, rows):
                return gathered(units, rows, design)
        except BadInput as error:
            if error.place == SUMS and len(design.metrics) > 1:
                for at, metric in enumerate(design.metrics):
                    self._check_sums(origin, design, metric, f"metrics[{at}].value")
            raise

    def _check_sums(self, origin: Origin, design: Design, metric: Metric, place: str) -> None:
        alone = design.model_copy(update={"metrics": (metric,), "segments": ()})
        try:
            self._gathered(origin, alone)
        except BadInput as error:
            raise BadInput(error.message, place=place, fix=error.fix) from error

    @contextmanager
    def _laid_out(self, origin: Origin, design: Design) -> Iterator[tuple[Units, Rows]]:
        """Participants at one moment: what is committed in between is not seen."""
        rows = self._rows(origin, design)
        if not rows.names:
            raise BadInput("The experiment has no variants yet.", place="variants")
        with self._database._reading() as cursor:
            cursor.begin()
            try:
                yield laid_out(Asking(cursor, rows.values), rows, design), rows
            except duckdb.OutOfRangeException as error:
                raise _too_large(design.metrics) from error
            finally:
                cursor.rollback()

    def _rows(self, origin: Origin, design: Design) -> Rows:
        if isinstance(origin, TableOrigin):
            dataset = self._dataset(origin)
            return table_rows(dataset, design, self._datasets.unique(dataset.id))
        return event_rows(origin, design)

    def _dataset(self, origin: TableOrigin) -> Dataset:
        dataset = self._datasets.one(origin.dataset)
        if dataset is None:
            raise NotFound("There is no such table in this workspace.", place="dataset")
        return dataset


def _too_large(metrics: Sequence[Metric]) -> BadInput:
    """Some values cannot be added up; whose they are is known where one metric is asked alone."""
    if len(metrics) != 1:
        return BadInput("Some values are too large to be added up.", place=SUMS)
    return BadInput(
        f"Some values of '{metrics[0].value}' are too large to be added up.",
        place=SUMS,
        fix="Look at its largest values: what was mistyped is better missing than huge.",
    )


def _with(design: Design, segment: str | None) -> Design:
    """The design, read by a segment that it does not name."""
    if segment is None or segment in design.segments:
        return design
    return design.model_copy(update={"segments": (segment,)})
