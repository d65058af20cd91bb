"""Sentences for and against: real places, on the right side, with an embedder and without."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from core.domain.twins import TraitEstimate
from core.twins.personality import estimate_traits
from tests.core.twins.personality.texts import even

AFRAID = "I am so afraid and ashamed that I cry in despair."
FRIENDS = "My friends and I laugh and sing with all the people at the party."
CALM = "Being relaxed most of the time is simply how my days go."
TEXT = "\n\n".join(
    [even(800, seed=1), f"{AFRAID} {FRIENDS}", even(800, seed=2), CALM, even(300, seed=3)]
)


class WordOverlap:
    """A stand-in for an embedding model: texts that share words point the same way."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), 512), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w{4,}", text.lower()):
                row[sum(ord(sign) * 31**place for place, sign in enumerate(word)) % 512] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def found(embedder: WordOverlap | None = None) -> dict[str, TraitEstimate]:
    pieces = [("one.md", even(400, seed=9)), ("two.md", TEXT)]
    return {one.trait: one for one in estimate_traits(pieces, embedder)}


@pytest.mark.parametrize("embedder", [None, WordOverlap()])
def test_places_are_true(embedder: WordOverlap | None) -> None:
    texts = {"one.md": even(400, seed=9), "two.md": TEXT}
    places = [
        place for one in found(embedder).values() for place in one.speaks_for + one.speaks_against
    ]
    assert places
    assert all(texts[one.file][one.start : one.end] == one.text for one in places)
    assert all(one.score and one.score > 0 for one in places)


def test_words_alone_find_the_sentences() -> None:
    calm, outgoing = found()["emotional_stability"], found()["extraversion"]
    assert calm.speaks_against[0].text == AFRAID
    assert outgoing.speaks_for[0].text == FRIENDS


def test_items_find_what_words_do_not() -> None:
    assert CALM not in [one.text for one in found()["emotional_stability"].speaks_for]
    by_items = found(WordOverlap())["emotional_stability"].speaks_for
    assert CALM in [one.text for one in by_items]


def test_an_embedder_changes_evidence_and_no_number() -> None:
    with_it, without = found(WordOverlap()), found()
    assert [(one.score, one.low, one.high) for one in with_it.values()] == [
        (one.score, one.low, one.high) for one in without.values()
    ]


def test_what_is_negated_is_no_evidence() -> None:
    text = f"{even(600)}\n\nI am never afraid of it, and not ashamed of it either."
    (calm,) = (one for one in estimate_traits([("a", text)]) if one.trait == "emotional_stability")
    assert not any("afraid" in one.text for one in calm.speaks_against)
