"""Finding what is quoted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.twins.methodology.quoting import Quotes
from tests.core.twins.methodology.texts import GUIDE, PIECES, piece


def test_a_quote_is_found_however_its_signs_are_set() -> None:
    text = "She said: “Don’t  **push**\na tired voice.” Then she left."
    found = Quotes([("a.txt", piece(text))]).find('"don\'t push a tired voice."')
    assert found is not None
    assert found.text == "Don’t  **push**\na tired voice."
    assert text[found.start : found.end] == found.text


def test_what_is_not_there_or_proves_nothing_is_not_found() -> None:
    quotes = Quotes(PIECES)
    assert quotes.find("Always push a tired voice.") is None
    assert quotes.find("the room") is None
    assert quotes.find("") is None


@given(st.integers(0, len(GUIDE) - 60), st.integers(30, 200))
def test_every_stretch_of_a_text_is_found_where_its_words_stand(start: int, length: int) -> None:
    stretch = GUIDE[start : start + length]
    found = Quotes([("guide.md", piece(GUIDE))]).find(stretch)
    if found is not None:
        assert GUIDE[found.start : found.end] == found.text
        assert "".join(filter(str.isalpha, found.text)) in "".join(filter(str.isalpha, stretch))
