"""Plain text: the file's own characters, with chapters found as places."""

from __future__ import annotations

import re
from pathlib import Path

from core.twins.reading.decoding import decode
from core.twins.reading.draft import Draft
from core.twins.reading.limits import Limits

LONGEST_TITLE = 100
HEAD = 3_000
_SAID = re.compile(r"^Title:[ \t]*(\S[^\n]{0,150})$", re.M)
_NO_TITLE = re.compile(
    r"[.,;:?][ \t]*$|https?:|\b(?:produced by|prepared by|copyright|etext)\b", re.I
)
_CHAPTER = re.compile(
    r"(?:(?<=\n\n)|\A)[ \t]*((?:chapter|part|book|lesson|session|week|module|kapitel|teil|lektion"
    r"|chapitre|capítulo)[ \t]+(?:\d+|[ivxlc]+|[a-z]{3,10})\b[^\n]{0,80})\n",
    re.I,
)


def read_plain(path: Path, limits: Limits) -> Draft:
    """The decoded text as it is: no byte order mark, each line's end one ``\\n``."""
    draft = Draft("text", limits, as_it_is=decode(path.read_bytes()))
    draft.title = _title(draft.as_it_is)
    for found in _CHAPTER.finditer(draft.as_it_is):
        draft.mark(found[1].strip(), found.start(1))
    return draft


def _title(text: str) -> str:
    """What a line says to be the title, or a short first line that stands alone."""
    said = _SAID.search(text[:HEAD])
    if said is not None:
        return said[1].strip()
    first, _, rest = text.lstrip().partition("\n")
    alone = not rest.strip() or rest.lstrip(" \t").startswith("\n")
    short = len(first) <= LONGEST_TITLE and not _NO_TITLE.search(first)
    return first.strip(" \t#*_") if alone and short else ""
