"""Habits are counted right, and what is told of a passage is so."""

from __future__ import annotations

import pytest

from core.twins.voice import Signature
from core.twins.voice.evidence import HABITS, MOST, counts_of
from tests.core.twins.voice.conftest import CHATTY, NOTICE


def counted(text: str) -> dict[str, float]:
    counts, _ = counts_of(text)
    return {habit: number for habit, number in zip(HABITS, counts, strict=True) if number}


def test_habits_are_counted() -> None:
    found = counted("Of course I don't; of course you don’t. Nevertheless: 20 — see?")
    assert found["the habit 'of course'"] == 2
    assert found["contractions"] == found["the word 'don't'"] == 2
    assert found["semicolons"] == found["colons"] == found["question marks"] == found["dashes"] == 1
    assert found["short sentences"] == 2
    assert found["long words"] == found["numbers"] == 1


def test_every_habit_has_its_own_name() -> None:
    assert len(set(HABITS)) == len(HABITS)


def test_nothing_is_counted_of_nothing() -> None:
    assert counted("") == {}
    assert counts_of("")[1] == 0


def test_semicolons_speak_against_somebody_who_uses_none(signature: Signature) -> None:
    found = {one.feature: one for one in signature.verdict(NOTICE).evidence}
    assert found["semicolons"].direction == "against"
    assert found["semicolons"].here > 10 * found["semicolons"].usual
    long = found["long sentences"]
    assert long.direction == "against"
    assert long.here > 2 * long.usual


def test_exclamation_marks_speak_against_somebody_who_uses_none(signature: Signature) -> None:
    found = {one.feature: one for one in signature.verdict(CHATTY).evidence}
    marks = found["exclamation marks"]
    words = len(CHATTY.split())
    assert marks.direction == "against"
    assert marks.here == pytest.approx(1_000 * CHATTY.count("!") / words, rel=0.05)
    assert marks.usual < 1


def test_the_loudest_come_first_and_no_more_than_can_be_read(
    signature: Signature, unseen: list[str]
) -> None:
    for text in (*unseen, NOTICE):
        evidence = signature.verdict(text).evidence
        weights = [one.weight for one in evidence]
        assert weights == sorted(weights, reverse=True)
        for side in ("for", "against"):
            assert sum(one.direction == side for one in evidence) <= MOST


def test_own_passages_have_more_for_than_against(signature: Signature, unseen: list[str]) -> None:
    sums = [
        sum(one.weight if one.direction == "for" else -one.weight for one in found.evidence)
        for found in map(signature.verdict, unseen)
    ]
    assert sum(sums) > 0
