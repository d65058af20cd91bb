"""Markdown: the file's own characters; front matter, comments and code are marked as not prose."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from core.twins.reading.days import day_in
from core.twins.reading.decoding import decode
from core.twins.reading.draft import Draft
from core.twins.reading.limits import Limits

LARGEST_FRONT = 20_000
DATES = ("date", "published", "written", "created", "updated")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FENCE = re.compile(
    r"^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.S | re.M
)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.M)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|^\[(?://|comment)\]: *#? *[(\"'].*$", re.S | re.M | re.I)
_HIDDEN_TAG = re.compile(
    r"<(\w+)\b[^>]{0,500}(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0"
    r"|(?<![\w-])color\s*:\s*(?:white|#fff(?:fff)?)\b|\shidden(?=[\s>=/]))[^>]{0,500}>.*?(?:</\1>|\Z)",
    re.S | re.I,
)
PROSE_FENCES = {"", "text", "txt", "markdown", "md", "quote"}


def read_markdown(path: Path, limits: Limits) -> Draft:
    """The decoded text as it is; what is no prose in it is among ``hidden``."""
    text = decode(path.read_bytes())
    draft = Draft("markdown", limits, as_it_is=text)
    quiet = [found.span() for found in _FENCE.finditer(text) if _is_code(found)]
    front = _FRONT.match(text)
    if front is not None:
        quiet.append(front.span())
        _read_front(front[1], draft)
    draft.quiet.extend(quiet)
    for pattern in (_COMMENT, _HIDDEN_TAG):
        draft.hidden.extend(
            found.span() for found in pattern.finditer(text) if not _within(found.start(), quiet)
        )
    draft.hidden.sort()
    for found in _HEADING.finditer(text):
        if not _within(found.start(), quiet):
            draft.mark(_plain(found[2]), found.start())
            draft.title = draft.title or _plain(found[2])
    return draft


def _is_code(found: re.Match[str]) -> bool:
    return found[2].lower() not in PROSE_FENCES


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _plain(heading: str) -> str:
    return re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip()


def _read_front(block: str, draft: Draft) -> None:
    """Title and day out of the front matter; what is in it else is not asked for."""
    for key, value in _front_lines(block[:LARGEST_FRONT]).items():
        if key == "title":
            draft.title = value
        elif key in DATES and draft.written_on is None:
            draft.written_on = day_in(value)


def _front_lines(block: str) -> dict[str, Any]:
    """Its top-level ``key: value`` lines: no YAML parser, no anchors, no bombs."""
    found = re.finditer(r"^([A-Za-z_]+)[ \t]*:[ \t]*(\S[^\n]*)$", block, re.M)
    return {match[1].lower(): match[2].strip().strip("\"'") for match in found}
