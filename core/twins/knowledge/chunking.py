"""How a text is cut: chunks for reading, and smaller passages inside them for finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from core.twins.knowledge.spans import Span, sentences, word_count

CHUNK_TOKENS, CHUNK_OVERLAP = 1000, 200
PASSAGE_WORDS = 120
_TOKEN = re.compile(r"\w+|[^\w\s]")

Count = Callable[[str], int]
"""How many tokens a text has."""


def tokens_of(text: str) -> int:
    """Words and marks: near what a language model counts, without its tokenizer."""
    return len(_TOKEN.findall(text))


def chunks(
    text: str,
    *,
    tokens: int = CHUNK_TOKENS,
    overlap: int = CHUNK_OVERLAP,
    count: Count = tokens_of,
) -> list[Span]:
    """Cuts a text into pieces to read, never through a sentence.

    Args:
        text: What to cut.
        tokens: The most that a chunk has. A sentence that alone has more is a chunk of its own;
            ``sentences`` has cut it at its clauses already if it has more than about 110 words.
        overlap: The most that a chunk repeats of the one before, in whole sentences.
        count: How many tokens a text has.

    Raises:
        ValueError: If the overlap leaves no room for anything new.
    """
    if not 0 <= overlap < tokens:
        raise ValueError("the overlap must be smaller than the chunk")
    whole = sentences(text)
    sizes = [count(text[start:end]) for start, end in whole]
    return [
        Span(whole[first].start, whole[last - 1].end)
        for first, last in _grouped(sizes, tokens, overlap)
    ]


def _grouped(sizes: Sequence[int], most: int, overlap: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    first = last = 0
    while last < len(sizes):
        held = sum(sizes[first:last])
        if last > first and held + sizes[last] > most and first < (found[-1][1] if found else 0):
            first += 1  # what is repeated must give way to what is new
            continue
        while last < len(sizes) and (held + sizes[last] <= most or last == first):
            held += sizes[last]
            last += 1
        found.append((first, last))
        first = last
        while first > 0 and sum(sizes[first - 1 : last]) <= overlap:
            first -= 1
    return found


def passages(text: str, chunk: Span, *, words: int = PASSAGE_WORDS) -> list[Span]:
    """Cuts a part of a text into passages of about ``words`` words, in whole sentences."""
    inside = [
        Span(start + chunk.start, end + chunk.start)
        for start, end in sentences(text[chunk.start : chunk.end])
    ]
    sizes = [word_count(text[start:end]) for start, end in inside]
    return [Span(inside[first].start, inside[last - 1].end) for first, last in tiled(sizes, words)]


def tiled(sizes: Sequence[int], words: int) -> list[tuple[int, int]]:
    """Neighbouring sentences in groups of about the same size, by index, none left out."""
    if not sizes:
        return []
    total = sum(sizes)
    groups = max(1, round(total / words))
    found: list[tuple[int, int]] = []
    first = held = 0
    for index, size in enumerate(sizes):
        held += size
        if held >= total * (len(found) + 1) / groups - size / 2 and len(found) < groups - 1:
            found.append((first, index + 1))
            first = index + 1
    return [*found, (first, len(sizes))] if first < len(sizes) else found
