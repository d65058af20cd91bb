"""Big Five offline: words move it the right way, and it never claims to know."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import pytest

from core.domain.twins import TRAITS, Trait, TraitEstimate
from core.twins.personality import ACCURACY, CAUTION, EXPLAINED, SOURCE, estimate_traits
from tests.core.twins.personality.texts import even

HIGH: dict[Trait, tuple[str, ...]] = {
    "openness": ("The poet of the universe is an art of narrative, of culture and of a century.",),
    "conscientiousness": (
        "Today the plan is completed, and each morning the schedule is the first goal of progress.",
    ),
    "extraversion": (
        "You and your friends love to sing, talk and dance with people at a party together.",
    ),
    "agreeableness": (
        "We share a wonderful morning together at home with our family, glad of every hug.",
    ),
    "emotional_stability": ("You and your friends take the road around the town with the others.",),
}
LOW: dict[Trait, tuple[str, ...]] = {
    "openness": (
        "I go home, and then we drive to dinner today, and now I cook and I eat and play.",
    ),
    "conscientiousness": (
        "I hate this stupid, boring, awful mess, but nothing would work because I can't, damn it.",
    ),
    "extraversion": ("Perhaps one of the three causes may possibly produce some effect.",),
    "agreeableness": ("They hate the stupid enemy, and the damn price of war is death and anger.",),
    "emotional_stability": (
        "I am so afraid and worried, I can't sleep, and I feel awful, ashamed and terribly lonely.",
    ),
}
SCORE = NormalDist()


def estimates(text: str) -> dict[Trait, TraitEstimate]:
    return {one.trait: one for one in estimate_traits([("a.md", text)])}


@pytest.mark.parametrize("trait", TRAITS)
def test_words_move_a_trait_the_way_that_research_says(trait: Trait) -> None:
    high, low = (estimates(even(3_000, said[trait]))[trait] for said in (HIGH, LOW))
    assert high.score > low.score + 10


@pytest.mark.parametrize("text", ["", "Too little.", even(200)])
def test_little_text_has_no_estimate(text: str) -> None:
    assert estimate_traits([("a", text)]) == ()
    assert estimate_traits([]) == ()


@pytest.mark.parametrize("words", [400, 3_000, 30_000])
def test_the_interval_is_as_wide_as_the_accuracy_demands(words: int) -> None:
    for trait, one in estimates(even(words, LOW["emotional_stability"])).items():
        assert one.low < one.score < one.high
        assert one.source == SOURCE
        narrowest = 2 * 1.96 * sqrt(1 - ACCURACY[trait].used ** 2)
        low, high = (SCORE.inv_cdf(max(0.1, min(99.9, at)) / 100) for at in (one.low, one.high))
        assert high - low > narrowest - 0.1


def test_more_text_of_a_kind_says_more() -> None:
    few, many = (
        estimates(even(words, LOW["emotional_stability"]))["emotional_stability"]
        for words in (400, 20_000)
    )
    assert many.score < few.score < 50


def test_little_is_counted_on() -> None:
    assert all(0.15 <= one.used < one.published <= 0.4 for one in ACCURACY.values())
    assert all(one.source for one in ACCURACY.values())
    assert "0.26" in CAUTION
    assert set(EXPLAINED) == set(TRAITS)
    assert "neuroticism" in EXPLAINED["emotional_stability"]
