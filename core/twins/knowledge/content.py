"""One document as knowledge: its sentences, their vectors, and what they are grouped into."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import BadInput
from core.twins.knowledge.chunking import (
    CHUNK_OVERLAP,
    CHUNK_TOKENS,
    PASSAGE_WORDS,
    Count,
    chunks,
    tiled,
    tokens_of,
)
from core.twins.knowledge.embedding import Embedder, Floats, Progress, unit, untold
from core.twins.knowledge.spans import Span, sentences, word_count

Integers = NDArray[np.int32]
_AT_ONCE = 512
"""Sentences between two reports of progress."""


@dataclass(frozen=True)
class Document:
    """A text that a creator gave.

    Attributes:
        id: Names it; hits carry it.
        text: All of it; offsets count its characters.
    """

    id: str
    text: str


@dataclass(frozen=True)
class Prepared:
    """A document that is ready to be found in.

    Attributes:
        document_id: The document's id.
        text: Its text.
        embedder: Which vectors these are.
        spans: Start and end of each sentence, in characters.
        words: How many words each sentence has.
        vectors: One row a sentence.
        passages: First and last-plus-one sentence of each passage.
        chunks: Start and end of each chunk, in characters; neighbours overlap.
    """

    document_id: str
    text: str
    embedder: str
    spans: Integers
    words: Integers
    vectors: NDArray[np.float16]
    passages: Integers
    chunks: Integers

    def pack(self) -> bytes:
        """Everything but the text, as bytes that ``unpack`` reads."""
        held = io.BytesIO()
        np.savez(
            held,
            names=np.array([self.document_id, self.embedder]),
            spans=self.spans,
            words=self.words,
            vectors=self.vectors,
            passages=self.passages,
            chunks=self.chunks,
        )
        return held.getvalue()

    @classmethod
    def unpack(cls, raw: bytes, text: str) -> Prepared:
        """What ``pack`` gave, with the text that it was made of.

        Raises:
            BadInput: If the bytes are not such a pack, or belong to a longer text.
        """
        try:
            with np.load(io.BytesIO(raw), allow_pickle=False) as held:
                document_id, embedder = held["names"].tolist()
                rest = {
                    one: held[one] for one in ("spans", "words", "vectors", "passages", "chunks")
                }
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise BadInput(
                "The knowledge that was kept of a document cannot be read.", fix="Train again."
            ) from error
        if rest["spans"].size and rest["spans"].max() > len(text):
            raise BadInput("The knowledge that was kept is of another text.", fix="Train again.")
        return cls(document_id, text, embedder, **rest)

    def passage_spans(self) -> list[Span]:
        """Where the passages are, in characters."""
        return [
            Span(int(self.spans[first, 0]), int(self.spans[last - 1, 1]))
            for first, last in self.passages
        ]

    def passage_vectors(self) -> Floats:
        """One row of length 1 a passage: the average of its sentences by their words."""
        if not len(self.passages):
            return np.zeros((0, self.vectors.shape[1]), np.float32)
        weighed = self.vectors.astype(np.float32) * self.words[:, None]
        return unit(np.add.reduceat(weighed, self.passages[:, 0], axis=0))


def prepare(
    document: Document,
    embedder: Embedder,
    progress: Progress = untold,
    *,
    tokens: int = CHUNK_TOKENS,
    overlap: int = CHUNK_OVERLAP,
    count: Count = tokens_of,
) -> Prepared:
    """Makes a document ready to be found in; the only step that takes time.

    Args:
        document: What to read.
        embedder: Gives the vectors.
        progress: Told how many sentences are done, and how many there are.
        tokens: Of a chunk at most.
        overlap: Of a chunk and the one before it at most.
        count: How many tokens a text has.
    """
    text = document.text
    spans = sentences(text)
    words = [word_count(text[start:end]) for start, end in spans]
    cut = chunks(text, tokens=tokens, overlap=overlap, count=count)
    return Prepared(
        document_id=document.id,
        text=text,
        embedder=embedder.name,
        spans=np.array(spans, np.int32).reshape(-1, 2),
        words=np.array(words, np.int32),
        vectors=_embedded([text[start:end] for start, end in spans], embedder, progress),
        passages=_passages(spans, words, cut),
        chunks=np.array(cut, np.int32).reshape(-1, 2),
    )


def _embedded(texts: list[str], embedder: Embedder, progress: Progress) -> NDArray[np.float16]:
    rows = [np.zeros((0, embedder.dimensions), np.float16)]
    for start in range(0, len(texts), _AT_ONCE):
        rows.append(embedder.embed(texts[start : start + _AT_ONCE]).astype(np.float16))
        progress(min(len(texts), start + _AT_ONCE), len(texts))
    return np.concatenate(rows)


def _passages(spans: list[Span], words: list[int], cut: list[Span]) -> Integers:
    """Passages that tile the document; none reaches over the end of the chunk that it is in."""
    ends = [span.end for span in spans]
    found: list[tuple[int, int]] = []
    first = 0
    for chunk in cut:
        last = int(np.searchsorted(ends, chunk.end, side="right"))
        found += [(first + a, first + b) for a, b in tiled(words[first:last], PASSAGE_WORDS)]
        first = last
    return np.array(found, np.int32).reshape(-1, 2)
