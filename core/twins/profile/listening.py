"""What is heard in a writing: for each feature's name, how much of it each sentence holds."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from core.twins.profile.background import COMMON, DATA, shipped_background
from core.twins.profile.lexicon import Lexicon
from core.twins.profile.writing import Floats, Ints, Writing

_WINDOW = 100
"""Words within which a repeated word counts as repeated (moving-average type-token ratio)."""
_NOMINAL = re.compile(r"\w{3,}(?:tion|sion|ment|ness|ity|ance|ence|ism|ship|hood|ology)s?\Z")
_ADVERB = re.compile(r"\w{3,}ly\Z")
_CONTRACTED = re.compile(
    r"\w+(?:n't|'(?:re|ve|ll|d|m))\Z|(?:it|that|he|she|there|here|what|let)'s\Z"
)
_SIGNS = {
    "semicolon": r";",
    "colon": r":(?=\s)",
    "comma": r",(?=\s)",
    "dash": r"—|(?<=[^\s\-])\s*–(?=\s)|(?<!-)--(?!-)|(?<=\w) - (?=\w)",
    "ellipsis": r"…|\.\s?\.\s?\.",
    "parenthesis": r"\((?=\w)",
    "quotation": r"[“\"](?=\w)",
    "starred": r"(?<![\w*])\*{1,2}(?=\w)[^*\n]{1,80}(?<=\w)\*|(?<![\w_])_(?=\w)[^_\n]{1,80}_(?!\w)",
    "capitals": r"(?<![\w-])[A-Z]{2,}(?![\w-])",
    "playful": r"[:;]-?[)DP](?!\w)|[😀-😆😉😊😋😜🤣😂🙃🤪]",
}
_FOUND = {name: re.compile(pattern) for name, pattern in _SIGNS.items()}
_ASKED, _EXCLAIMED = re.compile(r"\?[!?\"'”’)\]*_]*\Z"), re.compile(r"![!?\"'”’)\]*_]*\Z")


@lru_cache(maxsize=1)
def shipped_words() -> dict[str, list[str]]:
    """The lists of ``data/models/style/words.yaml``."""
    kept: dict[str, Any] = yaml.load(
        (DATA / "words.yaml").read_text("utf-8"),
        getattr(yaml, "CBaseLoader", yaml.BaseLoader),
    )
    return kept


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """The same, ready to be looked for."""
    return Lexicon(shipped_words())


class Heard:
    """A writing with what is heard in it, each worked out once; arrays are per sentence."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self._signs: dict[str, Floats] = {}

    @cached_property
    def found(self) -> dict[str, Ints]:
        """For each list the words at which its entries begin."""
        return shipped_lexicon().find(self.writing)

    @property
    def words(self) -> Floats:
        """How many words."""
        return self.writing.lengths

    @cached_property
    def proper(self) -> Floats:
        """1 for a sentence, 0 for a heading."""
        return (~self.writing.heading).astype(float)

    def said(self, name: str) -> Floats:
        """How often a list is heard."""
        return self.writing.per_sentence(self.found[name])

    def signs(self, name: str) -> Floats:
        """How often a sign is written."""
        if name not in self._signs:
            places = [one.start() for one in _FOUND[name].finditer(self.writing.text)]
            self._signs[name] = self.writing.signs_per_sentence(np.array(places, np.int64))
        return self._signs[name]

    def matching(self, pattern: re.Pattern[str]) -> Floats:
        """How many words match."""
        fits = np.array([pattern.match(word) is not None for word in self.writing.types], bool)
        return self.per_type(fits.astype(float))

    def per_type(self, values: Floats) -> Floats:
        """The sum of a value that each different word has."""
        every = np.arange(self.writing.words)
        return self.writing.per_sentence(every, values[self.writing.ids])

    @cached_property
    def digits(self) -> Floats:
        """How many numbers in digits."""
        return self.per_type(np.array([word[0].isdigit() for word in self.writing.types], float))

    @cached_property
    def rare(self) -> Floats:
        """How many words that most writers do not use."""
        known = shipped_background().used_by(self.writing.types)
        return self.per_type((known < COMMON).astype(float))

    @cached_property
    def letters(self) -> Floats:
        """How many letters."""
        return self.per_type(np.array([len(word) for word in self.writing.types], float))

    @cached_property
    def fresh(self) -> tuple[Floats, Floats]:
        """Words as new as they are, and the words that count.

        Over all windows of 100 words the mean type-token ratio (Covington & McFall 2010) is the
        mean over words of how far back the same word was last seen, 1 from 100 words on. The first
        100 words of a piece have nothing before them and do not count.
        """
        writing, number = self.writing, np.arange(self.writing.words)
        order = np.lexsort((number, writing.ids))
        again = np.append(False, writing.ids[order][1:] == writing.ids[order][:-1])
        gap = np.full(writing.words, _WINDOW, float)
        gap[order[again]] = np.minimum(np.diff(order, prepend=0)[again], _WINDOW)
        piece = writing.piece[writing.sentence]
        counted = (number - np.searchsorted(piece, piece) >= _WINDOW).astype(float)
        return (
            writing.per_sentence(number, gap / _WINDOW * counted),
            writing.per_sentence(number, counted),
        )

    @cached_property
    def formal(self) -> Floats:
        """Words that formal writing has more of, less those that it has fewer of."""
        more = self.said("articles") + self.said("prepositions") + self.matching(_NOMINAL)
        people = sum((self.said(one) for one in ("i", "we", "you", "others")), 0 * more)
        adverbs = self.said("adverbs") + self.matching(_ADVERB)
        return more - people - self.said("verbs") - adverbs - self.said("interjections")

    @cached_property
    def contracted(self) -> Floats:
        """Contracted words (``don't``, ``it's``)."""
        return self.matching(_CONTRACTED)

    @cached_property
    def asked(self) -> Floats:
        """1 for a question."""
        return self._ends(_ASKED)

    @cached_property
    def exclaimed(self) -> Floats:
        """1 for an exclamation."""
        return self._ends(_EXCLAIMED)

    def _ends(self, pattern: re.Pattern[str]) -> Floats:
        said = (self.writing.said(one)[-8:] for one in range(self.writing.sentences))
        return np.array([pattern.search(end) is not None for end in said], float)

    def _begins(self, word: Ints, name: str) -> NDArray[np.bool_]:
        """Whether these words stand in a list."""
        return np.isin(word, self.found[name])

    @cached_property
    def joined(self) -> Floats:
        """1 for a sentence that opens with ``and``, ``but`` or ``so``."""
        return self._begins(self.writing.first, "joiners") * self.proper

    @cached_property
    def told(self) -> Floats:
        """1 for a sentence that tells somebody to do something.

        It opens with the plain form of a verb, after a leading word or without one, is no
        question, and does not go on with who does it (``do you``).
        """
        first, last = self.writing.first, max(self.writing.words - 1, 0)
        lead = self._begins(first, "leads") & ~self._begins(first, "imperatives")
        verb = np.minimum(first + lead, last)
        after = np.minimum(verb + 1, last)
        who = np.any([self._begins(after, one) for one in ("i", "we", "you", "verbs")], axis=0)
        inside = self.writing.sentence[verb] == np.arange(self.writing.sentences)
        fits = self._begins(verb, "imperatives") & inside & ~who
        return np.asarray(fits * (1 - self.asked) * self.proper, float)

    @cached_property
    def shouted(self) -> Floats:
        """Common words in capitals (``NOT``), and words between stars or underscores."""
        spoken = self._spoken
        places = [
            one.start()
            for one in _FOUND["capitals"].finditer(self.writing.text)
            if one[0].lower() in spoken
        ]
        loud = self.writing.signs_per_sentence(np.array(places, np.int64)) * self.proper
        return loud + self.signs("starred")

    @property
    def _spoken(self) -> frozenset[str]:
        lists = ("you", "we", "others", "verbs", "adverbs", "must", "certain", "intensifiers")
        return frozenset(word for name in lists for word in shipped_words()[name] if len(word) > 1)

    @cached_property
    def opened(self) -> Floats:
        """1 for a sentence that opens a paragraph which is no heading."""
        return self.writing.opens * self.proper


def formality(writing: Writing) -> float:
    """How formal a writing is, 0 to 100 (the feature ``formality``)."""
    return 50 + 50 * float(Heard(writing).formal.sum()) / max(writing.words, 1)
