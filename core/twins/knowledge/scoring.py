"""How well each place of the content fits a question, as numbers; what they count is fitted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.twins.knowledge.content import Prepared
from core.twins.knowledge.embedding import Floats

Indices = NDArray[np.int64]
Numbers = NDArray[np.floating[Any]]
SCALES = (30, 60, 120, 240)
"""Words around a sentence that are looked at together."""
AIM, MOST, LEAST = 200, 240, 40
"""Words of a passage that is cited: about, at most, at least."""
_WHOLE = 60_000
"""Up to so many sentences are held with whole precision; of more, few are looked at."""
SIGNS = (
    "window", "best_sentence", "best_three", "around_30", "around_60", "around_120", "around_240",
    "words",
)  # fmt: skip
"""What is known of a passage: the cosine of all of it, of its best sentence, the mean of its three
best, the best cosine of so many words around one of its sentences, the question's words in it."""


@dataclass(frozen=True)
class Field:
    """All sentences of all documents in a row, and the windows over them.

    Attributes:
        documents: For each sentence, which document it is in.
        words: For each sentence, how many words it has.
        vectors: One row a sentence.
        around: For each scale, first and last-plus-one sentence around each sentence, and the
            length of the sum of their vectors.
        last: For the window that begins at each sentence, the sentence after its end.
        length: The length of the sum of the vectors of each window.
    """

    documents: Indices
    words: Floats
    vectors: NDArray[np.float16] | Floats
    around: tuple[tuple[Indices, Indices, Floats], ...]
    last: Indices
    length: Floats

    def __len__(self) -> int:
        return len(self.words)


def field(prepared: Sequence[Prepared], dimensions: int) -> Field:
    """Lays the documents in a row."""
    parts = [_laid(one) for one in prepared]
    sizes = [len(one.words) for one in prepared]
    offsets = np.cumsum([0, *sizes])[:-1].tolist()
    kind = np.float32 if sum(sizes) <= _WHOLE else np.float16
    return Field(
        documents=np.repeat(np.arange(len(prepared)), sizes),
        words=_joined([one.words.astype(np.float32) for one in prepared]),
        vectors=np.concatenate(
            [np.zeros((0, dimensions), kind), *(one.vectors.astype(kind) for one in prepared)]
        ),
        around=tuple(
            (
                _moved([part.around[scale][0] for part in parts], offsets),
                _moved([part.around[scale][1] for part in parts], offsets),
                _joined([part.around[scale][2] for part in parts]),
            )
            for scale in range(len(SCALES))
        ),
        last=_moved([part.last for part in parts], offsets),
        length=_joined([part.length for part in parts]),
    )


def least_words(prepared: Sequence[Prepared]) -> Floats:
    """For each document, below how many words a window is a scrap: not if it is all there is."""
    return np.array([min(LEAST, int(one.words.sum())) for one in prepared], np.float32)


def _joined(arrays: Sequence[Floats]) -> Floats:
    return np.concatenate([np.zeros(0, np.float32), *arrays]).astype(np.float32)


def _moved(arrays: Sequence[Indices], offsets: Sequence[int]) -> Indices:
    moved = [one + offset for one, offset in zip(arrays, offsets, strict=True)]
    return np.concatenate([np.zeros(0, np.int64), *moved])


@dataclass(frozen=True)
class _Laid:
    around: list[tuple[Indices, Indices, Floats]]
    last: Indices
    length: Floats


def _laid(one: Prepared) -> _Laid:
    words = one.words.astype(np.float64)
    sums = np.zeros((len(words) + 1, one.vectors.shape[1]), np.float32)
    np.cumsum(one.vectors.astype(np.float32) * words[:, None], axis=0, out=sums[1:])
    places = np.concatenate([[0.0], np.cumsum(words)])

    def length(first: Indices, last: Indices) -> Floats:
        return np.asarray(np.maximum(np.linalg.norm(sums[last] - sums[first], axis=1), 1e-6))

    around = []
    for scale in SCALES:
        first, last = _centred(places, scale)
        around.append((first, last, length(first, last)))
    index = np.arange(len(words))
    last = _window_ends(places)
    return _Laid(around, last, length(index, last))


def _centred(places: NDArray[np.float64], scale: int) -> tuple[Indices, Indices]:
    middle, index = (places[:-1] + places[1:]) / 2, np.arange(len(places) - 1)
    first = np.searchsorted(places, middle - scale / 2, side="right") - 1
    last = np.searchsorted(places, middle + scale / 2, side="left")
    return np.clip(first, 0, index), np.clip(last, index + 1, len(index))


def _window_ends(places: NDArray[np.float64]) -> Indices:
    """Where the window ends that begins at each sentence: near ``AIM`` words, within ``MOST``."""
    index = np.arange(len(places) - 1)
    near = np.searchsorted(places, places[:-1] + AIM * 0.95, side="left")
    most = np.searchsorted(places, places[:-1] + MOST, side="right") - 1
    return np.clip(np.minimum(near, most), index + 1, len(index))


def moved(found: Floats, usual: tuple[float, float], fitted: tuple[float, float]) -> Floats:
    """Signs of one embedder as if they came from the one that the weights were fitted with.

    Args:
        found: The signs, as in ``SIGNS``; all but the last are cosines.
        usual: Mean and standard deviation of the cosine of two sentences here.
        fitted: The same where the weights were fitted.
    """
    cosines = (found[:, :-1] - usual[0]) / usual[1] * fitted[1] + fitted[0]
    return np.concatenate([cosines, found[:, -1:]], axis=1).astype(np.float32)


def narrowed(whole: Field, rows: Indices) -> Field:
    """The content as if it had these sentences alone.

    Args:
        whole: All of it.
        rows: The sentences, in their order; what is around each of them should be there too.
    """
    return Field(
        documents=whole.documents[rows],
        words=whole.words[rows],
        vectors=whole.vectors[rows].astype(np.float32),
        around=tuple(
            (np.searchsorted(rows, first[rows]), np.searchsorted(rows, last[rows]), length[rows])
            for first, last, length in whole.around
        ),
        last=np.searchsorted(rows, whole.last[rows]),
        length=whole.length[rows],
    )


def signs(field: Field, cosines: Floats, shares: Floats, starts: Indices) -> Floats:
    """The signs of the windows that begin at these sentences, one row each, as in ``SIGNS``.

    Args:
        field: The content.
        cosines: Of each sentence.
        shares: The question's words that the passage around each sentence holds.
        starts: First sentences of windows.
    """
    ends = field.last[starts]
    sums = np.concatenate([[0.0], np.cumsum(cosines * field.words, dtype=np.float64)])
    columns = [(sums[ends] - sums[starts]) / field.length[starts], *_best(cosines, starts, ends)]
    inside = _inside(len(field), starts, ends)
    for first, last, length in field.around:
        here = np.full(len(field), -1.0)
        here[inside] = (sums[last[inside]] - sums[first[inside]]) / length[inside]
        columns.append(_most(here, starts, ends))
    columns.append(_most(shares, starts, ends))
    return np.stack(columns, axis=1).astype(np.float32)


def _inside(size: int, starts: Indices, ends: Indices) -> Indices:
    edges = np.bincount(starts, minlength=size + 1) - np.bincount(ends, minlength=size + 1)
    return np.flatnonzero(np.cumsum(edges) > 0)


def _most(values: Numbers, starts: Indices, ends: Indices) -> Numbers:
    edges = np.stack([starts, ends], axis=1).ravel()
    return np.asarray(np.maximum.reduceat(np.append(values, -np.inf), edges)[::2])


def _best(cosines: Floats, starts: Indices, ends: Indices) -> tuple[Floats, Floats]:
    """The best sentence of each window, and the mean of its three best."""
    width = int((ends - starts).max(initial=1))
    places = starts[:, None] + np.arange(width)
    held = np.where(places < ends[:, None], cosines[np.minimum(places, len(cosines) - 1)], -np.inf)
    top = -np.sort(-held, axis=1)[:, :3]
    there = np.isfinite(top)
    return top[:, 0], np.where(there, top, 0).sum(axis=1) / there.sum(axis=1)


COVER_SIGNS = ("window", "around_60", "around_120")
"""What is known of whether the content answers: the best of these cosines anywhere in it."""


@dataclass(frozen=True)
class Usual:
    """How the sentences of a content lie: their mean, and their covariance."""

    mean: Floats
    spread: Floats

    @classmethod
    def of(cls, field: Field) -> Usual:
        """Measured over all sentences, or over 20,000 of them evenly where there are more."""
        step = max(1, len(field) // 20_000)
        rows = field.vectors[::step].astype(np.float32)
        mean = rows.mean(axis=0)
        centred = rows - mean
        return cls(mean, centred.T @ centred / len(rows))

    def pairs(self) -> tuple[float, float]:
        """The cosine of two sentences of this content: its mean and its standard deviation."""
        mean, spread = self.mean, self.spread
        variance = float((spread * spread).sum()) + 2 * float(mean @ spread @ mean)
        return float(mean @ mean), math.sqrt(max(1e-9, variance))


def cover_signs(found: Floats) -> dict[str, float]:
    """What is known of whether the content answers, by the names of ``COVER_SIGNS``.

    Args:
        found: The signs of all windows that were looked at.
    """
    best = dict(zip(SIGNS, found.max(axis=0).tolist(), strict=True))
    return {name: best[name] for name in COVER_SIGNS}
