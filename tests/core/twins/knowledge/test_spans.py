"""Sentences: every word is in exactly one, and what looks like an end is not always one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.twins.knowledge import sentences
from core.twins.knowledge.spans import LONGEST_CHARACTERS, LONGEST_WORDS, word_count


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n ", []),
        ("Dr. Smith came at 5 p.m. today. Go.", ["Dr. Smith came at 5 p.m. today.", "Go."]),
        ("I owe Mr. J. R. Jones $3.50 now! Why?", ["I owe Mr. J. R. Jones $3.50 now!", "Why?"]),
        ('"Stop!" he cried. "Now."', ['"Stop!" he cried.', '"Now."']),
        ("VIII. As we say, go on. Then rest.", ["VIII. As we say, go on.", "Then rest."]),
        ("It was I. Then she came.", ["It was I.", "Then she came."]),
        ("A heading\n\nText goes\non here. End", ["A heading", "Text goes\non here.", "End"]),
        ("A heading\nThe text follows.", ["A heading", "The text follows."]),
        ("- first\n- second\n3. third", ["- first", "- second", "3. third"]),
        ("Ann: hello there\nBob Ray: and you", ["Ann: hello there", "Bob Ray: and you"]),
        ("so i went. then it was over", ["so i went.", "then it was over"]),
        ("你好。我是一个人！你呢？", ["你好。", "我是一个人！", "你呢？"]),
    ],
)  # fmt: skip
def test_cuts_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_cuts_writing_without_punctuation_between_words() -> None:
    found = cut("and then we went on " * 200)
    assert len(found) > 5
    assert all(20 <= word_count(one) <= LONGEST_WORDS for one in found)
    assert all(one.split()[0] in {"and", "then", "we", "went", "on"} for one in found)


def test_cuts_a_long_sentence_at_its_clauses() -> None:
    text = "; ".join(["we keep what we begin and finish what we keep"] * 20) + "."
    assert all(one.endswith((";", ".")) for one in cut(text))


@given(st.text(alphabet="aB1 .!?\n\"'-;:,。", max_size=400))
def test_loses_nothing_and_never_overlaps(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(word_count(one) <= LONGEST_WORDS for one in cut(text))
    assert all(len(one) <= LONGEST_CHARACTERS for one in cut(text))
    assert all(one == one.strip() and one for one in cut(text))
