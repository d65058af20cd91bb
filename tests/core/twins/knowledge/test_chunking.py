"""Chunks overlap by whole sentences; passages tile without a gap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.twins.knowledge import Span, chunks, passages, sentences
from core.twins.knowledge.chunking import tokens_of
from core.twins.knowledge.spans import word_count

TEXT = " ".join(f"This is sentence number {one} of the talk." for one in range(300))


def test_chunks_keep_to_their_size_and_overlap() -> None:
    found = chunks(TEXT, tokens=100, overlap=20)
    ends = {span.end for span in sentences(TEXT)}
    starts = {span.start for span in sentences(TEXT)}
    assert all(tokens_of(TEXT[a:b]) <= 100 and b in ends and a in starts for a, b in found)
    for before, after in pairwise(found):
        shared = TEXT[after.start : before.end]
        assert 0 < tokens_of(shared) <= 20
    assert found[0].start == 0 and found[-1].end == len(TEXT)


def test_default_is_a_thousand_with_two_hundred() -> None:
    found = chunks(TEXT)
    assert tokens_of(TEXT[found[0].start : found[0].end]) > 950
    assert 150 < tokens_of(TEXT[found[1].start : found[0].end]) <= 200


def test_a_sentence_longer_than_the_limit_is_a_chunk_of_its_own() -> None:
    long = "Every " + "word " * 60 + "end."
    assert Span(8, 8 + len(long)) in chunks(f"Before. {long} After.", tokens=20, overlap=5)


def test_an_overlap_as_large_as_the_chunk_is_refused() -> None:
    with pytest.raises(ValueError, match="smaller"):
        chunks(TEXT, tokens=100, overlap=100)


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(10, 80), st.integers(0, 9))
def test_chunks_move_on_and_leave_nothing_out(sizes: list[int], tokens: int, overlap: int) -> None:
    text = " ".join("A" + "a " * (size - 1) + "." for size in sizes)
    found = chunks(text, tokens=tokens, overlap=overlap)
    inside = {place for a, b in found for place in range(a, b)}
    assert all(place in inside for place, letter in enumerate(text) if not letter.isspace())
    assert all(a.start < b.start and a.end < b.end for a, b in pairwise(found))


def test_passages_tile_a_chunk_evenly() -> None:
    chunk = chunks(TEXT)[1]
    found = passages(TEXT, chunk, words=100)
    assert found[0].start == chunk.start and found[-1].end == chunk.end
    assert all(a.end < b.start <= a.end + 1 for a, b in pairwise(found))
    assert all(80 <= word_count(TEXT[a:b]) <= 125 for a, b in found)


def test_passages_of_nothing() -> None:
    assert passages("   ", Span(0, 3)) == []
