"""What one contact does with one message, and what the mind that decides it may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.domain.chance import Chance
from core.domain.flows import Question
from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.twins import Passage
from core.domain.words import Channel, Intent, ReactionStatus, Sentiment

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it reaches the contact.

    Attributes:
        step_id: The step that sent it.
        channel: The channel it came on.
        body: The rendered words; ``subject`` and ``preheader`` are an e-mail's.
        sent_at: Simulated seconds since the epoch, UTC.
        utc_offset: Seconds to add to UTC for the contact's own clock.
        from_twin: Whether the creator twin wrote it as an answer.
        answers: For a twin's message, whether it answered what the contact last asked; else None.
        questions: The questions of a check-in or an assessment.
        template: The approved WhatsApp template's name, where one is used.
    """

    step_id: str
    channel: Channel
    body: str
    sent_at: float = 0.0
    utc_offset: float = 0.0
    subject: str = ""
    preheader: str = ""
    from_twin: bool = False
    answers: bool | None = None
    questions: tuple[Question, ...] = ()
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the contact wrote back.

    ``answers`` holds an answer for each question of the message, None where it was left out.
    """

    after: float
    text: str
    intent: Intent
    sentiment: Sentiment
    answers: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """Everything that one contact does with one message. Times are seconds after it was sent.

    Attributes:
        status: How the mind did: answered (a reply or a click), ignored, or why it has no answer.
        reasoning: Why, in plain words.
        delivered_after: None where it never arrived; then ``failure`` says why.
        read_after: None where it was never opened.
        clicked_after: None where no link was clicked; ``link`` is the one that was.
        reply: What was written back, if anything was.
        unsubscribed_after: When the unsubscribe link was used, if it was.
        why: What weighed in, by name, in log-odds; for the page that explains a reaction.
        source: Who said it: ``model``, ``prompt`` and ``call`` (the answer's address) of a language
            model; empty for the embedded engine. The ledger of calls has the price.
    """

    status: ReactionStatus
    reasoning: str
    delivered_after: float | None = 0.0
    failure: str | None = None
    read_after: float | None = None
    clicked_after: float | None = None
    link: str | None = None
    reply: Reply | None = None
    unsubscribed_after: float | None = None
    why: Mapping[str, float] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Turn:
    """One thing said in a conversation, for a mind's memory."""

    role: str
    channel: Channel
    text: str
    at: float
    intent: Intent | None = None
    answers: bool | None = None


@dataclass(slots=True)
class Situation:
    """What a mind is given: who, what reached them, what went before, and chance.

    ``memory`` belongs to the mind: it is empty at a contact's first message and is kept for the
    contact's whole run. ``history`` holds what was said before this message. ``visit`` counts the
    visits of the message's step. ``draw`` is the address of (seed, contact), the same at every
    step: it says which sample of a model's answers is this contact's.
    """

    persona: Persona
    person: Person
    message: Message
    history: list[Turn]
    memory: dict[str, Any]
    chance: Chance
    visit: int = 1
    draw: str = ""


@dataclass(frozen=True, slots=True)
class TwinRequest:
    """What the creator twin is asked to answer."""

    twin: str | None
    instructions: str
    question: str
    intent: Intent | None
    contact: Mapping[str, Any]
    history: list[Turn]
    grounding: tuple[str, ...]
    chance: Chance


@dataclass(frozen=True, slots=True)
class TwinAnswer:
    """The twin's answer; ``answered`` is false where its content does not cover the question.

    ``citations`` are the words that it rests on; ``passages`` are their places, where it was
    trained on files.
    """

    text: str
    answered: bool
    citations: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
