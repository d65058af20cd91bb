"""A session that is open in this process: what was worked out of it, kept for the next move."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from functools import cached_property
from typing import Any, TypeVar

from core.debugger.breaks import Breaks, conditions_of
from core.debugger.kept import Kept, reaction_kept, reaction_of
from core.debugger.playing import Enough, Playing, Scene, Tape
from core.debugger.rows import (
    KIND,
    START,
    is_stop,
    step_starts,
    stop_after,
    stop_at_most,
    stops_of,
)
from core.debugger.showing import Shown
from core.domain.debugging import Branch, StopReason
from core.domain.findings import Finding
from core.flows import CompiledFlow, Row, validate_document

Result = TypeVar("Result")
Run = Callable[[Coroutine[Any, Any, Any]], "Future[Any]"]


class Live:
    """One open session.

    Args:
        kept: The session.
        scene: What it plays.
        run: Does work on the loop of the models.

    Attributes:
        lock: Held by whoever moves or changes it.
    """

    def __init__(self, kept: Kept, scene: Scene, run: Run) -> None:
        self.kept = kept
        self.scene = scene
        self.lock = threading.Lock()
        self._run = run
        self._tapes: dict[str, Tape] = {}
        if scene.waiting is not None:
            scene.waiting.memo.update({key: reaction_of(one) for key, one in kept.memo.items()})

    @property
    def flow(self) -> CompiledFlow:
        """The flow that is played."""
        return self.scene.stage.flow

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """What is known to be wrong with the flow."""
        return validate_document(self.kept.session.document).findings

    def warm(self) -> None:
        """Look at the flow with every check now, and not at the first step that needs it."""
        _ = self.findings

    @property
    def branch(self) -> Branch:
        """The branch that is looked at."""
        return self.branch_of(self.kept.session.branch)

    def branch_of(self, id: str) -> Branch:
        """One branch."""
        return next(one for one in self.kept.session.branches if one.id == id)

    def tape(self, branch: Branch) -> Tape:
        """What is known of a branch."""
        return self._tapes.setdefault(branch.id, Tape())

    def forget(self, branch: Branch) -> None:
        """Let go of what is known of a branch."""
        self._tapes.pop(branch.id, None)

    def look_at(self, branch: Branch) -> None:
        """Look at a branch that was made, or that takes the place of one with its id."""
        session = self.kept.session
        session.branches = [*(one for one in session.branches if one.id != branch.id), branch]
        session.branch = branch.id

    def remember(self) -> None:
        """Put what models said where it is kept."""
        if self.scene.waiting is not None:
            memo = tuple(self.scene.waiting.memo.items())
            self.kept.memo = {key: reaction_kept(one) for key, one in memo}

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do some work: here, or on the models' loop where a model may be asked."""
        waiting = self.scene.waiting
        if waiting is None:
            return asyncio.run(work)

        async def with_pauses() -> Result:
            waiting.begin()
            return await work

        done: Result = self._run(with_pauses()).result()
        return done

    def pause(self) -> None:
        """Let a move that waits for a model rest where it is."""
        if self.scene.waiting is not None:
            self._run(self.scene.waiting.pause()).result()

    def playing(self, branch: Branch, whens: Sequence[str] = ()) -> Playing:
        """A branch, ready to be played."""
        return Playing(self.scene, branch.changes, self.tape(branch), whens)

    # Getting further

    def whole(self, branch: Branch, whens: Sequence[str] = ()) -> Tape:
        """A branch's tape to its end, with what held at each of its stops."""
        tape = self.tape(branch)
        if not tape.whole or any(when not in tape.holds for when in whens):
            self.do(self.playing(branch, whens).until(None))
        return tape

    def known(self, branch: Branch) -> Tape:
        """A branch's tape: to its end where nobody has to be asked for it, else as far as it is."""
        if self.scene.waiting is None:
            return self.whole(branch)
        tape = self.tape(branch)
        wanted = max(START, branch.furthest)
        if not tape.whole and len(tape.rows) < wanted:
            self.do(self.playing(branch).until(lambda at, *_: at >= wanted))
        return tape

    def further(self, branch: Branch, enough: Enough) -> Tape:
        """A branch's tape until an event is enough, or to its end."""
        tape = self.known(branch)
        if not tape.whole and not any(enough(at, row, {}) for at, row in enumerate(tape.rows, 1)):
            self.do(self.playing(branch).until(enough))
        return tape

    def shown(self, branch: Branch) -> Shown:
        """The state at the branch's position."""
        return self.do(self.playing(branch).show(branch.position))


def next_stop(live: Live, branch: Branch) -> int:
    """The next stop after a branch's position; the position itself at the end."""
    position = branch.position
    tape = live.further(branch, lambda at, row, _: at > position and is_stop(row))
    return stop_after(stops_of(tape.rows), position) or position


def past_step(live: Live, branch: Branch) -> int:
    """The start of the next step, else the end."""
    position = branch.position
    tape = live.further(branch, lambda at, row, _: at > position and row[KIND] == "stepped")
    return stop_after(step_starts(tape.rows), position) or stops_of(tape.rows)[-1]


def the_end(live: Live, branch: Branch) -> int:
    """The end."""
    return stops_of(live.whole(branch).rows)[-1]


def next_break(live: Live, branch: Branch) -> tuple[int, StopReason, str | None]:
    """The next breakpoint, else the end."""
    breakpoints = live.kept.session.breakpoints
    whens = sorted(conditions_of(breakpoints))
    needs = any(one.kind == "finding" and one.enabled for one in breakpoints)
    findings = live.findings if needs else ()
    breaks = Breaks(breakpoints, findings, branch.position)
    found: list[tuple[int, str]] = []

    def look(at: int, row: Row, holds: Any) -> bool:
        hit = breaks.feed(at, row, holds)
        if hit is not None:
            found.append(hit)
        return hit is not None

    if live.scene.waiting is None:
        tape = live.whole(branch, whens)
        for at, row in enumerate(tape.rows, 1):
            if look(at, row, tape.held_at(at)):
                break
    else:
        tape = live.tape(branch)
        live.do(live.playing(branch, whens).until(look))
    if found:
        return found[0][0], "breakpoint", found[0][1]
    return stops_of(tape.rows)[-1], "end", None


def rested(live: Live, branch: Branch) -> int:
    """Where a branch rests that was paused: the last stop of what was played."""
    rows = live.tape(branch).rows
    return stop_at_most(stops_of(rows), len(rows)) if len(rows) >= START else START
