"""Sums made by hand, in the place of a store's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from core.domain.experiment_results import Analysis
from core.domain.experiments import Assignment, Design, Metric, Rule, Variant
from core.domain.samples import Cell, DataFacts, Measured, Quantiles, Sample, Tail
from core.experiments import analyse

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class MadeReadings:
    """What a store would answer.

    Attributes:
        everyone: A cell for each variant.
        days: A cell for each variant and day.
        values: A cell for each variant and value, by segment.
        paired: Pairs, by the variant that is held against the control.
        cut: Quantiles.
        more: Facts that are not as usual.
    """

    everyone: Sequence[Cell]
    days: Sequence[Cell] = ()
    values: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    paired: Mapping[str, Cell] = field(default_factory=dict)
    cut: Mapping[Any, Quantiles] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def cells(
        self, design: Design, *, segment: str | None = None, daily: bool = False
    ) -> list[Cell]:
        if segment is not None:
            return list(self.values.get(segment, ()))
        return list(self.days if daily else self.everyone)

    def pairs(self, design: Design, a: str, b: str, *, segment: str | None = None) -> list[Cell]:
        return [self.paired[b]] if b in self.paired and segment is None else []

    def quantiles(self, design: Design, *, segment: str | None = None) -> dict[Any, Quantiles]:
        return {key: one for key, one in self.cut.items() if (key[2] is None) == (segment is None)}

    def facts(self, design: Design) -> DataFacts:
        last = AT + timedelta(days=max((cell.day or 0 for cell in self.days), default=0))
        usual: dict[str, Any] = {
            "rows": sum(cell.n for cell in self.everyone),
            "participants": {cell.variant: cell.n for cell in self.everyone},
            "unknown": {},
            "nameless": 0,
            "in_many": 0,
            "several_rows": 0,
            "first": AT if self.days else None,
            "last": last if self.days else None,
            "tails": {},
        }
        return DataFacts(**{**usual, **self.more})

    def balance(self, design: Design, by: str) -> list[tuple[str, str, int]]:
        return [(cell.value or "", cell.variant, cell.n) for cell in self.values.get(by, ())]


def yes(variant: str, n: int, x: int, **where: Any) -> Cell:
    """``x`` of ``n`` did what the metric ``did`` counts."""
    missing = where.pop("missing", 0)
    return Cell(variant, n + missing, {"did": Measured(Sample.of_counts(n, x), missing)}, **where)


def spent(variant: str, n: int, mean: float, sd: float, **where: Any) -> Cell:
    """People's means of the metric ``spent``."""
    sample = Sample(n, (mean,), ((sd * sd * max(0, n - 1),),))
    return Cell(variant, n, {"spent": Measured(sample, 0)}, **where)


def both(one: Cell, other: Cell) -> Cell:
    """Two metrics of the same people."""
    return Cell(one.variant, one.n, {**one.metrics, **other.metrics}, one.value, one.day)


DID = Metric(id="did", name="Did it", role="primary", value="did")
SPENT = Metric(id="spent", name="Spent", kind="revenue", role="primary", value="spent")


def design_of(*metrics: Metric, variants: Sequence[str] = ("a", "b"), **more: Any) -> Design:
    """A design with these metrics, one of yes and no where none is given."""
    return Design(
        name=more.pop("name", "A test"),
        variants=tuple(Variant(id=one) for one in variants),
        metrics=metrics or (DID,),
        **more,
    )


def looked_at(readings: MadeReadings, design: Design | None = None, **more: Any) -> Analysis:
    """One look."""
    return analyse(design or design_of(), readings, at=more.pop("at", AT), **more)


def ruled(kind: str, **more: Any) -> Rule:
    """A rule that finds a relative difference of a twentieth worth having."""
    return Rule(kind=kind, **{"least": 0.05, **more})  # type: ignore[arg-type]


def tail(**more: Any) -> Tail:
    """A metric's tail."""
    return Tail(**{"largest": None, "top_share": None, **more})


PAIRED = Assignment(how="paired")
