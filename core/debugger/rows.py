"""Reading a contact's events: where one may stop, which visits there were, and what went wrong.

A position is the number of events that have happened. One may stop before each step is played
(right after its ``stepped``), after each happening (delivered, read, replied, …), and at the end.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson

from core.domain.debugging import DebugEvent, Visit
from core.flows import Row

HAPPENINGS = frozenset(
    {"delivered", "read", "clicked", "replied", "ignored", "engine_failed", "opted_out"}
)
EPOCH = datetime(1970, 1, 1)
SEQ: Final = 0
AT: Final = 1
ACTOR: Final = 2
KIND: Final = 3
STEP: Final = 4
CHANNEL: Final = 5
BODY: Final = 6
PAYLOAD: Final = 7
START = 2
"""The first place to stop: ``entered`` and the first ``stepped`` have happened."""


class Stand(NamedTuple):
    """Where a position is: which visit of which step, and from which position that visit is."""

    step_id: str
    visit: int
    began: int
    inside: bool
    ended: bool


def is_stop(row: Row) -> bool:
    """Whether one may stop right after this event."""
    kind = row[KIND]
    if kind == "failed":
        return row[ACTOR] == "engine"
    return kind in ("stepped", "ended") or kind in HAPPENINGS


def stops_of(rows: Sequence[Row]) -> list[int]:
    """Every position at which one may stop, in order."""
    return [at for at, row in enumerate(rows, 1) if is_stop(row)]


def step_starts(rows: Sequence[Row]) -> list[int]:
    """The positions before each step that is played, in order."""
    return [at for at, row in enumerate(rows, 1) if row[KIND] == "stepped"]


def stop_before(stops: Sequence[int], position: int) -> int:
    """The last stop before a position; the first one where there is none."""
    return stops[max(0, bisect_left(stops, position) - 1)]


def stop_at_most(stops: Sequence[int], position: int) -> int:
    """The last stop at or before a position; the first one where there is none."""
    return stops[max(0, bisect_right(stops, position) - 1)]


def stop_after(stops: Sequence[int], position: int) -> int | None:
    """The next stop after a position, None where there is none."""
    at = bisect_right(stops, position)
    return stops[at] if at < len(stops) else None


def stand_at(rows: Sequence[Row], position: int) -> Stand:
    """Where a position is."""
    for at in range(position - 1, -1, -1):
        row = rows[at]
        if row[KIND] == "stepped":
            ended = rows[position - 1][KIND] == "ended"
            inside = position > at + 1 and not ended
            return Stand(row[STEP] or "", payload_of(row)["visit"], at + 1, inside, ended)
    raise ValueError("no step was begun before this position")


def payload_of(row: Row) -> dict[str, Any]:
    """What an event holds."""
    payload: dict[str, Any] = orjson.loads(row[PAYLOAD])
    return payload


def sent_at(rows: Sequence[Row], step_id: str | None, visit: int) -> int:
    """When the message of a visit was sent, in microseconds.

    Raises:
        ValueError: If none was.
    """
    here = 0
    for row in rows:
        if row[STEP] == step_id and row[KIND] == "stepped":
            here = payload_of(row)["visit"]
        elif row[STEP] == step_id and row[KIND] == "sent" and here == visit:
            return row[AT]
    raise ValueError("no message was sent in this visit")


def moment_of(row: Row) -> datetime:
    """When it happened, in UTC."""
    return EPOCH + timedelta(microseconds=row[AT])


def moment(seconds: float) -> datetime:
    """A simulated moment as everything outside reads it."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def event_of(row: Row) -> DebugEvent:
    """One event as it is shown."""
    return DebugEvent.model_construct(
        seq=row[SEQ],
        kind=row[KIND],
        actor=row[ACTOR],
        step_id=row[STEP],
        channel=row[CHANNEL],
        body=row[BODY],
        simulated_at=moment_of(row),
        payload=payload_of(row),
    )


def is_problem(row: Row) -> bool:
    """Whether something went wrong there."""
    kind = row[KIND]
    if kind in ("failed", "engine_failed"):
        return True
    noted = kind in ("branched", "ended", "set") and '"error":' in row[PAYLOAD]
    return noted and "error" in payload_of(row)


def trail_of(
    rows: Sequence[Row], spent: Sequence[float], problems: Mapping[int, str]
) -> Iterator[Visit]:
    """The visits of the steps, in order.

    Args:
        rows: What happened.
        spent: The real seconds that each visit took, as far as it was measured.
        problems: What went wrong, by the ``seq`` of its event.
    """
    starts = step_starts(rows)
    for number, start in enumerate(starts):
        end = starts[number + 1] - 1 if number + 1 < len(starts) else len(rows)
        seconds = spent[number] if number < len(spent) else 0.0
        yield visit_of(rows, start, end, seconds, problems)


def visit_of(
    rows: Sequence[Row], start: int, end: int, seconds: float, problems: Mapping[int, str]
) -> Visit:
    """One visit, from its ``stepped`` at ``start`` up to a position."""
    first, last = rows[start - 1], rows[end - 1]
    left = last[KIND] in ("branched", "ended")
    told = (problems[at] for at in range(start - 1, end) if at in problems) if problems else ()
    return Visit.model_construct(
        step_id=first[STEP] or "",
        visit=payload_of(first)["visit"],
        position=start,
        end=end if left else None,
        way=payload_of(last).get("way") if left else None,
        arrived_at=moment_of(first),
        waited_seconds=max(0.0, (last[AT] - first[AT]) / 1e6),
        execution_ms=round(seconds * 1000, 3),
        problem=next(iter(told), None),
    )
