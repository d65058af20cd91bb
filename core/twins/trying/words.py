"""Words that carry meaning, cut to their stems, to see what a text is about."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_EMPTY = frozenset(
    "a about above after again against all almost along also although always am among an and "
    "another any anybody anyone anything are aren't around as at away back be became because "
    "become been before being below best better between both but by came can can't cannot certain "
    "come continued could couldn't did didn't do does doesn't doing don't done down each either "
    "else enough even ever every everybody everyone everything few find first for from gave "
    "general get give go going good got had has have having he help her here hers herself him "
    "himself his how however i i'd i'll i'm i've if in into is isn't it it's its itself just keep "
    "kind know last least less let like little long made make many may me mean means might mine "
    "more most much must my myself neither never new next no nobody none nor not nothing now of "
    "off often on once one only or other others our ours out over own part people perhaps present "
    "put quite rather really right said same saw say see seem seems several shall she should "
    "shouldn't since so some somebody someone something sometimes still such sure take tell than "
    "that that's the their them themselves then there there's therefore these they they're "
    "they've thing things think this those though thought three through time to today together "
    "told too two under until up upon us use used very want was wasn't way we we'll we're we've "
    "well went were what what's whatever whatsoever when where whether which while who whole whom "
    "whose why will with within without won't work would wouldn't yes yet you you'd you'll you're "
    "you've your yours yourself".split()
)
_ENDINGS = re.compile(r"(?:['’]s|ings?|edly|ed|ies|ly|es|s|e|y)$")


def words(text: str) -> list[str]:
    """The words of a text in small letters."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def key_words(text: str) -> list[str]:
    """The words that carry meaning, in order, each as often as it is there."""
    return [
        word for word in words(text) if word not in _EMPTY and (len(word) > 2 or not word.isascii())
    ]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word without its ending, at least three letters of it."""
    cut = _ENDINGS.sub("", word)
    if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "aeiouls":
        cut = cut[:-1]
    return cut if len(cut) >= 3 else word


def stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    return frozenset(stem(word) for word in key_words(text))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two sets have in common, as a share of both together."""
    together = one | other
    return len(one & other) / len(together) if together else 0.0


def _weighs(word: str) -> bool:
    """Whether a word is long enough to mean something; one sign may, where signs are words."""
    return len(word) > 2 or not word.isascii()
