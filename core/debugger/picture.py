"""A session as it is shown: state, events, visits, problems, and what comes next."""

from __future__ import annotations

import orjson

from core.debugger.live import Live
from core.debugger.playing import Tape
from core.debugger.rows import (
    ACTOR,
    BODY,
    CHANNEL,
    KIND,
    SEQ,
    START,
    STEP,
    event_of,
    is_problem,
    moment_of,
    payload_of,
    stand_at,
    step_starts,
    visit_of,
)
from core.debugger.why import next_way
from core.domain.debugging import Branch, DebugEvent, DebugProblem, DebugState, Visit
from core.domain.events import Event
from core.domain.problems import Wrong
from core.flows import Row
from core.rehearsal import told_problem


def state_of(live: Live) -> DebugState:
    """Where a session stands, and all that is seen from there."""
    branch = live.branch
    live.known(branch)
    branch.position = max(START, branch.position)
    shown = live.shown(branch)
    tape, position = live.tape(branch), branch.position
    stand = stand_at(tape.rows, position)
    forced = any(one.kind == "way" and stand.began <= one.at <= position for one in branch.changes)
    step = live.flow.steps[stand.step_id]
    return DebugState.model_construct(
        session=live.kept.session,
        branch=branch,
        status="ended" if stand.ended else "paused",
        stop=live.kept.stop,
        stopped_by=live.kept.stopped_by,
        position=position,
        digest=shown.digest,
        step_id=stand.step_id,
        inside=stand.inside,
        clock=shown.clock,
        local_time=shown.local_time,
        contact=shown.known["contact"],
        variables=shown.variables,
        answers=shown.known["answers"],
        reply=shown.known.get("reply"),
        events=events_until(live, branch, position),
        trail=trail_until(live, branch, position),
        pending=shown.pending,
        next=next_way(step, stand, tape.rows, shown.known, forced),
        problems=problems_of(live, branch, position),
    )


def events_until(live: Live, branch: Branch, position: int) -> list[DebugEvent]:
    """What happened up to a position."""
    tape = live.tape(branch)
    seen = tape.events
    seen += map(event_of, tape.rows[len(seen) : position])
    return seen[:position]


def trail_until(live: Live, branch: Branch, position: int) -> list[Visit]:
    """The visits up to a position; those that are over are worked out once."""
    tape = live.tape(branch)
    rows, seen = tape.rows[:position], tape.visits
    told = {one.seq: one.message for one in problems_of(live, branch, position)}
    starts = step_starts(rows)
    for number in range(len(seen), len(starts) - 1):
        end = starts[number + 1] - 1
        seen.append(visit_of(rows, starts[number], end, _seconds(tape, number), told))
    last = len(starts) - 1
    return [*seen[:last], visit_of(rows, starts[last], len(rows), _seconds(tape, last), told)]


def _seconds(tape: Tape, number: int) -> float:
    """The real time that a visit took, 0 where it was not measured."""
    return tape.spent[number] if number < len(tape.spent) else 0.0


def problems_of(live: Live, branch: Branch, position: int) -> list[DebugProblem]:
    """What went wrong up to a position, each with what was seen there and what to do."""
    tape = live.tape(branch)
    return [
        _problem(live, tape, at, row)
        for at, row in enumerate(tape.rows[:position], 1)
        if is_problem(row)
    ]


def _problem(live: Live, tape: Tape, position: int, row: Row) -> DebugProblem:
    told = tape.told.get(position)
    if told is None:
        told = tape.told[position] = _told(live, tape, position, row)
    return told


def _told(live: Live, tape: Tape, position: int, row: Row) -> DebugProblem:
    contact_id, step_id = live.kept.session.contact_id, row[STEP] or ""
    payload = payload_of(row)
    reason = payload.get("reason") or payload.get("status") or "error"
    said = payload.get("message") if row[KIND] == "failed" else payload.get("error")
    wrong = Wrong(
        step_id=step_id,
        kind=row[KIND],
        reason=str(reason),
        said=said if isinstance(said, str | None) else _text(said),
        times=1,
        people=1,
        contact_id=contact_id,
        seq=row[SEQ],
    )
    event = Event(
        run_id="",
        contact_id=contact_id,
        seq=row[SEQ],
        occurred_at=moment_of(row),
        simulated_at=moment_of(row),
        variant=None,
        actor=row[ACTOR],
        kind=row[KIND],
        step_id=row[STEP],
        channel=row[CHANNEL],
        body=row[BODY],
        payload=payload,
    )
    found = told_problem(live.flow, wrong, event, tape.known.get(position, {}), live.findings)
    return DebugProblem(
        seq=row[SEQ],
        step_id=row[STEP],
        kind=found.kind,
        message=found.message,
        saw=found.saw,
        fix=found.fix or None,
    )


def _text(said: object) -> str:
    return orjson.dumps(said, default=str).decode()
