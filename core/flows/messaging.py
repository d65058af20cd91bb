"""Messages: one goes out, and what the person will do with it is put on the agenda."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.domain.events import Actor
from core.domain.personas import Persona
from core.domain.reactions import Message, Reaction, Reply, Situation, Turn, TwinAnswer
from core.domain.twins import Passage
from core.domain.words import Channel
from core.flows.clock import end_of_quiet, iso, local_hour, utc_offset
from core.flows.contact import Contact
from core.flows.journal import Happening, packed
from core.minds import Mind

_ADDRESS: dict[str, str] = {"email": "email", "sms": "phone", "whatsapp": "phone"}


async def send(
    contact: Contact,
    persona: Persona,
    mind: Mind,
    message: Message,
    answer: TwinAnswer | None = None,
) -> bool:
    """Send one message now, or after the quiet hours; gives whether it went out.

    Args:
        contact: To whom.
        persona: What the contact is a copy of.
        mind: Decides what the contact does with it.
        message: The words; when it is sent is filled in here.
        answer: What a twin answered, where it is one's message.
    """
    held = _hold_quiet(contact)
    reason = _obstacle(contact, message.channel)
    if reason:
        fail(contact, message.step_id, message.channel, message.body, reason)
        return False
    offset = utc_offset(contact.clock, contact.timezone)
    message = replace(message, sent_at=contact.clock, utc_offset=offset)
    _record(contact, message, iso(contact.clock) if held else None, answer)
    situation = Situation(
        persona,
        contact.person,
        message,
        contact.history,
        contact.memory,
        contact.chance_here(message.step_id),
        visit=contact.visits[message.step_id],
        draw=contact.draw,
    )
    reaction = await mind.react(situation)
    speaker = "twin" if message.from_twin else "flow"
    contact.history.append(
        Turn(speaker, message.channel, message.body, contact.clock, None, message.answers)
    )
    contact.last_channel = message.channel
    contact.last_subject = message.subject or contact.last_subject
    contact.outstanding.add(message.step_id)
    contact.expired.discard(message.step_id)
    _schedule(contact, message, reaction)
    return True


def fail(
    contact: Contact, step_id: str, channel: str, body: str | None, reason: str, **more: str
) -> None:
    """Note a message that did not go out."""
    payload = packed({"reason": reason, **more})
    contact.journal.write(contact.clock, "flow", "failed", step_id, channel, body, payload)


def _hold_quiet(contact: Contact) -> bool:
    """Wait for the end of the quiet hours, where the flow has them and it is in them."""
    hours = contact.flow.quiet_hours
    if hours is None or contact.opted_out:
        return False
    moment = end_of_quiet(contact.clock, hours, contact.timezone)
    if moment <= contact.clock:
        return False
    contact.advance(moment)
    return True


def _obstacle(contact: Contact, channel: Channel) -> str | None:
    if contact.opted_out:
        return "opted_out"
    address = _ADDRESS.get(channel)
    return "no_address" if address and not contact.attributes.get(address) else None


def _record(
    contact: Contact, message: Message, held_until: str | None, answer: TwinAnswer | None
) -> None:
    hour = local_hour(message.sent_at, message.utc_offset)
    optional: dict[str, Any] = {
        "subject": message.subject,
        "preheader": message.preheader,
        "template": message.template,
        "held_until": held_until,
        "citations": answer.citations if answer else (),
        "sources": [_source(passage) for passage in answer.passages] if answer else [],
        "questions": [question.text for question in message.questions],
    }
    payload = {name: value for name, value in optional.items() if value}
    payload["local_hour"] = round(hour, 2)
    if message.from_twin:
        payload["answers"] = bool(message.answers)
    actor: Actor = "twin" if message.from_twin else "flow"
    contact.journal.write(
        message.sent_at,
        actor,
        "sent",
        message.step_id,
        message.channel,
        message.body,
        packed(payload),
    )


def _source(passage: Passage) -> dict[str, Any]:
    """Where in a creator's content a twin's words are from."""
    return passage.model_dump(include={"file", "start", "end", "place"}, exclude_none=True)


def _schedule(contact: Contact, message: Message, reaction: Reaction) -> None:
    """Put what the person will do on the agenda."""
    visit = {"visit": contact.visits[message.step_id]}
    about = {
        "to": message.step_id,
        "reasoning": reaction.reasoning,
        "status": reaction.status,
        "why": {name: round(weight, 2) for name, weight in reaction.why.items()},
        **visit,
        **({"source": dict(reaction.source)} if reaction.source else {}),
    }

    def later(after: float, kind: Any, payload: Mapping[str, Any] = visit) -> None:
        happening = Happening(kind, message.step_id, message.channel, payload)
        contact.agenda.add(message.sent_at + after, happening)

    if reaction.status not in ("answered", "ignored"):
        later(0, "engine_failed", about)
        return
    if reaction.delivered_after is None:
        later(0, "failed", {**about, "reason": reaction.failure or "bounced"})
        return
    later(reaction.delivered_after, "delivered")
    if reaction.read_after is not None:
        later(reaction.read_after, "read")
    if reaction.clicked_after is not None:
        later(reaction.clicked_after, "clicked", {**about, "link": reaction.link})
    if reaction.reply is not None:
        _schedule_reply(contact, message, reaction.reply, about)
    elif reaction.status == "ignored":
        noticed = reaction.delivered_after if reaction.read_after is None else reaction.read_after
        later(noticed, "ignored", {**about, "read": reaction.read_after is not None})
    if reaction.unsubscribed_after is not None:
        later(reaction.unsubscribed_after, "opted_out", {**about, "by": "link"})


def _schedule_reply(
    contact: Contact,
    message: Message,
    reply: Reply,
    about: Mapping[str, Any],
) -> None:
    payload = {
        **about,
        "intent": reply.intent,
        "sentiment": reply.sentiment,
        "hours": round(reply.after / 3600, 3),
    }
    if reply.answers is not None:
        payload["answers"] = reply.answers
    happening = Happening("replied", message.step_id, message.channel, payload, reply.text)
    contact.agenda.add(message.sent_at + reply.after, happening)
