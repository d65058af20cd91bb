"""The reference population: how each feature is spread over writers."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.domain.errors import NotFound
from core.twins.profile.background import DATA
from core.twins.profile.writing import Floats

EVERYBODY = "all"
"""All registers together, each with the same weight."""


class Spread(NamedTuple):
    """A feature's spread: its quantiles at equal steps from 0 to 1, and over how many writers."""

    quantiles: Floats
    writers: int

    @property
    def usual(self) -> float:
        """The median."""
        return float(np.interp(0.5, self._steps, self.quantiles))

    @property
    def deviation(self) -> float:
        """The standard deviation, without the two writers of 100 at either end."""
        return float(np.std(self.quantiles[2:-2]))

    def percentile(self, value: float) -> float:
        """The share of writers below a value, in percent; ties count half.

        Never nearer to 0 or 100 than the number of writers allows to say.
        """
        grid = self.quantiles
        left, right = np.searchsorted(grid, value, "left"), np.searchsorted(grid, value, "right")
        if left == right:
            share = float(np.interp(value, grid, self._steps))
        else:
            share = float(self._steps[left] + self._steps[right - 1]) / 2
        edge = 0.5 / (self.writers + 1)
        return 100 * min(max(share, edge), 1 - edge)

    @property
    def _steps(self) -> Floats:
        return np.linspace(0, 1, len(self.quantiles))


class Reference(NamedTuple):
    """The population: for each feature its spread, for each register how many writers."""

    spreads: dict[str, Spread]
    writers: dict[str, int]


@lru_cache(maxsize=8)
def shipped_reference(register: str = EVERYBODY, folder: Path = DATA) -> Reference:
    """What Greenroom ships (``data/models/style/reference.json``).

    Raises:
        NotFound: If there is no such register.
    """
    kept = json.loads((folder / "reference.json").read_text("utf-8"))
    writers: dict[str, int] = kept["writers"]
    if register not in writers:
        raise NotFound(
            f"There is no register “{register}” of writers.", fix=f"There are {', '.join(writers)}."
        )
    spreads = {
        name: Spread(np.array(found[register]), writers[register])
        for name, found in kept["features"].items()
    }
    return Reference(spreads, writers)
