"""How the primary metric's effects went, day by day, with everything known until then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from core.domain.experiment_results import Moving
from core.domain.samples import Cell
from core.experiments.effects import effect_of
from core.experiments.groups import Group, by_variant, designed_shares, together, treatments
from core.experiments.looking import Look

MOST_POINTS = 60
"""Of a longer time, so many days evenly apart are read, the last among them."""


def daily_cells(look: Look) -> dict[int, dict[str, Cell]]:
    """Each day's participants by variant; empty where no times are known, or nothing moves.

    People who met every variant, as in a rehearsal, all came at once.
    """
    if look.facts.first is None or look.paired:
        return {}
    days: dict[int, list[Cell]] = {}
    for cell in look.readings.cells(look.design, daily=True):
        if cell.day is not None:
            days.setdefault(cell.day, []).append(cell)
    return {day: by_variant(cells) for day, cells in sorted(days.items())}


def over_time(look: Look, days: dict[int, dict[str, Cell]]) -> tuple[Moving, ...]:
    """The effect of each variant after each day.

    A quantile cannot be added up from days, so it has none.
    """
    metric = look.design.primary
    if len(days) < 2 or metric is None or metric.kind == "quantile":
        return ()
    return tuple(
        moving for day, group in _until(look, days) for moving in _points(look, day, group)
    )


def _until(look: Look, days: dict[int, dict[str, Cell]]) -> Iterator[tuple[int, Group]]:
    known: dict[str, Cell] = {}
    shown = _spread(list(days))
    shares = designed_shares(look.design)
    for day, cells in days.items():
        for id, cell in cells.items():
            known[id] = together(known[id], cell) if id in known else cell
        if day in shown:
            yield day, Group(dict(known), shares=shares)


def _spread(days: Sequence[int]) -> set[int]:
    if len(days) <= MOST_POINTS:
        return set(days)
    last = len(days) - 1
    return {days[round(at * last / (MOST_POINTS - 1))] for at in range(MOST_POINTS)}


def _points(look: Look, day: int, group: Group) -> Iterator[Moving]:
    metric, control, first = look.design.primary, look.design.control_id, look.facts.first
    if metric is None or control is None or first is None:
        return
    for variant in treatments(look.design):
        found = effect_of(
            variant, group.contrast(metric, control, variant), look.terms, bayes=False
        )
        yield Moving(
            at=first + timedelta(days=day + 1),
            day=day + 1.0,
            variant=variant,
            people=group.people(control) + group.people(variant),
            effect=found.absolute,
            always=found.always.absolute if found.always else None,
            p=found.p,
            always_p=found.always.p if found.always else None,
        )
