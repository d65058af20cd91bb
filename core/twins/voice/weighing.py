"""From what the views say to a probability: one logistic model for all creators."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_USUAL_WORDS, _USUAL_KNOWN = 100.0, 10_000.0
_MOST_KNOWN = 60_000
"""Known words beyond which more of them no longer change how scores are weighed."""


def considered(scores: Numbers, words: NDArray[np.int64], known: int) -> Numbers:
    """What the logistic model reads of passages: one row each.

    Args:
        scores: What the views say of each passage.
        words: Of each passage.
        known: Words of the creator's known text.
    """
    length = np.log(np.maximum(words, 1) / _USUAL_WORDS)[:, None]
    amount = np.full_like(length, np.log(min(known, _MOST_KNOWN) / _USUAL_KNOWN))
    sizes = [length, amount, length * amount, length**2, amount**2]
    return np.hstack([scores, scores * length, scores * amount, *sizes])


def chances(seen: Numbers, weights: Numbers, centre: Numbers, spread: Numbers) -> Numbers:
    """Probabilities at even odds; the last weight is where the sum starts."""
    logit = ((seen - centre) / spread) @ weights[:-1] + weights[-1]
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))
