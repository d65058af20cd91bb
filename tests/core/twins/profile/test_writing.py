"""Reading: words and sentences keep their places, and sentences end where a person would say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.twins.profile import read_writing

WORDS = st.sampled_from(
    [
        *("word", "Dr.", "can't", "3.5", "—", "(yes)", "end.", "What?", "\n\n", "\n", "  ", "- a"),
        *("“No!”", "# Head", "...", "naïve", "```\ncode\n```"),
    ]
)


@given(st.lists(st.lists(WORDS, max_size=30).map(" ".join), max_size=4))
def test_every_word_lies_in_its_sentence_and_every_place_is_true(texts: list[str]) -> None:
    pieces = [(f"piece {number}", text) for number, text in enumerate(texts)]
    writing = read_writing(pieces)
    known = dict(pieces)
    assert (writing.starts >= writing.spans[writing.sentence, 0]).all()
    assert (writing.ends <= writing.spans[writing.sentence, 1]).all()
    assert writing.lengths.sum() == writing.words
    assert (writing.lengths > 0).all()
    for sentence in range(writing.sentences):
        place = writing.sentence_passage(sentence)
        assert known[place.file][place.start : place.end] == place.text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One is here. Two is there.", ["One is here.", "Two is there."]),
        ("Ask Dr. Lee, e.g. today. Then go.", ["Ask Dr. Lee, e.g. today.", "Then go."]),
        ("It cost 3.5 euros. “Really?” Yes!", ["It cost 3.5 euros.", "“Really?”", "Yes!"]),
        ("Wait… she came. Wait... no.", ["Wait… she came.", "Wait... no."]),
        ("# Morning\n\nGet up.", ["# Morning", "Get up."]),
        ("Do this:\n- walk far\n- eat well", ["Do this:", "- walk far", "- eat well"]),
        ("A line that was\nbroken in two.\n\nNext.", ["A line that was\nbroken in two.", "Next."]),
        ("Run this:\n```\nrm x. Y\n```\nDone.", ["Run this:", "Done."]),
    ],
)
def test_sentences_are_cut_where_a_person_would(text: str, sentences: list[str]) -> None:
    writing = read_writing([("a", text)])
    assert [writing.said(one) for one in range(writing.sentences)] == sentences


def test_headings_are_known() -> None:
    writing = read_writing([("a", "The first hour\n\nWater comes first. The world comes later.")])
    assert writing.heading.tolist() == [True, False, False]


def test_what_was_blanked_out_leaves_places_alone() -> None:
    text = "Write to " + " " * 17 + " today. Then rest."
    writing = read_writing([("a", text)])
    assert [writing.said(one) for one in range(writing.sentences)][1] == "Then rest."
    assert writing.sentence_passage(1).start == text.index("Then")


def test_blocks_do_not_cross_pieces() -> None:
    piece = "One two three four five. " * 100
    writing = read_writing([("a", piece), ("b", piece)])
    blocks = [set(writing.block[writing.piece == number]) for number in (0, 1)]
    assert not blocks[0] & blocks[1]
    assert len(blocks[0]) == 3
