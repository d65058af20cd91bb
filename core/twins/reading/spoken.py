"""What was said, with its times: cues joined to paragraphs that can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.domain.twins import Mark

PAUSE_SECONDS = 2.5
ENOUGH = 600
TOO_MUCH = 1_500
ENDS = (".", "!", "?", "…", "。", ".”", '."', "?”", '?"')


@dataclass(frozen=True)
class Segment:
    """Words of a recording with their times."""

    start_seconds: float
    end_seconds: float
    text: str


def clock(seconds: float) -> str:
    """A time in a recording as people write it: ``04:31``, ``1:02:09``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def spoken(segments: Iterable[Segment]) -> tuple[str, tuple[Mark, ...]]:
    """The text in paragraphs, and a mark with the time where each segment begins."""
    text, begun, marks = "", 0, list[Mark]()
    before: Segment | None = None
    for segment in segments:
        words = " ".join(segment.text.split())
        if not words:
            continue
        if before is not None:
            breaks = _breaks(text[begun:], segment.start_seconds - before.end_seconds)
            text += "\n\n" if breaks else " "
            begun = len(text) if breaks else begun
        marks.append(Mark(start=len(text), place=clock(segment.start_seconds)))
        text += words
        before = segment
    return text, tuple(marks)


def _breaks(paragraph: str, pause: float) -> bool:
    ended = paragraph.endswith(ENDS)
    long_enough = len(paragraph) >= ENOUGH and ended
    return long_enough or len(paragraph) >= TOO_MUCH or (pause >= PAUSE_SECONDS and ended)
