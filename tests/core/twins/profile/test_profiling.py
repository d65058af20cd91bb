"""A voice: true places, honest intervals, phrases that are habits."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.errors import NotFound
from core.twins.profile import EVERYBODY, FEATURES, profile_voice, shipped_reference
from core.twins.profile.estimates import Tally, estimate
from core.twins.profile.reference import Spread
from tests.core.twins.profile.texts import mixed, plain

PIECES = [("one.md", plain(1_500, 1)), ("two.md", plain(1_500, 2))]
RATE = next(one for one in FEATURES if one.id == "questions")


@pytest.mark.parametrize("pieces", [[], [("a", "")], [("a", "Too little to say anything.")]])
def test_too_little_says_nothing(pieces: list[tuple[str, str]]) -> None:
    assert profile_voice(pieces) == ((), ())


def test_every_feature_is_there_and_in_bounds() -> None:
    features, _ = profile_voice(PIECES)
    assert [one.id for one in features] == [one.id for one in FEATURES]
    for one in features:
        assert one.low <= one.value <= one.high
        assert 0 < one.percentile < 100
        assert one.says.startswith(("Your", "You", "In ", "Half", "The ", *"0123456789"))


def test_examples_are_where_they_say() -> None:
    texts = dict(PIECES)
    features, phrases = profile_voice(PIECES)
    places = [place for one in (*features, *phrases) for place in one.examples]
    assert places
    assert all(texts[one.file][one.start : one.end] == one.text for one in places)


def test_the_same_words_give_the_same_profile() -> None:
    assert profile_voice(PIECES) == profile_voice(PIECES)


def test_an_unknown_register_is_named() -> None:
    with pytest.raises(NotFound, match="sonnets"):
        profile_voice(PIECES, "sonnets")


def test_registers_differ() -> None:
    every, speech = (profile_voice(PIECES, one)[0] for one in (EVERYBODY, "conversation"))
    assert [one.value for one in every] == [one.value for one in speech]
    assert [one.usual for one in every] != [one.usual for one in speech]


def test_a_turn_of_phrase_is_found_with_its_places() -> None:
    habit = ("Here is what I would do with the mill.", "Well, here is what I would do tonight.")
    _, phrases = profile_voice([("a", mixed(6_000, habit, 0.05))])
    found = next(one for one in phrases if "here is what I would do" in one.text)
    assert found.per_10k_words > 10 * found.usual_per_10k_words
    assert all("ere is what I would do" in one.text for one in found.examples)


def test_what_is_said_in_one_place_only_is_no_habit() -> None:
    text = plain(6_000) + "\n\n" + "Here is what I would do. " * 6 + "\n\n" + plain(1_000)
    _, phrases = profile_voice([("a", text)])
    assert not any("what I would" in one.text for one in phrases)


def test_the_interval_covers_about_as_often_as_it_says() -> None:
    drawn = np.random.default_rng(7)
    caught = 0
    for _ in range(200):
        rate = drawn.gamma(8, 0.1 / 8, 30)
        of = np.full(30, 12.0)
        found = estimate(RATE, Tally(drawn.poisson(rate * of).astype(float), of))
        caught += found.low <= 10 <= found.high
    assert 0.9 <= caught / 200 <= 1


def test_nothing_seen_in_little_text_is_not_certainty() -> None:
    found = estimate(RATE, Tally(np.zeros(4), np.full(4, 5.0)))
    assert found.value == 0
    assert found.high > 10


def test_more_text_narrows_the_interval() -> None:
    short, long = (profile_voice([("a", plain(words))])[0] for words in (500, 20_000))
    for less, more in zip(short, long, strict=True):
        assert more.high - more.low <= less.high - less.low, less.id


def test_a_percentile_never_says_more_than_the_writers_allow() -> None:
    spread = Spread(np.linspace(0, 10, 101), 19)
    assert spread.percentile(-1) == pytest.approx(2.5)
    assert spread.percentile(99) == pytest.approx(97.5)
    assert spread.percentile(5) == pytest.approx(50)


def test_ties_count_half() -> None:
    spread = Spread(np.concatenate([np.zeros(61), np.linspace(0.1, 4, 40)]), 100)
    assert spread.percentile(0) == pytest.approx(30)


def test_the_reference_has_every_feature() -> None:
    reference = shipped_reference()
    assert {one.id for one in FEATURES} == set(reference.spreads)
    assert reference.writers[EVERYBODY] >= 100


@pytest.mark.parametrize(
    "text",
    [
        "A short head\n\n" * 60,
        "so then we went on and it was fine you know " * 40,
        "12 " * 300,
        "Chapter one " + "." * 20_000 + " xiv\n" + "word " * 200,
        "word two. " * 100 + " " * 50_000 + " x. ",
        "x" * 50_000 + " word" * 200,
        "word " * 200 + "!?" * 20_000 + " x ",
        "*a _b (c " * 200,
    ],
    ids=["headings", "unpunctuated", "digits", "leaders", "blanked", "one word", "signs", "marks"],
)
def test_strange_texts_are_measured_too(text: str) -> None:
    features, _ = profile_voice([("a", text)])
    assert len(features) == len(FEATURES)
    assert all(one.low <= one.value <= one.high for one in features)
    assert all(text[p.start : p.end] == p.text for one in features for p in one.examples)
