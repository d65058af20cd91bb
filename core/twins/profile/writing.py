"""A creator's pieces read once: words, sentences and paragraphs with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.domain.twins import Passage

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BLOCK_WORDS = 200
"""Words that are drawn together: neighbours resemble each other."""
_GAP = "\n\n"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_SHORT_FORM = (
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bvs)(?<!e\.g)(?<!i\.e)(?<!\b[A-Z])"
)
_END = re.compile(
    rf"(?:(?<![!?…])[!?…]++|(?<!\.)(?:\.\s?){{3,}}+|(?<!\.){_SHORT_FORM}\.)[!?.]*+[\"'”’)\]*_]*+"
    r"(?=\s+[\"'“‘(\[*_]*+[^\Wa-z_]|\s*\Z)"
)
_BULLET = re.compile(r"\n(?=[^\S\n]*(?:[-*•–]|\d{1,2}[.)])\s)")
_FINAL = re.compile(r"([.!?…:;])[\"'”’)\]*_\s]*\Z")
_HEADING_WORDS = 12
_WRAPPED_LINE = 100


@dataclass(frozen=True)
class Writing:
    """Pieces as arrays; places count characters of ``text``, all pieces in a row.

    Attributes:
        names: The pieces' names.
        bases: Where each piece begins in ``text``.
        types: The different words, small letters.
        ids: For each word its number in ``types``.
        starts: Where each word begins.
        ends: Where it ends.
        sentence: For each word the number of its sentence.
        spans: Begin and end of each sentence.
        opens: Whether a sentence opens a paragraph.
        heading: Whether it is a heading or a label: it ends with no sign and stands alone.
    """

    names: tuple[str, ...]
    bases: Ints
    text: str
    types: tuple[str, ...]
    ids: Ints
    starts: Ints
    ends: Ints
    sentence: Ints
    spans: Ints
    opens: NDArray[np.bool_]
    heading: NDArray[np.bool_]

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(self.ids)

    @property
    def sentences(self) -> int:
        """How many sentences there are, headings included."""
        return len(self.spans)

    @cached_property
    def lengths(self) -> Floats:
        """Words of each sentence."""
        return np.bincount(self.sentence, minlength=self.sentences).astype(float)

    @cached_property
    def piece(self) -> Ints:
        """For each sentence the number of its piece."""
        return np.searchsorted(self.bases, self.spans[:, 0], side="right") - 1

    @cached_property
    def block(self) -> Ints:
        """For each sentence its block: whole sentences of one piece, about 200 words."""
        before = np.cumsum(self.lengths) - self.lengths
        first = np.searchsorted(self.piece, self.piece)
        number = (before - before[first]) // BLOCK_WORDS if len(before) else before
        _, found = np.unique(self.piece * (self.words + 1) + number, return_inverse=True)
        return found.astype(np.int64)

    @cached_property
    def first(self) -> Ints:
        """For each sentence the number of its first word."""
        return np.searchsorted(self.sentence, np.arange(self.sentences)).astype(np.int64)

    def per_sentence(self, words: Ints, weight: Floats | None = None) -> Floats:
        """How many of these words (by number) each sentence holds."""
        return np.bincount(self.sentence[words], weight, self.sentences).astype(float)

    def signs_per_sentence(self, places: Ints) -> Floats:
        """How many of these places each sentence holds."""
        at = np.searchsorted(self.spans[:, 0], places, side="right") - 1
        inside = (at >= 0) & (places < self.spans[at, 1])
        return np.bincount(at[inside], minlength=self.sentences).astype(float)

    def said(self, sentence: int) -> str:
        """The words of a sentence as written."""
        start, end = self.spans[sentence]
        return self.text[start:end]

    def passage(self, start: int, end: int, score: float | None = None) -> Passage:
        """A place, told in its own piece's characters."""
        piece = int(np.searchsorted(self.bases, start, side="right")) - 1
        base = int(self.bases[piece])
        words = self.text[start:end]
        return Passage(
            file=self.names[piece], start=start - base, end=end - base, text=words, score=score
        )

    def sentence_passage(self, sentence: int, score: float | None = None) -> Passage:
        """A sentence as a place."""
        start, end = self.spans[sentence]
        return self.passage(int(start), int(end), score)


def read_writing(pieces: Sequence[tuple[str, str]]) -> Writing:
    """Reads pieces (name, text) in the order given; headings stay, code between fences does not."""
    texts = [_CODE.sub(lambda found: " " * len(found[0]), text) for _, text in pieces]
    lengths = [len(text) + len(_GAP) for text in texts]
    bases = np.cumsum([0, *lengths[:-1]]) if texts else np.zeros(0)
    whole = _GAP.join(texts)
    spans = [
        (int(base) + start, int(base) + end, opens)
        for base, text in zip(bases, texts, strict=True)
        for start, end, opens in _sentences(text)
    ]
    return _writing(tuple(name for name, _ in pieces), bases.astype(np.int64), whole, spans)


def _writing(
    names: tuple[str, ...], bases: Ints, whole: str, spans: list[tuple[int, int, bool]]
) -> Writing:
    known: dict[str, int] = {}
    found = [
        (one.start(), one.end(), known.setdefault(_plain(one[0]), len(known)))
        for one in _WORD.finditer(whole)
    ]
    starts, ends, ids = np.array(found, np.int64).reshape(-1, 3).T
    places = np.array([span[:2] for span in spans], np.int64).reshape(-1, 2)
    at = np.searchsorted(places[:, 0], starts, side="right") - 1
    kept, sentence = np.unique(at, return_inverse=True)
    opens = np.array([span[2] for span in spans], bool)[kept]
    places = places[kept]
    heading = _headings(whole, places, np.bincount(sentence, minlength=len(kept)), opens)
    numbers = sentence.astype(np.int64)
    return Writing(
        names, bases, whole, tuple(known), ids, starts, ends, numbers, places, opens, heading
    )


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")


def _sentences(text: str) -> list[tuple[int, int, bool]]:
    """Begin, end, and whether it opens a paragraph, of each sentence of a piece."""
    found: list[tuple[int, int, bool]] = []
    for start, end in _cut(text, 0, len(text), _paragraph_ends(text)):
        inside = [(one.start(), one.end()) for one in _BULLET.finditer(text, start, end)]
        inside += [(one.end(), one.end()) for one in _END.finditer(text, start, end)]
        first = True
        for begin, stop in _cut(text, start, end, sorted(inside)):
            found.append((begin, stop, first))
            first = False
    return found


def _paragraph_ends(text: str) -> list[tuple[int, int]]:
    """Blank lines; in a text whose lines are paragraphs (no line is wrapped), every line's end."""
    blank = [one.span() for one in _PARAGRAPH.finditer(text)]
    lines = [len(line) for line in text.split("\n") if line.strip()]
    wrapped = bool(lines) and float(np.quantile(lines, 0.9)) <= _WRAPPED_LINE
    if wrapped and (len(lines) > len(blank) + 1 or len(lines) < 3):
        return blank
    return [one.span() for one in re.finditer(r"\n\s*", text)]


def _cut(text: str, start: int, end: int, at: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches between cuts, without blanks around them."""
    found = []
    for stop, again in [*at, (end, end)]:
        part = text[start:stop]
        kept = part.strip()
        if kept:
            begin = start + len(part) - len(part.lstrip())
            found.append((begin, begin + len(kept)))
        start = max(start, again)
    return found


def _headings(text: str, spans: Ints, lengths: Ints, opens: NDArray[np.bool_]) -> NDArray[np.bool_]:
    alone = opens & np.append(opens[1:], True)
    short = alone & (lengths <= _HEADING_WORDS)
    return np.array(
        [
            bool(maybe) and (text[start] == "#" or not _FINAL.search(text[start:end]))
            for maybe, (start, end) in zip(short, spans, strict=True)
        ],
        bool,
    )
