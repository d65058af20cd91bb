"""How steady the voice's features are: ``GREENROOM_BENCH_DATA=… python -m
benchmarks.fitting.style_figures [FOLDER]``.

Two stretches of each reference writer, far apart: how the features of the one correlate with those
of the other within a register, and how often the interval of the one holds the value of the other.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.fitting.style_data import Writer, writers
from core.twins.profile.estimates import Estimate, estimate, tally
from core.twins.profile.features import FEATURES
from core.twins.profile.listening import Heard
from core.twins.profile.writing import Writing, read_writing

LENGTHS = (1_000, 3_000, 6_000)
FEWEST = 10


def main() -> None:
    """Measure and print."""
    found = writers(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    read = [read_writing([(one.name, one.text)]) for one in found]
    for length in LENGTHS:
        kept = [number for number, one in enumerate(read) if one.words >= 2.5 * length]
        pairs = [_measured(read[number], length) for number in kept]
        steady = steadiness([found[number] for number in kept], pairs)
        inside = np.mean([_inside(first, last) for first, last in pairs], axis=0)
        print(f"{length} words, {len(kept)} writers: median r {np.median(steady):.2f}")
        print(f"  the interval of one holds the other: {inside.mean():.2f}")
        for feature, r, share in zip(FEATURES, steady, inside, strict=True):
            print(f"  {feature.id}: r {r:.2f}, held {share:.2f}")


def steadiness(found: Sequence[Writer], pairs: Sequence[tuple[list[Estimate], ...]]) -> np.ndarray:
    """For each feature the correlation of two stretches of a writer, registers' means taken out."""
    both = np.array([[[one.value for one in part] for part in pair] for pair in pairs])
    for register in {one.register for one in found}:
        own = np.array([one.register == register for one in found])
        both[own] -= both[own].mean(axis=0) if own.sum() >= FEWEST else both[own]
    return np.array(
        [np.corrcoef(both[:, 0, row], both[:, 1, row])[0, 1] for row in range(both.shape[2])]
    )


def _measured(writing: Writing, length: int) -> tuple[list[Estimate], list[Estimate]]:
    first, last = writing.ends[length - 1], writing.starts[-length]
    parts = (writing.text[:first], writing.text[last:])
    heard = [Heard(read_writing([("part", text)])) for text in parts]
    head, tail = ([estimate(one, tally(one, part)) for one in FEATURES] for part in heard)
    return head, tail


def _inside(first: list[Estimate], last: list[Estimate]) -> list[bool]:
    return [one.low <= other.value <= one.high for one, other in zip(first, last, strict=True)]


if __name__ == "__main__":
    main()
