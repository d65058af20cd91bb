"""Where each move goes, and where a session opens."""

from __future__ import annotations

from collections.abc import Callable

from core.debugger.live import Live, next_break, next_stop, past_step, the_end
from core.debugger.rows import START, is_problem, step_starts, stop_at_most, stop_before, stops_of
from core.domain.debugging import Branch, Move, StopReason

Where = tuple[int, StopReason, str | None]
"""A position, why it stops there, and the breakpoint that says so."""


def go_to_problem(live: Live) -> None:
    """Put a session at the first step at which something went wrong.

    Where a model would have to be asked for that, nothing is known to have gone wrong.
    """
    if live.scene.waiting is not None and not live.scene.recorded:
        return
    branch = live.branch
    rows = live.whole(branch).rows
    first = next((at for at, row in enumerate(rows, 1) if is_problem(row)), None)
    if first is not None:
        branch.position = branch.furthest = stop_at_most(stops_of(rows), first)
        live.kept.stop = "problem"


def jump(live: Live, branch: Branch, to: int) -> Where:
    """The last stop at or before a position."""
    tape = live.further(branch, lambda at, *_: at >= to)
    return stop_at_most(stops_of(tape.rows), to), "step", None


def _back(live: Live, branch: Branch) -> Where:
    return stop_before(stops_of(live.known(branch).rows), branch.position), "back", None


def _back_over(live: Live, branch: Branch) -> Where:
    return stop_before(step_starts(live.known(branch).rows), branch.position), "back", None


MOVES: dict[Move, Callable[[Live, Branch], Where]] = {
    "step": lambda live, branch: (next_stop(live, branch), "step", None),
    "over": lambda live, branch: (past_step(live, branch), "step", None),
    "resume": next_break,
    "back": _back,
    "back_over": _back_over,
    "start": lambda *_: (START, "start", None),
    "end": lambda live, branch: (the_end(live, branch), "end", None),
}
"""How each move finds where it goes."""
