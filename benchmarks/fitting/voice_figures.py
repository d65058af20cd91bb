"""Figures of a verification: whether a chance tells own from others', and keeps what it says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.twins.voice.text import WORDS

Chances = NDArray[np.float64]
Mask = NDArray[np.bool_]
BINS = 10
_WORD = re.compile(r"[a-z]{4,}")


def area(chance: Chances, own: Mask) -> float:
    """ROC AUC: how often an own passage gets more than an impostor's."""
    order = np.argsort(chance, kind="stable")
    _, first, times = np.unique(chance[order], return_index=True, return_counts=True)
    ranks = np.empty(len(chance))
    ranks[order] = np.repeat(first + (times + 1) / 2, times)
    count = own.sum()
    return float((ranks[own].sum() - count * (count + 1) / 2) / (count * (~own).sum()))


def even_odds(own: Mask) -> Chances:
    """Weights by which own passages and impostors' count the same."""
    return np.where(own, 0.5 / own.sum(), 0.5 / (~own).sum())


def calibration_error(chance: Chances, own: Mask) -> float:
    """Expected calibration error in ten bins, at even odds."""
    place = np.minimum((chance * BINS).astype(int), BINS - 1)
    return float(np.abs(np.bincount(place, even_odds(own) * (chance - own), BINS)).sum())


def brier(chance: Chances, own: Mask) -> float:
    """Mean squared error, at even odds."""
    return float((even_odds(own) * (chance - own) ** 2).sum())


def nearest_topic(known: Sequence[str], texts: Sequence[str], own: Mask) -> Mask:
    """The fifth of the impostors' passages that share most content words with the known text."""
    counts = [_content(text) for text in (*texts, " ".join(known))]
    held = Counter(word for one in counts for word in one)
    rare = {word: np.log((1 + len(counts)) / times) for word, times in held.items()}
    vectors = [{word: (1 + np.log(n)) * rare[word] for word, n in one.items()} for one in counts]
    size = [np.sqrt(sum(value**2 for value in one.values())) or 1.0 for one in vectors]
    whole = vectors[-1]
    like = np.array(
        [
            sum(value * whole.get(word, 0.0) for word, value in one.items()) / norm
            for one, norm in zip(vectors[:-1], size, strict=False)
        ]
    )
    return ~own & (like >= np.quantile(like[~own], 0.8))


def _content(text: str) -> Counter[str]:
    return Counter(word for word in _WORD.findall(text.lower()) if word not in WORDS)
