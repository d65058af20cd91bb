"""The language model persona: what it makes of every kind of answer, and of none."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.domain.errors import BudgetReached, CallFailed, MindUnavailable
from core.domain.models import Completion
from core.domain.reactions import Reaction
from core.domain.words import ReactionStatus
from core.minds import LanguageMind, Mind
from tests.core.minds.cast import SEVEN, message, situation
from tests.core.minds.contract import MindContract
from tests.core.minds.language.fakes import MODEL, People, Told, answer

SARAH = SEVEN["skeptical-sarah"]
MAIL = message(
    'Hi Ben, <a href="https://x.example/book">book here</a>. https://x.example/unsubscribe/1',
    subject="A seat",
)


class TestLanguageMind(MindContract):
    """What every mind must do, with a model that answers as people might."""

    def make(self) -> Mind:
        return LanguageMind(People(), MODEL)


def react(*says: Any, said: Any = MAIL, **more: Any) -> tuple[Reaction, Told]:
    """One reaction of one person to a model that says these things."""
    layer = Told(*says)
    mind = LanguageMind(layer, MODEL, **more)
    return asyncio.run(mind.react(situation(SARAH, said))), layer


def test_reply_says_what_the_model_said_and_who_it_was() -> None:
    reaction, layer = react(answer(text="Who else has done this?", delay_hours=5))
    assert reaction.status == "answered"
    assert reaction.reply is not None
    assert (reaction.reply.text, reaction.reply.intent) == ("Who else has done this?", "question")
    assert reaction.reply.after == 5 * 3600
    assert reaction.read_after == 5 * 3600 - 2 * 5
    assert reaction.reasoning == "It fits."
    [call] = layer.calls
    assert reaction.source == {
        "model": "openai/told",
        "prompt": "reaction-1",
        "call": call.key(),
    }


@pytest.mark.parametrize(
    ("action", "status", "read", "clicked", "left"),
    [
        ("ignore", "ignored", False, False, False),
        ("read", "ignored", True, False, False),
        ("click", "answered", True, True, False),
        ("unsubscribe", "answered", True, False, True),
    ],
)
def test_people_do_other_things_than_reply(
    action: str, status: str, read: bool, clicked: bool, left: bool
) -> None:
    reaction, _ = react(answer(action))
    assert reaction.status == status
    assert (reaction.read_after is not None) == read
    assert (reaction.link == "https://x.example/book") == clicked
    assert (reaction.unsubscribed_after is not None) == left
    assert reaction.reply is None


@pytest.mark.parametrize("action", ["click", "unsubscribe"])
def test_nobody_follows_a_link_that_is_not_there(action: str) -> None:
    reaction, _ = react(answer(action), said=message("Hi, are you well?", "sms"))
    assert reaction.status == "ignored"
    assert reaction.read_after is not None
    assert "no link" in reaction.reasoning


@pytest.mark.parametrize(
    "wrapped",
    [
        "```json\n{}\n```",
        "Here it is: {} I hope that it helps {{smile}}.",
        'She says "hm. {}',
        "{{not it}} {}",
        '{{not it}} 5" wide, {}',
        "\n\n{}\n",
    ],
)
def test_reads_json_in_fences_and_prose(wrapped: str) -> None:
    text = wrapped.replace("{}", json.dumps(answer(text='A "quoted } brace"?')))
    reaction, layer = react(text.replace("{{", "{").replace("}}", "}"))
    assert reaction.reply is not None
    assert reaction.reply.text == 'A "quoted } brace"?'
    assert len(layer.calls) == 1


BROKEN = {
    "empty": "",
    "blank": "  \n ",
    "prose": "As an assistant I would rather talk about something else.",
    "broken": '{"action": "reply", "delay_hours": 2, "text": "Hm',
    "wrong word": json.dumps(answer(intent="delighted")),
    "another key": json.dumps(answer(mood="good")),
    "wrong kind": json.dumps(answer(delay_hours="soon")),
    "not a number": '{"action": "read", "delay_hours": NaN, "why": "x"}',
    "reply without words": json.dumps(answer(text=" ")),
    "a list": "[1, 2]",
    "deep": '{"a":' * 9_000,
    "open braces": "{" * 20_000,
    "open quotes": "{" + '\\"' * 9_000,
    "surrogate": '{"action": "read", "delay_hours": 1, "why": "\ud800"}',
    "huge": "word " * 6_000_000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_unusable_answer_is_invalid_after_one_repair(name: str) -> None:
    reaction, layer = react(BROKEN[name])
    assert reaction.status == "invalid"
    assert "could not be used" in reaction.reasoning
    assert len(reaction.reasoning) <= 400
    first, repair = layer.calls
    assert reaction.source["prompt"] == "repair-1"
    assert reaction.source["call"] == repair.key() != first.key()
    assert repair.messages[:2] == first.messages
    assert [one["role"] for one in repair.messages[2:]] == ["assistant", "user"]
    assert sum(len(one["content"]) for one in repair.messages[2:]) < 2_000
    assert (repair.draw, repair.schema, repair.about) == (first.draw, first.schema, first.about)


def test_repaired_answer_counts() -> None:
    reaction, layer = react("Well, let me think.", answer("read"))
    assert reaction.status == "ignored"
    assert reaction.source["prompt"] == "repair-1"
    assert "it holds no JSON object" in layer.calls[1].messages[-1]["content"]


def test_says_to_the_model_that_its_answer_was_cut() -> None:
    _, layer = react(Completion('{"action": "reply", "te', finish="length"), answer())
    assert "cut off" in layer.calls[1].messages[-1]["content"]


@pytest.mark.parametrize("after", [(), ("prose",)])
def test_refusal(after: tuple[str, ...]) -> None:
    reaction, _ = react(*after, Completion("", finish="refusal"))
    assert reaction.status == "refused"
    assert reaction.source


@pytest.mark.parametrize("after", [(), ("prose",)])
def test_failed_call_loses_one_reaction(after: tuple[str, ...]) -> None:
    reaction, layer = react(*after, CallFailed("It did not answer within 60 s.", fix="Wait."))
    assert reaction.status == "unavailable"
    assert reaction.reasoning == "It did not answer within 60 s. Wait."
    assert reaction.source["call"] == layer.calls[-1].key()


@pytest.mark.parametrize("error", [BudgetReached("Spent."), MindUnavailable("No key.")])
@pytest.mark.parametrize("after", [(), ("prose",)])
def test_what_stops_everybody_passes_through(error: Exception, after: tuple[str, ...]) -> None:
    with pytest.raises(type(error)):
        react(*after, error)


def test_nobody_is_asked_for_ever() -> None:
    layer = Told(answer("ignore"))
    mind = LanguageMind(layer, MODEL, max_calls=3)
    met = situation(SARAH, MAIL)

    async def go() -> list[str]:
        return [(await mind.react(met)).status for _ in range(5)]

    assert asyncio.run(go()) == ["ignored"] * 3 + ["skipped"] * 2
    assert len(layer.calls) == 3
    reaction, layer = react("prose", max_calls=1)
    assert (reaction.status, len(layer.calls)) == ("invalid", 1)


@pytest.mark.parametrize(
    "text",
    ["STOP", "stop.", "Unsubscribe me", "Please remove me from this list.", "opt out",
     "STOP. No more messages.", "Stop texting me", "Please stop emailing me, I am fine."],
)  # fmt: skip
def test_words_that_ask_to_be_left_alone_win(text: str) -> None:
    reaction, _ = react(answer(text=text, intent="interested", sentiment="positive"))
    assert reaction.reply is not None
    assert reaction.reply.intent == "opt_out"


@pytest.mark.parametrize(
    "text",
    ["Stop by any time", "I cannot stop thinking about it", "Don't stop messaging me",
     "Where do I unsubscribe from the other list?", "Nonstop fun"],
)  # fmt: skip
def test_other_words_do_not(text: str) -> None:
    reaction, _ = react(answer(text=text, intent="interested"))
    assert reaction.reply is not None
    assert reaction.reply.intent == "interested"


def test_delays_and_words_stay_within_bounds() -> None:
    early, _ = react(answer(delay_hours=-5))
    late, _ = react(answer(delay_hours=1e300))
    assert early.reply is not None
    assert late.reply is not None
    assert (early.reply.after, early.read_after) == (0, 0)
    assert late.reply.after == 30 * 86_400
    mail, _ = react(answer(text="word " * 3_000))
    text, _ = react(answer(text="word " * 3_000), said=message("Hi?", "sms"))
    assert mail.reply is not None
    assert text.reply is not None
    assert len(mail.reply.text) <= 2_000
    assert len(text.reply.text) <= 480


def test_reads_a_text_once() -> None:
    before = time.process_time()
    for text in ("{" + '\\"' * 9_000, '{"' * 9_000, '{"a":' * 3_900, "{}" * 9_000):
        react(text)
    assert time.process_time() - before < 0.5


def test_a_reaction_takes_less_than_400_microseconds() -> None:
    layer = Told(json.dumps(answer(text="Which day is it, and how long does it take?")))
    mind = LanguageMind(layer, MODEL)
    met = [situation(persona, MAIL, n) for persona in SEVEN.values() for n in range(40)]

    async def everybody() -> None:
        for one in met:
            await mind.react(one)

    before = time.process_time()
    asyncio.run(everybody())
    assert (time.process_time() - before) / len(met) < 0.0004


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=30),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside),
    max_leaves=8,
)
_near = st.fixed_dictionaries(
    {
        "action": st.sampled_from(["ignore", "read", "click", "reply", "unsubscribe", "", "dance"]),
        "delay_hours": st.floats() | st.integers() | st.text(max_size=5),
        "why": st.text(max_size=40),
    },
    optional={
        "text": _json,
        "intent": st.sampled_from(["question", "opt_out", "thanks", "bliss", None]),
        "sentiment": st.sampled_from(["positive", "bad", None]),
        "answers": _json,
        "more": _json,
    },
)


@settings(max_examples=150, deadline=None)
@example([answer("ignore", why="\x1b")])
@example([answer(text="\x00\ud800")])
@given(st.lists(st.text() | st.binary().map(str) | _json | _near, min_size=1, max_size=2))
def test_whatever_comes_back_a_reaction_has_a_status(says: list[Any]) -> None:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in says]
    reaction, layer = react(*texts)
    assert reaction.status in get_args(ReactionStatus)
    assert reaction.reasoning.strip()
    assert len(layer.calls) <= 2
    reaction.reasoning.encode()
    if reaction.reply:
        assert reaction.reply.text.strip()
        reaction.reply.text.encode()
        assert 0 <= reaction.reply.after <= 30 * 86_400
