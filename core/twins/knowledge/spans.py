"""Where the sentences of a text are: offsets only, nothing is changed and no word is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_WORDS = 110
"""A sentence of more words is cut at its clauses, or between words where it has none."""
LONGEST_CHARACTERS = 900
"""The same for writing without spaces between words."""

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof rev hon st mt jr sr vs etc eg ie e.g i.e cf viz no nos vol vols pp p ch fig "
    "ed eds inc ltd co corp capt col gen gov lt sgt maj messrs mme mlle ph.d m.d a.m p.m b.c a.d "
    "u.s u.k jan feb mar apr jun jul aug sept sep oct nov dec approx dept est min max bros ibid "
    "h.p l.s.d esq sen rep pres".split()
)
_END = re.compile(
    r"(?P<stop>[.!?…]+[\"'”’»)\]*_]*)(?=\s)|(?P<wide>[。！？]+[」』”’）]*)"
    r"|(?P<gap>\n[ \t]*(?:\n[ \t]*)+)|(?P<line>\n)"
)
_OPENING = re.compile(r"[\s\"'“‘«(\[*_>\-–—#]*")
_LIST = re.compile(r"[ \t]*(?:[-*•·▪‣]|\(?\d{1,3}[.)]|\(?[a-z]\)|#{1,6})[ \t]+\S")
_SPEAKER = re.compile(
    r"[ \t]*(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?[ \t]*)?[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}:[ \t]"
)
_ROMAN = re.compile(r"[IVXLC]+")
_NUMBER = re.compile(r"\(?\d{1,3}")
_LAST_WORD = re.compile(r"[\w.&'’-]*$")
_CLAUSES = (
    re.compile(r"[;:][\"'”’)\]]*\s+|\s*(?:--+|—)\s*"),
    re.compile(r",[\"'”’)\]]*\s+"),
    re.compile(r"\s+"),
)
_WORD = re.compile(r"\S+")
_WRAPPED_AT, _SHORT_LINE = 200, 45


class Span(NamedTuple):
    """A piece of a text, from ``start`` up to and without ``end``, in characters."""

    start: int
    end: int


def word_count(text: str) -> int:
    """How many words there are between the spaces."""
    return len(text.split())


def sentences(text: str) -> list[Span]:
    """The sentences of a text in their order, without the space around them.

    Blank lines, headings, list items and a speaker's turn end a sentence as a full stop does;
    abbreviations and initials do not. Writing that has no punctuation, and sentences of more than
    ``LONGEST_WORDS`` words, are cut at clauses, or else between words.
    """
    lowercase = _without_capitals(text)
    found: list[Span] = []
    start = 0
    for end in _ends(text, lowercase):
        found.extend(_within_limits(text, _trimmed(text, start, end)))
        start = end
    found.extend(_within_limits(text, _trimmed(text, start, len(text))))
    return found


def _without_capitals(text: str) -> bool:
    sample = text[:20_000]
    letters = sum(map(str.isalpha, sample))
    return letters > 0 and sum(map(str.isupper, sample)) < 0.005 * letters


def _ends(text: str, lowercase: bool) -> Iterator[int]:
    start = 0
    for match in _END.finditer(text):
        if match["gap"] or match["wide"]:
            ends = True
        elif match["line"]:
            ends = _line_ends(text, match.start(), start)
        else:
            ends = _stops(text, match, start, lowercase)
        if ends:
            yield match.end()
            start = match.end()


def _line_ends(text: str, place: int, start: int) -> bool:
    """Whether a single line break ends a sentence, rather than wraps it."""
    after = place + 1
    if _LIST.match(text, after) or _SPEAKER.match(text, after):
        return True
    begun = text.rfind("\n", 0, place) + 1
    line = text[max(begun, start) : place].strip()
    if place - begun > _WRAPPED_AT:
        return True
    following = _OPENING.match(text, after)
    first = text[following.end() : following.end() + 1] if following else ""
    return len(line) < _SHORT_LINE and first.isupper() and not line.endswith((",", ";", ":", "-"))


def _stops(text: str, match: re.Match[str], start: int, lowercase: bool) -> bool:
    opening = _OPENING.match(text, match.end())
    assert opening is not None
    first = text[opening.end() : opening.end() + 1]
    if not first:
        return True
    if first.islower() and not lowercase:
        return False
    return not (match["stop"].startswith(".") and _abbreviated(text, match.start(), start, match))


def _abbreviated(text: str, place: int, start: int, match: re.Match[str]) -> bool:
    if match["stop"] != ".":
        return False
    last = _LAST_WORD.search(text, max(start, place - 20), place)
    word = last.group() if last else ""
    if word.lower().strip(".") in _ABBREVIATIONS:
        return True
    if len(word) == 1 and word.isupper() and word != "I":
        return True
    alone = text[start:place].strip()
    return bool(_ROMAN.fullmatch(alone) or _NUMBER.fullmatch(alone))


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _within_limits(text: str, span: Span) -> list[Span]:
    if span.start == span.end:
        return []
    inside = text[span.start : span.end]
    words = word_count(inside)
    if words <= LONGEST_WORDS and len(inside) <= LONGEST_CHARACTERS:
        return [span]
    middle = _clause_near_the_middle(text, span)
    left, right = _trimmed(text, span.start, middle), _trimmed(text, middle, span.end)
    return [*_within_limits(text, left), *_within_limits(text, right)]


def _clause_near_the_middle(text: str, span: Span) -> int:
    """Where to cut: the clause nearest to the middle, if it leaves a fifth on either side."""
    middle, margin = (span.start + span.end) // 2, (span.end - span.start) // 5
    for kind in _CLAUSES:
        cuts = [match.end() for match in kind.finditer(text, span.start, span.end)]
        cuts = [cut for cut in cuts if span.start + margin < cut < span.end - margin]
        if cuts:
            return min(cuts, key=lambda cut: abs(cut - middle))
    return middle
