"""How other authors write: the fitted numbers that a creator's voice stands out from."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.twins.voice.grams import FINE, VIEWS, Floats, Vectors, View, counted, weighed

DATA = Path(__file__).resolve().parents[3] / "data" / "models" / "voice"
_TINY = 1e-9


class Side(NamedTuple):
    """One view of the other authors.

    Attributes:
        rarity: How seldom each hash is.
        mean: What a passage by anybody has of it.
        scale: One over how much passages of one author differ in it.
        authors: A direction of length 1 for each author, in the scaled space; none in ``FINE``.
        sums: The same by hash, ready to be added up over a passage.
        start: What each author's sum starts from.
        usual: What authors' own passages get here, score by score, and by how much they differ.
    """

    view: View
    rarity: Floats
    mean: Floats
    scale: Floats
    authors: Floats
    sums: Floats
    start: Floats
    usual: Floats

    @classmethod
    def of(
        cls,
        view: View,
        rarity: Floats,
        mean: Floats,
        scale: Floats,
        means: Floats,
        usual: Floats,
    ) -> Side:
        """One view, from the mean vector of each author."""
        authors = units((means - mean) * scale)
        sums = np.ascontiguousarray((authors * scale).T)
        return cls(view, rarity, mean, scale, authors, sums, mean @ sums, usual)

    def read(self, texts: list[str]) -> Vectors:
        """Texts as vectors of this view."""
        return weighed(counted(self.view, texts), self.rarity)

    def standing(self, vectors: Vectors) -> Floats:
        """Texts as dense rows of length 1: how each differs from what anybody writes."""
        rows = vectors.dense(self.view.size)
        rows -= self.mean
        rows *= self.scale
        rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None] + _TINY
        return rows

    def totals(self, vectors: Vectors, part: NDArray[np.int64]) -> Floats:
        """The sum of each part's texts, as ``standing`` has them, without their rows in full."""
        share = 1 / self.reach(vectors)
        found = np.zeros((part.max() + 1, self.view.size), np.float32)
        value = vectors.value * share[vectors.text]
        np.add.at(found, (part[vectors.text], vectors.key), value)
        found -= np.bincount(part, share)[:, None].astype(np.float32) * self.mean
        return found * self.scale

    def reach(self, vectors: Vectors) -> Floats:
        """How far each text is from what anybody writes: what ``along`` is divided by."""
        scaled, mean = self.scale * self.scale, self.mean * self.scale
        value = vectors.value
        parts = value * scaled[vectors.key] * (value - 2 * self.mean[vectors.key])
        return np.sqrt(np.maximum(vectors.sums(parts) + mean @ mean, _TINY))

    def others(self, vectors: Vectors) -> Floats:
        """Each text's cosine with each other author."""
        return self.along(vectors, self.sums, self.start)

    def along(self, vectors: Vectors, sums: Floats, start: Floats) -> Floats:
        """Each text's cosine with some directions, given by hash (one column each)."""
        found = np.zeros((vectors.texts, sums.shape[1]), np.float32)
        bounds = np.searchsorted(vectors.text, np.arange(vectors.texts + 1))
        for text, (first, last) in enumerate(pairwise(bounds)):
            found[text] = vectors.value[first:last] @ sums[vectors.key[first:last]]
        return np.asarray((found - start) / self.reach(vectors)[:, None], np.float32)


class Background(NamedTuple):
    """Other authors, and how what they say is weighed.

    Attributes:
        sides: All views of them.
        weights: Of the logistic model, its start last.
        centre: What its inputs are on average.
        spread: By how much they differ.
        habits: How often each habit is in a word of theirs.
        same: The likeness from which on one of them is taken to be the creator.
    """

    sides: tuple[Side, ...]
    weights: NDArray[np.float64]
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    habits: NDArray[np.float64]
    same: float


def units(rows: Floats) -> Floats:
    """Rows made to length 1."""
    norm = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norm, _TINY), np.float32)


def side_of(view: View, kept: Any) -> Side:
    """One view as it is kept in ``parameters.npz``."""
    names = ("rarity", "mean", "scale", "usual", "means", "step")
    rarity, mean, scale, usual, means, step = (
        kept[f"{view.name}_{name}"].astype(np.float32) for name in names
    )
    return Side.of(view, rarity, mean, scale, (means * step[:, None]) ** 2, usual)


@lru_cache(maxsize=2)
def shipped_background(folder: Path = DATA) -> Background:
    """The model that Greenroom ships (``data/models/voice/parameters.npz``), read once."""
    with np.load(folder / "parameters.npz", allow_pickle=False) as kept:
        sides = tuple(side_of(view, kept) for view in (*VIEWS, FINE))
        return Background(
            sides,
            kept["weights"],
            kept["centre"],
            kept["spread"],
            kept["habits"],
            float(kept["same"]),
        )
