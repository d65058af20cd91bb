"""What the voice model is held against: plain character 4-grams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class FourGrams:
    """Character 4-grams weighed by rarity: a passage's cosine with the middle of known text."""

    def __init__(self, known: Sequence[Sequence[str]]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._reader: Any = TfidfVectorizer(analyzer="char", ngram_range=(4, 4), sublinear_tf=True)
        rows = self._reader.fit_transform([text for some in known for text in some])
        of = np.repeat(np.arange(len(known)), [len(some) for some in known])
        middles = [np.asarray(rows[of == one].mean(axis=0)).ravel() for one in range(len(known))]
        self._middles = np.stack([one / np.linalg.norm(one) for one in middles])

    def scores(self, texts: Sequence[str], creator: int) -> Numbers:
        """Two columns: the cosine; how many spreads it is beyond those of the other authors."""
        cosines = np.asarray(self._reader.transform(texts) @ self._middles.T)
        others = np.delete(cosines, creator, axis=1)
        own = cosines[:, creator]
        return np.stack([own, (own - others.mean(axis=1)) / others.std(axis=1)], axis=1)
