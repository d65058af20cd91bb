"""What every mind must do: inherited by the tests of each implementation."""

from __future__ import annotations

import asyncio
import copy
from typing import Any, get_args

import pytest

from core.domain.flows import Question
from core.domain.reactions import Message, Reaction, Situation
from core.domain.words import INTENTS, SENTIMENTS, ReactionStatus
from core.minds import Mind
from tests.core.minds.cast import SEVEN, message, situation

QUESTIONS = (
    Question(id="mood", text="How was your week?", kind="scale", min=1, max=5),
    Question(id="pick", text="Which one?", kind="choice", choices=["a", "b", "c"]),
    Question(id="words", text="What helped?"),
    Question(id="hours", text="How many?", kind="number", min=0.5, max=2.5),
    Question(id="wide", text="Anything?", kind="scale", min=-1e9, max=1e9),
    Question(id="fine", text="Exactly?", kind="number", min=-1e9, max=0.5),
    Question.model_construct(id="none", text="Nothing to choose", kind="choice"),
    Question.model_construct(id="turned", text="Turned round", kind="scale", min=9, max=2),
    Question.model_construct(id="huge", text="Too wide", kind="scale", min=-1e308, max=1e308),
)
ODD: dict[str, Message] = {
    "plain": message("Hi Ana, which day suits you for a call?", "sms"),
    "empty": message(""),
    "blank": message("   \n\t ", "web"),
    "html": message("<p>Hi <b>Ana</b>, <a href='https://x.example/?a=1&amp;b=2'>book</a></p><"),
    "open tags": message("<" * 20_000),
    "emoji": message("👋🏽 👩‍👩‍👧 Ready? 🎉🎉", "whatsapp"),
    "long": message("word " * 4_000 + "?"),
    "one word": message("a" * 20_000),
    "right to left": message("مرحبا، هل تريد الانضمام إلى البرنامج؟", "telegram"),
    "shouting": message("WIN CASH NOW!!! LAST CHANCE, ACT NOW", subject="FREE!!!"),
    "leaving": message("Bye: https://x.example/unsubscribe?c=cold-carl-0001", subject="News"),
    "template braces": message("{a|b} {{ contact.name }} %s {0}", "mobile"),
    "from the twin": message("It costs €490.", from_twin=True, answers=True),
    "no answer": message("I do not know.", from_twin=True, answers=False),
    "questions": message("Three questions", questions=QUESTIONS),
    "no time": message("Hello?", "sms", sent_at=float("nan"), utc_offset=float("inf")),
}


class MindContract:
    """Subclasses give ``make``; every case below must then hold."""

    def make(self) -> Mind:
        """A fresh mind."""
        raise NotImplementedError

    def react(self, mind: Mind, met: Situation) -> Reaction:
        """One reaction to a copy of the situation, so that its memory stays as it was."""
        own = copy.copy(met)
        own.memory = copy.deepcopy(met.memory)
        return asyncio.run(mind.react(own))  # type: ignore[arg-type]

    def every(self, said: Message) -> list[Situation]:
        """Seven personas, six copies of each, with this message."""
        return [situation(p, said, number) for p in SEVEN.values() for number in range(6)]

    def test_is_a_mind(self) -> None:
        assert isinstance(self.make(), Mind)

    @pytest.mark.parametrize("name", ODD)
    def test_gives_a_sound_reaction(self, name: str) -> None:
        mind = self.make()
        for met in self.every(ODD[name]):
            sound(self.react(mind, met), met.message)

    @pytest.mark.parametrize("name", ["plain", "questions", "html"])
    def test_reacts_the_same_again(self, name: str) -> None:
        mind, other = self.make(), self.make()
        for met in self.every(ODD[name]):
            first = self.react(mind, met)
            assert first == self.react(mind, met) == self.react(other, met)

    def test_does_not_mind_odd_people(self) -> None:
        mind = self.make()
        for traits in ({}, {"trust": float("nan")}, {"attention": 1e308}, {"who": 3.0}):
            for attributes in ({}, {"first_name": None}, {"first_name": "<b>"}):
                met = situation(SEVEN["eager-eddie"], ODD["plain"])
                person: Any = copy.copy(met.person)
                object.__setattr__(person, "traits", traits)
                object.__setattr__(person, "attributes", attributes)
                met.person = person
                sound(self.react(mind, met), met.message)


def sound(reaction: Reaction, said: Message) -> None:
    """Fail unless a reaction is one that a director can play."""
    assert reaction.status in get_args(ReactionStatus)
    assert reaction.reasoning.strip()
    times = [reaction.delivered_after, reaction.read_after, reaction.clicked_after]
    given = [time for time in times if time is not None]
    if reaction.reply:
        reply = reaction.reply
        given.append(reply.after)
        assert reply.text.strip()
        assert reply.intent in INTENTS
        assert reply.sentiment in SENTIMENTS
        check_answers(reply.answers, said)
    assert given == sorted(given)
    assert all(0 <= time <= 10 * 86_400 for time in given)
    assert (reaction.delivered_after is None) == (reaction.failure is not None)
    assert (reaction.link is None) == (reaction.clicked_after is None)
    did = reaction.reply or reaction.clicked_after or reaction.unsubscribed_after
    if reaction.status in ("answered", "ignored"):
        assert (reaction.status == "answered") == bool(did)
    if reaction.unsubscribed_after is not None:
        assert reaction.read_after is not None
        assert reaction.unsubscribed_after >= reaction.read_after
    assert all(value == value for value in reaction.why.values())


def check_answers(answers: Any, said: Message) -> None:
    """Each question is answered in its own kind, or left out as None."""
    if not said.questions:
        assert answers is None
        return
    assert set(answers) == {question.id for question in said.questions}
    for question in said.questions:
        value = answers[question.id]
        if value is None:
            continue
        if question.kind == "choice":
            assert value in question.choices
        elif question.kind == "text":
            assert isinstance(value, str)
            assert value
        else:
            low, high = sorted((question.min, question.max))
            assert low <= value <= high
            assert isinstance(value, int) == (low == int(low) and high == int(high))
