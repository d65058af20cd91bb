"""Whether more content still changes a voice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.twins.voice.background import shipped_background
from core.twins.voice.learning import CHUNK, MOST_CHUNKS
from core.twins.voice.text import chunks


def stability(pieces: Sequence[str]) -> tuple[float, ...]:
    """For each piece, how much of the whole voice is there once it and those before it are read.

    A number is the cosine of the voice so far with that of all pieces: near 0 where they have
    nothing in common, 1 where nothing is missing; so the last is 1. While the numbers still rise by
    more than 0.02 a piece, more content changes the voice.
    """
    if not pieces:
        return ()
    side = shipped_background().sides[0]
    each = max(MOST_CHUNKS // len(pieces), 1)
    sums = [side.standing(side.read(chunks([one], CHUNK, each))).sum(axis=0) for one in pieces]
    so_far = np.cumsum(np.stack(sums), axis=0, dtype=np.float64)
    whole = so_far[-1]
    norms = np.linalg.norm(so_far, axis=1) * np.linalg.norm(whole)
    return tuple(float(one) for one in np.clip(so_far @ whole / np.maximum(norms, 1e-9), -1, 1))
