"""Each habit: a text that has more of it is measured higher, and every habit is tried."""

from __future__ import annotations

import pytest

from core.domain.twins import VoiceFeature
from core.twins.profile import FEATURES, profile_voice
from tests.core.twins.profile.texts import mixed, plain

LONG = "The road that leads from the village to the coast is old and wide and turns near the mill."
HABITS: dict[str, tuple[str, ...]] = {
    "sentence_length": (f"{LONG[:-1]}, and {LONG[0].lower()}{LONG[1:]}",),
    "sentence_variety": ("Go.", f"{LONG[:-1]}, and {LONG[0].lower()}{LONG[1:]}"),
    "short_sentences": ("The sun rose.", "It was cold."),
    "word_length": ("Organisational considerations necessitate comprehensive documentation.",),
    "rare_words": ("Zymurgy quaffs borborygmic plinths of sphagnum and oubliettes.",),
    "formality": ("The evaluation of the performance of the institution follows in the appendix.",),
    "warmth": ("Thank you, dear friend, for your kindness and your gentle heart.",),
    "directness": ("Stop that now.", "You must never do this.", "Write the letter today."),
    "humour": ("That was hilarious and utterly ridiculous, haha.",),
    "questions": ("What would you do with the rest of it?",),
    "you": ("You know your own way and you take it.",),
    "i": ("I know my own way and I take it myself.",),
    "we": ("We know our own way, and it takes us home.",),
    "contractions": ("It's late and they don't see that we can't stay.",),
    "imperatives": ("Write three lines on a card.", "Take the first hour of the day."),
    "hedges": ("Perhaps it might rain, I think, or maybe it seems so.",),
    "certainty": ("Clearly everyone always knows exactly what is certain.",),
    "numbers": ("There are 40 boats, 12 barns and three mills.",),
    "emphasis": ("It was really very cold and so extremely dark.",),
    "examples": ("Imagine a mill, for example, such as the old one.",),
    "stories": ("One day a client told me what she said when I was there.",),
    "joined_openings": ("And the road was open.", "But the mill was not."),
    "exclamations": ("The boats are in the barn!",),
    "commas": ("The mill, the road, the barn, the lake, all of it.",),
    "semicolons": ("The mill is old; the road is not; the barn is new.",),
    "colons": ("There is one rule: leave the road: take the boat.",),
    "dashes": ("The mill — the old one — is near the road.",),
    "parentheses": ("The mill (the old one) is near the road (the new one).",),
    "ellipses": ("The mill… it is old… and the road is open.",),
    "quotations": ("“The mill” is what they call “the barn” here.",),
}


def measured(text: str) -> dict[str, VoiceFeature]:
    features, _ = profile_voice([("a", text)])
    return {one.id: one for one in features}


PLAINLY = measured(plain(3_000))


@pytest.mark.parametrize("name", HABITS)
def test_a_habit_is_measured(name: str) -> None:
    found = measured(mixed(3_000, HABITS[name], 0.3))[name]
    assert found.value > PLAINLY[name].high
    assert found.percentile >= PLAINLY[name].percentile


def test_long_paragraphs_are_seen() -> None:
    text = plain(3_000)
    joined = text.replace("\n\n", " ", text.count("\n\n") // 2)
    assert measured(joined)["paragraph_length"].value > PLAINLY["paragraph_length"].high


def test_a_small_vocabulary_is_seen() -> None:
    assert (
        measured("The farmer sells grey wool. " * 60)["vocabulary"].value
        < PLAINLY["vocabulary"].low
    )


def test_every_habit_is_tried() -> None:
    assert {one.id for one in FEATURES} == {*HABITS, "paragraph_length", "vocabulary"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Do you see the mill near the road?", False),
        ("Do not go near the mill.", True),
        ("Please write to us.", True),
        ("Now take the card.", True),
        ("Work is what they do.", False),
        ("The plan is to write.", False),
        ("Don't wait for it.", True),
    ],
)
def test_what_tells_somebody_to_do_something(text: str, told: bool) -> None:
    found = measured(f"{text} " * 40)["imperatives"]
    assert (found.value > 50) == told
