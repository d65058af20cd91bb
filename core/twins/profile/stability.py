"""Does more content still change the profile?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from core.twins.profile.estimates import sums, values
from core.twins.profile.features import FEATURES, Feature
from core.twins.profile.listening import Heard
from core.twins.profile.reference import shipped_reference
from core.twins.profile.writing import Floats, Ints, read_writing

Verdict = Literal["settled", "moving", "too_little"]
LEAST_WORDS = 2_000
"""Below this nothing is said."""
SETTLED = 1.0
"""The voice has settled when its last doubling moved no feature by more (in SDs of writers)."""
_MOST_POINTS, _FEWEST_POINTS = 24, 10


class Point(NamedTuple):
    """How much the voice changed while the content doubled up to here.

    Attributes:
        words: How much content there was.
        piece: The piece that was added last.
        change: The largest change of any feature since there was half as much, in standard
            deviations of the reference writers.
        feature: The name of that feature.
    """

    words: int
    piece: str
    change: float
    feature: str


class Stability(NamedTuple):
    """Points for a chart, and what they say."""

    points: tuple[Point, ...]
    verdict: Verdict
    says: str


def stability(pieces: Sequence[tuple[str, str]]) -> Stability:
    """Whether the voice still changes as content is added, in the order given."""
    writing = read_writing(pieces)
    if writing.words < LEAST_WORDS:
        more = f"Add content until there are {LEAST_WORDS:,} to see whether your voice has settled."
        return Stability((), "too_little", f"There are {writing.words:,} words. {more}")
    heard = Heard(writing)
    words = np.cumsum(np.bincount(writing.block, writing.lengths)).astype(float)
    last = np.append(np.diff(writing.block) > 0, True)
    piece = writing.piece[last]
    at = _points(words, piece)
    moved = np.stack([_moved(feature, heard, words, at) for feature in FEATURES])
    largest = moved.argmax(axis=0)
    points = tuple(
        Point(
            int(words[block]),
            writing.names[piece[block]],
            round(float(moved[largest[number], number]), 3),
            FEATURES[largest[number]].name,
        )
        for number, block in enumerate(at)
    )
    return _judged(points)


def _judged(points: tuple[Point, ...]) -> Stability:
    now = points[-1]
    told = (
        f"While your content doubled to {now.words:,} words, {now.feature.lower()} moved most: "
        f"by {now.change:.1f} of what writers usually differ by"
    )
    if now.change <= SETTLED:
        return Stability(points, "settled", f"{told}. Your voice has settled.")
    return Stability(points, "moving", f"{told}. More content still changes the picture.")


def _points(words: Floats, piece: Ints) -> Ints:
    """Blocks at which to look: where pieces end, or equal steps where there are few pieces."""
    enough = np.flatnonzero(words >= LEAST_WORDS / 2)
    ends = np.flatnonzero(np.append(np.diff(piece) > 0, True))
    ends = ends[words[ends] >= LEAST_WORDS / 2]
    if len(ends) < _FEWEST_POINTS:
        steps = np.linspace(enough[0], len(words) - 1, _FEWEST_POINTS).round().astype(np.int64)
        ends = np.unique(np.concatenate([ends, steps]))
    picked = np.linspace(0, len(ends) - 1, min(_MOST_POINTS, len(ends))).round().astype(np.int64)
    return np.unique(ends[picked])


def _moved(feature: Feature, heard: Heard, words: Floats, at: Ints) -> Floats:
    """How far a feature moved since there was half as much content, in SDs, for each block."""
    half = np.searchsorted(words, words[at] / 2)
    found = sums(feature, heard, heard.writing.block)
    amount, of = np.cumsum(found.amount, axis=0), np.cumsum(found.of)
    now, then = (values(feature, amount[one], of[one]) for one in (at, half))
    usual = max(shipped_reference().spreads[feature.id].deviation, feature.step)
    return np.abs(now - then) / usual
