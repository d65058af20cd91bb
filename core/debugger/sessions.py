"""Debug sessions: started, moved through time, changed, branched, kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from core.debugger.again import play_again
from core.debugger.branching import branch_named, changed
from core.debugger.breaks import checked
from core.debugger.casting import Casting
from core.debugger.comparing import compared
from core.debugger.kept import Kept
from core.debugger.live import Live, Run, rested
from core.debugger.minds import Paused
from core.debugger.moving import MOVES, Where, go_to_problem, jump
from core.debugger.notes import known_names, noted
from core.debugger.picture import events_until, problems_of, state_of, trail_until
from core.debugger.revising import revised
from core.debugger.rows import START
from core.debugger.tests_made import test_of
from core.domain.debugging import (
    Branch,
    BranchDifference,
    Breakpoint,
    ChangeDraft,
    DebugSession,
    DebugState,
    DebugTrace,
    Execution,
    Move,
    SessionDraft,
    StepAgain,
)
from core.domain.errors import NotFound
from core.domain.flow_tests import FlowTest
from core.store import Clock, DebugTable, utc_now

ORIGINAL = "original"
OPEN = 16
"""So many sessions are held in memory; any other is worked out again when it is asked for."""


class Debugger:
    """The debug sessions of one workspace.

    Args:
        table: Where they are kept.
        casting: Finds who is debugged, and makes ready what plays them.
        run: Does work on the loop of the models.
        clock: Says when a session was changed.
    """

    def __init__(
        self, table: DebugTable, casting: Casting, run: Run, clock: Clock = utc_now
    ) -> None:
        self._table = table
        self._casting = casting
        self._run = run
        self._clock = clock
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Live] = OrderedDict()

    # Looking

    def list(
        self, flow_id: str | None = None, limit: int | None = None, offset: int = 0
    ) -> list[DebugSession]:
        """Sessions, the last changed first."""
        found = self._table.all(flow_id, limit, offset)
        return [Kept.read(one).session for one in found]

    def count(self, flow_id: str | None = None) -> int:
        """How many there are."""
        return self._table.count(flow_id)

    def state(self, id: str) -> DebugState:
        """Where a session stands.

        Raises:
            NotFound: If there is no such session.
        """
        with self._held(id) as live:
            return state_of(live)

    def trace(self, id: str, branch: str | None = None) -> DebugTrace:
        """What happened in a branch, as far as it was played."""
        with self._held(id) as live:
            one = branch_named(live, branch) if branch else live.branch
            rows = live.known(one).rows
            until = max(one.position, min(one.furthest, len(rows)))
            trail = trail_until(live, one, until)
            return DebugTrace(
                trail=trail,
                events=events_until(live, one, until),
                breakpoints=live.kept.session.breakpoints,
                problems=problems_of(live, one, until),
                execution=Execution(
                    steps=len(trail),
                    total_ms=round(sum(visit.execution_ms for visit in trail), 3),
                    waited_seconds=sum(visit.waited_seconds for visit in trail),
                ),
            )

    def differences(self, id: str, a: str, b: str) -> BranchDifference:
        """How two branches differ."""
        with self._held(id) as live:
            return compared(live, branch_named(live, a), branch_named(live, b))

    # Doing

    def start(self, draft: SessionDraft) -> DebugState:
        """Open a session; a contact of a run at the step that failed, anybody else at the start.

        Raises:
            NotFound: If the flow, the run, the contact or the persona is not there.
            InvalidFlow: If the flow cannot be compiled.
            BadInput: If a breakpoint cannot be used, or a model is missing.
        """
        found = self._casting.find(draft)
        original = Branch(id=ORIGINAL, name="What happens", position=START, furthest=START)
        session = DebugSession(
            id=f"d-{uuid4().hex[:12]}",
            name=found.name,
            flow_id=found.flow_id,
            flow_version=found.flow_version,
            document=found.document,
            who=draft.who,
            contact_id=found.contact_id,
            seed=found.seed,
            engine=found.engine,
            model=found.part.model.id if found.part.model else None,
            branches=[original],
            branch=ORIGINAL,
            changed_at=self._clock(),
        )
        kept = Kept(session=session, part=found.part)
        live = Live(kept, self._casting.scene(kept), self._run)
        session.breakpoints = _usable(live, draft.breakpoints)
        if draft.who.run_id is not None:
            go_to_problem(live)
        live.warm()
        state = state_of(live)
        self._keep(live)
        self._put(live)
        for gone in self._table.delete_oldest():
            self._close(gone)
        return state

    def move(self, id: str, move: Move, to: int | None = None) -> DebugState:
        """Go on, or back.

        Args:
            id: The session.
            move: How.
            to: A position to go to instead: the last stop at or before it.

        Raises:
            NotFound: If there is no such session.
            MindUnavailable: If a model should answer and cannot.
        """
        with self._held(id) as live:
            branch = live.branch
            try:
                where = jump(live, branch, to) if to is not None else MOVES[move](live, branch)
            except Paused:
                where = rested(live, branch), "pause", None
            return self._stand(live, where)

    def pause(self, id: str) -> DebugState:
        """Let a move rest that waits for a model; what the model still says is kept."""
        self._live(id).pause()
        with self._held(id) as live:
            return state_of(live)

    def set_breakpoints(self, id: str, breakpoints: Sequence[Breakpoint]) -> DebugState:
        """Put breakpoints in the place of those that there are.

        Raises:
            BadInput: If one cannot be used; says which.
        """
        with self._held(id) as live:
            live.kept.session.breakpoints = _usable(live, breakpoints)
            return self._kept_state(live)

    def change(self, id: str, draft: ChangeDraft) -> DebugState:
        """Change something here: on a new branch, unless this one has not gone on since it began.

        A reply that was used already is changed where it came, and the branch goes on to the same
        place.

        Raises:
            BadInput: If that cannot be changed here.
        """
        with self._held(id) as live:
            again = revised(live, draft)
            if again is not None:
                live.look_at(again.branch)
                return self._stand(live, again.where)
            made = changed(live, draft)
            live.forget(made)
            try:
                live.shown(made)
            finally:
                live.forget(made)
            live.look_at(made)
            return self._stand(live, (made.position, live.kept.stop, live.kept.stopped_by))

    def choose(self, id: str, branch: str) -> DebugState:
        """Look at another branch.

        Raises:
            BadInput: If there is no such branch.
        """
        with self._held(id) as live:
            live.kept.session.branch = branch_named(live, branch).id
            live.kept.stop, live.kept.stopped_by = "step", None
            return self._kept_state(live)

    def step_again(
        self, id: str, document: dict[str, Any] | None = None, draw: int | None = None
    ) -> StepAgain:
        """Play the present step alone, with what was known when it was arrived at.

        Args:
            id: The session.
            document: A newer flow, whose step of this id is played.
            draw: Another sample of what comes by chance.

        Raises:
            InvalidFlow: If the newer flow cannot be compiled.
            BadInput: If it has no such step.
        """
        with self._held(id) as live:
            again = play_again(live, document, draw)
            self._keep(live)
            return again

    def to_test(self, id: str, name: str | None = None) -> FlowTest:
        """The present branch as a row of the flow's tests.

        Raises:
            Conflict: If what was changed by hand there is nothing that a test can say.
        """
        with self._held(id) as live:
            return test_of(live, name)

    def delete(self, id: str) -> None:
        """Take a session away.

        Raises:
            NotFound: If there is no such session.
        """
        with self._held(id):
            self._table.delete(id)
            self._close(id)

    # Keeping

    @contextmanager
    def _held(self, id: str) -> Iterator[Live]:
        """A session that nobody else moves meanwhile."""
        while True:
            live = self._live(id)
            with live.lock:
                if self._open.get(id) is live:
                    yield live
                    return

    def _live(self, id: str) -> Live:
        with self._lock:
            live = self._open.get(id)
            if live is not None:
                self._open.move_to_end(id)
                return live
        document = self._table.one(id)
        if document is None:
            raise NotFound(f"There is no debug session '{id}' here.", place="session_id")
        kept = Kept.read(document)
        return self._put(Live(kept, self._casting.scene(kept), self._run))

    def _put(self, live: Live) -> Live:
        """Hold a session in memory; of two that are made of the same, the first is held."""
        with self._lock:
            live = self._open.setdefault(live.kept.session.id, live)
            for id in tuple(self._open)[:-OPEN]:
                if not self._open[id].lock.locked():
                    del self._open[id]
        return live

    def _close(self, id: str) -> None:
        with self._lock:
            self._open.pop(id, None)

    def _keep(self, live: Live) -> None:
        live.remember()
        session = live.kept.session
        session.changed_at = self._clock()
        document = live.kept.model_dump(mode="json")
        self._table.put(session.id, session.flow_id, session.changed_at, document)

    def _kept_state(self, live: Live) -> DebugState:
        self._keep(live)
        return state_of(live)

    def _stand(self, live: Live, where: Where) -> DebugState:
        """Stand at a position, and keep that."""
        branch = live.branch
        branch.position, live.kept.stop, live.kept.stopped_by = where
        branch.furthest = max(branch.furthest, branch.position)
        state = state_of(live)
        if state.status == "ended" and live.kept.stop in ("step", "end"):
            long = state.events[-1].payload.get("reason") == "too_long"
            live.kept.stop = state.stop = "limit" if long else "end"
        self._keep(live)
        return state


def _usable(live: Live, breakpoints: Sequence[Breakpoint]) -> list[Breakpoint]:
    """Breakpoints that can be used, each with why nothing may stop there."""
    found = checked(breakpoints, live.flow)
    changes = [change for branch in live.kept.session.branches for change in branch.changes]
    names = known_names(live.flow, live.scene.person, changes)
    return noted(found, names, live.findings)
