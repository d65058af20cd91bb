"""From what the views say to a probability: one logistic model for all creators."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_USUAL_WORDS, _USUAL_KNOWN = 100.0, 10_000.0


def considered(scores: Numbers, usual: Numbers, words: NDArray[np.int64], known: int) -> Numbers:
    """What the logistic model reads of passages: one row each.

    Args:
        scores: What the views say of each passage.
        usual: What they say of the creator's own stretches.
        words: Of each passage.
        known: Words of the creator's known text.
    """
    length = np.log(np.maximum(words, 1) / _USUAL_WORDS)[:, None]
    amount = np.full_like(length, np.log(min(known, 60_000) / _USUAL_KNOWN))
    own = np.broadcast_to(usual, (len(scores), len(usual)))
    sizes = np.hstack([length, amount, length * amount, length**2, amount**2])
    parts = [part * by for part in (scores, own) for by in (1.0, length, amount)]
    return np.hstack([*parts, sizes])


def chances(seen: Numbers, weights: Numbers, centre: Numbers, spread: Numbers) -> Numbers:
    """Probabilities at even odds; the last weight is where the sum starts."""
    logit = ((seen - centre) / spread) @ weights[:-1] + weights[-1]
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))
