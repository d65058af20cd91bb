"""Fits the reference population of the voice: ``GREENROOM_BENCH_DATA=… python -m
benchmarks.fitting.style [FOLDER]``.

FOLDER holds further writers, one folder a register, files ``writer__title.txt``. Writes
``data/models/style/background.npz`` (how often words and phrases are used, by hash) and
``reference.json`` (quantiles of each feature over writers), and prints who they rest on. Nothing
that is written holds anybody's text.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.fitting.style_data import Writer, mails, writers
from core.twins.profile.background import DATA, hashed, shipped_background
from core.twins.profile.estimates import sums, values
from core.twins.profile.features import FEATURES, Feature
from core.twins.profile.listening import Heard
from core.twins.profile.reference import EVERYBODY
from core.twins.profile.writing import Writing, read_writing

LONGEST, KEPT = 4, 60_000
LEAST_WRITERS = 3
"""A phrase that fewer writers use is left out: it would tell of them."""
STEPS = np.linspace(0, 1, 101)
OLD = {"addresses": 0.25}


def main() -> None:
    """Fit and write."""
    found = writers(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    read = [read_writing([(one.name, one.text)]) for one in found]
    letters = list(mails())
    everyday = [read_writing([(one.name, one.text)]) for one in letters]
    rates = background([*found, *letters], [*read, *everyday])
    np.savez_compressed(DATA / "background.npz", **rates)
    shipped_background.cache_clear()
    reference = quantiles(found, [Heard(one) for one in read])
    (DATA / "reference.json").write_text(json.dumps(reference) + "\n", "utf-8")
    for register, count in Counter(one.register for one in found).items():
        words = sum(w.words for w, one in zip(read, found, strict=True) if one.register == register)
        print(f"{register}: {count} writers, {words:,} words")


def weights(found: Sequence[Writer]) -> np.ndarray:
    """Each register weighs the square root of its number of writers; its writers share it.

    Addresses of centuries past count a quarter of that: creators of today are compared.
    """
    count = Counter(one.register for one in found)
    each = np.array([OLD.get(one.register, 1.0) / np.sqrt(count[one.register]) for one in found])
    return each / each.sum()


def background(found: Sequence[Writer], read: Sequence[Writing]) -> dict[str, np.ndarray]:
    """Rates of the commonest phrases of 1 to 4 words, each writer counted by weight."""
    rates: Counter[str] = Counter()
    share: Counter[str] = Counter()
    users: Counter[str] = Counter()
    for weight, writing in zip(weights(found), read, strict=True):
        for phrase, times in _phrases(writing).items():
            rates[phrase] += weight * times / writing.words * 1e6
            share[phrase] += weight
            users[phrase] += 1
    kept = [
        (phrase, rate) for phrase, rate in rates.most_common() if users[phrase] >= LEAST_WRITERS
    ][:KEPT]
    keys = hashed([phrase for phrase, _ in kept])
    order = np.argsort(keys)
    return {
        "keys": keys[order],
        "rates": np.array([rate for _, rate in kept], np.float32)[order],
        "share": np.array([round(share[one] * 255) for one, _ in kept], np.uint8)[order],
        "words": np.array(float(sum(writing.words for writing in read))),
        "unseen": np.array(kept[-1][1]),
    }


def _phrases(writing: Writing) -> Counter[str]:
    words = [writing.types[one] for one in writing.ids]
    found: Counter[str] = Counter()
    for length in range(1, LONGEST + 1):
        ends = range(length - 1, len(words))
        found.update(
            " ".join(words[end - length + 1 : end + 1])
            for end in ends
            if writing.sentence[end] == writing.sentence[end - length + 1]
        )
    return found


def quantiles(found: Sequence[Writer], heard: Sequence[Heard]) -> dict[str, object]:
    """Each feature's quantiles over all writers and over those of each register."""
    every = weights(found)
    registers = sorted({one.register for one in found})
    features: dict[str, dict[str, list[float]]] = {}
    for feature in FEATURES:
        measured = np.array([_value(feature, one) for one in heard])
        features[feature.id] = {EVERYBODY: _quantiles(measured, every)}
        for register in registers:
            own = np.array([one.register == register for one in found])
            features[feature.id][register] = _quantiles(measured[own], every[own])
    counts = Counter(one.register for one in found)
    return {"writers": {EVERYBODY: len(found), **counts}, "features": features}


def _value(feature: Feature, heard: Heard) -> float:
    whole = sums(feature, heard, np.zeros(heard.writing.sentences, np.int64))
    return float(values(feature, whole.amount, whole.of)[0])


def _quantiles(measured: np.ndarray, weight: np.ndarray) -> list[float]:
    order = np.argsort(measured)
    middle = np.cumsum(weight[order]) - weight[order] / 2
    found = np.interp(STEPS, middle / weight.sum(), measured[order])
    return [float(f"{one:.5g}") for one in found]


if __name__ == "__main__":
    main()
