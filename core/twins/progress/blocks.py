"""The content in blocks of a few paragraphs, each with its day and the words it is made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.domain.twins import Passage, PieceRef, PieceText, TwinVersion
from core.twins.knowledge import Prepared
from core.twins.trying import key_words, stem

_BREAK = re.compile(r"\n[ \t]*\n\s*")
_LEAST, _LONGEST_LINE = 60, 1_500


@dataclass(frozen=True)
class Block:
    """A few paragraphs of one piece.

    Attributes:
        stems: How often each stem of a word that carries meaning is in it.
    """

    piece: str
    start: int
    end: int
    day: date
    words: int
    stems: Counter[str]

    def holds(self, passage: Passage) -> bool:
        """Whether a passage begins in it."""
        return passage.file == self.piece and self.start <= passage.start < self.end


def day_of(piece: PieceRef) -> date:
    """The day on which a piece was written, or added where that is not said."""
    return piece.written_on or piece.added_at.date()


def blocks(version: TwinVersion, texts: Mapping[str, PieceText]) -> list[Block]:
    """The whole content of a version, in the order of its pieces."""
    return [
        Block(piece.name, start, end, day_of(piece), len(words.split()), _stems(words))
        for piece in version.pieces
        if piece.name in texts
        for start, end, words in _cut(texts[piece.name].text)
    ]


def vectors(
    content: Sequence[Block], prepared: Mapping[str, Prepared]
) -> NDArray[np.float64] | None:
    """What each block means: its sentences' vectors by their words; None where some have none."""
    if not all(block.piece in prepared for block in content):
        return None
    rows = [_vector(block, prepared[block.piece]) for block in content]
    return np.stack(rows) if rows else None


def _vector(block: Block, piece: Prepared) -> NDArray[np.float64]:
    starts = piece.spans[:, 0]
    inside = (starts >= block.start) & (starts < block.end)
    return np.asarray(piece.words[inside] @ piece.vectors[inside].astype(np.float64))


def surface(texts: Mapping[str, PieceText]) -> dict[str, str]:
    """For each stem the word that it is most often written as."""
    seen: dict[str, Counter[str]] = {}
    for text in texts.values():
        for word in key_words(text.text):
            seen.setdefault(stem(word), Counter())[word] += 1
    return {
        one: min(counts, key=lambda word: (-counts[word], word)) for one, counts in seen.items()
    }


def _stems(words: str) -> Counter[str]:
    return Counter(stem(word) for word in key_words(words))


def _cut(text: str) -> Iterator[tuple[int, int, str]]:
    """Paragraphs together until there are enough words; what is left belongs to the last."""
    cuts = [0]
    for end in _ends(text):
        if len(text[cuts[-1] : end].split()) >= _LEAST:
            cuts.append(end)
    if len(cuts) == 1:
        cuts.append(len(text))
    cuts[-1] = len(text)
    for start, end in pairwise(cuts):
        if text[start:end].strip():
            yield start, end, text[start:end]


def _ends(text: str) -> Iterator[int]:
    """Where paragraphs end; a very long one ends at its line breaks too."""
    start = 0
    for found in [*_BREAK.finditer(text), None]:
        end = found.end() if found else len(text)
        if end - start > _LONGEST_LINE:
            yield from (start + one.end() for one in re.finditer(r"\n", text[start:end]))
        yield end
        start = end
