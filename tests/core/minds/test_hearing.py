"""What replies mean by their words: the phrase bank, and sentences that no rule was written for."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.flow_tests import ScriptedReply
from core.domain.words import INTENTS, SENTIMENTS
from core.minds import heard, load_phrases, reaction_of
from core.minds.behaviour.phrases import Dice, Slots, Template, render

MEANT = {
    "interest": "interested",
    "question": "question",
    "specification": "question",
    "price": "price_question",
    "price_objection": "objection",
    "objection": "objection",
    "not_now": "not_now",
    "not_interested": "not_interested",
    "opt_out": "opt_out",
    "thanks": "thanks",
}
"""What a reply of each kind of the phrase bank means; answers to what was asked mean ``other``."""
EACH = 8


def said() -> Iterator[tuple[str, str]]:
    """(what is meant, the words) of replies out of the phrase bank."""
    bank, chance = load_phrases(), random.Random(7)
    for kind, voices in bank.replies.items():
        lists = [*voices.values(), bank.minimal.get(kind, ()), bank.minimal_cold.get(kind, ())]
        for template in (one for some in lists for one in some):
            for _ in range(EACH):
                yield MEANT.get(kind, "other"), words(template, chance)


def words(template: Template, chance: random.Random) -> str:
    dice = Dice(chance.random())
    given = {"price": "$49", "me": "Eddie", "specification": "how long is each session"}
    return render(template, dice, Slots(dice, given, load_phrases().slots, ("the morning plan",)))


@cache
def accuracy() -> dict[str, float]:
    """The share of the phrase bank's replies that is heard right, by what is meant."""
    right: dict[str, list[bool]] = defaultdict(list)
    for meant, text in said():
        right[meant].append(heard(text).intent == meant)
        right["all"].append(right[meant][-1])
    return {meant: sum(found) / len(found) for meant, found in right.items()}


def test_the_phrase_bank_is_heard() -> None:
    """The rules were written with the bank at hand: of other words less is understood."""
    shares = accuracy()
    assert shares["all"] >= 0.9
    assert {meant: share for meant, share in shares.items() if share < 0.78} == {}


def test_nobody_who_opts_out_is_passed_over() -> None:
    assert accuracy()["opt_out"] == 1.0
    missed = [text for meant, text in said() if meant != "opt_out" and heard(text)[0] == "opt_out"]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "intent", "sentiment"),
    [
        ("STOP", "opt_out", "neutral"),
        ("stop.", "opt_out", "neutral"),
        ("Please stop texting me", "opt_out", "negative"),
        ("OK. STOP", "opt_out", "neutral"),
        ("unsubscribe me please", "opt_out", "neutral"),
        ("cancel", "opt_out", "neutral"),
        ("I hate these emails, take me off the list", "opt_out", "negative"),
        ("What happens if I have to stop?", "question", "neutral"),
        ("Can I stop by the office?", "question", "neutral"),
        ("Do you delete my data on request?", "question", "neutral"),
        ("Sounds great, book me in for Friday!", "interested", "positive"),
        ("yes", "interested", "neutral"),
        ("no", "not_interested", "neutral"),
        ("I’m not interested, thanks", "not_interested", "neutral"),
        ("How much is it?", "price_question", "neutral"),
        ("What does the programme cost per month?", "price_question", "neutral"),
        ("That is way too expensive for me", "objection", "neutral"),
        ("maybe later", "not_now", "neutral"),
        ("Thanks, that helped a lot!", "thanks", "positive"),
        ("When does it start?", "question", "neutral"),
        ("It went well this week", "other", "neutral"),
        ("", "other", "neutral"),
        ("...", "other", "neutral"),
    ],
)
def test_what_is_meant(text: str, intent: str, sentiment: str) -> None:
    assert heard(text) == (intent, sentiment)


@settings(deadline=None)
@given(st.text(max_size=3_000))
def test_anything_can_be_heard(text: str) -> None:
    found = heard(text)
    assert found.intent in INTENTS and found.sentiment in SENTIMENTS


def test_what_is_written_goes_before_what_is_heard() -> None:
    written = reaction_of(ScriptedReply(text="STOP", intent="thanks", sentiment="positive")).reply
    assert written and (written.intent, written.sentiment) == ("thanks", "positive")
    half = reaction_of(ScriptedReply(text="I hate it. Stop.", intent="other")).reply
    assert half and (half.intent, half.sentiment) == ("other", "negative")
    silent = reaction_of(ScriptedReply(text="How much is it?")).reply
    assert silent and silent.intent == "price_question"
