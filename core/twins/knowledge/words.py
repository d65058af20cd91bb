"""Finding by words: BM25 over passages, with word stems (Robertson and Zaragoza 2009)."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import count

import numpy as np
import snowballstemmer  # type: ignore[import-untyped]

from core.twins.knowledge.embedding import Floats

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STEMMER = snowballstemmer.stemmer("english")
_K1, _B = 1.2, 0.75
COMMON = frozenset(
    "a about after again all also always am an and any anybody anyone anything are as at be "
    "because been before being but by can cannot could did do does doing don done each either "
    "else ever every everyone everything few for from get gets getting go goes going got had "
    "has have having he her here hers him his how i if in into is it its just keep let like "
    "ll made make makes many may me might mine more most much must my myself never no nobody "
    "none nor not nothing now of off on once one only onto or other others our ours out over "
    "own per quite rather re really s same say says see seem shall she should since so some "
    "somebody someone something still such t than that the their theirs them then there these "
    "they thing things this those though through thus to too under until up upon us ve very "
    "was way we were what when where whether which while who whom whose why will with within "
    "without would yes yet you your yours yourself".split()
)


@lru_cache(maxsize=200_000)
def _stem(written: str) -> str:
    """The stem of a word; empty where it says nothing of what a text is about."""
    word = written.lower().replace("’", "'")
    if len(word) < 2 or word.split("'")[0] in COMMON:
        return ""
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> list[str]:
    """The word stems of a text that say what it is about, in their order."""
    return [stem for stem in map(_stem, _WORD.findall(text)) if stem]


class WordIndex:
    """Passages by their words.

    Args:
        passages: The text of each.
    """

    def __init__(self, passages: Sequence[str]) -> None:
        logging.getLogger("bm25s").disabled = True  # it tells of its work while it is imported
        import bm25s  # type: ignore[import-untyped]

        self._size = len(passages)
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        held = [[numbers[word] for word in stems(one)] for one in passages]
        self._vocabulary = dict(numbers)
        self._index = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        if numbers:
            self._index.index((held, dict(numbers)), show_progress=False)
            self._holding = np.diff(self._index.scores["indptr"])

    def shares(self, question: str) -> Floats:
        """How much of a question's words each passage holds, 0 to about 1.

        A word counts by its inverse document frequency, also one that no passage holds.
        """
        asked = set(stems(question))
        known = [self._vocabulary[one] for one in asked if one in self._vocabulary]
        if not known:
            return np.zeros(self._size, np.float32)
        seldom = np.log1p((self._size + 0.5) / (self._holding[known] + 0.5))
        unknown = (len(asked) - len(known)) * np.log1p((self._size + 0.5) / 0.5)
        weight = float(seldom.sum() + unknown)
        scores = self._index.get_scores(known) / (weight * (_K1 + 1) / 2)
        return np.asarray(scores, np.float32)
