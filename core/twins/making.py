"""Cutting and embedding one text; runs in a process of its own where the model is here."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from core.domain.twins import PieceText
from core.twins.knowledge import Document, Embedder, MiniLM, prepare

Progress = Callable[[int, int], None]


class Made(NamedTuple):
    """What came of a text: its vectors and cuts as bytes, and how many of each."""

    body: bytes
    chunks: int
    passages: int


def prepare_apart(
    cache: str, text: PieceText, tokens: int, overlap: int, progress: Progress
) -> Made:
    """The same as ``made_of`` with the model that is unpacked in ``cache``."""
    return made_of(text, _local(cache), tokens, overlap, progress)


def made_of(
    text: PieceText, embedder: Embedder, tokens: int, overlap: int, progress: Progress
) -> Made:
    """Cut a text and embed it.

    Args:
        text: What to cut.
        embedder: Gives the vectors.
        tokens: Of a chunk at most.
        overlap: Tokens that a chunk shares with the one before.
        progress: Told how much is done, and how much there is.
    """
    document = Document(text.id, text.text)
    made = prepare(document, embedder, progress, tokens=tokens, overlap=overlap)
    return Made(made.pack(), len(made.chunks), len(made.passages))


@lru_cache(maxsize=1)
def _local(cache: str) -> MiniLM:
    return MiniLM(Path(cache))
