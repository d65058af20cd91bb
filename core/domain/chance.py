"""Chance is addressed, not drawn: every number is a function of where it is used.

A draw is the BLAKE2b hash (RFC 7693) of (seed, contact, step, visit, purpose), so it does not
depend on the order of work: a run that is split over processes, stopped or resumed gives the
same events, two variants of a message meet the same person in the same mood (common random
numbers), and a step that is inserted changes only what comes after it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from hashlib import blake2b
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
_SCALE = 2.0**-53
_inverse_normal = NormalDist().inv_cdf


class Chance:
    """The random numbers at one address.

    Args:
        seed: The run's or the population's seed.
        path: What narrows the address, most general first (contact, step, visit).
    """

    __slots__ = ("_prefix",)

    def __init__(self, seed: int, *path: str | int) -> None:
        self._prefix = "\x1f".join((str(seed), *map(str, path))).encode() + b"\x1f"

    def at(self, *path: str | int) -> Chance:
        """The numbers at a narrower address below this one."""
        below = object.__new__(Chance)
        below._prefix = self._prefix + "\x1f".join(map(str, path)).encode() + b"\x1f"
        return below

    def uniform(self, purpose: str) -> float:
        """A number in the open interval (0, 1), always the same for the same purpose."""
        digest = blake2b(self._prefix + purpose.encode(), digest_size=8).digest()
        return ((int.from_bytes(digest, "little") >> 11) + 0.5) * _SCALE

    def happens(self, purpose: str, probability: float) -> bool:
        """Whether something with this probability happens."""
        return self.uniform(purpose) < probability

    def normal(self, purpose: str) -> float:
        """A standard normal number, by inverting the distribution function."""
        return _inverse_normal(self.uniform(purpose))

    def lognormal(self, purpose: str, median: float, sigma: float) -> float:
        """A log-normal number with this median; ``sigma`` is the SD of its logarithm."""
        return median * math.exp(sigma * self.normal(purpose))

    def pick(self, purpose: str, choices: Sequence[T]) -> T:
        """One of the choices, each as likely."""
        return choices[int(self.uniform(purpose) * len(choices))]

    def weighted(self, purpose: str, weights: Sequence[float]) -> int:
        """The index of one of the weights, as likely as its share of their sum.

        Raises:
            ValueError: If no weight is above zero.
        """
        total = math.fsum(weights)
        if not total > 0:
            raise ValueError("no weight is above zero")
        left = self.uniform(purpose) * total
        last = 0
        for index, weight in enumerate(weights):
            if weight > 0:
                last = index
                left -= weight
                if left < 0:
                    return index
        return last
