"""What a training works with: readers, embedding models, and the processes that do the work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from core.domain.errors import Conflict
from core.domain.models import Model
from core.domain.twins import PieceText, Reading
from core.minds import Gateway
from core.store import PieceTable
from core.twins.apart import Apart
from core.twins.knowledge import ChromaIndex, Embedder, MiniLM, Prepared, RemoteEmbedder
from core.twins.making import Made, made_of, prepare_apart
from core.twins.reading import Entry, Limits, Reader
from core.twins.recordings import Segment, Transcriber, local_transcriber

Progress = Callable[[int, int], None]
PROBE = "How long is a vector?"


@dataclass(frozen=True)
class Rules:
    """How content is taken in.

    Attributes:
        cache: Where models that are unpacked once are kept.
        limits: What is read at most.
        chunk_tokens: Tokens in a chunk.
        chunk_overlap: Tokens that a chunk shares with the one before.
        whisper: Folder of a local model for faster-whisper, where there is one.
    """

    cache: Path
    limits: Limits = field(default_factory=Limits)
    chunk_tokens: int = 1_000
    chunk_overlap: int = 200
    whisper: Path | None = None


class Chosen(NamedTuple):
    """The models that a workspace chose for its twins; None is what needs no network."""

    embedding: Model | None
    transcription: Model | None


class GatewayTranscriber:
    """Writes recordings down by a model that somebody else runs."""

    def __init__(self, gateway: Gateway, model: Model) -> None:
        self.name = model.name
        self._gateway = gateway
        self._model = model

    def transcribe(self, path: Path, language: str | None = None) -> tuple[Segment, ...]:
        """What is said in a sound file, piece by piece.

        Raises:
            CallFailed: If the model did not answer.
        """
        transcript = self._gateway.transcribe(self._model, path, language=language)
        if not transcript.segments:
            return (Segment(0.0, transcript.duration_seconds or 0.0, transcript.text),)
        return tuple(
            Segment(one.start_seconds, one.end_seconds, one.text) for one in transcript.segments
        )


class Workshop:
    """Reads, embeds and analyses for the twins of one workspace.

    Args:
        rules: How content is taken in.
        pieces: Where texts and their vectors are kept.
        gateway: The way to models that others run.
        chosen: Which models the workspace has chosen now.
        index: Folder of the workspace's vector index.
    """

    def __init__(
        self,
        rules: Rules,
        pieces: PieceTable,
        gateway: Gateway,
        chosen: Callable[[], Chosen],
        index: Path,
    ) -> None:
        self.limits = rules.limits
        self.cache = rules.cache
        self._rules = rules
        self._pieces = pieces
        self._gateway = gateway
        self._chosen = chosen
        self._index = index
        self._lock = threading.Lock()
        self._local: MiniLM | None = None
        self._remote: dict[str, RemoteEmbedder] = {}

    # Reading

    def read(self, entry: Entry, reader: Reader) -> Reading:
        """What is in a file, written down first where it is a recording.

        Raises:
            Refused: If it cannot be read.
            CallFailed: If who writes recordings down did not answer.
        """
        return reader.read(entry, self.transcriber())

    def transcriber(self) -> Transcriber | None:
        """Who writes recordings down, None where nobody does."""
        model = self._chosen().transcription
        if model is not None:
            return GatewayTranscriber(self._gateway, model)
        return local_transcriber(self._rules.whisper)

    # Embedding

    @property
    def embedder_name(self) -> str:
        """What new content is embedded with."""
        return self._embedder_now().name

    def embedder(self, name: str) -> Embedder:
        """The embedding model of that name.

        Raises:
            Conflict: If the workspace does not have it any more.
        """
        now = self._embedder_now()
        if now.name == name:
            return now
        if self.local().name == name:
            return self.local()
        raise Conflict(
            f"This version was embedded with {name}, which is not chosen any more.",
            fix="Choose it again, or train again.",
        )

    def local(self) -> MiniLM:
        """The embedding model that needs no network."""
        with self._lock:
            self._local = self._local or MiniLM(self.cache)
            return self._local

    def prepare(self, text: PieceText, progress: Progress, apart: Apart) -> Made:
        """Cut a text into chunks and passages, and embed them, with the model chosen now.

        Args:
            text: What to cut.
            progress: Told how much is done.
            apart: Where the model that needs no network works.
        """
        rules = self._rules
        if self._chosen().embedding is None:
            return apart.run(
                prepare_apart, str(self.cache), text, rules.chunk_tokens, rules.chunk_overlap,
                progress=progress,
            )  # fmt: skip
        return self._made(text, self._embedder_now(), progress)

    def prepared(self, texts: Mapping[str, PieceText], embedder: str) -> dict[str, Prepared]:
        """What was prepared of texts, each called by its name; done now where it was not before."""
        kept = self._pieces.prepared([text.id for text in texts.values()], embedder)
        return {
            name: replace(
                Prepared.unpack(kept.get(text.id) or self._late(text, embedder), text.text),
                document_id=name,
            )
            for name, text in texts.items()
        }

    def _late(self, text: PieceText, embedder: str) -> bytes:
        """Prepare a text that was not before, and keep that."""
        body = self._made(text, self.embedder(embedder), _quietly).body
        self._pieces.keep_prepared(text.id, embedder, body)
        return body

    def index(self, creator_id: str) -> ChromaIndex:
        """A creator's vector index."""
        return ChromaIndex(self._index, creator_id)

    def _made(self, text: PieceText, embedder: Embedder, progress: Progress) -> Made:
        rules = self._rules
        return made_of(text, embedder, rules.chunk_tokens, rules.chunk_overlap, progress)

    def _embedder_now(self) -> Embedder:
        model = self._chosen().embedding
        if model is None:
            return self.local()
        name = f"{model.model} {model.address or ''}".strip()
        with self._lock:
            known = self._remote.get(name)
        if known is not None:
            return known
        call = partial(self._gateway.embed, model)
        made = RemoteEmbedder(name, call, len(call([PROBE])[0]))
        with self._lock:
            self._remote[name] = made
        return made


def _quietly(_done: int, _total: int) -> None:
    """Nobody watches."""
