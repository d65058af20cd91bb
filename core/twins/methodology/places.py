"""Where a node comes from: passages of one to four sentences, spread over the pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.domain.twins import Passage
from core.twins.methodology.layout import Corpus, Sentence
from core.twins.methodology.wording import key

MOST = 6
"""Passages of a node at most."""
SENTENCES = 4
_SHORT = 12
"""A sentence of fewer words takes the next one with it."""


def saying(corpus: Corpus, at: int, most: int = 2) -> Passage:
    """A sentence, with what follows it in its paragraph while that is short."""
    sentences = corpus.sentences
    last = at
    while (
        last + 1 < len(sentences)
        and last + 1 - at < most
        and _same_block(sentences[at], sentences[last + 1])
        and len(" ".join(one.text for one in sentences[at : last + 1]).split()) < _SHORT
    ):
        last += 1
    return corpus.passage(sentences[at].piece, sentences[at].start, sentences[last].end)


def stretch(corpus: Corpus, first: int, last: int) -> Passage:
    """From one sentence to another of the same piece, both included."""
    one, other = corpus.sentences[first], corpus.sentences[last]
    return corpus.passage(one.piece, one.start, other.end)


def spread_out(corpus: Corpus, ranked: Sequence[int], most: int = MOST) -> list[int]:
    """Of sentences in order of worth, those to show: from every piece one before a second."""
    chosen: list[int] = []
    turns: dict[int, int] = {}
    order: list[tuple[int, int, int]] = []
    for rank, at in enumerate(ranked):
        piece = corpus.sentences[at].piece
        turns[piece] = turns.get(piece, -1) + 1
        order.append((turns[piece], rank, at))
    for _, _, at in sorted(order):
        if all(abs(at - one) > 1 for one in chosen):
            chosen.append(at)
        if len(chosen) == most:
            break
    return chosen


def apart(passages: Iterable[Passage], most: int = MOST) -> tuple[Passage, ...]:
    """The first of them, none over another."""
    kept: list[Passage] = []
    for one in passages:
        clear = all(
            one.file != other.file or one.end <= other.start or one.start >= other.end
            for other in kept
        )
        if clear and len(kept) < most:
            kept.append(one)
    return tuple(kept)


def naming(name: str) -> re.Pattern[str]:
    """Finds a name however its words are written: plural, capitals, across lines."""
    words = key(name).split()
    return re.compile(r"(?<!\w)" + r"\W+".join(_any_number(one) for one in words) + r"(?!\w)", re.I)


def _any_number(word: str) -> str:
    bare = re.escape(word).replace("'", "['’]")
    if word.endswith("y"):
        return rf"(?:{bare}s?|{bare[:-1]}ies)"
    return rf"{bare}(?:s|es)?"


def _same_block(one: Sentence, other: Sentence) -> bool:
    return (one.section, one.block) == (other.section, other.block)
