"""Subtitles (SRT, VTT): their words as paragraphs, with the times as places."""

from __future__ import annotations

import html
import re
from pathlib import Path

from core.twins.reading.decoding import decode
from core.twins.reading.draft import Draft
from core.twins.reading.limits import Limits
from core.twins.reading.refusals import Refused
from core.twins.reading.spoken import Segment, spoken

_TIMES = re.compile(
    r"(?:(\d+):)?(\d\d):(\d\d)[,.](\d{3}) +--> +(?:(\d+):)?(\d\d):(\d\d)[,.](\d{3})[^\n]*"
)
_TAGS = re.compile(r"<[^>\n]{0,200}>|\{\\[^}\n]{0,100}\}")
_NOTES = re.compile(r"^(?:NOTE|STYLE|REGION)\b")


def read_subtitles(path: Path, limits: Limits) -> Draft:
    """The words that are shown; rolling captions once."""
    segments = cues(decode(path.read_bytes()))
    if not segments:
        raise Refused("It has no subtitles in it.", kind="empty")
    draft = Draft("subtitles", limits)
    draft.as_it_is, marks = spoken(segments)
    draft.marks.extend(marks)
    return draft


def cues(text: str) -> list[Segment]:
    """Each cue with its times, without what rolling captions say again."""
    found: list[Segment] = []
    shown: list[str] = []
    for block in re.split(r"\n[ \t]*\n+", text):
        times = _TIMES.search(block)
        if times is None or _NOTES.match(block):
            continue
        lines = [clean for line in block[times.end() :].split("\n") if (clean := _clean(line))]
        new = _not_again(shown, lines)
        shown = lines or shown
        if new:
            start, end = _seconds(times, 1), _seconds(times, 5)
            found.append(Segment(start, max(start, end), " ".join(new)))
    return found


def _not_again(shown: list[str], lines: list[str]) -> list[str]:
    """What of these lines does not already stand at the end of what was shown before."""
    for size in range(min(len(shown), len(lines)), 0, -1):
        if shown[-size:] == lines[:size]:
            return lines[size:]
    return lines


def _clean(line: str) -> str:
    return " ".join(html.unescape(_TAGS.sub("", line)).split())


def _seconds(times: re.Match[str], first: int) -> float:
    hours, minutes, seconds, thousandths = times.group(first, first + 1, first + 2, first + 3)
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + int(thousandths) / 1000
