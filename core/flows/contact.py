"""One contact inside a run: its clock, what will happen to it, its replies, what conditions see."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from core.domain.chance import Chance
from core.domain.events import Actor
from core.domain.populations import Person
from core.domain.reactions import Turn
from core.domain.words import Channel
from core.flows.clock import DAY, start_of_simulation, zone
from core.flows.compiled import CompiledFlow
from core.flows.conditions import RESERVED, WORK, Work
from core.flows.journal import Agenda, Happening, Journal, packed

MAX_SECONDS = 365 * DAY
LINKS = {
    "unsubscribe": "https://example.org/unsubscribe",
    "booking": "https://example.org/book",
}


class Received:
    """A reply that came: what conditions see, and whether a wait has used it."""

    __slots__ = ("answers", "seen", "step_id")

    def __init__(self, step_id: str, seen: dict[str, Any], answers: Mapping[str, Any] | None):
        self.step_id = step_id
        self.seen = seen
        self.answers = answers


class Contact:
    """One person on the way through a flow, in simulated time.

    Args:
        flow: The compiled flow.
        person: Who.
        seed: The run's seed.
        journal: Where what happens is written; a new one where none is given.
    """

    def __init__(
        self, flow: CompiledFlow, person: Person, seed: int, journal: Journal | None = None
    ) -> None:
        self.flow = flow
        self.person = person
        self.chance = Chance(seed, person.id)
        self.draw = f"{seed}/{person.id}"
        self.journal = Journal() if journal is None else journal
        self.agenda = Agenda()
        self.start = start_of_simulation(flow.timezone)
        self.clock = self.start
        self.limit = self.start + MAX_SECONDS
        self.timezone: ZoneInfo = zone(str(person.attributes.get("timezone"))) or flow.timezone
        self.attributes: dict[str, Any] = {"id": person.id, **person.attributes}
        self.attributes["opted_out"] = False
        self.attributes["tags"] = list(person.attributes.get("tags") or ())
        self.answers: dict[str, Any] = {}
        self.work = Work()
        self.context: dict[str, Any] = {
            WORK: self.work,
            **{name: value for name, value in flow.variables.items() if name not in RESERVED},
            "contact": self.attributes,
            "answers": self.answers,
            "flow": {"name": flow.name, "timezone": str(flow.timezone)},
            "links": {**LINKS, **(flow.flow.model_extra or {}).get("links", {})},
        }
        self.visits: dict[str, int] = {}
        self.visited = 0
        self.unclaimed: deque[Received] = deque()
        self.expired: set[str] = set()
        self.outstanding: set[str] = set()
        self.waiting = False
        self.last_channel: Channel | None = None
        self.last_subject = ""
        self.history: list[Turn] = []
        self.memory: dict[str, Any] = {}

    @property
    def opted_out(self) -> bool:
        """Whether this person wants no more messages; conditions see it as contact.opted_out."""
        return bool(self.attributes["opted_out"])

    def arrive(self, step_id: str) -> None:
        """Count a visit, and note it."""
        visit = self.visits[step_id] = self.visits.get(step_id, 0) + 1
        self.visited += 1
        self.journal.write(self.clock, "flow", "stepped", step_id, payload=f'{{"visit":{visit}}}')

    def chance_here(self, step_id: str) -> Chance:
        """The random numbers of the present visit to a step."""
        return self.chance.at(step_id, self.visits[step_id])

    def now(self) -> datetime:
        """The simulated moment on the contact's own clock."""
        return datetime.fromtimestamp(self.clock, self.timezone)

    def remember(self, values: Mapping[str, Any]) -> None:
        """Give variables their values; none of the names is a reserved one."""
        self.context.update(values)

    def advance(self, moment: float) -> None:
        """Let everything happen that is due, and put the clock at a moment (at most the limit)."""
        moment = min(moment, self.limit)
        while self.agenda.due(moment):
            self.happen()
        self.clock = max(self.clock, moment)

    def finish(self) -> None:
        """Let everything happen that is still to come; the clock stands at the last of it."""
        while self.agenda.due(self.limit):
            self.happen()

    def await_reply(self, step_id: str, seconds: float, *, to: str | None = None) -> bool:
        """Wait at a step for a reply; gives whether one came before the time-out.

        Args:
            step_id: Where it is waited.
            seconds: Until the time-out.
            to: Wait for the reply to this step's message alone.
        """
        deadline = self.clock + seconds
        self.waiting = True
        received = self._claim(to)
        while received is None and self.agenda.due(min(deadline, self.limit)):
            self.happen()
            received = self._claim(to)
        self.waiting = False
        if received is None:
            self._time_out(step_id, deadline, seconds)
            return False
        self.context["reply"] = received.seen
        if received.answers:
            self.answers.update(received.answers)
        return True

    def _claim(self, to: str | None) -> Received | None:
        """The oldest reply that no wait has used, taken for use."""
        for received in self.unclaimed:
            if to is None or received.step_id == to:
                self.unclaimed.remove(received)
                return received
        return None

    def _time_out(self, step_id: str, deadline: float, seconds: float) -> None:
        """Nobody answered; what is said from now on to earlier messages is late."""
        self.clock = min(deadline, self.limit)
        self.expired |= self.outstanding
        self.context.pop("reply", None)
        if deadline <= self.limit:
            payload = packed({"after": seconds})
            self.journal.write(self.clock, "flow", "timed_out", step_id, payload=payload)

    def happen(self) -> None:
        """Record the next happening."""
        moment, what = self.agenda.take()
        self.clock = max(self.clock, moment)
        if what.kind == "replied":
            self._record_reply(what)
            return
        payload = packed(what.payload) if what.payload else "{}"
        if what.kind == "opted_out":
            self._opt_out(what.step_id, what.channel, payload)
        else:
            actor: Actor = "engine" if what.kind in ("engine_failed", "failed") else "contact"
            self.journal.write(
                self.clock, actor, what.kind, what.step_id, what.channel, what.body, payload
            )

    def _record_reply(self, what: Happening) -> None:
        payload = dict(what.payload or {})
        late = not self.waiting or what.step_id in self.expired
        payload["late"] = late
        self.outstanding.discard(what.step_id)
        self.last_channel = cast(Channel, what.channel)
        self.history.append(
            Turn("contact", self.last_channel, what.body or "", self.clock, payload["intent"])
        )
        seen = {
            "text": what.body or "",
            "intent": payload["intent"],
            "sentiment": payload["sentiment"],
            "channel": what.channel,
            "hours": payload["hours"],
        }
        self.unclaimed.append(Received(what.step_id, seen, payload.get("answers")))
        self.journal.write(
            self.clock,
            "contact",
            "replied",
            what.step_id,
            what.channel,
            what.body,
            packed(payload),
        )
        if payload["intent"] == "opt_out":
            self._opt_out(
                what.step_id,
                what.channel,
                packed({"by": "reply", "to": what.step_id, "visit": payload["visit"]}),
            )

    def _opt_out(self, step_id: str, channel: str, payload: str) -> None:
        if self.opted_out:
            return
        self.attributes["opted_out"] = True
        self.agenda.forget("replied", "clicked", "opted_out")
        self.journal.write(self.clock, "contact", "opted_out", step_id, channel, None, payload)
