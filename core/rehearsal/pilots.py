"""Pilot minds: they answer by themselves, and count what a language model would have been asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.domain.flows import Question
from core.domain.models import Call
from core.domain.reactions import Reaction, Reply, Situation
from core.domain.words import Intent
from core.minds import MAX_CALLS, Asker, Mind, remember

_STAYING: tuple[Intent, ...] = (
    "interested", "question", "price_question", "objection", "not_now", "thanks", "other",
)  # fmt: skip
_ASKING: tuple[Intent, ...] = ("question", "question", "price_question", "interested")
_LEAVING = 0.25
"""The share of messages after which the pilot who leaves is gone."""


@dataclass
class Tally:
    """What one way of answering asks: for each person their calls, and the words in them.

    ``plain`` counts ASCII characters and ``other`` the bytes of all else, since tokenizers treat
    them differently; ``questions`` counts a form's questions.
    """

    calls: list[int] = field(default_factory=list)
    plain: int = 0
    other: int = 0
    schema: int = 0
    questions: int = 0
    _schemas: dict[bool, int] = field(default_factory=dict)

    def add(self, call: Call, situation: Situation) -> None:
        """Count one call of the person who was begun last."""
        self.calls[-1] += 1
        self.questions += len(situation.message.questions)
        form = bool(situation.message.questions)
        if form not in self._schemas:
            self._schemas[form] = len(str(call.schema))
        self.schema += self._schemas[form]
        for message in call.messages:
            text = message["content"]
            other = 0 if text.isascii() else len(text.encode()) - _ascii(text)
            self.other += other
            self.plain += len(text) if not other else _ascii(text)


class Pilot:
    """A mind whose every reaction is also put as the question that a model would get.

    Args:
        inner: Who decides.
        asker: Makes the questions.
    """

    def __init__(self, inner: Mind, asker: Asker) -> None:
        self._inner = inner
        self._asker = asker
        self.tally = Tally()

    def begin(self) -> None:
        """The next person."""
        self.tally.calls.append(0)

    async def react(self, situation: Situation) -> Reaction:
        """The inner mind's reaction, counted."""
        if self.tally.calls[-1] >= MAX_CALLS:
            return Reaction("skipped", "No more calls.")
        self.tally.add(self._asker.reaction(situation), situation)
        reaction = await self._inner.react(situation)
        remember(situation.memory, reaction)
        return reaction


def never(_: Situation) -> Reaction:
    """Opens everything and never answers."""
    return Reaction("ignored", "Never answers.", read_after=60.0)


def always(situation: Situation) -> Reaction:
    """Answers everything at once, now this, now that, and stays."""
    return _replies(situation, situation.chance.pick("pilot", _STAYING))


def asking(situation: Situation) -> Reaction:
    """Answers everything at once, mostly with a question."""
    return _replies(situation, situation.chance.pick("pilot", _ASKING))


def leaving(situation: Situation) -> Reaction:
    """Answers nothing, and after one message in four wants no more of them."""
    if situation.chance.happens("pilot", _LEAVING):
        return _replies(situation, "opt_out")
    return never(situation)


def _replies(situation: Situation, intent: Intent) -> Reaction:
    questions = situation.message.questions
    answers = {one.id: _middle(one) for one in questions} if questions else None
    reply = Reply(60.0, "Yes, and I would like to know more about it.", intent, "neutral", answers)
    return Reaction("answered", "A pilot's answer.", read_after=30.0, reply=reply)


def _middle(question: Question) -> Any:
    if question.kind == "text":
        return "It went well."
    if question.kind == "choice":
        return question.choices[0] if question.choices else None
    middle = (question.min + question.max) / 2
    return int(middle) if question.min == int(question.min) else middle


def _ascii(text: str) -> int:
    return len(text.encode("ascii", "ignore"))
