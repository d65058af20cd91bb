"""The collection in Chroma holds what the documents hold, whatever happened to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.domain.errors import StorageFailed
from core.twins.knowledge import (
    ChromaIndex,
    Document,
    Knowledge,
    Prepared,
    ScriptedEmbedder,
    chroma,
    prepare,
)
from tests.core.twins.knowledge.content import MONEY, SLEEP

SCRIPTED = ScriptedEmbedder()


@pytest.fixture(scope="module")
def prepared() -> list[Prepared]:
    documents = (Document("a:1/sleep.txt", SLEEP), Document("money", MONEY * 3))
    return [prepare(one, SCRIPTED) for one in documents]


def passages(prepared: list[Prepared]) -> int:
    return sum(len(one.passages) for one in prepared)


def test_fills_once_and_finds(tmp_path: Path, prepared: list[Prepared]) -> None:
    index = ChromaIndex(tmp_path / "chroma", "ada")
    assert index.name == "creator_ada_knowledge"
    assert index.count() == 0
    assert index.fill(prepared, "scripted") == passages(prepared) == index.count()
    assert index.fill(prepared, "scripted") == 0
    for one in prepared:
        for vector in one.passage_vectors():
            document, found = index.nearest(vector, 1)[0]
            assert document == one.document_id
            assert np.allclose(one.passage_vectors()[found], vector, atol=1e-3)
    assert len(index.nearest(vector, 1000)) == index.count()


def test_is_still_there_when_opened_again(tmp_path: Path, prepared: list[Prepared]) -> None:
    ChromaIndex(tmp_path, "ada").fill(prepared, "scripted")
    assert ChromaIndex(tmp_path, "ada").fill(prepared, "scripted") == 0
    assert ChromaIndex(tmp_path, "bo").count() == 0


def test_only_what_changed_is_done_again(tmp_path: Path, prepared: list[Prepared]) -> None:
    index = ChromaIndex(tmp_path, "ada")
    index.fill(prepared, "scripted")
    changed = prepare(Document("money", MONEY), SCRIPTED)
    assert index.fill([prepared[0], changed], "scripted") == len(changed.passages)
    assert index.fill([changed], "scripted") == 0
    assert index.count() == len(changed.passages)


def test_a_fill_that_was_broken_off_is_brought_to_its_end(
    tmp_path: Path, prepared: list[Prepared]
) -> None:
    index = ChromaIndex(tmp_path, "ada")
    index.fill(prepared, "scripted")
    collection = index._client.get_collection(index.name, embedding_function=None)
    collection.delete(ids=collection.get(include=[], limit=1)["ids"])
    assert index.count() == passages(prepared) - 1
    assert index.fill(prepared, "scripted") > 0
    assert index.count() == passages(prepared)


def test_many_documents_are_filled_in_few_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chromadb import Collection

    sizes: list[int] = []
    add = Collection.add

    def counted(self: Collection, ids: list[str], embeddings: np.ndarray) -> None:
        sizes.append(len(ids))
        add(self, ids=ids, embeddings=embeddings)

    monkeypatch.setattr(Collection, "add", counted)
    monkeypatch.setattr(chroma, "_BATCH", 40)
    many = [prepare(Document(f"note-{one}", f"Note {one} here."), SCRIPTED) for one in range(100)]
    index = ChromaIndex(tmp_path, "ada")
    assert index.fill(many, "scripted") == 100 == index.count()
    assert sizes == [40, 40, 20]
    document, _ = index.nearest(many[70].passage_vectors()[0], 1)[0]
    assert np.allclose(
        many[int(document.split("-")[1])].passage_vectors(), many[70].passage_vectors()
    )


def test_says_nothing_to_the_log(
    tmp_path: Path, prepared: list[Prepared], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        index = ChromaIndex(tmp_path, "ada")
        index.fill(prepared, "scripted")
        Knowledge(prepared, SCRIPTED, index=index).find("How do I sleep?")
    assert not caplog.records


def test_another_embedder_makes_all_anew(tmp_path: Path, prepared: list[Prepared]) -> None:
    index = ChromaIndex(tmp_path, "ada")
    index.fill(prepared, "scripted")
    assert index.fill(prepared, "another") == passages(prepared)


def test_a_missing_collection_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="index"):
        ChromaIndex(tmp_path, "ada").nearest(np.ones(64, np.float32), 3)


def test_a_broken_database_is_made_anew(tmp_path: Path, prepared: list[Prepared]) -> None:
    folder = tmp_path / "chroma"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"this is not a database, whatever its name" * 100)
    index = ChromaIndex(folder, "ada")
    assert index.fill(prepared, "scripted") == passages(prepared)
    index.drop()
    assert index.count() == 0
