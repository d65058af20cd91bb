"""What a contact is and knows at one position, and the hash of all of it."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.debugger.canon import canonical
from core.debugger.minds import DebugMind
from core.debugger.player import DebugPlayer
from core.debugger.rows import moment
from core.domain.debugging import Pending
from core.flows import RESERVED, WORK

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Shown:
    """A state as it is shown. ``known`` is what conditions read."""

    digest: str
    clock: datetime
    local_time: str
    known: dict[str, Any]
    pending: list[Pending]

    @property
    def variables(self) -> dict[str, Any]:
        """The flow's variables."""
        return {name: value for name, value in self.known.items() if name not in RESERVED}


def known_to(player: DebugPlayer) -> dict[str, Any]:
    """What conditions can read now; it stays as it is while the player goes on."""
    contact = player.contact
    attributes = {**contact.attributes, "tags": [*contact.attributes["tags"]]}
    context = {name: value for name, value in contact.context.items() if name != WORK}
    return {**context, "contact": attributes, "answers": {**contact.answers}}


def show(player: DebugPlayer, mind: DebugMind) -> Shown:
    """The state in which a player is."""
    contact = player.contact
    now = contact.now()
    local = f"{DAYS[now.weekday()]} {now.day} {now:%B %Y, %H:%M} ({contact.timezone.key})"
    return Shown(
        digest=digest_of(player, mind),
        clock=moment(contact.clock),
        local_time=local,
        known=copy.deepcopy(known_to(player)),
        pending=[
            Pending(
                at=moment(at),
                kind=one.kind,
                step_id=one.step_id,
                channel=one.channel,
                body=one.body,
                payload=dict(one.payload or {}),
            )
            for at, one in contact.agenda.coming()
        ],
    )


def digest_of(player: DebugPlayer, mind: DebugMind) -> str:
    """The SHA-256 of everything that the contact is and knows, and of all that happened to it."""
    contact = player.contact
    state: dict[str, Any] = {
        "clock": contact.clock,
        "timezone": contact.timezone.key,
        "person": contact.person,
        "attributes": contact.attributes,
        "context": {name: value for name, value in contact.context.items() if name != WORK},
        "answers": contact.answers,
        "work": contact.work.left,
        "visits": contact.visits,
        "visited": contact.visited,
        "agenda": [
            (at, one.kind, one.step_id, one.channel, one.payload, one.body)
            for at, one in contact.agenda.coming()
        ],
        "history": contact.history,
        "unclaimed": [(one.step_id, one.seen, one.answers) for one in contact.unclaimed],
        "expired": contact.expired,
        "outstanding": contact.outstanding,
        "waiting": contact.waiting,
        "last": (contact.last_channel, contact.last_subject),
        "memory": contact.memory,
        "draw": contact.draw,
        "leaving": player.leaving,
        "forced": [(*told, way) for told, way in sorted(player.forced.items())],
        "written": [(*told, reply) for told, reply in sorted(mind.written.items(), key=_told)],
        "events": player.journal.rows,
    }
    return hashlib.sha256(canonical(state)).hexdigest()


def _told(entry: tuple[tuple[str, int], Any]) -> tuple[str, int]:
    return entry[0]
