"""An answer without a language model: the creator's own sentences, put together.

The best sentence brings its neighbours along, so that what is said stays a thought; other passages
join where they fit almost as well. Nothing is said that the creator did not write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.domain.twins import Passage, Tuning
from core.twins.answering.manner import Manner
from core.twins.answering.tidying import is_heading, length, speakable, tidy
from core.twins.knowledge import Hit

ALMOST = 0.65
"""From this share of the best passage's fit on, another may join."""
WORDS = 70
"""Length of an answer as measured, in words; the slider goes from a third to more than twice."""
PASSAGES = 3
"""From so many passages an answer takes at most."""
LEAD = 40
"""Words of its paragraph that may be said before the best sentence."""
PARAGRAPH = 20
"""A thought of so many words ends with its paragraph."""
SCRAP = 9
"""An answer of fewer words takes the next sentence, however long it is."""
_AT_A_TIME = 1
"""Sentences that follow the best one before another passage has its turn."""
_STEP = 0.04
"""What each place further down in what was found counts against a passage; the order of passages
is worth more than the likeness of single sentences (0.33 of the answers begin in the right place
instead of 0.19, over 90 questions)."""
AS_MEASURED = Tuning()
_BLANK = re.compile(r"\n\s*\n")
_LEANING = re.compile(
    r"(?:it|its|this|that|these|those|he|she|they|him|her|them|his|their|such|so|thus|hence|"
    r"therefore|then|but|and|or|nor|yet|however|for|because|here)\b",
    re.I,
)
_PRICE_ASKED = re.compile(
    r"\b(?:how (?:much|expensive)|cost(?:s|ing)?|prices?|pric(?:ey|ing)|fees?|charge[sd]?|afford|"
    r"expensive|cheap\w*)\b",
    re.I,
)
_PRICE = re.compile(r"[$€£]\s?\d|\d\s?(?:[€$£]|(?:USD|EUR|GBP|euros?|dollars?|pounds?)\b)")
_HEADING_MARK = re.compile(r"[ \t]*#{1,6}[ \t]+[\w.)]{0,6}[ \t]*")
_LEANS, _PASSED_ON = 0.06, 0.95
_WISHED = 0.3
"""From here on a slider has something left out or added."""


@dataclass(frozen=True, slots=True)
class Thought:
    """The sentences of one passage, as they may be said, around the best of them.

    Attributes:
        said: Its sentences, tidied; empty where one cannot be said.
        breaks: The sentences that begin a paragraph.
        first: Where the thought begins: at its best sentence, or where that leans on another.
        best: The sentence that fits best.
        fit: How well that fits by itself.
        score: How early it is said: as it was found, and as the sliders want it.
        citation: The number of the passage, from 0.
    """

    said: tuple[str, ...]
    breaks: frozenset[int]
    first: int
    best: int
    fit: float
    score: float
    citation: int


@dataclass(frozen=True, slots=True)
class Step:
    """Sentences of a thought that are said together or not at all."""

    thought: int
    end: int
    words: int


def compose(
    hits: Sequence[Hit],
    citations: Sequence[Passage],
    texts: Mapping[str, str],
    tuning: Tuning = AS_MEASURED,
    question: str = "",
) -> str:
    """The answer's words, each thought followed by the number of its citation.

    Args:
        hits: The passages that were found, best first.
        citations: The same passages as they are shown; ``[1]`` is the first.
        texts: The text of each document, by the name that the hits use.
        tuning: The voice sliders choose among sentences that fit almost equally well.
        question: What was asked: who asks for a price is told the first that is named.
    """
    priced = _PRICE_ASKED.search(question) is not None
    thoughts = _thoughts(hits[: len(citations)], texts, tuning, priced=priced)
    ends = _ends(thoughts, round(WORDS * 2.3**tuning.length))
    told = {
        number: tuple(dict.fromkeys(thought.said[thought.first : ends[number]]))
        for number, thought in enumerate(thoughts)
        if number in ends
    }
    parts = [_cited(" ".join(said), thoughts[number]) for number, said in told.items()]
    if tuning.questions > _WISHED:
        parts.extend(_asked_back(thoughts, told))
    return " ".join(parts)


def _cited(said: str, thought: Thought) -> str:
    return f"{said} [{thought.citation + 1}]"


def _asked_back(thoughts: Sequence[Thought], told: Mapping[int, Sequence[str]]) -> Iterator[str]:
    """A question of the creator's from a passage that was used, where none is said already."""
    if any(sentence.endswith("?") for said in told.values() for sentence in said):
        return
    for number in told:
        for sentence in thoughts[number].said:
            if sentence.endswith("?"):
                yield _cited(sentence, thoughts[number])
                return


def _ends(thoughts: Sequence[Thought], most: int) -> dict[int, int]:
    """How far each thought is said, in at most about so many words.

    What is said in fewer words is always the beginning of what is said in more.
    """
    ends: dict[int, int] = {}
    count = 0
    for step in _steps(thoughts):
        if count + step.words > most and count >= SCRAP:
            break
        ends[step.thought] = step.end
        count += step.words
    return ends


def _steps(thoughts: Sequence[Thought]) -> Iterator[Step]:
    """What is said, in the order of its worth: each thought and a little more, then the rest."""
    whole = [list(_grown(number, thought)) for number, thought in enumerate(thoughts)]
    for steps in whole:
        yield from steps[: 1 + _AT_A_TIME]
    for steps in whole:
        yield from steps[1 + _AT_A_TIME :]


def _grown(number: int, thought: Thought) -> Iterator[Step]:
    """The thought itself, then each sentence after it, to the end of the paragraph.

    What ends with a colon is said with what it announces.
    """
    start, words = thought.first, 0
    for at in range(thought.best, len(thought.said)):
        sentence = thought.said[at]
        announced = at > thought.best and thought.said[at - 1].endswith(":")
        if not sentence or (at in thought.breaks and words >= PARAGRAPH and not announced):
            break
        if not sentence.endswith(":") or at == len(thought.said) - 1 == thought.best:
            step = _count(thought.said[start : at + 1])
            yield Step(number, at + 1, step)
            start, words = at + 1, words + step


def _thoughts(
    hits: Sequence[Hit], texts: Mapping[str, str], tuning: Tuning, *, priced: bool
) -> list[Thought]:
    """One thought a passage where it has one, the best first, none that says the same again."""
    manner = Manner(tuning)
    found = [
        thought
        for number, hit in enumerate(hits)
        if (thought := _thought(number, hit, texts[hit.document], manner, tuning, priced=priced))
    ]
    found.sort(key=lambda thought: -thought.score)
    least = ALMOST * max((thought.fit for thought in found), default=0.0)
    kept: list[Thought] = []
    told: set[str] = set()
    for thought in found:
        if (thought.fit >= least or not kept) and told.isdisjoint(thought.said[thought.first :]):
            kept.append(thought)
            told.update(filter(None, thought.said))
    return kept[:PASSAGES]


def _thought(
    number: int, hit: Hit, text: str, manner: Manner, tuning: Tuning, *, priced: bool
) -> Thought | None:
    """The best sentence of a passage among its neighbours."""
    raw = [_with_mark(text, one.span.start, one.span.end) for one in hit.sentences]
    said = tuple(tidy(one) if speakable(one) else "" for one in raw)
    scores = _scores(hit, raw, said, manner)
    if not scores:
        return None
    if priced and (named := [at for at in sorted(scores) if _PRICE.search(said[at])]):
        scores[named[0]] = max(scores.values()) + _LEANS
    best = max(scores, key=lambda at: (scores[at], -at))
    early = manner.bonus(said[best]) - _STEP * number
    breaks = _breaks(hit, text)
    if tuning.questions < -_WISHED:
        said = tuple("" if one.endswith("?") and at != best else one for at, one in enumerate(said))
    return Thought(
        said=said,
        breaks=breaks,
        first=_beginning(said, breaks, best, tuning),
        best=best,
        fit=scores[best],
        score=early,
        citation=number,
    )


def _with_mark(text: str, start: int, end: int) -> str:
    """A sentence with the heading's mark before it, where it stands on a heading's line."""
    line = text.rfind("\n", 0, start) + 1
    return text[line:end] if _HEADING_MARK.fullmatch(text, line, start) else text[start:end]


def _breaks(hit: Hit, text: str) -> frozenset[int]:
    """The sentences before which a line is blank."""
    spans = [one.span for one in hit.sentences]
    return frozenset(
        at
        for at, (before, after) in enumerate(pairwise(spans), 1)
        if _BLANK.search(text, before.end, after.start)
    )


def _scores(hit: Hit, raw: Sequence[str], said: Sequence[str], manner: Manner) -> dict[int, float]:
    """How well each sentence that can be said would open the answer.

    What follows a heading or a question answers it, so it takes over how well that fits; a question
    opens an answer only where there is nothing else.
    """
    scores: dict[int, float] = {}
    for at, sentence in enumerate(said):
        if not sentence:
            continue
        score = hit.sentences[at].score
        if at and (is_heading(raw[at - 1]) or raw[at - 1].rstrip().endswith("?")):
            score = max(score, _PASSED_ON * hit.sentences[at - 1].score)
        if _LEANING.match(sentence) and not (at and said[at - 1]):
            score -= _LEANS
        if sentence.endswith(":"):
            score -= _LEANS
        scores[at] = score + manner.bonus(sentence)
    statements = {at: score for at, score in scores.items() if not said[at].endswith("?")}
    return statements or scores


def _beginning(said: Sequence[str], breaks: frozenset[int], best: int, tuning: Tuning) -> int:
    """Where to begin: with the paragraph where that is near, for there the thought begins.

    Else earlier where a sentence leans on the one before, by two at most; who wants to come to the
    point slowly has the sentence before in any case, who wants to come to it at once has not.
    """
    opening = max((at for at in breaks if at <= best), default=0)
    lead = said[opening:best]
    near = _count(lead) <= LEAD * 2.3 ** min(0.0, tuning.length)
    if all(lead) and near and tuning.directness <= _WISHED:
        return opening
    first = best
    while first and said[first - 1] and best - first < 2:
        slowly = tuning.directness < -_WISHED and first == best
        if not (slowly or _LEANING.match(said[first])):
            break
        first -= 1
    return first


def _count(said: Sequence[str]) -> int:
    return sum(map(length, said))
