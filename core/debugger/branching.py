"""Branches of a session: found, begun, changed further."""

from __future__ import annotations

from core.debugger.live import Live
from core.domain.debugging import Branch, Change, ChangeDraft, DebugSession
from core.domain.errors import BadInput

MOST_BRANCHES = 100
MOST_CHANGES = 200
_FIELDS = ("kind", "name", "value", "reply")


def changed(live: Live, draft: ChangeDraft) -> Branch:
    """The present branch with one more change, if it has not gone on since it began; else another.

    Raises:
        BadInput: If there are too many.
    """
    session, branch = live.kept.session, live.branch
    change = Change(at=branch.position, **draft.model_dump(include=set(_FIELDS)))
    fresh = branch.parent is not None and branch.furthest == branch.forked_at
    return _with(branch, change) if fresh else forked(session, branch, change)


def branch_named(live: Live, id: str) -> Branch:
    """A branch by its id.

    Raises:
        BadInput: If there is none.
    """
    branches = live.kept.session.branches
    found = next((one for one in branches if one.id == id), None)
    if found is None:
        names = ", ".join(one.id for one in branches)
        raise BadInput(f"There is no branch “{id}”.", place="branch", fix=f"There are: {names}.")
    return found


def _with(branch: Branch, change: Change) -> Branch:
    if len(branch.changes) >= MOST_CHANGES:
        raise BadInput("Too much was changed on this branch.", fix="Start another session.")
    return branch.model_copy(update={"changes": [*branch.changes, change]})


def forked(session: DebugSession, parent: Branch, change: Change) -> Branch:
    """A branch that leaves another one at a change, with what was changed there before.

    Raises:
        BadInput: If the session has too many.
    """
    if len(session.branches) >= MOST_BRANCHES:
        raise BadInput("This session has too many branches.", fix="Start another session.")
    numbers = [int(one.id.removeprefix("what-if-")) for one in session.branches if one.parent]
    number = max(numbers, default=0) + 1
    position = change.at
    before = [one for one in parent.changes if one.at <= position and not _same(one, change)]
    return Branch(
        id=f"what-if-{number}",
        name=f"What if {number}",
        parent=parent.id,
        forked_at=position,
        changes=[*before, change],
        position=position,
        furthest=position,
    )


def _same(one: Change, other: Change) -> bool:
    """Whether one reply takes the place of another."""
    replies = one.kind == other.kind == "reply"
    return replies and bool(one.name) and (one.name, one.at) == (other.name, other.at)
