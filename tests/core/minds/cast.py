"""The built-in personas, copies of them, and a small campaign to play with a mind."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from core.domain.chance import Chance
from core.domain.personas import Persona, PersonaDraft, slug
from core.domain.populations import Person
from core.domain.reactions import Message, Reaction, Situation, Turn, TwinRequest
from core.minds import TRAITS, GroundedMind, Mind, load_passages

DATA = Path(__file__).resolve().parents[3] / "data"
FOLDER = DATA / "samples" / "personas"
COACH = DATA / "samples" / "twins" / "maya-okafor.md"
HOUR, DAY = 3600.0, 86_400.0
MONDAY = 1_767_600_000.0  # 2026-01-05 08:00 UTC, 09:00 in Berlin
NAMES = ("Ana", "Ben", "Chloe", "David", "Emma", "Farid", "Grace", "Hugo", "Ines", "Jonas")

CAMPAIGN = (
    ("email", 0.0, "Your seat in the free masterclass", """Hi {name}, our free masterclass on calm
and focused work is this Thursday. You will leave with a plan for one week. Save your seat here:
https://steady.example/seat. What is the one thing you would change first? Just answer this e-mail.
Unsubscribe: https://steady.example/unsubscribe/{id}"""),
    ("sms", 1.0, "", "Hi {name}, did you get the worksheet? Reply STOP to opt out."),
    ("email", 2.5, "How the program works", """Hi {name}, the Steady Work program takes six weeks,
with one lesson, one live group call and one small exercise a week. Shall I reserve a place for
you? Unsubscribe: https://steady.example/unsubscribe/{id}"""),
    ("whatsapp", 4.0, "", "Hi {name}, which day suits you for a short call? Tuesday or Thursday?"),
    ("email", 6.0, "Last call: places are almost gone", """Hi {name}, only a few left! Join the
program now and get 20% off as an early bird: https://steady.example/join. Any doubts? Tell me.
Unsubscribe: https://steady.example/unsubscribe/{id}"""),
    ("sms", 8.0, "", "{name}, shall I keep your place in the program until Friday? Reply YES."),
)  # fmt: skip


def built_in(name: str) -> Persona:
    """One of the seven by its slug."""
    document = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    draft = PersonaDraft.model_validate(document)
    return Persona(**draft.model_dump(), id=slug(draft.name), built_in=True)


SEVEN = {path.stem: built_in(path.stem) for path in sorted(FOLDER.glob("*.yaml"))}


def copy_of(persona: Persona, number: int) -> Person:
    """A member of a population, its traits from an addressed seed."""
    contact = f"{persona.id}-{number:04d}"
    chance = Chance(11, contact, "traits")
    return Person(
        id=contact,
        persona=persona.id,
        attributes={"first_name": NAMES[number % len(NAMES)], "timezone": "Europe/Berlin"},
        traits={trait: chance.normal(trait) for trait in TRAITS},
    )


def message(body: str, channel: str = "email", **more: Any) -> Message:
    """A message on a Monday morning."""
    given = {"step_id": "m1", "sent_at": MONDAY, "utc_offset": HOUR, "subject": "", **more}
    return Message(channel=channel, body=body, **given)  # type: ignore[arg-type]


def situation(
    persona: Persona, said: Message, number: int = 1, seed: int = 7, **more: Any
) -> Situation:
    """A first meeting, unless ``memory`` or ``history`` say otherwise."""
    given = {"history": [], "memory": {}, "person": copy_of(persona, number), **more}
    person = given["person"]
    chance = Chance(seed, person.id, said.step_id, 1)
    return Situation(persona=persona, message=said, chance=chance, **given)


@dataclass
class Journey:
    """What one contact did in the campaign."""

    reactions: list[Reaction] = field(default_factory=list)
    opted_out: bool = False

    @property
    def replies(self) -> list[Any]:
        """The replies in order."""
        return [reaction.reply for reaction in self.reactions if reaction.reply]

    @property
    def texts(self) -> list[str]:
        """The words of the replies."""
        return [reply.text for reply in self.replies]


async def play(
    mind: Mind, persona: Persona, number: int, seed: int = 7, twin: GroundedMind | None = None
) -> Journey:
    """Send the campaign to one copy; the twin answers what calls for it, three times at most."""
    person, journey = copy_of(persona, number), Journey()
    memory: dict[str, Any] = {}
    history: list[Turn] = []
    for at, (channel, day, subject, body) in enumerate(CAMPAIGN):
        text = body.replace("\n", " ").format(name=person.attributes["first_name"], id=person.id)
        sent = message(text, channel, step_id=f"m{at}", subject=subject, sent_at=MONDAY + day * DAY)
        for turn in range(4):
            chance = Chance(seed, person.id, sent.step_id, turn)
            now = Situation(persona, person, sent, history, memory, chance)
            reaction = await mind.react(now)
            journey.reactions.append(reaction)
            history.append(Turn("flow", sent.channel, sent.body, sent.sent_at))
            reply = reaction.reply
            left = reaction.unsubscribed_after is not None
            if left or (reply and reply.intent == "opt_out"):
                journey.opted_out = True
                return journey
            asks = reply and reply.intent in ("question", "price_question", "objection")
            if twin is None or not reply or not asks:
                break
            when = sent.sent_at + reply.after
            history.append(Turn("contact", sent.channel, reply.text, when, reply.intent))
            answer = await twin.answer(
                TwinRequest(None, "", reply.text, reply.intent, person.attributes, history,
                            (), chance.at("twin"))
            )  # fmt: skip
            sent = message(answer.text, sent.channel, step_id=f"m{at}", sent_at=when + 60,
                           from_twin=True, answers=answer.answered)  # fmt: skip
    return journey


def play_all(mind: Mind, persona: Persona, copies: int, seed: int = 7) -> list[Journey]:
    """The campaign with so many copies, answered by the sample coach's twin."""
    twin = GroundedMind(load_passages(COACH))

    async def everybody() -> list[Journey]:
        return [await play(mind, persona, number, seed, twin) for number in range(copies)]

    return asyncio.run(everybody())
