"""A creator's sentence as it is said: without markup, marks of subtitles, and footnotes."""

from __future__ import annotations

import re
from functools import lru_cache

LEAST_WORDS, LEAST_LETTERS = 4, 10
"""Below both a sentence is a scrap; letters count where writing has no spaces."""
MOSTLY_LETTERS = 0.6
"""What has fewer letters among its signs is a table or a formula."""
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)
_LINE_MARK = re.compile(
    r"\A\s*(?:(?:#{1,6}|[-*+•·▪‣–]|\d{1,3}[.)]|\(?[a-z]\)|\[[ xX]\])\s+|[♪♫]\s*)+"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|\{\\[^{}]{0,40}\}")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_TIME = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?")
_CUE = re.compile(
    rf"(?:\b\d+\s+)?\[?{_TIME.pattern}\]?\s*-->\s*\[?{_TIME.pattern}\]?(?:\s+\w+:\S+)*"
    rf"|\[{_TIME.pattern}\]|\(\s*{_TIME.pattern}\s*\)|\A\s*{_TIME.pattern}\s+(?=\D)"
)
_NOISE = re.compile(
    r"[\[(](?:music|applause|laughter|laughs|inaudible|crosstalk|silence|noise|cheering)[^\])]*[\])]"
    r"|[♪♫]",
    re.I,
)
_FOOTNOTE = re.compile(r"\s?\[\^?\d{1,3}\]")
_EMPHASIS = re.compile(
    r"(?<![\w\\])[*_]{1,3}(?=\S)|(?<=[^\s\\])[*_]{1,3}(?!\w)|`+|(?<=\w)\*{1,3}|(?<!\\)\*{1,3}(?=\w)"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!~>|-])")
_SPACE = re.compile(r"\s+")
_HEADING = re.compile(r"\s*#{1,6}\s")


@lru_cache(maxsize=4_096)
def tidy(text: str) -> str:
    """A sentence as it is said: without markup, on one line."""
    said = _LINE_MARK.sub("", _QUOTED_LINE.sub("", text))
    for pattern, kept in ((_CUE, " "), (_TAG, ""), (_LINK, r"\1"), (_NOISE, " ")):
        said = pattern.sub(kept, said)
    said = _ESCAPE.sub(r"\1", _EMPHASIS.sub("", _FOOTNOTE.sub("", said)))
    return _closed(_SPACE.sub(" ", said).strip())


def _closed(said: str) -> str:
    """Without a quotation mark that only its neighbours close or open."""
    if said.count('"') == 1:
        return said.strip('"').strip()
    if said.startswith("“") and "”" not in said:
        return said[1:].strip()
    return said[:-1].strip() if said.endswith("”") and "“" not in said else said


def is_heading(text: str) -> bool:
    """Whether a sentence stands as a heading."""
    return _HEADING.match(text) is not None or tidy(text).isupper()


def speakable(text: str) -> bool:
    """Whether a sentence can be said as a part of an answer: no heading, no table, no scrap."""
    said = tidy(text)
    long = len(said.split()) >= LEAST_WORDS or _unspaced(said)
    table = said.startswith("|") or said.count("|") > 1
    letters = sum(map(str.isalpha, said))
    mostly = letters >= MOSTLY_LETTERS * len(said.replace(" ", ""))
    return long and not table and not is_heading(text) and letters > 0 and mostly


def length(said: str) -> int:
    """How many words there are, about, where they are written without spaces."""
    return sum(map(str.isalpha, said)) // 2 if _unspaced(said) else len(said.split())


def _unspaced(said: str) -> bool:
    """Whether words are written without spaces, and there are enough signs for a sentence."""
    letters = sum(letter.isalpha() for letter in said)
    return letters >= LEAST_LETTERS and letters > LEAST_LETTERS * max(1, len(said.split())) / 1.5
