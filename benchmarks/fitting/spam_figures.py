"""How good a probability is: F1 at one half, AUC, Brier score, calibration error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, f1_score, roc_auc_score

NAMES = ("f1", "auc", "brier", "ece", "ece_15")
DRAWS = 1_000


def figures(risk: NDArray[np.float64], spam: NDArray[np.int64]) -> dict[str, float]:
    """All figures of one set of probabilities."""
    values = (
        f1_score(spam, risk > 0.5),
        roc_auc_score(spam, risk),
        brier_score_loss(spam, risk),
        calibration_error(risk, spam, 10),
        calibration_error(risk, spam, 15),
    )
    return {name: float(value) for name, value in zip(NAMES, values, strict=True)}


def calibration_error(risk: NDArray[np.float64], spam: NDArray[np.int64], bins: int) -> float:
    """How far said and found shares are apart, over bins of equal width (ECE)."""
    at = np.minimum((risk * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(risk[at == one].mean() - spam[at == one].mean()) * (at == one).mean()
            for one in np.unique(at)
        )
    )


def told(repeats: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Mean and spread over repeats."""
    rows = {name: np.array([one[name] for one in repeats]) for name in NAMES}
    return {
        name: {"mean": round(float(row.mean()), 4), "spread": round(float(row.std()), 4)}
        for name, row in rows.items()
    }


def intervals(
    risk: NDArray[np.float64], spam: NDArray[np.int64], group: NDArray[np.int64]
) -> dict[str, Any]:
    """Figures with 95 % intervals: groups drawn with replacement."""
    found = figures(risk, spam)
    chance = np.random.default_rng(0)
    names = np.unique(group)
    members = {name: np.flatnonzero(group == name) for name in names}
    draws = []
    for _ in range(DRAWS):
        rows = np.concatenate([members[name] for name in chance.choice(names, len(names))])
        draws.append(figures(risk[rows], spam[rows]))
    return {
        "rows": len(spam),
        "spam": int(spam.sum()),
        **{
            name: {
                "value": round(found[name], 4),
                "low": round(float(np.quantile([one[name] for one in draws], 0.025)), 4),
                "high": round(float(np.quantile([one[name] for one in draws], 0.975)), 4),
            }
            for name in NAMES
        },
    }
