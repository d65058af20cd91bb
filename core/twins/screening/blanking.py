"""What may become knowledge: the rest is blanked, never cut, so that offsets stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from core.domain.twins import Personal, PersonalChoice, Problem, Reading
from core.twins.screening.injections import injections

MASK = "▮"
_SEEN = re.compile(r"\S")
_NOT_BREAK = re.compile(r"[^\n]")
_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\Wa-zäöüß_])|\n[ \t]*\n|\n(?=[-*#\d])")


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans as spaces, their line breaks kept: as long as before."""
    return _replaced(text, spans, lambda part: _NOT_BREAK.sub(" ", part))


def mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with one neutral sign for each character of these spans that is no blank."""
    return _replaced(text, spans, lambda part: _SEEN.sub(MASK, part))


def knowledge_text(
    reading: Reading, personal: Iterable[Personal], choice: PersonalChoice
) -> tuple[str, tuple[Problem, ...]]:
    """What of a reading may become knowledge, as long as its text.

    Args:
        reading: What was read.
        personal: The personal data in it.
        choice: What becomes of that.

    Returns:
        The text, with hidden words and instructions to models blanked whatever the choice is,
        and the problems that say which instructions were found.
    """
    found = injections(reading.text)
    spans = [(problem.start or 0, problem.end or 0) for problem in found]
    text = decided_text(reading.text, personal, choice)
    return blank(text, [*reading.hidden, *spans]), found


def decided_text(text: str, personal: Iterable[Personal], choice: PersonalChoice) -> str:
    """The text after its creator said what becomes of the personal data in it; as long as before.

    Args:
        text: What was read.
        personal: The personal data in it.
        choice: ``keep`` leaves it, ``mask`` puts a neutral sign for each character, ``drop``
            blanks the sentences that hold it.
    """
    places = [(each.start, each.end) for each in personal]
    if choice == "mask":
        return mask(text, places)
    if choice == "drop":
        return blank(text, sentences_around(text, places))
    return text


def forgotten(personal: Iterable[Personal], choice: PersonalChoice | None) -> tuple[Personal, ...]:
    """What may still be told of personal data: kind and place alone, where it is not kept."""
    if choice in (None, "keep"):
        return tuple(personal)
    return tuple(each.model_copy(update={"text": ""}) for each in personal)


def sentences_around(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The whole sentences that hold these spans."""
    spans = sorted(spans)
    if not spans:
        return []
    edges = [0, *(found.end() for found in _END.finditer(text)), len(text)]
    whole: list[tuple[int, int]] = []
    at = 0
    for start, end in spans:
        while at + 1 < len(edges) and edges[at + 1] <= start:
            at += 1
        last = at + 1
        while last < len(edges) - 1 and edges[last] < end:
            last += 1
        whole.append((edges[at], max(end, edges[last])))
    return whole


def _replaced(text: str, spans: Iterable[tuple[int, int]], change: Callable[[str], str]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, len(text))
        if end <= start:
            continue
        parts += [text[at:start], change(text[start:end])]
        at = end
    return "".join([*parts, text[at:]])
