"""What turns words into vectors: the protocol, a remote one, and one that is scripted for tests."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.domain.errors import CallFailed

Floats = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Told how much is done and how much there is."""
_BATCH = 64


def untold(done: int, total: int) -> None:
    """Tells nobody."""


class Embedder(Protocol):
    """Turns words into vectors whose angle tells how near their meanings are."""

    @property
    def name(self) -> str:
        """Which vectors these are; another name means that content has to be embedded again."""

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 for each text."""

    def embed_question(self, text: str) -> Floats:
        """One vector of length 1 for what somebody asks."""


def unit(vectors: Floats) -> Floats:
    """The same directions, with length 1; nothing stays nothing."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


class RemoteEmbedder:
    """A model that somebody else runs: texts go out, vectors come back.

    Args:
        name: Which model it is.
        call: Gives one vector a text, for at most 64 of them; raises our errors only.
        dimensions: How many numbers each vector has.
    """

    def __init__(
        self, name: str, call: Callable[[Sequence[str]], ArrayLike], dimensions: int
    ) -> None:
        self.name, self.dimensions, self._call = name, dimensions, call

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 for each text."""
        rows = [self._asked(batch) for batch in batches(texts)]
        return np.concatenate(rows) if rows else np.zeros((0, self.dimensions), np.float32)

    def embed_question(self, text: str) -> Floats:
        """One vector of length 1."""
        return np.asarray(self.embed([text])[0])

    def _asked(self, texts: Sequence[str]) -> Floats:
        rows = np.asarray(self._call(texts), dtype=np.float32)
        if rows.shape != (len(texts), self.dimensions) or not np.isfinite(rows).all():
            raise CallFailed(
                f"{self.name} gave vectors of another shape than {self.dimensions} numbers a text.",
                fix="Check which embedding model is set, then train again.",
            )
        return unit(rows)


def batches(texts: Sequence[str]) -> list[Sequence[str]]:
    """The texts, 64 at a time."""
    return [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]


@dataclass(frozen=True)
class ScriptedEmbedder:
    """Vectors made of the words alone, for tests: texts that share words are near each other."""

    name: str = "scripted"
    dimensions: int = 64

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 for each text; all zeros where it has no word."""
        return unit(np.array([self._counted(one) for one in texts]).reshape(-1, self.dimensions))

    def embed_question(self, text: str) -> Floats:
        """One vector of length 1."""
        return np.asarray(self.embed([text])[0])

    def _counted(self, text: str) -> Floats:
        row = np.zeros(self.dimensions, np.float32)
        for word in re.findall(r"\w+", text.lower()):
            row[hashlib.sha256(word.encode()).digest()[0] % self.dimensions] += 1
        return row
