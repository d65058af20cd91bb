"""The fitted numbers of retrieval, and what was fitted on top of the sentence model."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

Floats = NDArray[np.float32]
DATA = Path(__file__).resolve().parents[3] / "data" / "models" / "retrieval"


class Weights(BaseModel):
    """How the signs of a passage add up; fitted by ``benchmarks.fitting.retrieval``.

    Attributes:
        rank: For each sign of a passage (``scoring.SIGNS``), what it counts.
        covered: For each sign that the content answers (``scoring.COVER_SIGNS``), what it counts,
            in log-odds.
        start: Log-odds where every sign is zero.
        threshold: Below this probability that the content answers, nothing is answered.
        alike: How much nearness to a passage that is already cited counts against one.
        embedder: How the name of the embedder begins that all this was fitted with.
        mean: The cosine of two sentences of one content, on average, with that embedder.
        spread: Its standard deviation. With another embedder, cosines are moved to this mean and
            spread first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rank: dict[str, float]
    covered: dict[str, float]
    start: float
    threshold: float
    alike: float
    embedder: str = ""
    mean: float = 0.0
    spread: float = 1.0


@lru_cache(maxsize=1)
def fitted() -> Weights:
    """The weights that are shipped."""
    return Weights.model_validate_json((DATA / "weights.json").read_text("utf-8"))


@lru_cache(maxsize=1)
def adapter() -> bytes:
    """The changes to the sentence model that read a question; empty where none were fitted."""
    path = DATA / "adapter.npz"
    return path.read_bytes() if path.exists() else b""


def adapted(tensors: Mapping[str, Floats], changes: bytes) -> dict[str, Floats]:
    """The tensors of a model with low-rank changes folded in.

    Hu et al. 2021, LoRA: a matrix W becomes W + B A, with A of few rows and B of few columns.
    """
    found = dict(tensors)
    if changes:
        with np.load(io.BytesIO(changes), allow_pickle=False) as held:
            for name in (one.removesuffix(".a") for one in held.files if one.endswith(".a")):
                change = held[f"{name}.b"].astype(np.float32) @ held[f"{name}.a"].astype(np.float32)
                found[f"{name}.weight"] = found[f"{name}.weight"] + change
    return found
