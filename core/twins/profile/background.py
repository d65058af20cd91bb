"""How often other writers use words and phrases: rates by hash, nothing that could be read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.twins.profile.writing import Floats

DATA = Path(__file__).resolve().parents[3] / "data" / "models" / "style"
COMMON = 0.25
"""A word is common when this share of the reference writers use it within their part."""


def hashed(phrases: Sequence[str]) -> NDArray[np.uint64]:
    """What words are known by: the first eight bytes of BLAKE2b."""
    digests = b"".join(hashlib.blake2b(one.encode(), digest_size=8).digest() for one in phrases)
    return np.frombuffer(digests, np.uint64)


class Background(NamedTuple):
    """The commonest words and phrases of the reference writers.

    Attributes:
        keys: Hashes, in order.
        rates: How often in a million words, the mean over writers.
        share: The share of the writers that use it.
        words: How many words the rates rest on.
        unseen: What a phrase that is not listed is taken to have, at most, in a million words.
    """

    keys: NDArray[np.uint64]
    rates: Floats
    share: Floats
    words: float
    unseen: float

    def rate(self, phrases: Sequence[str]) -> Floats:
        """How often in a million words; 0 where a phrase is not listed."""
        return self._look_up(phrases, self.rates)

    def used_by(self, phrases: Sequence[str]) -> Floats:
        """The share of writers that use each phrase; 0 where it is not listed."""
        return self._look_up(phrases, self.share)

    def _look_up(self, phrases: Sequence[str], values: Floats) -> Floats:
        wanted = hashed(phrases)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[at] == wanted, values[at], 0.0)


@lru_cache(maxsize=2)
def shipped_background(folder: Path = DATA) -> Background:
    """The rates that Greenroom ships (``data/models/style/background.npz``), read once."""
    with np.load(folder / "background.npz", allow_pickle=False) as kept:
        return Background(
            kept["keys"],
            kept["rates"].astype(float),
            kept["share"].astype(float) / 255,
            float(kept["words"]),
            float(kept["unseen"]),
        )
