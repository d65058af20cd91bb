"""How texts are laid out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.domain.twins import Mark, PieceText
from core.twins.methodology.layout import blanked, lay_out, plain
from tests.core.twins.methodology.texts import GUIDE, piece


def headings(text: str) -> list[tuple[int, str]]:
    corpus = lay_out([("one", piece(text))])
    return [(one.level, one.heading) for one in corpus.sections if one.heading]


def test_markdown_headings_make_sections_that_know_what_they_belong_to() -> None:
    corpus = lay_out([("guide.md", piece(GUIDE))])
    by_name = {one.heading: number for number, one in enumerate(corpus.sections)}
    path = [corpus.sections[one].heading for one in corpus.path(by_name["Part one: listen"])]
    assert path == ["Part one: listen", "Singing from the floor"]


def test_plain_texts_have_headings_in_capitals_and_numbered_ones() -> None:
    text = "My book\n\nCHAPTER ONE\n\nIt was cold, and I went out.\n\nExercise 3\n\nSit down."
    assert headings(text) == [(1, "My book"), (2, "CHAPTER ONE"), (3, "Exercise 3")]


def test_a_salutation_and_a_short_sentence_are_no_headings() -> None:
    assert headings("Dear Tobias,\n\nCome here.\n\n“Why not”\n\nand so on") == []


def test_a_mark_with_the_words_that_stand_there_is_a_heading() -> None:
    text = "Some words before it, long enough to stand alone.\n\nof small things\n\nThey matter."
    at = text.index("of small")
    given_piece = PieceText(id="x", text=text, marks=(Mark(start=at, place="of small things"),))
    corpus = lay_out([("x.docx", given_piece)])
    assert [one.heading for one in corpus.sections if one.heading] == ["of small things"]


def test_licences_and_tables_of_contents_are_left_out() -> None:
    text = (
        "Header by volunteers.\n\n*** START OF THIS PROJECT GUTENBERG EBOOK X ***\n\n"
        "CONTENTS\n\nThe first thing. The second thing that there is.\n\nCHAPTER I\n\n"
        "I begin here.\n\nCopyright 1901 by nobody.\n\n"
        "*** END OF THIS PROJECT GUTENBERG EBOOK X ***\n\nDonate now."
    )
    corpus = lay_out([("book.txt", piece(text))])
    assert [one.text for one in corpus.sentences] == ["I begin here."]


def test_list_items_are_blocks_of_their_own_with_their_sign() -> None:
    corpus = lay_out([("a.md", piece("# A\n\n1. Sit down.\n2. Get up.\n\n- Once.\n"))])
    blocks = corpus.sections[1].blocks
    assert [(one.kind, one.sign) for one in blocks] == [("item", "1"), ("item", "2"), ("item", "-")]


def test_plain_takes_marks_off_and_blanked_sees_a_hole() -> None:
    assert (
        plain("**Step  one.** Take [the boat](http://x.y) _now_.") == "Step one. Take the boat now."
    )
    assert blanked("Write to          today") and not blanked("Write to me\n    today")


@given(st.text(alphabet="Ab .\n#-*1)|_\t", max_size=300))
def test_every_sentence_stands_where_it_says(text: str) -> None:
    corpus = lay_out([("x", piece(text))])
    for one in corpus.sentences:
        assert plain(text[one.start : one.end]) == one.text
        assert corpus.sections[one.section].first <= corpus.sentences.index(one)
    starts = [one.start for one in corpus.sentences]
    assert starts == sorted(starts)
