"""The grounded twin: answers from its passages, and says so when it cannot."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.domain.chance import Chance
from core.domain.reactions import TwinAnswer, TwinRequest
from core.minds import GroundedMind, TwinMind, load_passages
from tests.core.minds.cast import COACH

COACH_TEXT = load_passages(COACH)


def ask(question: str, intent: str = "question", **more: Any) -> TwinAnswer:
    """The answer of the sample coach's twin."""
    given: dict[str, Any] = {"grounding": (), "contact": {"first_name": "Ana"}, **more}
    mind = GroundedMind(more.pop("passages", COACH_TEXT))
    given.pop("passages", None)
    request = TwinRequest(None, "", question, intent, history=[], chance=Chance(3, "x"), **given)  # type: ignore[arg-type]
    return asyncio.run(mind.answer(request))


def test_is_a_twin_mind() -> None:
    assert isinstance(GroundedMind(), TwinMind)


@pytest.mark.parametrize(
    ("question", "intent", "holds"),
    [
        ("How much is it?", "price_question", "€490"),
        ("what's the price?", "price_question", "€490"),
        ("Before anything else: what would the program cost me?", "price_question", "€490"),
        ("Where is my data stored, and is it encrypted?", "question", "Frankfurt"),
        ("Does it integrate with Google Calendar or Outlook?", "question", "Outlook"),
        ("Is there an API or a Zapier integration?", "question", "Zapier"),
        ("What format are the recordings in, and can I download them?", "question", "MP4"),
        ("What happens if I miss a week?", "question", "nothing is lost"),
        ("May I bring my sister along?", "question", "friend"),
        ("How many people are in a group at most?", "question", "twelve"),
        ("Does it work offline or on a phone?", "question", "phone"),
        ("I'm not convinced. Do you have reviews?", "objection", "reviews"),
        ("I've heard that before. Who says it works?", "objection", "money back"),
    ],
)
def test_answers_from_the_passages(question: str, intent: str, holds: str) -> None:
    answer = ask(question, intent)
    assert answer.answered
    assert holds in answer.text
    assert 1 <= len(answer.citations) <= 2
    whole = " ".join(COACH_TEXT)
    assert all(citation in whole for citation in answer.citations)
    assert all(citation in answer.text for citation in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "Is there parking near the office?",
        "Who will win the world cup in football?",
        "Is single sign-on supported?",
        "Do you sell garden furniture?",
        "How do I reset my password?",
        "What is the weather like in Oslo?",
        "",
        "???",
        "🎉",
    ],
)
def test_says_when_it_does_not_know(question: str) -> None:
    answer = ask(question)
    assert not answer.answered
    assert answer.citations == ()
    assert answer.text


def test_finds_the_answer_in_the_flows_own_messages() -> None:
    told = ("The workshop is on 12 May in Leipzig. Will you come?", "Lunch costs 14 euros there.")
    answer = ask("Where is the workshop?", grounding=told, passages=())
    assert answer.answered
    assert "Leipzig" in answer.text
    assert "14 euros" in ask("What does lunch cost?", "price_question", grounding=told).text


def test_without_passages_nothing_is_known() -> None:
    for intent in ("question", "price_question", "objection"):
        assert not ask("How much is it?", intent, passages=()).answered


def test_unrendered_templates_are_not_quoted() -> None:
    told = ("It costs {{ price }} euros for everybody who joins.",)
    assert not ask("What does it cost?", "price_question", grounding=told, passages=()).answered


def test_same_question_same_answer() -> None:
    assert ask("How long is a lesson?") == ask("How long is a lesson?")


def test_long_and_odd_questions_are_survived() -> None:
    for question in ("why? " * 5_000, "<" * 20_000, "a" * 20_000, "مرحبا؟ " * 500):
        ask(question)


def test_what_asks_nothing_gets_a_courtesy() -> None:
    for intent in ("thanks", "interested", "other", "not_now", "not_interested", "opt_out"):
        answer = ask("Well then.", intent)
        assert answer.answered
        assert answer.text
        assert answer.citations == ()
    assert "€490" in ask("Good. And what does the program cost?", "interested").text


def test_greetings_and_opt_out_lines_of_messages_are_left_out() -> None:
    told = (
        "Hi {{ contact.first_name | default: 'there' }}, the recording is ready in the library. "
        "Unsubscribe: {{ links.unsubscribe }}",
        "Hi Ana, the worksheet has two pages. Reply STOP to opt out of the worksheet messages.",
    )
    ready = ask("Where is the recording?", grounding=told, passages=())
    assert "The recording is ready in the library." in ready.text
    assert "STOP" not in ask("How many pages has the worksheet?", grounding=told, passages=()).text
