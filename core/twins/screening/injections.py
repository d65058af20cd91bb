"""Instructions to a model inside a creator's content: found, shown, and kept out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.domain.twins import Problem
from core.twins.screening.rules import (
    ANCHORS,
    ASKED,
    CHATS,
    ENOUGH,
    GAIN,
    JOINED_ANCHORS,
    SELLING,
    SIGNS,
    SQUEEZED,
)
from core.twins.screening.views import View, views

AROUND = 260
TOGETHER = 250
LONG_PARAGRAPH = 1_500
LONGEST_QUOTE = 300
MOST = 200
DISGUISE = 0.4
ALMOST = 1e-9
UNDISGUISED = frozenset({"plain", "joined"})
ANNOUNCING = frozenset({"tag", "address", "new orders", "end of content", "supersedes"})
CHAT_MARK = re.compile(
    r"(?:user|human)[ \t*_]{0,3}:|#\s?[*_]{0,3}(?:instr|syst|hum|user|inp|assis)|"
    r"\[\[|\[inst|<<sys|<\||"
    r"\bbegin\b[^\n]{0,12} (?:system|developer|admin) |\brole[\"']?\s*:|system[_-]prompt|"
    r"</[a-z]|-end\b"
)
_BREAK = re.compile(r"\n[ \t]*\n")
_SENTENCE_END = re.compile(r"[.!?…。]+[\"'”’)\]]*(?:\s+|$)|\n")


@dataclass(frozen=True)
class _Hit:
    """A sign that was found, where it stands in the original."""

    start: int
    end: int
    name: str
    worth: float


def injections(text: str) -> tuple[Problem, ...]:
    """Each passage that speaks to a model instead of to people.

    A span covers the paragraphs that are concerned, or, in long ones, the sentences and the two
    after them.
    """
    spans: list[tuple[int, int]] = []
    for view in views(text):
        extra = 0.0 if view.name in UNDISGUISED else DISGUISE
        apart = _parted(text, view.joints)
        hits = sorted(_hits(view), key=lambda hit: hit.start)
        for group in _together(apart, hits):
            worth: dict[str, float] = {}
            for hit in group:
                worth[hit.name] = max(worth.get(hit.name, 0.0), hit.worth)
            if sum(worth.values()) + extra >= ENOUGH - ALMOST:
                start, end = group[0].start, max(hit.end for hit in group)
                spans.append(_concerned(text, apart, start, end))
    return tuple(_problem(text, start, end) for start, end in _merged(spans)[:MOST])


def _hits(view: View) -> Iterator[_Hit]:
    if view.name == "spread":
        squeezed = re.sub(r"[ \t]+", "", view.text)
        if SQUEEZED.pattern.search(squeezed) and view.places:
            yield _Hit(view.places[0], view.places[-1] + 1, SQUEEZED.name, SQUEEZED.worth)
    if view.name == "plain":
        yield from _chats(view)
    for start, end in _windows(view):
        for sign in SIGNS:
            for found in sign.pattern.finditer(view.text, start, end):
                if _is_new(view, found):
                    yield _Hit(*view.original(*found.span()), sign.name, sign.worth)
        for found in ASKED.finditer(view.text, start, end):
            if _is_new(view, found):
                yield _Hit(*view.original(*found.span()), "steer", _steers(found))


def _chats(view: View) -> Iterator[_Hit]:
    """Pieces of a chat as models are given it; they may run over many lines."""
    if not CHAT_MARK.search(view.text):
        return
    for chat in CHATS:
        for found in chat.pattern.finditer(view.text):
            yield _Hit(*view.original(*found.span()), chat.name, chat.worth)


def _parted(text: str, joints: tuple[tuple[int, int], ...]) -> str:
    """The text without breaks in the middle of a sentence, where a view reads over them."""
    parts: list[str] = []
    at = 0
    for start, end in joints:
        if end < len(text) and text[end].islower():
            parts += [text[at:start], " " * (end - start)]
            at = end
    return "".join([*parts, text[at:]])


def _is_new(view: View, found: re.Match[str]) -> bool:
    """Whether a sign is not in the plain view as well."""
    if view.changed is None:
        return True
    return any(start < found.end() and found.start() < end for start, end in view.changed)


def _steers(found: re.Match[str]) -> float:
    """What "when asked about X, say Y" is worth: who asks, how strictly, and for whose gain."""
    worth = 0.8 if found["user"] else 0.6 if found["bare"] else 0.5 if found["you"] else 0.4
    worth += 0.2 if found["always"] else 0.0
    worth += 0.3 if found["verb"] in SELLING else 0.2
    return worth + (0.4 if GAIN.search(found["rest"]) else 0.0)


def _windows(view: View) -> Iterator[tuple[int, int]]:
    """The parts of a text that are worth a closer look."""
    words = JOINED_ANCHORS if view.name == "joined" else ANCHORS
    anchors: Iterable[tuple[int, int]] = view.changed or (
        found.span() for found in words.finditer(view.text)
    )
    start = end = -1
    for first, last in anchors:
        if first - AROUND > end:
            if end >= 0:
                yield start, end
            start = max(0, first - AROUND)
        end = min(len(view.text), last + AROUND)
    if end >= 0:
        yield start, end


def _together(text: str, hits: list[_Hit]) -> Iterator[list[_Hit]]:
    """Signs that stand close to each other, in one paragraph or under one announcement."""
    group: list[_Hit] = []
    reach = 0
    for hit in hits:
        apart = hit.start - reach > TOGETHER or (
            group and len(_BREAK.findall(text, reach, hit.start)) > (group[-1].name in ANNOUNCING)
        )
        if group and apart:
            yield group
            group, reach = [], 0
        group.append(hit)
        reach = max(reach, hit.end)
    if group:
        yield group


def _concerned(text: str, apart: str, start: int, end: int) -> tuple[int, int]:
    """The paragraphs around a span, joined as they are read; of long ones the sentences."""
    first = max(
        (m.end() for m in _BREAK.finditer(apart, max(0, start - 20_000), start)), default=-1
    )
    if first < 0:
        first = max(0, start - 20_000)
    after = _BREAK.search(apart, end)
    last = after.start() if after else len(text)
    if last - first <= LONG_PARAGRAPH + end - start:
        return first, last
    ends = [m.end() for m in _SENTENCE_END.finditer(text, first, start)]
    rest = [
        m.end() for m, _ in zip(_SENTENCE_END.finditer(text, end, last), range(3), strict=False)
    ]
    begin = max((place for place in ends if place <= start), default=first)
    return max(begin, start - LONG_PARAGRAPH), min(rest[-1] if rest else last, end + LONG_PARAGRAPH)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _problem(text: str, start: int, end: int) -> Problem:
    return Problem(
        kind="injection",
        severity="warning",
        message="This passage tells a model what to do, instead of telling people something.",
        fix="It is kept out of what the twin knows.",
        start=start,
        end=end,
        quote=text[start:end].strip()[:LONGEST_QUOTE],
    )
