"""Breakpoints: where to stop while going on, and which of them it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from core.debugger.rows import KIND, STEP, is_problem, is_stop
from core.domain.debugging import MOST_BREAKPOINTS, Breakpoint
from core.domain.errors import BadInput
from core.domain.findings import Finding
from core.flows import CompiledFlow, Condition, Row


class Hit(NamedTuple):
    """A position at which to stop, and the breakpoint that says so."""

    position: int
    breakpoint: str


def checked(
    breakpoints: Sequence[Breakpoint], flow: CompiledFlow, place: str = "breakpoints"
) -> list[Breakpoint]:
    """Breakpoints that can be used, each with an id.

    Raises:
        BadInput: If there are too many, or one names a step that is not there, or a condition that
            cannot be read.
    """
    if len(breakpoints) > MOST_BREAKPOINTS:
        raise BadInput(
            f"A session has {MOST_BREAKPOINTS} breakpoints at most.",
            place=place,
            fix="Take some away.",
        )
    found: list[Breakpoint] = []
    taken = {one.id for one in breakpoints if one.id}
    free = (f"b{number}" for number in range(1, 10_000))
    for number, one in enumerate(breakpoints):
        where = f"{place}[{number}]"
        if one.step_id is not None and one.step_id not in flow.steps:
            raise BadInput(
                f"There is no step “{one.step_id}” in this flow.", place=f"{where}.step_id"
            )
        if one.kind == "condition":
            _readable(one.when or "", f"{where}.when")
        if any(one.id == other.id for other in found if one.id):
            raise BadInput(f"Two breakpoints have the id “{one.id}”.", place=f"{where}.id")
        id = one.id or next(name for name in free if name not in taken)
        found.append(one.model_copy(update={"id": id}))
    return found


def _readable(when: str, place: str) -> None:
    try:
        Condition.compile(when)
    except BadInput as error:
        at = f" ({error.place})" if error.place else ""
        raise BadInput(
            f"This condition cannot be read{at}: {error.message}.", place=place, fix=error.fix
        ) from error


def conditions_of(breakpoints: Sequence[Breakpoint]) -> frozenset[str]:
    """The conditions that have to be looked at."""
    return frozenset(one.when for one in breakpoints if one.enabled and one.when is not None)


class Breaks:
    """Looks at one event after the other, from the first.

    Args:
        breakpoints: Where to stop.
        findings: What is known to be wrong with the flow.
        after: Only positions after this one count.
    """

    def __init__(
        self, breakpoints: Sequence[Breakpoint], findings: Sequence[Finding], after: int
    ) -> None:
        self._after = after
        self._on = [one for one in breakpoints if one.enabled]
        self._held: dict[str, bool] = {}
        self._last = 0
        self._found: dict[str | None, set[str | None]] = {None: set()}
        for finding in findings:
            self._found.setdefault(finding.type, set()).add(finding.step_id)
            self._found[None].add(finding.step_id)

    def feed(self, position: int, row: Row, holds: Mapping[str, bool]) -> Hit | None:
        """The first breakpoint that says to stop at this event, if one does.

        Args:
            position: Of the event.
            row: The event.
            holds: Whether each condition holds there.
        """
        stops = is_stop(row)
        self._last = position if stops else self._last
        hit: Hit | None = None
        for one in self._on:
            if self._says(one, row, stops, holds) and hit is None and self._last > self._after:
                hit = Hit(self._last, one.id)
        return hit

    def _says(self, one: Breakpoint, row: Row, stops: bool, holds: Mapping[str, bool]) -> bool:
        step_id = row[STEP]
        if one.kind == "problem":
            return is_problem(row) and one.step_id in (None, step_id)
        if one.kind == "condition":
            return stops and self._comes_to_hold(one, row, holds)
        if row[KIND] != "stepped" or one.step_id not in (None, step_id):
            return False
        return one.kind == "step" or step_id in self._known(one.type)

    def _known(self, type: str | None) -> Collection[str | None]:
        return self._found.get(type, ())

    def _comes_to_hold(self, one: Breakpoint, row: Row, holds: Mapping[str, bool]) -> bool:
        """At any step where it did not hold before; at a certain step whenever it holds there."""
        now = holds.get(one.when or "", False)
        if one.step_id is not None:
            return now and row[KIND] == "stepped" and row[STEP] == one.step_id
        before, self._held[one.id] = self._held.get(one.id, False), now
        return now and not before
