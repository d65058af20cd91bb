"""Finding words that somebody quotes, however blanks, quotation marks and stars are set."""

from __future__ import annotations

from typing import NamedTuple

from core.domain.twins import Passage
from core.twins.methodology.layout import Pieces

_SAME = {"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " "}
_DROPPED = frozenset("*_`#")
_FEWEST_WORDS, _SHORTEST = 3, 12
"""Less than this proves nothing."""


class _Folded(NamedTuple):
    name: str
    text: str
    offsets: list[int]


class Quotes:
    """Looks quotes up in a creator's pieces.

    Args:
        pieces: Names and texts.
    """

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._folded = [_Folded(name, *_fold(piece.text)) for name, piece in pieces]

    def find(self, quote: str) -> Passage | None:
        """Where these words stand, as they stand there; None where they do not."""
        wanted = _fold(quote)[0].strip(" \"'.…")
        if len(wanted) < _SHORTEST or len(wanted.split()) < _FEWEST_WORDS:
            return None
        for (_, piece), folded in zip(self._pieces, self._folded, strict=True):
            at = folded.text.find(wanted)
            if at >= 0:
                start, end = folded.offsets[at], folded.offsets[at + len(wanted) - 1] + 1
                end += piece.text[end : end + 1] in (".", "!", "?")
                return Passage(
                    file=folded.name,
                    start=start,
                    end=end,
                    text=piece.text[start:end],
                    place=piece.place(start),
                )
        return None


def _fold(text: str) -> tuple[str, list[int]]:
    """Small letters, single blanks, plain signs; and where each character came from."""
    kept: list[str] = []
    offsets: list[int] = []
    for at, character in enumerate(text):
        one = _SAME.get(character, character)
        if one in _DROPPED:
            continue
        if one.isspace():
            if not kept or kept[-1] == " ":
                continue
            one = " "
        small = one.lower()
        kept.append(small if len(small) == 1 else one)
        offsets.append(at)
    return "".join(kept), offsets
