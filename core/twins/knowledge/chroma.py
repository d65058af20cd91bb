"""The passage vectors in Chroma: one collection a creator, rebuilt from what the store keeps."""

from __future__ import annotations

import hashlib
import logging
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from core.domain.errors import StorageFailed
from core.twins.knowledge.content import Prepared
from core.twins.knowledge.embedding import Floats

_BATCH = 4000
_SPACE = {
    "hnsw": {"space": "cosine", "ef_search": 400, "ef_construction": 128, "max_neighbors": 24}
}
"""With 12 neighbours it fills in half the time, and misses 7 % of 100,000 passages in clusters."""


class ChromaIndex:
    """The collection ``creator_{creator_id}_knowledge``.

    It holds nothing that the documents do not: where it is missing, broken, or of other vectors,
    ``fill`` makes it again.

    Args:
        path: Folder of the database; made where it is missing, made again where it is broken.
        creator_id: Whose content it is.

    Raises:
        StorageFailed: If the database cannot be opened.
    """

    def __init__(self, path: Path, creator_id: str) -> None:
        self.name = f"creator_{creator_id}_knowledge"
        with _translated():
            if path.exists() and not _readable(path / "chroma.sqlite3"):
                shutil.rmtree(path)
            self._client = _client(path)

    def fill(self, prepared: Sequence[Prepared], embedder: str) -> int:
        """Makes the collection hold exactly these documents; gives how many passages were added.

        Args:
            prepared: All documents of the creator.
            embedder: Name of the embedder; where it is another than before, all is made again.

        Raises:
            StorageFailed: If it cannot be written, even from the beginning.
        """
        try:
            with _translated():
                return self._fill(prepared, embedder)
        except StorageFailed:
            with _translated():
                self.drop()
                return self._fill(prepared, embedder)

    def nearest(self, vector: Floats, count: int) -> list[tuple[str, int]]:
        """Document and number of the passages nearest to a vector, nearest first.

        Raises:
            StorageFailed: If the collection is missing or cannot be read; ``fill`` it again.
        """
        with _translated():
            collection = self._client.get_collection(self.name, embedding_function=None)
            found = collection.query([vector], n_results=count, include=[])
            return [_read(one) for one in found["ids"][0]]

    def count(self) -> int:
        """How many passages the collection holds; 0 where there is none.

        Raises:
            StorageFailed: If it cannot be read.
        """
        with _translated():
            if self.name not in {one.name for one in self._client.list_collections()}:
                return 0
            return int(self._client.get_collection(self.name, embedding_function=None).count())

    def drop(self) -> None:
        """Takes the collection away, if it is there.

        Raises:
            StorageFailed: If that is not possible.
        """
        with _translated():
            if self.name in {one.name for one in self._client.list_collections()}:
                self._client.delete_collection(self.name)

    def _fill(self, prepared: Sequence[Prepared], embedder: str) -> int:
        collection = self._collection(embedder)
        wanted = {_mark(one): one for one in prepared}
        there = list(collection.get(include=[])["ids"])
        held = Counter(one.split(":", 1)[1] for one in there)
        gone = [one for one in there if one.split(":", 1)[1] not in wanted]
        for start in range(0, len(gone), _BATCH):
            collection.delete(ids=gone[start : start + _BATCH])
        return _added(
            collection, {m: one for m, one in wanted.items() if held[m] < len(one.passages)}
        )

    def _collection(self, embedder: str) -> Any:
        names = {one.name for one in self._client.list_collections()}
        if self.name in names:
            found = self._client.get_collection(self.name, embedding_function=None)
            if (found.metadata or {}).get("embedder") == embedder:
                return found
            self._client.delete_collection(self.name)
        return self._client.create_collection(
            self.name,
            metadata={"embedder": embedder},
            configuration=_SPACE,
            embedding_function=None,
        )


def _client(path: Path) -> Any:
    import chromadb

    logging.getLogger("chromadb").setLevel(logging.ERROR)
    path.mkdir(parents=True, exist_ok=True)
    settings = chromadb.config.Settings(anonymized_telemetry=False)
    return chromadb.PersistentClient(str(path), settings=settings)


def _readable(path: Path) -> bool:
    """Whether a database can be opened; looked at first, for Chroma never lets go of a bad one."""
    if not path.exists():
        return True
    try:
        with closing(sqlite3.connect(path)) as held:
            held.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        return False
    return True


def _mark(one: Prepared) -> str:
    """A document and what it said: another text is another mark."""
    digest = hashlib.sha256(one.text.encode() + one.passages.tobytes()).hexdigest()[:16]
    return f"{digest}:{one.document_id}"


def _read(id: str) -> tuple[str, int]:
    number, _, document = id.split(":", 2)
    return document, int(number)


def _added(collection: Any, new: Mapping[str, Prepared]) -> int:
    ids = [f"{number}:{mark}" for mark, one in new.items() for number in range(len(one.passages))]
    if not ids:
        return 0
    vectors = np.concatenate([one.passage_vectors() for one in new.values()])
    for start in range(0, len(ids), _BATCH):
        part = slice(start, start + _BATCH)
        collection.add(ids=ids[part], embeddings=vectors[part])
    return len(ids)


@contextmanager
def _translated() -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, sqlite3.Error, OSError, ValueError, RuntimeError) as error:
        raise StorageFailed(
            f"The index of a creator's content could not be used: {error}.",
            fix="Train the twin again; the index is made anew from the content.",
        ) from error
