"""The weights of the voice model: one logistic model, fitted on what creators were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting.voice_figures import even_odds
from core.twins.voice.grams import VIEWS
from core.twins.voice.learning import PER_VIEW
from core.twins.voice.weighing import chances

COST = 0.05
CAREFUL = 0.15
"""How freely the plain cosine of a view with other authors may be weighed: what helps where every
register is in the background misleads where one is not."""
Mask = NDArray[np.bool_]


@dataclass
class Asked:
    """Passages asked about creators: what was seen of each, and whether it is theirs."""

    seen: NDArray[np.float64]
    own: Mask
    creator: NDArray[np.int64]
    passage: NDArray[np.int64]
    amount: NDArray[np.int64]


def fit_weights(parts: Sequence[tuple[Asked, float]]) -> dict[str, NDArray[np.float64]]:
    """The logistic model over all trials, own passages and impostors' counting the same in each."""
    from sklearn.linear_model import LogisticRegression

    seen = np.concatenate([asked.seen for asked, _ in parts])
    own = np.concatenate([asked.own for asked, _ in parts])
    count = np.concatenate(
        [weight * len(asked.own) * even_odds(asked.own) for asked, weight in parts]
    )
    centre, spread, freedom = seen.mean(axis=0), seen.std(axis=0) + 1e-9, freedoms(seen.shape[1])
    model = LogisticRegression(C=COST, max_iter=5_000)
    model.fit((seen - centre) / spread * freedom, own, sample_weight=count)
    weights = np.append(model.coef_[0] * freedom, model.intercept_[0])
    return {"weights": weights, "centre": centre, "spread": spread}


def freedoms(size: int) -> NDArray[np.float64]:
    """How freely each input may be weighed."""
    compared = 2 * len(VIEWS) * PER_VIEW
    scores = compared + 2
    found = np.ones(size)
    for start in range(0, 3 * scores, scores):
        found[start : start + compared : 2 * PER_VIEW] = CAREFUL
    return found


def each_left_out(parts: Sequence[tuple[Asked, float]], part: Asked) -> NDArray[np.float64]:
    """Chances of a trial's passages, each creator's by weights fitted without that creator."""
    found = np.zeros(len(part.own))
    for creator in np.unique(part.creator):
        rest = [(without(asked, creator), weight) for asked, weight in parts]
        here = part.creator == creator
        found[here] = chances(part.seen[here], **fit_weights(rest))
    return found


def without(asked: Asked, creator: int) -> Asked:
    """A trial less what one creator was asked."""
    kept = asked.creator != creator
    return Asked(*(getattr(asked, one.name)[kept] for one in fields(asked)))
