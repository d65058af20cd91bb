"""Another reply in the place of one that came already: back to before it, and on from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.debugger.branching import forked
from core.debugger.changing import SENDERS
from core.debugger.live import Live, next_break
from core.debugger.moving import Where
from core.debugger.playing import Enough
from core.debugger.rows import (
    AT,
    KIND,
    STEP,
    Stand,
    payload_of,
    sent_at,
    stand_at,
    step_starts,
    stop_at_most,
    stop_before,
    stops_of,
)
from core.debugger.tests_made import written_span
from core.domain.debugging import Branch, Change, ChangeDraft
from core.flows import Row, parse_duration

STAY = ("variable", "contact")
"""What stays changed, wherever on the way it was."""


class Came(NamedTuple):
    """When a reply came, or could have: to a message that was sent at ``sent``, at a position."""

    step_id: str
    visit: int
    sent: int
    position: int


class Revised(NamedTuple):
    """A branch with another reply, and where it stands."""

    branch: Branch
    where: Where


def revised(live: Live, draft: ChangeDraft) -> Revised | None:
    """A branch on which another reply came; None where the reply is still to come.

    It leaves the present branch right before the reply came, or would have, and stands where the
    same step is come to again; where it never is, at the next breakpoint, else at the step that
    follows.

    Raises:
        BadInput: If nothing can be replied so.
    """
    parent = live.branch
    rows = live.known(parent).rows
    came = _came(live, rows[: parent.position], draft) if draft.kind == "reply" else None
    if came is None:
        return None
    stand = stand_at(rows, parent.position)
    change = _change(rows, came, draft)
    branch = forked(live.kept.session, parent, change)
    live.forget(branch)
    at = _again(live, branch, stand, came)
    if at is None:
        return Revised(branch, _elsewhere(live, branch))
    kept = _kept(parent, change.at, at) if not stand.ended else []
    if kept:
        branch.changes = [*branch.changes, *kept]
        live.forget(branch)
    return Revised(branch, _stopped(live, branch, at))


def _came(live: Live, rows: Sequence[Row], draft: ChangeDraft) -> Came | None:
    """The reply that is meant, if it came: to the step that is named, else the last thing said."""
    stand = stand_at(rows, len(rows))
    named = draft.name or (draft.reply.to if draft.reply else None)
    asks = live.flow.steps[stand.step_id].type in SENDERS
    if asks and named in (None, "", stand.step_id):
        sent = any(row[KIND] == "sent" for row in rows[stand.began :])
        if not sent and not stand.ended:
            return None
    for at in range(len(rows), 0, -1):
        row = rows[at - 1]
        if row[KIND] not in ("sent", "replied") or (named and row[STEP] != named):
            continue
        if row[KIND] == "sent":
            return _missed(rows, at, draft, stand)
        visit = payload_of(row)["visit"]
        return Came(row[STEP] or "", visit, sent_at(rows[:at], row[STEP], visit), at)
    return None


def _missed(rows: Sequence[Row], sent: int, draft: ChangeDraft, stand: Stand) -> Came | None:
    """A message that nobody answered, where the reply would have come before now, in time."""
    row = rows[sent - 1]
    kinds = [other[KIND] for other in rows[sent:]]
    over = len(rows) if stand.ended else None
    over = sent + kinds.index("timed_out") + 1 if "timed_out" in kinds else over
    if over is None or draft.reply is None:
        return None
    if row[AT] + parse_duration(draft.reply.after) * 1e6 >= rows[over - 1][AT]:
        return None
    return Came(row[STEP] or "", stand_at(rows, sent).visit, row[AT], over)


def _change(rows: Sequence[Row], came: Came, draft: ChangeDraft) -> Change:
    """The change, at the last stop before the old reply and the new one."""
    reply = draft.reply
    told = rows[came.position - 1][KIND] == "replied"
    if told and reply is not None and "after" not in reply.model_fields_set:
        after = written_span((rows[came.position - 1][AT] - came.sent) / 1e6)
        reply = reply.model_copy(update={"after": after})
    stops = stops_of(rows[: came.position])
    at = stop_before(stops, came.position)
    if reply is not None:
        due = came.sent + parse_duration(reply.after) * 1e6
        arrived = [stop for stop in stops if stop <= at and rows[stop - 1][AT] <= due]
        at = max(_asked(rows, came), stop_at_most(arrived, at)) if arrived else _asked(rows, came)
    return Change(at=at, kind="reply", name=came.step_id, reply=reply)


def _asked(rows: Sequence[Row], came: Came) -> int:
    """The position before the step that sent the message."""
    starts = step_starts(rows[: came.position])
    return next(
        at
        for at in reversed(starts)
        if rows[at - 1][STEP] == came.step_id and payload_of(rows[at - 1])["visit"] == came.visit
    )


def _again(live: Live, branch: Branch, stand: Stand, came: Came) -> int | None:
    """Where the branch comes to the same place again: the reply inside a wait, else the step."""

    def replied(at: int, row: Row, _: object) -> bool:
        told = row[STEP] == came.step_id and payload_of(row).get("visit") == came.visit
        return at > branch.position and row[KIND] == "replied" and told

    def stepped(at: int, row: Row, _: object) -> bool:
        told = row[STEP] == stand.step_id and payload_of(row).get("visit") == stand.visit
        return at > branch.position and row[KIND] == "stepped" and told

    inside = stand.inside and came.position > stand.began
    found = _first(live, branch, replied) if inside else None
    return found or _first(live, branch, stepped)


def _first(live: Live, branch: Branch, enough: Enough) -> int | None:
    """The first position that is enough; no model is asked for it."""
    if live.scene.waiting is None:
        live.whole(branch)
    else:
        playing = live.playing(branch)
        playing.mind.closed = True
        live.do(playing.until(enough))
    rows = live.tape(branch).rows
    return next((at for at, row in enumerate(rows, 1) if enough(at, row, {})), None)


def _elsewhere(live: Live, branch: Branch) -> Where:
    """The next breakpoint, else the next step that is come to, else the end."""
    if live.scene.waiting is None:
        where = next_break(live, branch)
        if where[1] == "breakpoint":
            return where
    rows = live.tape(branch).rows
    later = [at for at in step_starts(rows) if at > branch.position]
    return (later or stops_of(rows)[-1:])[0], "step", None


def _kept(parent: Branch, since: int, at: int) -> list[Change]:
    """What else was changed by hand after the reply: it is changed again at the same place."""
    return [
        one.model_copy(update={"at": at})
        for one in parent.changes
        if one.at > since
        and (one.kind in STAY or (one.at == parent.position and one.kind != "reply"))
    ]


def _stopped(live: Live, branch: Branch, at: int) -> Where:
    """A position, with the breakpoint that would stop there."""
    if live.scene.waiting is None:
        where = next_break(live, branch)
        if where[0] == at and where[1] == "breakpoint":
            return where
    return at, "step", None
