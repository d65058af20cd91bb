"""A text while it is put together: paragraphs, headings, places, and what cannot be seen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from core.domain.twins import Mark, Problem, Reading
from core.twins.reading.invisible import SOFT_HYPHEN, invisible_spans
from core.twins.reading.limits import Limits

Piece = tuple[str, bool]
"""Words, and whether they are hidden."""
LONGEST_PLACE = 80
LONGEST_QUOTE = 300
MOST_SHOWN = 20
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" *\n[ \n]*")
_LONE = re.compile("[\ud800-\udfff\x00]")


@dataclass
class Draft:
    """Collects what a reader finds and makes the ``Reading`` of it.

    Attributes:
        as_it_is: The whole text where it is the file's own, character for character.
        hidden: What a reader would not see, each told of.
        quiet: What is no prose (front matter, code): kept out of knowledge like what is hidden,
            without a word about it.
        unseen: Words that are in the file and not in the text (comments, alternative texts,
            properties): they are never knowledge, and are looked through for instructions.
    """

    format: str
    limits: Limits
    title: str = ""
    written_on: date | None = None
    as_it_is: str = ""
    marks: list[Mark] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    quiet: list[tuple[int, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0

    @property
    def full(self) -> bool:
        """Whether as many characters are there as are kept."""
        return self._length > self.limits.characters

    def paragraph(self, words: str | Iterable[Piece], level: int = 0, mark: str = "") -> None:
        """Add a paragraph, or a heading of a level; nothing where the words are blank."""
        pieces = [(words, False)] if isinstance(words, str) else list(words)
        runs = list(_trimmed(_joined(pieces)))
        if not runs or self.full:
            return
        start = self._length + (2 if self._parts else 0)
        if level:
            runs = [(text.replace("\n", " "), hidden) for text, hidden in runs]
            runs.insert(0, (f"{'#' * min(level, 6)} ", all(hidden for _, hidden in runs)))
        if mark:
            self.mark(mark, start)
        at = start
        for text, hidden in runs:
            if hidden:
                self._hide(at, at + len(text))
            at += len(text)
        self._parts.append("".join(text for text, _ in runs))
        self._length = at

    def heading(self, words: str | Iterable[Piece], level: int = 1) -> None:
        """Add a heading that is also a place to be found by."""
        pieces = [(words, False)] if isinstance(words, str) else list(words)
        seen = " ".join("".join(text for text, hidden in pieces if not hidden).split())
        self.paragraph(pieces, level, seen)

    def mark(self, place: str, start: int | None = None) -> None:
        """From here on (or from ``start``) the text is at this place."""
        at = (self._length + (2 if self._parts else 0)) if start is None else start
        if self.marks and self.marks[-1].start == at:
            self.marks.pop()
        self.marks.append(Mark(start=at, place=place[:LONGEST_PLACE].strip()))

    def note(self, kind: str, message: str, severity: str = "info", fix: str = "") -> None:
        """Say something of the whole file."""
        self.problems.append(
            Problem.model_validate(
                {"kind": kind, "severity": severity, "message": message, "fix": fix}
            )
        )

    def _hide(self, start: int, end: int) -> None:
        if self.hidden and self.hidden[-1][1] >= start - 2:
            self.hidden[-1] = (self.hidden[-1][0], end)
        else:
            self.hidden.append((start, end))

    def reading(self) -> Reading:
        """The text with everything that was found."""
        text = self.as_it_is or "\n\n".join(self._parts)
        if len(text) > self.limits.characters:
            text = text[: self.limits.characters]
            words = f"Only the first {self.limits.characters:,} characters were kept."
            self.note("cut_short", words, "warning", "Split the file to have all of it.")
        ends = [(start, min(end, len(text))) for start, end in self.hidden if start < len(text)]
        unseen = invisible_spans(text)
        return Reading(
            text=text,
            format=self.format,
            title=" ".join(self.title.split())[:200],
            written_on=self.written_on,
            marks=tuple(mark for mark in self.marks if mark.start < len(text)),
            hidden=_merged(ends + self.quiet + unseen),
            problems=(*self.problems, *_shown(text, ends), *_unseen_shown(text, unseen)),
        )


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one kind as one, their blanks single."""
    runs: list[Piece] = []
    for text, hidden in pieces:
        clean = _LONE.sub("\ufffd", text.replace(SOFT_HYPHEN, "").replace("\r", ""))
        if runs and runs[-1][1] == hidden:
            runs[-1] = (runs[-1][0] + clean, hidden)
        elif clean:
            runs.append((clean, hidden))
    return [(_BREAKS.sub("\n", _BLANKS.sub(" ", text)), hidden) for text, hidden in runs]


def _trimmed(runs: list[Piece]) -> Iterable[Piece]:
    """Without blanks at both ends."""
    while runs and not runs[0][0].strip():
        runs = runs[1:]
    while runs and not runs[-1][0].strip():
        runs = runs[:-1]
    for number, (text, hidden) in enumerate(runs):
        text = text.lstrip() if number == 0 else text
        yield (text.rstrip() if number == len(runs) - 1 else text), hidden


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return tuple(merged)


def _shown(text: str, spans: list[tuple[int, int]]) -> list[Problem]:
    """A problem for each of the first hidden passages, and one for the rest."""
    seen = [(start, end) for start, end in spans if text[start:end].strip()]
    found = [
        Problem(
            kind="hidden_text",
            severity="warning",
            message="These words are in the file, but a reader would not see them.",
            fix="They are kept out of what the twin knows.",
            start=start,
            end=end,
            quote=text[start:end].strip()[:LONGEST_QUOTE],
        )
        for start, end in seen[:MOST_SHOWN]
    ]
    if len(seen) > MOST_SHOWN:
        words = f"{len(seen) - MOST_SHOWN:,} more passages of this file are hidden in the same way."
        found.append(Problem(kind="hidden_text", severity="warning", message=words))
    return found


def _unseen_shown(text: str, spans: list[tuple[int, int]]) -> list[Problem]:
    count = sum(end - start for start, end in spans)
    if not count or spans == [(0, 1)]:
        return []
    start, end = spans[0]
    return [
        Problem(
            kind="hidden_text",
            severity="info",
            message=f"{count:,} invisible characters stand between the letters of this text.",
            fix="They are kept out of what the twin knows.",
            start=start,
            end=end,
            quote=text[max(0, start - 40) : end + 40],
        )
    ]
