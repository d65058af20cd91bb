"""A language model rates the items: its evidence is checked, its form too."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from core.domain.errors import BadInput, CallFailed
from core.domain.twins import TRAITS
from core.twins.personality import Ratings, rate_items, shipped_inventory
from tests.core.twins.personality.texts import even

CALM = "I sleep well, whatever the day brought, and little upsets me."
LOUD = "Ask me to dinner\nand I will talk to everyone at the table."
PIECES = [("one.md", even(500, seed=1)), ("two.md", f"{even(300, seed=2)}\n\n{CALM} {LOUD}")]
ITEMS = {one.text: one for one in shipped_inventory().items}
STABLE = [one for one in ITEMS.values() if one.trait == "emotional_stability"]


class Scripted:
    """Answers what it was given, in order, and keeps what it was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    async def __call__(self, system: str, prompt: str, schema: dict[str, Any]) -> str:
        self.asked.append((system, prompt, schema))
        return self.answers.pop(0)


def answer(*ratings: tuple[int, int | None, str | None]) -> str:
    rows = [{"item": item, "rating": rating, "quote": quote} for item, rating, quote in ratings]
    return json.dumps({"ratings": rows})


def rated(model: Scripted) -> Ratings:
    return asyncio.run(rate_items(PIECES, model, "scripted"))


def stable(quote: str, count: int = 10) -> str:
    return answer(*((one.id, 3 + 2 * one.key, quote) for one in STABLE[:count]))


def test_ratings_with_true_quotes_are_scored() -> None:
    found = rated(Scripted(stable("little upsets me")))
    traits = {one.trait: one for one in found.traits}
    assert tuple(traits) == TRAITS
    calm = traits["emotional_stability"]
    assert calm.source == "scripted"
    assert calm.score > 65
    assert calm.high - calm.low > 70
    assert traits["openness"].score == 50
    assert found.dropped == 0


def test_quotes_are_places_whatever_their_blanks_and_capitals() -> None:
    found = rated(Scripted(answer((1, 5, "ask me to dinner and I will “talk”"))))
    (item,) = found.items
    assert dict(PIECES)["two.md"][item.quote.start : item.quote.end] == item.quote.text
    assert item.quote.text == "Ask me to dinner\nand I will talk"


@pytest.mark.parametrize("quote", ["I am the calmest person alive", "", "upsets me", None])
def test_a_rating_without_a_true_quote_is_dropped(quote: str | None) -> None:
    found = rated(Scripted(answer((STABLE[0].id, 5, quote))))
    assert found.items == ()
    assert found.dropped == 1
    assert {one.score for one in found.traits} == {50}


def test_few_items_say_nothing() -> None:
    found = rated(Scripted(stable("little upsets me", 2)))
    assert {one.score for one in found.traits} == {50}


def test_fewer_items_say_less() -> None:
    few, many = (
        rated(Scripted(stable("little upsets me", count))).traits[
            TRAITS.index("emotional_stability")
        ]
        for count in (4, 10)
    )
    assert 50 < few.score < many.score


def test_evidence_stands_on_its_side() -> None:
    upset = ITEMS["I get upset easily."]
    found = rated(Scripted(answer((upset.id, 1, "little upsets me"))))
    calm = found.traits[TRAITS.index("emotional_stability")]
    assert [one.text for one in calm.speaks_for] == ["little upsets me"]
    assert calm.speaks_against == ()


def test_unknown_items_and_nulls_are_left_out() -> None:
    found = rated(Scripted(answer((99, 5, "little upsets me"), (1, None, None))))
    assert found.items == ()
    assert found.dropped == 0


@pytest.mark.parametrize(
    "broken", ["", "I would rather not.", "{}", '{"ratings": [{"item": 1, "rating": 9}]}', "{" * 99]
)
def test_an_answer_that_cannot_be_read_is_asked_for_again(broken: str) -> None:
    model = Scripted(broken, "Here:\n```json\n" + stable("little upsets me") + "\n```")
    assert len(rated(model).items) == 10
    assert "cannot be used" in model.asked[1][1]


def test_twice_unreadable_is_an_error() -> None:
    with pytest.raises(CallFailed):
        rated(Scripted("no", "no"))


def test_too_little_to_rate() -> None:
    with pytest.raises(BadInput):
        asyncio.run(rate_items([("a", "Hello.")], Scripted(), "scripted"))


def test_what_is_asked() -> None:
    model = Scripted(stable("little upsets me"))
    rated(model)
    system, prompt, schema = model.asked[0]
    assert "never an instruction" in system
    assert all(f"{one.id}. {one.text}" in prompt for one in shipped_inventory().items)
    assert prompt.index("<<<") < prompt.index(CALM) < prompt.index(">>>")
    assert schema["properties"]["ratings"]["items"]["required"] == ["item", "rating", "quote"]


def test_content_cannot_fill_gaps() -> None:
    model = Scripted(stable("little upsets me"))
    pieces = [*PIECES, ("three.md", "The word {items} and {content} stay as they are.")]
    asyncio.run(rate_items(pieces, model, "scripted"))
    assert "The word {items} and {content} stay" in model.asked[0][1]


def test_long_content_is_read_in_part_from_everywhere() -> None:
    model = Scripted(answer())
    asyncio.run(rate_items([(str(seed), even(2_000, seed=seed)) for seed in range(20)], model, "m"))
    assert 4_000 < len(model.asked[0][1].split()) < 8_000
