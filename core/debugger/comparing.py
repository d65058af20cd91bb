"""How two branches of a session differ."""

from __future__ import annotations

from collections.abc import Iterator

from core.debugger.live import Live
from core.debugger.picture import problems_of
from core.debugger.rows import KIND, STEP, event_of, payload_of, trail_of
from core.domain.debugging import Branch, BranchDifference, Visit
from core.flows import Row

_TOLD = {
    "branched": "leaves “{step}”",
    "stepped": "comes to “{step}”",
    "sent": "gets a message of “{step}”",
    "replied": "answers “{step}”",
    "timed_out": "waits in vain at “{step}”",
    "ended": "comes to the end",
    "goal_reached": "reaches the goal “{step}”",
    "handed_off": "is handed to a person at “{step}”",
    "opted_out": "opts out",
    "failed": "misses a message of “{step}”",
}


def compared(live: Live, a: Branch, b: Branch) -> BranchDifference:
    """Up to where two branches agree, and what each did after that."""
    first, second = live.known(a).rows, live.known(b).rows
    pairs = enumerate(zip(first, second, strict=False))
    same = next((at for at, (x, y) in pairs if x != y), min(len(first), len(second)))
    return BranchDifference(
        a=a,
        b=b,
        same_until=same,
        first=_first(a, b, first[same:], second[same:]),
        a_trail=[one for one in _trail(live, a, first) if (one.end or len(first)) > same],
        b_trail=[one for one in _trail(live, b, second) if (one.end or len(second)) > same],
        a_events=[event_of(row) for row in first[same:]],
        b_events=[event_of(row) for row in second[same:]],
    )


def _trail(live: Live, branch: Branch, rows: list[Row]) -> Iterator[Visit]:
    told = {one.seq: one.message for one in problems_of(live, branch, len(rows))}
    return trail_of(rows, live.tape(branch).spent, told)


def _first(a: Branch, b: Branch, left: list[Row], right: list[Row]) -> str:
    """What first differs, in words: something that is done, else when it is."""
    if not left and not right:
        return "Nothing differs."
    told = [row for row in left if row[KIND] in _TOLD]
    other = [row for row in right if row[KIND] in _TOLD]
    for at in range(max(len(told), len(other))):
        one, two = _did(told[at : at + 1]), _did(other[at : at + 1])
        if one != two:
            return f"In “{a.name}” the contact {one}; in “{b.name}” the contact {two}."
    return f"The same happens in “{a.name}” and in “{b.name}”, at other times."


def _did(rows: list[Row]) -> str:
    if not rows:
        return "has not come further"
    row = rows[0]
    if row[KIND] == "branched":
        left = payload_of(row)
        return f"leaves “{row[STEP]}” by {left['way']} to “{left['to']}”"
    words = _TOLD[row[KIND]].format(step=row[STEP])
    if row[KIND] == "replied":
        words += f" ({payload_of(row)['intent'].replace('_', ' ')})"
    return words
