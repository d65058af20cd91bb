"""A creator's own level is what they get of a voice learnt without the passage in question."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.twins.voice import Signature
from core.twins.voice.background import shipped_background
from core.twins.voice.grams import FINE
from core.twins.voice.learning import (
    BELIEF,
    CHUNK,
    FEW,
    PARTS,
    directed,
    learnt,
    level_of,
    parts_of,
)
from core.twins.voice.text import chunks

SIDES = shipped_background().sides
NAMES = [side.view.name for side in SIDES]


@given(count=st.integers(1, 500))
def test_parts_are_even_and_in_order(count: int) -> None:
    part = parts_of(count)
    sizes = np.bincount(part)
    assert (np.diff(part) >= 0).all()
    assert len(sizes) == (count if count < FEW else PARTS)
    assert sizes.max() - sizes.min() <= 1


@pytest.mark.parametrize("side", SIDES, ids=NAMES)
def test_a_part_kept_out_gets_what_a_voice_learnt_without_it_gives(side, known) -> None:  # type: ignore[no-untyped-def]
    stretches = chunks(known, CHUNK, 20)
    others = np.ones(len(SIDES[0].authors), bool)
    unseen = directed(side, side.read(stretches), others)[1]
    part = parts_of(len(stretches))
    rest = [text for text, one in zip(stretches, part, strict=True) if one != 1]
    out = side.read([text for text, one in zip(stretches, part, strict=True) if one == 1])
    without = learnt(side, side.read(rest), others)
    scores = without.scores(side, out, side.others(out))
    assert scores[:, : unseen.shape[1]] == pytest.approx(unseen[part == 1], abs=2e-3)


@pytest.mark.parametrize("side", SIDES, ids=NAMES)
def test_sums_of_parts_are_those_of_the_rows(side, known) -> None:  # type: ignore[no-untyped-def]
    vectors = side.read(chunks(known, CHUNK, 6))
    rows = side.standing(vectors)
    totals = side.totals(vectors, np.array([0, 0, 1, 1, 1, 1]))
    assert totals == pytest.approx(np.stack([rows[:2].sum(axis=0), rows[2:].sum(axis=0)]), abs=1e-4)


def test_own_passages_are_near_the_own_level(signature: Signature, unseen: list[str]) -> None:
    for side, direction in zip(SIDES, signature.directions, strict=True):
        vectors = side.read(unseen)
        scores = direction.scores(side, vectors, side.others(vectors))
        own = scores[:, scores.shape[1] // 2 :]
        assert np.abs(own.mean(axis=0)).max() < 1.5


def test_the_level_starts_from_what_is_usual_and_is_learnt() -> None:
    usual = np.array([[1.0], [0.5]])
    assert level_of(np.zeros((0, 1)), usual) == pytest.approx(usual)
    assert level_of(np.full((int(BELIEF), 1), 3.0), usual)[0] == pytest.approx([2.0])
    much = np.random.default_rng(1).normal(3, 0.1, (5_000, 1))
    assert level_of(much, usual)[:, 0] == pytest.approx([3.0, 0.1], abs=0.02)


def test_one_stretch_is_held_to_the_usual_level(known: list[str]) -> None:
    little = Signature.learn([" ".join(known[0].split()[:CHUNK])])
    for side, direction in zip(SIDES, little.directions, strict=True):
        assert direction.level == pytest.approx(side.usual, abs=1e-3)


def test_the_fine_view_knows_no_other_author() -> None:
    assert [len(side.authors) > 0 for side in SIDES] == [side.view != FINE for side in SIDES]
