"""Signature phrases: what this creator says far more often than others do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.domain.twins import Passage, Phrase
from core.twins.profile.background import COMMON, Background, shipped_background
from core.twins.profile.writing import Floats, Ints, Writing

MOST, EXAMPLES = 20, 3
LONGEST, LEAST = 6, 3
"""Words in a phrase at most; blocks in which it must be said at least."""
ONCE_IN = 8_000
"""Words in which it must be said once, in content that is long."""
CERTAIN = 3.0
"""Standard errors by which it must be more frequent than in the background."""
FAR_MORE = 4.0
"""Times by which it must be more frequent."""
TOPICAL = 0.25
"""The share of phrases that may be two words alone or hold a word of the creator's subject."""
_PRIOR = 20_000.0
"""Words that the prior weighs (Monroe, Colaresi & Quinn 2008, equation 22, informative prior)."""
_MILLION = 1e6
_DANGLING = frozenset(
    "a an the of and or to in for with on at from by as than that which who is are was were be "
    "but if so his her their its my your our this these those not no very it's i we he she they "
    "into when while because will would can could has have had i'm you're i've".split()
)
_PLAIN = _DANGLING | frozenset(
    "you me him them us what when where how until do does did must should may might let go he's "
    "just more most much many such some any all one there here about up out then only also own him "
    "after before between through under over shall been being him its mine yours make made".split()
)
"""Two or three of these are no phrase; four in a row may be a habit."""
_NO_START = frozenset("of than and or to that which is are was were be 's the a an in".split())


class _Run(NamedTuple):
    """Words in a row that are said often enough.

    Attributes:
        words: The phrase.
        at: The numbers of the words where it begins.
    """

    words: tuple[str, ...]
    at: Ints

    @property
    def text(self) -> str:
        return " ".join(self.words)


class _Scored(NamedTuple):
    run: _Run
    usual: float
    z: float
    topical: bool


def signature_phrases(
    writing: Writing, background: Background | None = None, most: int = MOST
) -> tuple[Phrase, ...]:
    """The phrases that set a writer apart, the most telling first.

    Log-odds with an informative Dirichlet prior against the background's rates; a phrase must be
    spread over the writing, and most of them must be made of common words: habits, not topics.
    """
    known = background or shipped_background()
    scored = _scored(
        writing,
        [run for run in _runs(writing) if _stands_alone(run) and not _is_name(writing, run)],
        known,
    )
    chosen: list[_Scored] = []
    for one in sorted(scored, key=lambda found: -_telling(found)):
        few_topics = sum(other.topical for other in chosen) < TOPICAL * most
        if (few_topics or not one.topical) and not any(_same(one, other) for other in chosen):
            chosen.append(one)
        if len(chosen) == most:
            break
    return tuple(_phrase(writing, one) for one in chosen)


def _telling(found: _Scored) -> float:
    """How sure it is, and more for whole turns of phrase than for pairs of words."""
    return found.z * float(np.sqrt(len(found.run.words) - 1)) * (0.6 if found.topical else 1.0)


def _runs(writing: Writing) -> Iterator[_Run]:
    """Runs of 2 to 6 words of one sentence that come in at least three blocks."""
    code, length = writing.ids, 1
    places = np.arange(writing.words)
    while length < LONGEST and len(places) >= LEAST:
        length += 1
        places = places[places + length - 1 < writing.words]
        inside = writing.sentence[places] == writing.sentence[places + length - 1]
        places = places[inside]
        both = code[places] * (len(writing.types) + 1) + writing.ids[places + length - 1]
        _, run, times = np.unique(both, return_inverse=True, return_counts=True)
        often = times[run] >= max(LEAST, writing.words / ONCE_IN)
        places, run = places[often], run[often]
        code = np.zeros(writing.words, np.int64)
        code[places] = run
        yield from _spread_out(writing, places, run, length)


def _spread_out(writing: Writing, places: Ints, run: Ints, length: int) -> Iterator[_Run]:
    order = np.argsort(run, kind="stable")
    cuts = np.flatnonzero(np.diff(run[order])) + 1
    blocks = writing.block[writing.sentence]
    several = len(writing.names) > LEAST
    pieces = writing.piece[writing.sentence]
    for at in np.split(places[order], cuts) if len(order) else ():
        apart = len(np.unique(blocks[at])) >= LEAST
        if apart and (not several or len(np.unique(pieces[at])) > 1):
            first = int(at[0])
            words = tuple(writing.types[word] for word in writing.ids[first : first + length])
            yield _Run(words, at)


def _stands_alone(run: _Run) -> bool:
    """Whether it begins and ends where a phrase may, and is made of words."""
    words = run.words
    return (
        words[-1] not in _DANGLING
        and words[0] not in _NO_START
        and not any(word[0].isdigit() for word in words)
        and (len(words) > 3 or any(word not in _PLAIN for word in words))
        and (len(words) > 2 or _PLAIN.isdisjoint(words))
        and all(len(word) > 1 or word in "ai" for word in words)
    )


def _is_name(writing: Writing, run: _Run) -> bool:
    """Whether it holds a word in capitals nearly everywhere that is not ``I``."""
    for step, word in enumerate(run.words):
        opens_sentences = step == 0 and len(run.words) > 2
        great = sum(writing.text[writing.starts[at + step]].isupper() for at in run.at)
        if not opens_sentences and word[:2] not in ("i", "i'") and great > 0.8 * len(run.at):
            return True
    return False


def _scored(writing: Writing, runs: list[_Run], known: Background) -> list[_Scored]:
    if not runs:
        return []
    usual = _usual(runs, known)
    said = np.array([len(run.at) for run in runs], float)
    z = log_odds(said, writing.words, usual, known.words)
    common = dict(zip(writing.types, known.used_by(writing.types) >= COMMON, strict=True))
    more = said / writing.words * _MILLION / usual
    return [
        _Scored(run, float(usual[number]), float(z[number]), strange > 0 or len(run.words) == 2)
        for number, run in enumerate(runs)
        if (strange := sum(not common[word] for word in run.words)) < 2
        and z[number] >= CERTAIN
        and more[number] >= FAR_MORE
        and (len(run.words) > 2 or not strange)
    ]


def log_odds(said: Floats, words: float, usual: Floats, others: float) -> Floats:
    """How many standard errors more often than usual (Monroe et al. 2008, equations 16, 20, 22).

    Args:
        said: Times that each phrase is said.
        words: In how many words.
        usual: Its rate in a million words of the background.
        others: How many words the background has.
    """
    rate = usual / _MILLION
    prior, there = rate * _PRIOR, rate * others
    here = np.log((said + prior) / (words + _PRIOR - said - prior))
    odds = here - np.log((there + prior) / (others + _PRIOR - there - prior))
    return np.asarray(odds / np.sqrt(1 / (said + prior) + 1 / (there + prior)), float)


def _usual(runs: list[_Run], known: Background) -> Floats:
    """Rates in the background; of what is not listed, what its parts let expect.

    A phrase that is not listed is rarer than the rarest listed one; within that, its rate is what
    a chain of its parts gives: rate(start) × rate(end) / rate(middle).
    """
    rates = known.rate([run.text for run in runs])
    starts = known.rate([" ".join(run.words[:-1]) for run in runs])
    ends = known.rate([" ".join(run.words[1:]) for run in runs])
    middles = known.rate([" ".join(run.words[1:-1]) for run in runs])
    pairs = np.array([len(run.words) == 2 for run in runs])
    middles = np.where(pairs, _MILLION, np.maximum(middles, known.unseen))
    chained = np.maximum(starts, known.unseen / 2) * np.maximum(ends, known.unseen / 2) / middles
    return np.where(rates > 0, rates, np.clip(chained, known.unseen / 4, known.unseen))


def _same(one: _Scored, other: _Scored) -> bool:
    """Whether one phrase is most of what the other is."""
    short, long = sorted((one.run, other.run), key=lambda run: len(run.words))
    size = len(short.words)
    inside = any(
        long.words[at : at + size] == short.words for at in range(len(long.words) - size + 1)
    )
    shared = len(set(short.words) & set(long.words)) >= max(2, len(short.words) - 1)
    return inside or (shared and _together(one.run.at, other.run.at))


def _together(one: NDArray[np.int64], other: NDArray[np.int64]) -> bool:
    """Whether two phrases mostly stand at the same places."""
    at = np.searchsorted(other, one)
    after = np.abs(other[np.minimum(at, len(other) - 1)] - one)
    before = np.abs(other[np.maximum(at - 1, 0)] - one)
    near = np.minimum(before, after)
    return float((near <= LONGEST).sum()) >= 0.5 * min(len(one), len(other))


def _phrase(writing: Writing, found: _Scored) -> Phrase:
    said = len(found.run.at)
    return Phrase(
        text=" ".join(map(_written, found.run.words)),
        count=said,
        per_10k_words=round(said / writing.words * 1e4, 2),
        usual_per_10k_words=round(found.usual / 100, 3),
        examples=_examples(writing, found.run),
    )


def _written(word: str) -> str:
    return "I" + word[1:] if word == "i" or word.startswith("i'") else word


def _examples(writing: Writing, run: _Run) -> tuple[Passage, ...]:
    """Sentences that hold it, from all over the writing, none of them very long."""
    sentences = np.unique(writing.sentence[run.at])
    handy = sentences[writing.lengths[sentences] <= 40]
    kept = handy if len(handy) else sentences
    picked = np.unique(np.linspace(0, len(kept) - 1, EXAMPLES).round().astype(int))
    return tuple(writing.sentence_passage(int(kept[one])) for one in picked)
