"""Habits that a creator can see for themselves: what of a passage is like them, and what is not."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.domain.twins import Evidence
from core.twins.voice.text import FUNCTION_WORDS, plain

Rates = NDArray[np.float64]
PHRASES = (
    """
of course|in fact|for example|for instance|such as|as well|as well as|at least|at all|at once
in order to|kind of|sort of|a lot|a lot of|you know|i think|i believe|i mean|in other words
on the other hand|that is to say|so that|even if|even though|as if|as though|rather than|so far
more than|less than|no doubt|in general|in short|after all|above all|by no means|no longer|no one
not only|but also|and so|and yet|and then|if you|you can|you will|you have to|you may|we have
we must|we can|we are
i am|i have|i was|it is|there is|there are|this is|that is|is not|do not|does not
can not|must be|may be|will be|would be|has been|have been|ought to|going to|want to|need to|able to
have to|used to|try to|each of|one of the|part of|because of|instead of|due to|with regard to
with respect to|in addition|as soon as|as long as|of the|in the|to the|all of
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
_MARKS = {
    ",": "commas", ";": "semicolons", ":": "colons", "!": "exclamation marks",
    "?": "question marks", '"': "quotation marks", "(": "brackets", "-": "hyphens", "--": "dashes",
    "...": "dots that trail off",
}  # fmt: skip
_TOKEN = re.compile(r"\d[\d.,]*|[^\W\d_]+(?:'[^\W\d_]+)*|--+|\.\.\.+|[^\w\s]")
_PATTERN_OF_END = re.compile(r"[.!?]+(?=[\"')\]]*(?:\s|$))")
SENTENCES, LONG_WORDS = "short sentences", "long words"
CONTRACTIONS, NUMBERS = "contractions", "numbers"
_LONG = 9
HABITS = (
    SENTENCES, LONG_WORDS, CONTRACTIONS, NUMBERS, *_MARKS.values(),
    *(f"the word '{word}'" for word in dict.fromkeys(FUNCTION_WORDS)),
    *(f"the habit '{phrase}'" for phrase in dict.fromkeys(PHRASES)),
)  # fmt: skip
"""What is counted, in a creator's words."""
_PLACE = {habit: place for place, habit in enumerate(HABITS)}
_LONGEST = max(len(phrase.split()) for phrase in PHRASES)
_BELIEF = 2_000
"""Words of other authors that a creator's rate starts from."""
_RARE = 2e-5
MOST = 4
"""Habits that are told of each kind."""
_LEAST = 0.15
_TOO_OFTEN = 2.5
"""So many times the usual no longer speaks for a creator, whatever others do."""


def counts_of(text: str) -> tuple[Rates, int]:
    """How often each habit is in a text, and of how many words."""
    flat = plain(text)
    tokens = _TOKEN.findall(flat.lower())
    words = [token for token in tokens if token[0].isalpha()]
    found = np.zeros(len(HABITS))
    for token, times in Counter(tokens).items():
        for habit in _habits_of(token):
            found[_PLACE[habit]] += times
    found[_PLACE[SENTENCES]] = len(_PATTERN_OF_END.findall(flat))
    for size in range(2, _LONGEST + 1):
        runs = Counter(zip(*(words[at:] for at in range(size)), strict=False))
        for run, times in runs.items():
            habit = f"the habit '{' '.join(run)}'"
            if habit in _PLACE:
                found[_PLACE[habit]] += times
    return found, len(words)


def _habits_of(token: str) -> list[str]:
    if token in _MARKS:
        return [_MARKS[token]]
    if token[0].isdigit():
        return [NUMBERS]
    named = [f"the word '{token}'"] if f"the word '{token}'" in _PLACE else []
    if "'" in token[1:]:
        named.append(CONTRACTIONS)
    if len(token) >= _LONG and token[0].isalpha():
        named.append(LONG_WORDS)
    return named


def evidence_of(text: str, known: Rates, words: int, others: Rates) -> tuple[Evidence, ...]:
    """The habits that speak loudest for and against, the loudest first.

    A habit's weight is the natural logarithm of how many times likelier the creator than somebody
    else is to have it as often as here. ``here`` and ``usual`` count it in 1,000 words, or words a
    sentence where sentences are told of.

    Args:
        known: How often each habit is in the creator's text.
        words: Of the creator's text.
        others: How often it is in a word of other authors.
    """
    here, size = counts_of(text)
    common = others + _RARE
    own = (known + _BELIEF * common) / (words + _BELIEF)
    weight = here * np.log(own / common) - size * (own - common)
    too_often = (weight > 0) & (here > _TOO_OFTEN * np.maximum(known / max(words, 1) * size, 1))
    weight[too_often] = 0
    loud = [place for place in np.argsort(-np.abs(weight)) if abs(weight[place]) >= _LEAST]
    told = [_told(int(place), weight[place], here, size, known, words) for place in loud]
    sides = [[one for one in told if one.direction == side] for side in ("for", "against")]
    kept = [one for side in sides for one in side[:MOST]]
    return tuple(sorted(kept, key=lambda one: -one.weight))


def _told(place: int, weight: float, here: Rates, size: int, known: Rates, words: int) -> Evidence:
    rate, usual = here[place] / max(size, 1), known[place] / max(words, 1)
    name = HABITS[place]
    if name == SENTENCES:
        rate, usual = 1e-3 / max(rate, 1e-3), 1e-3 / max(usual, 1e-3)
        name = SENTENCES if rate <= usual else "long sentences"
    side: Literal["for", "against"] = "for" if weight > 0 else "against"
    return Evidence(
        feature=name,
        direction=side,
        weight=abs(float(weight)),
        here=1_000 * float(rate),
        usual=1_000 * float(usual),
    )
