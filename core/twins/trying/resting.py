"""Whether what a twin says rests on the passages that it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.domain.twins import Answer, Passage
from core.twins.answering import tidy
from core.twins.knowledge import sentences
from core.twins.trying.words import stems, words

SHARED = 0.4
"""Of a sentence's words that carry meaning, the least share that its passages must have too."""
_MARKS = re.compile(r"(?:\s*\[\d{1,2}\])+")
_NUMBER = re.compile(r"\[(\d{1,2})\]")
_SHORTEST = 4
"""Words below which a sentence states nothing that could be checked (“Start small.”)."""


class Said(NamedTuple):
    """A sentence of an answer and the passages that it says it rests on."""

    sentence: str
    passages: tuple[Passage, ...]


def said(answer: Answer) -> list[Said]:
    """The sentences of an answer, each with what the next mark after it cites."""
    return [
        Said(part[span.start : span.end], passages)
        for part, passages in _parts(answer)
        for span in sentences(part)
    ]


def cites(answer: Answer) -> bool:
    """Whether an answer names a passage that it has."""
    return any(one.passages for one in said(answer))


def unresting(answer: Answer) -> list[str]:
    """The sentences of an answer that rest on no passage that they cite.

    The creator's own sentences must stand in the passage word for word. A language model's must
    share its words and have no number that is not there: a coarse test, which finds what was made
    up and cannot vouch for what was turned round.
    """
    rests = _word_for_word if answer.engine == "sentences" else _by_its_words
    return [one.sentence for one in said(answer) if not rests(one)]


def spoken(answer: Answer) -> str:
    """The words of an answer without the marks of its citations."""
    return _MARKS.sub("", answer.text).strip()


def _parts(answer: Answer) -> Iterator[tuple[str, tuple[Passage, ...]]]:
    """What stands before each group of marks, with the passages that they name."""
    at = 0
    for marks in _MARKS.finditer(answer.text):
        part = answer.text[at : marks.start()].lstrip(" .,;")
        yield part, _named(marks[0], answer.citations)
        at = marks.end()
    rest = answer.text[at:].lstrip(" .,;")
    if rest:
        yield rest, ()


def _named(marks: str, citations: Sequence[Passage]) -> tuple[Passage, ...]:
    numbers = [int(number) for number in _NUMBER.findall(marks)]
    return tuple(citations[number - 1] for number in numbers if 0 < number <= len(citations))


def _word_for_word(one: Said) -> bool:
    wanted = f" {' '.join(words(one.sentence))} "
    return any(wanted in _as_said(passage.text) for passage in one.passages)


def _as_said(text: str) -> str:
    """A passage's words as they are said, without the markup between its sentences."""
    spoken = (tidy(text[span.start : span.end]) for span in sentences(text))
    return f" {' '.join(word for one in spoken for word in words(one))} "


def _by_its_words(one: Said) -> bool:
    """Whether a sentence that somebody else worded can rest on its passages."""
    if len(one.sentence.split()) < _SHORTEST or one.sentence.rstrip().endswith("?"):
        return True
    if not one.passages:
        return False
    known = " ".join(passage.text for passage in one.passages)
    numbers = {word for word in words(one.sentence) if word.isdigit()}
    if not numbers <= set(words(known)):
        return False
    meant = stems(one.sentence)
    return not meant or len(meant & stems(known)) / len(meant) >= SHARED
