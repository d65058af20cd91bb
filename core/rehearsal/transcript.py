"""A transcript: one person's conversation as it would look on its channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.domain.events import Event
from core.domain.models import CallRecord
from core.domain.populations import Person
from core.domain.reports import Transcript, Turn
from core.domain.runs import Run
from core.flows import CompiledFlow
from core.rehearsal.wording import duration

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ENDS = {
    "end": "The flow ends here",
    "no_next": "The flow ends here: no step follows",
    "handoff": "The flow ends here: a person takes over",
    "too_long": "The flow was stopped: it would have gone on for too long",
}
_HELD = {
    "opted_out": "held back: had opted out",
    "no_address": "not sent: no address for this channel",
    "template_error": "not sent: its text could not be made",
    "bounced": "did not arrive: bounced",
}
GAP_HOURS = 18.0
"""From this pause on, a transcript says how much time went by."""


def transcript(
    run: Run,
    flow: CompiledFlow,
    names: dict[str, str],
    events: Sequence[Event],
    person: Person | None,
    position: int,
    calls: Sequence[CallRecord] = (),
) -> Transcript:
    """One contact's events as a conversation; each reaction with the calls that made it."""
    attributes = person.attributes if person else {}
    zone = _zone(attributes.get("timezone"), flow.timezone)
    telling = _Telling(zone, calls)
    for event in events:
        telling.tell(event)
    ended = next((event for event in events if event.kind == "ended"), None)
    persona = str(events[0].payload.get("persona") or (person.persona if person else ""))
    name = str(attributes.get("name") or events[0].contact_id)
    first = str(attributes.get("first_name") or name.split()[0])
    age = attributes.get("age")
    years = int(age) if isinstance(age, int | float) else None
    return Transcript(
        run_id=run.id,
        contact_id=events[0].contact_id,
        name=name,
        persona=persona,
        persona_name=names.get(persona, persona),
        age=years,
        timezone=str(zone),
        title=title(f"{first}, {years}," if years is not None else first, events),
        turns=telling.turns(),
        goals=list(dict.fromkeys(telling.goals)),
        opted_out=any(event.kind == "opted_out" for event in events),
        ended=str(ended.payload.get("reason")) if ended else None,
        days=float(ended.payload.get("hours", 0)) / 24 if ended else 0.0,
        position=position,
        contacts=run.contacts,
    )


def title(who: str, events: Sequence[Event]) -> str:
    """What this person did, in a sentence: ``Sarah, 41, asked twice and booked``.

    Reactions without a usable answer are named; they are not silence.
    """
    kinds = [event.kind for event in events]
    intents = [event.payload.get("intent") for event in events if event.kind == "replied"]
    asked = sum(intent in ("question", "price_question") for intent in intents)
    goals = [str(event.payload.get("name")) for event in events if event.kind == "goal_reached"]
    deeds = []
    if asked:
        deeds.append(f"asked {_times(asked)}")
    elif "objection" in intents:
        deeds.append("had objections")
    elif intents and not goals and "opted_out" not in kinds:
        deeds.append(f"answered {_times(len(intents))}")
    if goals:
        deeds.append(f"reached “{goals[0].replace('_', ' ')}”")
    if "opted_out" in kinds:
        deeds.append("opted out")
    if "handed_off" in kinds:
        deeds.append("was handed to a person")
    failed = kinds.count("engine_failed")
    without = f"the model gave no usable answer {_times(failed)}"
    if failed and not deeds and "clicked" not in kinds:
        return f"{who.rstrip(',')}: {without}"
    if not deeds:
        deeds.append(_quiet(kinds))
    *most, last = deeds
    told = f"{who} {', '.join(most)} and {last}" if most else f"{who} {last}"
    return f"{told}; {without}" if failed else told


def _quiet(kinds: Sequence[str]) -> str:
    if "clicked" in kinds:
        return "clicked and wrote nothing"
    if "read" in kinds:
        return "read and stayed silent"
    return "opened nothing" if "sent" in kinds else "got no message"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{_SMALL[count] if count <= 10 else count} times")


@dataclass
class _Said:
    """A turn that is still being told: later events put marks on it."""

    fields: dict[str, Any]
    marks: list[str] = field(default_factory=list)


class _Telling:
    """Turns events to turns: marks go to the latest message of their step."""

    def __init__(self, zone: ZoneInfo, calls: Sequence[CallRecord]) -> None:
        self.goals: list[str] = []
        self._calls: dict[tuple[str | None, int | None], list[CallRecord]] = {}
        for call in calls:
            self._calls.setdefault((call.step_id, call.visit), []).append(call)
        self._zone = zone
        self._unanswered = False
        self._told: list[_Said] = []
        self._sent: dict[tuple[str | None, int | None], _Said] = {}

    def tell(self, event: Event) -> None:
        """Add an event to the conversation."""
        if event.kind in ("sent", "engine_failed"):
            self._unanswered = event.kind == "engine_failed"
        if event.kind == "sent":
            self._message(event)
        elif event.kind == "replied":
            self._reply(event)
        elif event.kind in ("delivered", "read", "clicked", "ignored", "engine_failed"):
            self._mark(event)
        elif event.kind == "failed":
            self._failed(event)
        elif event.kind == "timed_out" and self._unanswered:
            self._add(event, "note", body="It cannot be said whether anybody would have answered")
        elif note := _note(event):
            self._add(event, "note", body=note)
            if event.kind == "goal_reached":
                self.goals.append(str(event.payload.get("name")))

    def turns(self) -> list[Turn]:
        """The conversation, with a word where time went by."""
        turns: list[Turn] = []
        for said in self._told:
            hours = _hours(turns[-1].at, said.fields["at"]) if turns else 0.0
            gap = _later(hours) if hours >= GAP_HOURS else None
            turns.append(Turn(**said.fields, marks=said.marks, gap=gap))
        return turns

    def _add(self, event: Event, side: str, **more: Any) -> _Said:
        fields = {
            "seq": event.seq,
            "side": side,
            "kind": event.kind,
            "at": event.simulated_at,
            "local": local_time(event.simulated_at, self._zone),
            "step_id": event.step_id,
            "channel": event.channel,
        }
        said = _Said({**fields, **more})
        self._told.append(said)
        return said

    def _message(self, event: Event) -> None:
        payload = event.payload
        said = self._add(
            event,
            "out",
            subject=payload.get("subject"),
            preheader=payload.get("preheader"),
            body=event.body,
            from_twin=event.actor == "twin",
            grounded=payload.get("answers") if event.actor == "twin" else None,
            citations=[str(citation) for citation in payload.get("citations") or ()],
            sources=[_place(source) for source in payload.get("sources") or ()],
        )
        if event.actor == "twin":
            grounded = payload.get("answers")
            said.marks.append("twin reply · grounded" if grounded else "twin reply · had no answer")
        if payload.get("held_until"):
            said.marks.append("held until quiet hours were over")
        self._sent[event.step_id, payload.get("visit")] = said
        self._sent[event.step_id, None] = said

    def _reply(self, event: Event) -> None:
        payload = event.payload
        answers = payload.get("answers")
        late = bool(payload.get("late"))
        said = self._add(
            event,
            "in",
            body=event.body,
            reasoning=payload.get("reasoning"),
            why=payload.get("why") or {},
            intent=payload.get("intent"),
            sentiment=payload.get("sentiment"),
            answers=answers if isinstance(answers, dict) else None,
            late=late,
            **self._source(event),
        )
        words = (payload.get("intent"), payload.get("sentiment"))
        said.marks.extend(str(word).replace("_", " ") for word in words if word)
        if late:
            said.marks.append("came late")

    def _mark(self, event: Event) -> None:
        said = self._of(event)
        if said is None:
            return
        hours = _hours(said.fields["at"], event.simulated_at)
        if event.kind == "read":
            said.fields["read_after_hours"] = round(hours, 3)
            said.marks.append(f"read after {duration(hours)}")
        elif event.kind == "clicked":
            said.fields["clicked"] = True
            said.marks.append(f"clicked after {duration(hours)}")
        elif event.kind == "ignored" and not event.payload.get("read"):
            said.marks.append("not opened")
        elif event.kind == "engine_failed":
            said.marks.append(f"the engine had no usable answer: {event.payload.get('status')}")
        if event.payload.get("reasoning") and not said.fields.get("reasoning"):
            said.fields["reasoning"] = event.payload["reasoning"]
            said.fields["why"] = event.payload.get("why") or {}
        if not said.fields.get("source"):
            said.fields.update(self._source(event))

    def _source(self, event: Event) -> dict[str, Any]:
        """Who decided this reaction, where a language model did, and the calls that it took."""
        payload = event.payload
        calls = self._calls.get((payload.get("to", event.step_id), payload.get("visit")), [])
        source = payload.get("source")
        if not isinstance(source, dict):
            if not calls:
                return {}
            source = {"model": calls[-1].model, "prompt": calls[-1].prompt, "call": calls[-1].key}
        return {"source": {name: str(value) for name, value in source.items()}, "calls": calls}

    def _failed(self, event: Event) -> None:
        reason = str(event.payload.get("reason"))
        said = (
            self._of(event) if reason not in ("opted_out", "no_address", "template_error") else None
        )
        if said is None:
            said = self._add(event, "out", body=event.body, held_back=True)
        said.marks.append(_HELD.get(reason, f"did not arrive: {reason.replace('_', ' ')}"))

    def _of(self, event: Event) -> _Said | None:
        """The message that an event is about."""
        exact = self._sent.get((event.step_id, event.payload.get("visit")))
        return exact or self._sent.get((event.step_id, None))


def _note(event: Event) -> str | None:
    """What the flow did in between, where a reader wants to know."""
    payload = event.payload
    if event.kind == "goal_reached":
        value = payload.get("value")
        worth = f", worth ${value:,.2f}" if isinstance(value, int | float) else ""
        return f"Reached “{str(payload.get('name')).replace('_', ' ')}”{worth}"
    if event.kind == "opted_out":
        return f"Opted out by {payload.get('by', 'reply')}"
    if event.kind == "handed_off":
        reason = f": {payload['reason']}" if payload.get("reason") else ""
        return f"Handed to {payload.get('to', 'a person')}{reason}"
    if event.kind == "tagged":
        changes = [f"+ {tag}" for tag in _some(payload.get("add"))]
        changes += [f"− {tag}" for tag in _some(payload.get("remove"))]
        return f"Tags: {', '.join(changes)}" if changes else None
    if event.kind == "timed_out":
        seconds = payload.get("after")
        waited = f" for {duration(seconds / 3600)}" if isinstance(seconds, int | float) else ""
        return f"Nobody answered{waited}"
    if event.kind == "ended":
        return _ENDS.get(str(payload.get("reason")), f"The flow ends here: {payload.get('reason')}")
    return None


def _some(value: Any) -> Iterable[str]:
    return [str(value)] if isinstance(value, str) else map(str, value or ())


def _zone(name: Any, otherwise: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(str(name)) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise


def local_time(at: datetime, zone: ZoneInfo) -> str:
    """A moment on a person's own clock: ``Monday, 9:00``."""
    local = at.replace(tzinfo=UTC).astimezone(zone)
    return f"{_DAYS[local.weekday()]}, {local.hour}:{local.minute:02d}"


def _hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


def _later(hours: float) -> str:
    """``the next day``, ``two days later``."""
    days = round(hours / 24)
    if days <= 1:
        return "the next day"
    return f"{_SMALL[days] if days <= 10 else days} days later"


def _place(source: dict[str, Any]) -> str:
    """Where a twin's words are from: the file, and the place in it where that is known."""
    return ", ".join(str(source[key]) for key in ("file", "place") if source.get(key))
