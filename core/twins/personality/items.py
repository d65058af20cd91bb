"""The inventory: 50 items of the International Personality Item Pool, and how it is scored."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import yaml

from core.domain.twins import Trait
from core.twins.personality.model import DATA

MIDDLE = 3
"""Neither accurate nor inaccurate."""


class Item(NamedTuple):
    """A statement about oneself; ``key`` is 1 where agreeing raises the trait, else -1."""

    id: int
    trait: Trait
    key: int
    text: str


class Norm(NamedTuple):
    """How adults answer the items of a trait: mean and standard deviation over people."""

    mean: float
    sd: float


class Inventory(NamedTuple):
    """The items and their norms."""

    items: tuple[Item, ...]
    norms: dict[Trait, Norm]

    def standing(self, trait: Trait, ratings: Mapping[int, int]) -> tuple[float, int]:
        """How far the rated items of a trait lie from the norm, in SDs, and how many they are.

        Args:
            trait: Which.
            ratings: The rating (1 to 5) by item; items that are not in it are left out.
        """
        keyed = [
            ratings[item.id] if item.key > 0 else 2 * MIDDLE - ratings[item.id]
            for item in self.items
            if item.trait == trait and item.id in ratings
        ]
        if not keyed:
            return 0.0, 0
        norm = self.norms[trait]
        return (float(np.mean(keyed)) - norm.mean) / norm.sd, len(keyed)


@lru_cache(maxsize=1)
def shipped_inventory() -> Inventory:
    """The inventory of ``data/models/personality/ipip.yaml``."""
    kept = yaml.load(
        (DATA / "ipip.yaml").read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    items = tuple(Item(**one) for one in kept["items"])
    return Inventory(items, {trait: Norm(**norm) for trait, norm in kept["norms"].items()})
