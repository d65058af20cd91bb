"""Texts beside each other: nothing is lost, and only what differs is marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.experiments.wordwise import MOST_WORDS, words_beside

texts = st.text(alphabet="ab c.\n", max_size=60)


@given(texts, texts)
def test_the_pieces_are_the_texts(a: str, b: str) -> None:
    left, right = words_beside(a, b)
    assert "".join(one.text for one in left) == a
    assert "".join(one.text for one in right) == b
    assert any(one.changed for one in (*left, *right)) == (a != b)
    same = [[one.text for one in side if not one.changed] for side in (left, right)]
    assert "".join(same[0]) == "".join(same[1])


def test_words_are_marked_and_not_letters() -> None:
    left, right = words_beside("Take the red seat.", "Take the blue seat.")
    assert [(one.text, one.changed) for one in left] == [
        ("Take the ", False),
        ("red", True),
        (" seat.", False),
    ]
    assert [one.text for one in right if one.changed] == ["blue"]


def test_very_long_texts_are_marked_as_a_whole() -> None:
    left, _ = words_beside("a " * MOST_WORDS, "b " * MOST_WORDS)
    assert [one.changed for one in left] == [True]
