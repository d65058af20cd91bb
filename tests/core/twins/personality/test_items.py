"""The inventory: complete, keyed both ways, and scored with the keys."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.twins import TRAITS, Trait
from core.twins.personality import shipped_inventory
from core.twins.personality.scale import placed

INVENTORY = shipped_inventory()


def test_fifty_items_ten_a_trait() -> None:
    assert sorted(one.id for one in INVENTORY.items) == list(range(1, 51))
    assert Counter(one.trait for one in INVENTORY.items) == dict.fromkeys(TRAITS, 10)
    assert len({one.text for one in INVENTORY.items}) == 50
    assert set(INVENTORY.norms) == set(TRAITS)


@pytest.mark.parametrize("trait", TRAITS)
def test_every_trait_is_keyed_both_ways(trait: Trait) -> None:
    assert {one.key for one in INVENTORY.items if one.trait == trait} == {1, -1}


@pytest.mark.parametrize("trait", TRAITS)
def test_agreeing_with_what_raises_it_raises_it(trait: Trait) -> None:
    own = [one for one in INVENTORY.items if one.trait == trait]
    high, rated = INVENTORY.standing(trait, {one.id: 3 + 2 * one.key for one in own})
    low, _ = INVENTORY.standing(trait, {one.id: 3 - 2 * one.key for one in own})
    assert rated == 10
    assert high > 1 > 0 > -1 > low


def test_worry_counts_against_stability() -> None:
    worries = next(one for one in INVENTORY.items if one.text == "I worry about things.")
    assert (worries.trait, worries.key) == ("emotional_stability", -1)


@given(st.floats(-20, 20), st.floats(0, 0.6), st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 4))
def test_a_placed_trait_obeys_its_accuracy(
    standing: float, accuracy: float, less: float, more: float, step: float
) -> None:
    less, more = sorted((less, more))
    unsure, sure = placed(standing, accuracy, less), placed(standing, accuracy, more)
    for one in (unsure, sure):
        assert 0 <= one.low < one.score < one.high <= 100
    assert abs(unsure.score - 50) <= abs(sure.score - 50) + 0.1
    assert placed(standing + step, accuracy, more).score >= sure.score


def test_knowing_nothing_is_the_middle_and_everything() -> None:
    assert placed(2, 0.0) == pytest.approx((50, 2.5, 97.5), abs=0.05)
