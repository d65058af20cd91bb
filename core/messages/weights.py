"""The fitted numbers of the spam model: how they are kept, and how a message is weighed by them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.messages.features import VIEWS, Seen, View
from core.messages.shapes import shape_names

DATA = Path(__file__).resolve().parents[2] / "data" / "models" / "spam"
SIDES = ("short", "email")
"""Everything but e-mail is a short message; each side has weights of its own."""
SHAPE_WEIGHT = 0.06
"""What a shape counts beside the words, whose squares add up to one."""

Floats = NDArray[np.float32]


class Weighed(NamedTuple):
    """The n-grams of one view of some messages, and how much each of them has to say.

    Attributes:
        seen: The n-grams.
        value: How much: rare ones more, repeated ones a little more, long messages in all the same.
    """

    seen: Seen
    value: Floats


class Weights(NamedTuple):
    """One fitted model: numbers over hashes, and nothing from which a word could be read.

    Attributes:
        rarity: For each view and hash, how seldom it is.
        weight: For each view, side and hash, how much it speaks for spam.
        shapes: The same for each side and shape.
        start: For each side, what a message without a word would weigh.
        slope: For each side, what turns weights into log-odds.
    """

    rarity: dict[str, NDArray[np.uint8]]
    weight: dict[str, NDArray[np.int8]]
    step: dict[str, Floats]
    shapes: Floats
    start: Floats
    slope: Floats

    def weigh(self, view: View, seen: Seen) -> Weighed:
        """How much each n-gram has to say, of 1 a message."""
        rarity = self.rarity[view.name][seen.key].astype(np.float32) * RARITY_STEP
        value = rarity * (1 + np.log(seen.times, dtype=np.float32))
        if not len(value):
            return Weighed(seen, value)
        first = seen.message[0]
        squares = np.bincount(seen.message - first, value * value)
        return Weighed(seen, value / np.sqrt(squares, dtype=np.float32)[seen.message - first])

    def speaks(self, view: View, weighed: Weighed, side: NDArray[np.int64]) -> Floats:
        """What each n-gram adds to the log-odds of spam; ``side`` is that of each message."""
        seen = weighed.seen
        of = side[seen.message]
        each = self.weight[view.name][of, seen.key] * self.step[view.name][of]
        return np.asarray(each * weighed.value * view.weight * self.slope[of], np.float32)


RARITY_STEP = np.float32(0.04)


@lru_cache(maxsize=2)
def shipped_weights(folder: Path = DATA) -> Weights:
    """The model that Greenroom ships (``data/models/spam/parameters.npz``), read once."""
    with np.load(folder / "parameters.npz", allow_pickle=False) as kept:
        found = Weights(
            rarity={view.name: kept[f"rarity_{view.name}"] for view in VIEWS},
            weight={view.name: kept[f"weight_{view.name}"] for view in VIEWS},
            step={view.name: kept[f"step_{view.name}"] for view in VIEWS},
            shapes=kept["shapes"],
            start=kept["start"],
            slope=kept["slope"],
        )
    assert found.shapes.shape == (len(SIDES), len(shape_names()))
    return found
