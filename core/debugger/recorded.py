"""What a person did in a run, read back from its events as the reactions that made them.

A language model that was asked then need not be asked again, whatever became of its kept answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.domain.events import Event
from core.domain.reactions import Reaction, Reply


def recorded(events: Sequence[Event]) -> dict[tuple[str, int], Reaction]:
    """The reaction to each message, by its step and visit.

    What an opt-out prevented is in no event; it is left out here, too.
    """
    visits: dict[str, int] = {}
    sent: dict[tuple[str, int], datetime] = {}
    found: dict[tuple[str, int], Reaction] = {}
    for event in events:
        step_id = event.step_id or ""
        if event.kind == "stepped":
            visits[step_id] = event.payload["visit"]
        elif event.kind == "sent":
            key = step_id, visits[step_id]
            sent[key] = event.simulated_at
            found[key] = Reaction("answered", "")
        elif event.actor in ("contact", "engine"):
            key = step_id, event.payload.get("visit", visits.get(step_id, 1))
            if key in found:
                after = (event.simulated_at - sent[key]).total_seconds()
                found[key] = _told(found[key], event, after)
    return found


def _told(known: Reaction, event: Event, after: float) -> Reaction:
    """A reaction with what one more event says of it."""
    payload = event.payload
    if event.kind == "delivered":
        return replace(known, delivered_after=after)
    if event.kind == "read":
        return replace(known, read_after=after)
    if event.kind == "opted_out" and payload.get("by") != "link":
        return known
    about: dict[str, Any] = {
        "status": payload.get("status", known.status),
        "reasoning": payload.get("reasoning", known.reasoning),
        "why": payload.get("why", {}),
        "source": payload.get("source", {}),
    }
    if event.kind == "failed":
        return replace(known, **about, delivered_after=None, failure=payload.get("reason"))
    if event.kind == "clicked":
        return replace(known, **about, clicked_after=after, link=payload.get("link"))
    if event.kind == "opted_out":
        return replace(known, **about, unsubscribed_after=after)
    if event.kind == "replied":
        return replace(known, **about, reply=_reply(event, after))
    return replace(known, **about)


def _reply(event: Event, after: float) -> Reply:
    payload = event.payload
    return Reply(
        after=after,
        text=event.body or "",
        intent=payload["intent"],
        sentiment=payload["sentiment"],
        answers=payload.get("answers"),
    )
