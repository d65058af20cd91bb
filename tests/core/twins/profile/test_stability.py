"""Stability: the same voice settles, a new one moves, and little content says nothing."""

from __future__ import annotations

from core.twins.profile import stability
from tests.core.twins.profile.texts import mixed, plain

LOUD = ("Stop that now!", "You must go!", "Do it today!", "What are you waiting for?")


def test_little_content_says_nothing() -> None:
    found = stability([("a", plain(1_000))])
    assert found.verdict == "too_little"
    assert not found.points


def test_more_of_the_same_settles() -> None:
    found = stability([(f"piece {seed}", plain(1_000, seed)) for seed in range(16)])
    assert found.verdict == "settled"
    assert found.points[-1].change < 1
    assert [one.words for one in found.points] == sorted(one.words for one in found.points)


def test_another_voice_moves_it() -> None:
    same = [(f"piece {seed}", plain(1_000, seed)) for seed in range(8)]
    loud = [(f"loud {seed}", mixed(1_000, LOUD, 0.8, seed)) for seed in range(8)]
    found = stability([*same, *loud])
    assert found.verdict == "moving"
    assert found.points[-1].change > 1
    assert found.points[-1].piece == "loud 7"


def test_one_long_piece_has_points_too() -> None:
    assert len(stability([("book", plain(8_000))]).points) >= 8
