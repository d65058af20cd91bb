"""What happened to one contact, in order: rows of the event log before they are stored."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from typing import Any

import orjson

from core.domain.events import Actor, Kind

Row = tuple[int, int, Actor, Kind, str | None, str | None, str | None, str]
"""seq, simulated_at (µs since the epoch, UTC), actor, kind, step_id, channel, body, payload."""

EMPTY = "{}"
MAX_SHOWN = 2_000


def packed(payload: Mapping[str, Any]) -> str:
    """A payload as JSON text."""
    return orjson.dumps(payload, default=str).decode()


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as an event holds them: a long one is cut, as text."""
    return {name: _short(value) for name, value in values.items()}


def _short(value: Any) -> Any:
    text = value if isinstance(value, str) else None
    if text is None and isinstance(value, (dict, list)):
        text = orjson.dumps(value, default=str).decode()
    return value if text is None or len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


class Happening:
    """Something that will happen to a contact at a later simulated moment."""

    __slots__ = ("body", "channel", "kind", "payload", "step_id")

    def __init__(
        self,
        kind: Kind,
        step_id: str,
        channel: str,
        payload: Mapping[str, Any] | None = None,
        body: str | None = None,
    ) -> None:
        self.kind = kind
        self.step_id = step_id
        self.channel = channel
        self.payload = payload
        self.body = body


class Agenda:
    """Happenings by their time; equal times keep the order in which they were added."""

    __slots__ = ("_added", "_heap")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Happening]] = []
        self._added = 0

    def add(self, moment: float, happening: Happening) -> None:
        """Note what will happen."""
        heapq.heappush(self._heap, (moment, self._added, happening))
        self._added += 1

    def due(self, moment: float) -> bool:
        """Whether something happens at or before a moment."""
        return bool(self._heap) and self._heap[0][0] <= moment

    def take(self) -> tuple[float, Happening]:
        """The next happening and its time."""
        moment, _, happening = heapq.heappop(self._heap)
        return moment, happening

    def forget(self, *kinds: Kind, step_id: str | None = None) -> None:
        """Drop what would have happened of these kinds, of every message or of one step's."""
        self._heap = [
            entry
            for entry in self._heap
            if entry[2].kind not in kinds or step_id not in (None, entry[2].step_id)
        ]
        heapq.heapify(self._heap)

    def coming(self) -> list[tuple[float, Happening]]:
        """What will happen and when, in order."""
        return [(moment, happening) for moment, _, happening in sorted(self._heap, key=_when)]


def _when(entry: tuple[float, int, Happening]) -> tuple[float, int]:
    return entry[0], entry[1]


class Journal:
    """The rows of one contact; ``seq`` counts from 0."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def write(
        self,
        moment: float,
        actor: Actor,
        kind: Kind,
        step_id: str | None = None,
        channel: str | None = None,
        body: str | None = None,
        payload: str = EMPTY,
    ) -> None:
        """Append an event."""
        rows = self.rows
        rows.append(
            (len(rows), round(moment * 1_000_000), actor, kind, step_id, channel, body, payload)
        )
