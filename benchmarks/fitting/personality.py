"""Sets the personality model against the reference writers: ``GREENROOM_BENCH_DATA=… python -m
benchmarks.fitting.personality [FOLDER]``.

The weights are published correlations (``data/models/personality/correlations.yaml``); what is
fitted here is how the word lists are used by the reference writers, at what formality, how far the
sums of markers vary, and how much text it takes until they are steady. Writes ``reference.json``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.fitting.style import weights
from benchmarks.fitting.style_data import writers
from core.domain.twins import TRAITS
from core.twins.personality.model import DATA, Marker, Model, unfitted_model
from core.twins.profile import Writing, formality, read_writing

PART_WORDS = 1_000
LEAST_DEVIATION = 0.15


def main() -> None:
    """Fit and write."""
    found = writers(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    read, weight = [read_writing([(one.name, one.text)]) for one in found], weights(found)
    model = fitted(unfitted_model(), read, weight)
    half = half_words(model, read)
    kept = {
        "writers": len(found),
        "markers": {
            name: [float(f"{value:.5g}") for value in marker]
            for name, marker in zip(model.lists, model.markers, strict=True)
        },
        "formality": round(model.usual_formality, 3),
        "spread": dict(zip(TRAITS, model.spread.round(4).tolist(), strict=True)),
        "half_words": round(half),
    }
    (DATA / "reference.json").write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    print(json.dumps({name: kept[name] for name in ("writers", "spread", "half_words")}))


def fitted(model: Model, read: Sequence[Writing], weight: np.ndarray) -> Model:
    """The model with the reference writers' markers and spread."""
    formal = np.array([formality(one) for one in read])
    rates = np.stack([model.rates(one) for one in read])
    usual = float(weight @ formal)
    away = formal - usual
    markers = tuple(_marker(column, away, weight) for column in rates.T)
    model = model._replace(markers=markers, usual_formality=usual)
    sums = np.stack([model.composite(one) for one in read])
    middle = weight @ sums
    return model._replace(spread=np.sqrt(weight @ (sums - middle) ** 2))


def _marker(rates: np.ndarray, away: np.ndarray, weight: np.ndarray) -> Marker:
    """Mean, deviation and slope on formality of one list, by weighted least squares."""
    mean = float(weight @ rates)
    slope = float(weight @ (away * (rates - mean)) / (weight @ away**2))
    left = rates - mean - slope * away
    return Marker(mean, max(float(np.sqrt(weight @ left**2)), LEAST_DEVIATION), slope)


def half_words(model: Model, read: Sequence[Writing]) -> float:
    """With so many words half of what differs between writers is the writer.

    From the correlation of the sums of markers of two parts of one writer, 1,000 words each, which
    lie far apart: reliability r at n words means n (1 - r) / r (Spearman and Brown).
    """
    pairs = [_ends(one) for one in read if one.words >= 4 * PART_WORDS]
    sums = np.array([[model.composite(part) for part in pair] for pair in pairs])
    found = [
        float(np.corrcoef(sums[:, 0, row], sums[:, 1, row])[0, 1]) for row in range(len(TRAITS))
    ]
    print(
        f"{len(pairs)} writers, two parts correlate:",
        dict(zip(TRAITS, np.round(found, 2), strict=True)),
    )
    steady = min(max(float(np.mean(found)), 0.05), 0.95)
    return PART_WORDS * (1 - steady) / steady


def _ends(writing: Writing) -> tuple[Writing, Writing]:
    first, last = writing.ends[PART_WORDS - 1], writing.starts[-PART_WORDS]
    both = (writing.text[:first], writing.text[last:])
    head, tail = (read_writing([("part", text)]) for text in both)
    return head, tail


if __name__ == "__main__":
    main()
