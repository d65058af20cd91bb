"""Big Five by a language model: it rates an inventory's items, each with a quote as evidence."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.domain.errors import BadInput, CallFailed
from core.domain.twins import TRAITS, Passage, Trait, TraitEstimate
from core.minds import Prompt, load_prompt
from core.twins.personality.estimating import ENOUGH_WORDS
from core.twins.personality.items import MIDDLE, Inventory, Item, shipped_inventory
from core.twins.personality.model import Accuracy
from core.twins.personality.scale import placed
from core.twins.profile import Writing, read_writing

Complete = Callable[[str, str, dict[str, Any]], Awaitable[str]]
"""Asks a language model: system, prompt and the JSON schema of the answer; returns its text."""
PROMPT = "ratings-1"
RATED = Accuracy(
    published=0.29,
    used=0.29,
    source="Peters & Matz (2024), Large language models can infer psychological dispositions of "
    "social media users, PNAS Nexus 3(6): mean correlation with self-report over the Big Five",
)
"""How well a language model's rating of somebody's texts tells their traits."""
ENOUGH_ITEMS = 3
"""A trait of which fewer items were rated with evidence is not told apart from anybody's."""
MOST_WORDS = 6_000
"""Words of the content that the model reads: stretches from all over it."""
MOST_EVIDENCE = 3
_TRIES = 2
_LONGEST_ANSWER = 60_000
_FEWEST_QUOTED = 3
_PROMPTS = Path(__file__).parent / "prompts"


class _Rated(BaseModel):
    """One item as the model rates it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    item: int
    rating: int | None = Field(default=None, ge=1, le=5)
    quote: str | None = None


class _Answer(BaseModel):
    """The form of the answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    ratings: list[_Rated]


class RatedItem(NamedTuple):
    """An item with its rating and the words in the content that speak for it."""

    item: Item
    rating: int
    quote: Passage


class Ratings(NamedTuple):
    """What a language model made of a creator.

    Attributes:
        traits: The Big Five, scored from the items.
        items: The items that were rated with a quote that is in the content.
        dropped: Ratings that were thrown away, because their quote is not in the content.
    """

    traits: tuple[TraitEstimate, ...]
    items: tuple[RatedItem, ...]
    dropped: int


async def rate_items(pieces: Sequence[tuple[str, str]], complete: Complete, source: str) -> Ratings:
    """Asks a language model to rate the inventory, checks its evidence and scores it.

    Args:
        pieces: The name and the text of each piece.
        complete: Asks the model.
        source: The model's name, for the estimates.

    Raises:
        BadInput: If there are too few words to rate.
        CallFailed: If the model's answer cannot be read, asked again too.
    """
    writing, inventory = read_writing(pieces), shipped_inventory()
    if writing.words < ENOUGH_WORDS:
        raise BadInput(
            f"There are {writing.words} words, too few to rate a personality.",
            fix=f"Add content: from {ENOUGH_WORDS} words on a personality is rated.",
        )
    answer = await _ask(complete, _question(writing, inventory))
    known = {item.id: item for item in inventory.items}
    given = {one.item: one for one in answer.ratings if one.item in known and one.rating}
    items = tuple(
        RatedItem(known[one.item], one.rating, quote)
        for one in given.values()
        if one.rating and one.quote and (quote := find_quote(writing, one.quote))
    )
    return Ratings(score_items(items, source), items, len(given) - len(items))


def score_items(items: Sequence[RatedItem], source: str) -> tuple[TraitEstimate, ...]:
    """The Big Five from rated items, against the inventory's norms.

    A trait with too few items stays in the middle with the whole range as its interval.
    """
    inventory = shipped_inventory()
    ratings = {one.item.id: one.rating for one in items}
    return tuple(_scored(trait, inventory, ratings, items, source) for trait in TRAITS)


def _scored(
    trait: Trait,
    inventory: Inventory,
    ratings: Mapping[int, int],
    items: Sequence[RatedItem],
    source: str,
) -> TraitEstimate:
    standing, rated = inventory.standing(trait, ratings)
    every = sum(item.trait == trait for item in inventory.items)
    at = placed(standing, RATED.used, rated / every if rated >= ENOUGH_ITEMS else 0.0)
    leans = [
        (one, (one.rating - MIDDLE) * one.item.key) for one in items if one.item.trait == trait
    ]
    leans.sort(key=lambda pair: -abs(pair[1]))
    return TraitEstimate(
        trait=trait,
        score=at.score,
        low=at.low,
        high=at.high,
        source=source,
        speaks_for=tuple(one.quote for one, lean in leans if lean > 0)[:MOST_EVIDENCE],
        speaks_against=tuple(one.quote for one, lean in leans if lean < 0)[:MOST_EVIDENCE],
    )


def find_quote(writing: Writing, quote: str) -> Passage | None:
    """Where the content says these words, whatever their capitals, signs and blanks."""
    words = re.findall(r"\w+", quote)
    if len(words) < _FEWEST_QUOTED:
        return None
    found = re.search(r"\b" + r"\W++".join(map(re.escape, words)) + r"\b", writing.text, re.I)
    if found is None:
        return None
    first, last = (np.searchsorted(writing.bases, at, "right") for at in found.span())
    return writing.passage(*found.span()) if first == last else None


def _question(writing: Writing, inventory: Inventory) -> str:
    items = "\n".join(f"{item.id}. {item.text}" for item in inventory.items)
    count = str(len(inventory.items))
    return _prompt("user").fill(items=items, content=excerpt(writing), count=count)


def excerpt(writing: Writing, most: int = MOST_WORDS) -> str:
    """The content, or stretches from all over it where it is longer than a model should read."""
    blocks = int(writing.block.max()) + 1
    kept = min(blocks, max(1, most * blocks // writing.words))
    picked = np.unique(np.linspace(0, blocks - 1, kept).round().astype(np.int64))
    firsts = np.searchsorted(writing.block, picked)
    lasts = np.searchsorted(writing.block, picked, "right") - 1
    return "\n…\n".join(
        writing.text[writing.spans[first, 0] : writing.spans[last, 1]]
        for first, last in zip(firsts, lasts, strict=True)
    )


async def _ask(complete: Complete, question: str) -> _Answer:
    """The model's answer; asked once more where it cannot be read."""
    system, schema, asked, trouble = _prompt("system").fill(), _schema(), question, ""
    for _ in range(_TRIES):
        text = await complete(system, asked, schema)
        try:
            return _read(text)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            trouble = f"{'.'.join(map(str, first['loc']))}: {first['msg']}".lstrip(": ")
        asked = f"{question}\n\n{_prompt('repair').fill(error=trouble)}"
    raise CallFailed(
        f"The model did not rate the items in a form that can be read ({trouble}).",
        fix="Try again, or choose another model.",
    )


def _read(text: str) -> _Answer:
    """The answer in a text, in a code fence or not."""
    start, end = text.find("{"), text.rfind("}")
    inside = text[start : end + 1] if 0 <= start < end and len(text) <= _LONGEST_ANSWER else ""
    return _Answer.model_validate_json(inside)


def _prompt(part: str) -> Prompt:
    return load_prompt(_PROMPTS, f"{PROMPT}.{part}")


def _schema() -> dict[str, Any]:
    """The answer's JSON schema in the part of the language that strict modes take."""
    nothing = {"type": "null"}
    rated = {
        "type": "object",
        "additionalProperties": False,
        "required": ["item", "rating", "quote"],
        "properties": {
            "item": {"type": "integer"},
            "rating": {"anyOf": [{"type": "integer", "enum": [1, 2, 3, 4, 5]}, nothing]},
            "quote": {"anyOf": [{"type": "string"}, nothing]},
        },
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["ratings"],
        "properties": {"ratings": {"type": "array", "items": rated}},
    }
