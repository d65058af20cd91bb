"""Changing something by hand: the coming reply, a variable, the contact, a way, or chance."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.debugger.minds import BY_HAND, DebugMind, reply_of
from core.debugger.player import DebugPlayer
from core.debugger.rows import KIND, STEP, payload_of, stand_at
from core.domain.chance import Chance
from core.domain.debugging import ChangeDraft
from core.domain.errors import BadInput
from core.domain.flow_tests import ScriptedReply
from core.domain.flows import COACHING, MESSAGE_CHANNELS, CoachingConfig
from core.domain.reactions import Message
from core.flows import RESERVED, CompiledStep, Happening, zone

SENDERS = frozenset({*MESSAGE_CHANNELS, *COACHING, "twin_reply"})
ANSWERS = "answers."
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
TEXTS = frozenset(
    {"name", "first_name", "last_name", "email", "phone", "timezone", "language", "persona"}
)
"""Fields of a contact that are words, or nothing."""


def apply(player: DebugPlayer, mind: DebugMind, change: ChangeDraft) -> None:
    """Change something where a player stands.

    Raises:
        BadInput: If that cannot be changed here.
    """
    CHANGES[change.kind](player, mind, change)
    mind.changed = True


def _variable(player: DebugPlayer, _: DebugMind, change: ChangeDraft) -> None:
    contact, name = player.contact, change.name
    if name.startswith(ANSWERS):
        values, name = contact.answers, name.removeprefix(ANSWERS)
    else:
        values = contact.context
        if name in RESERVED:
            raise BadInput(
                f"“{name}” is the flow's own and is no variable.",
                place="name",
                fix="Change the contact or the reply instead.",
            )
        if not NAME.fullmatch(name):
            raise BadInput(
                "A variable's name has letters, digits and _ only.",
                place="name",
                fix="Choose another name.",
            )
    if change.value is None:
        values.pop(name, None)
    else:
        values[name] = change.value


def _contact(player: DebugPlayer, _: DebugMind, change: ChangeDraft) -> None:
    contact, name = player.contact, change.name
    value = field_value(name, change.value)
    if value is None:
        contact.attributes.pop(name, None)
    else:
        contact.attributes[name] = value
    if name in ("tags", "opted_out"):
        return
    contact.person = replace(
        contact.person,
        attributes={
            **{key: kept for key, kept in contact.person.attributes.items() if key != name},
            **({} if value is None else {name: value}),
        },
    )
    if name == "timezone":
        contact.timezone = zone(str(value)) or contact.flow.timezone


def field_value(name: str, value: Any, place: str = "value") -> Any:
    """A value that a contact's field can have.

    Raises:
        BadInput: If it cannot have this one.
    """
    if name == "id":
        raise BadInput("Who a contact is cannot be changed.", place="name")
    if name == "tags":
        value = [] if value is None else value
        if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
            raise BadInput("Tags are a list of words.", place=place)
        return list(value)
    if name == "opted_out":
        value = False if value is None else value
        if not isinstance(value, bool):
            raise BadInput("Whether somebody opted out is true or false.", place=place)
        return value
    if name in TEXTS and not isinstance(value, str | None):
        raise BadInput(f"A contact's {name} is words.", place=place)
    if name == "timezone" and value is not None and zone(value) is None:
        raise BadInput(
            "There is no such time zone.", place=place, fix="Use a name like Europe/Berlin."
        )
    return value


def _way(player: DebugPlayer, _: DebugMind, change: ChangeDraft) -> None:
    stand = stand_at(player.journal.rows, len(player.journal.rows))
    step = player.flow.steps[stand.step_id]
    if player.leaving or not step.ways:
        raise BadInput("No way leads on from here.", place="name", fix="Go back to another step.")
    if step.way(change.name) is None:
        ways = ", ".join(way.name for way in step.ways)
        raise BadInput(
            f"This step has no way “{change.name}”.", place="name", fix=f"There are: {ways}."
        )
    player.forced[stand.step_id, stand.visit] = change.name


def _draw(player: DebugPlayer, _: DebugMind, change: ChangeDraft) -> None:
    number = 1 if change.value is None else change.value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 2**31:
        raise BadInput("Which sample is a whole number from 1 on.", place="value")
    draw_again(player, number)


def draw_again(player: DebugPlayer, number: int) -> None:
    """Let chance be another one from here on."""
    contact = player.contact
    contact.chance = Chance(player.seed, contact.person.id, "again", number)
    contact.draw = f"{player.seed}/{contact.person.id}/again-{number}"


def _reply(player: DebugPlayer, mind: DebugMind, change: ChangeDraft) -> None:
    contact, rows = player.contact, player.journal.rows
    stand = stand_at(rows, len(rows))
    step_id = change.name or (change.reply.to if change.reply else None) or None
    given = change.reply.answers if change.reply else {}
    if step_id is not None and step_id not in player.flow.steps:
        raise BadInput(f"There is no step “{step_id}” in this flow.", place="name")
    if contact.opted_out:
        raise BadInput("This person has opted out, and writes no more.", place="reply")
    sends = player.flow.steps[stand.step_id].type in SENDERS
    sent = any(row[KIND] == "sent" for row in rows[stand.began :])
    if sends and not sent and step_id in (None, stand.step_id):
        _asked(player.flow.steps[stand.step_id], given)
        mind.written[stand.step_id, stand.visit] = change.reply
        return
    if step_id is None:
        step_id = next((row[STEP] for row in reversed(rows) if row[KIND] == "sent"), None)
    if step_id is None:
        raise BadInput(
            "Nothing was sent yet that could be answered.",
            place="reply",
            fix="Go to a step that sends a message.",
        )
    _asked(player.flow.steps[step_id], given)
    if step_id not in mind.messages:
        mind.written[step_id, contact.visits.get(step_id, 0) + 1] = change.reply
        return
    _answer(player, *mind.messages[step_id], change.reply)


def _asked(step: CompiledStep, answers: Mapping[str, Any]) -> None:
    """Make sure that a step asks what is answered.

    Raises:
        BadInput: If it does not.
    """
    config = step.config if step.type != "lesson" else None
    asked = [one.id for one in config.questions] if isinstance(config, CoachingConfig) else []
    unknown = next((id for id in answers if id not in asked), None)
    if unknown is None:
        return
    if not asked:
        raise BadInput(
            f"“{step.id}” asks no question, so nothing can be answered there.",
            place="reply.answers",
            fix="Leave the answers out, or name the check-in or assessment that asks.",
        )
    raise BadInput(
        f"“{step.id}” does not ask “{unknown[:60]}”.",
        place="reply.answers",
        fix=f"It asks: {', '.join(asked)}.",
    )


def _answer(player: DebugPlayer, message: Message, visit: int, reply: ScriptedReply | None) -> None:
    """Put another reply to a message that was sent on the agenda, or none."""
    agenda, step_id = player.contact.agenda, message.step_id
    done = {
        row[KIND]
        for row in player.journal.rows
        if row[STEP] == step_id
        and row[KIND] in ("delivered", "read", "replied")
        and payload_of(row).get("visit") == visit
    }
    if "replied" in done:
        raise BadInput(
            "This message has been answered already.",
            place="reply",
            fix="Go back to before the reply, and change it there.",
        )
    agenda.forget("replied", step_id=step_id)
    if reply is None:
        return
    written = reply_of(reply)
    at = max(player.contact.clock, message.sent_at + written.after)
    agenda.forget("ignored", "engine_failed", "failed", step_id=step_id)
    before = {kind: moment for moment, kind in _coming(player, step_id)}
    agenda.forget("delivered", "read", step_id=step_id)
    about: dict[str, Any] = {"visit": visit}
    for kind in ("delivered", "read"):
        if kind not in done:
            moment = min(at, before.get(kind, at))
            agenda.add(moment, Happening(kind, step_id, message.channel, about))
    payload: dict[str, Any] = {
        "to": step_id,
        "reasoning": BY_HAND,
        "status": "answered",
        "why": {},
        "visit": visit,
        "intent": written.intent,
        "sentiment": written.sentiment,
        "hours": round((at - message.sent_at) / 3600, 3),
        **({"answers": dict(written.answers)} if written.answers is not None else {}),
    }
    agenda.add(at, Happening("replied", step_id, message.channel, payload, written.text))


def _coming(player: DebugPlayer, step_id: str) -> list[tuple[float, str]]:
    return [(at, one.kind) for at, one in player.contact.agenda.coming() if one.step_id == step_id]


CHANGES: dict[str, Callable[[DebugPlayer, DebugMind, ChangeDraft], None]] = {
    "variable": _variable,
    "contact": _contact,
    "way": _way,
    "draw": _draw,
    "reply": _reply,
}
"""What makes each kind of change: adding one is one function and one line here."""
