"""The tables of creator twins: what is kept comes back, and what is erased is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core.domain.twins import Answer, Mark, Passage, Piece, PieceText, Twin, TwinVersion
from core.store import Store

NOON = datetime(2026, 1, 5, 12)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "here.duckdb", lambda: NOON)
    yield store
    store.close()


def twin(**changes: object) -> Twin:
    values: dict[str, object] = {"id": "t-1", "name": "Ada", "slug": "ada", "made_at": NOON}
    return Twin(**{**values, **changes})  # type: ignore[arg-type]


def piece(name: str, **changes: object) -> Piece:
    values: dict[str, object] = {
        "id": f"p-{name}",
        "twin_id": "t-1",
        "name": name,
        "content_hash": "0" * 64,
        "size": 12,
        "added_at": NOON,
    }
    return Piece(**{**values, **changes})  # type: ignore[arg-type]


def answer(text: str, **changes: object) -> Answer:
    values: dict[str, object] = {"text": text, "declined": False, "covered": 0.9}
    return Answer(**{**values, **changes})  # type: ignore[arg-type]


def test_a_twin_is_found_by_its_id_and_by_its_slug(store: Store) -> None:
    store.twins.put(twin())
    store.twins.put(twin(about="A teacher", version=3))
    assert store.twins.one("t-1") == store.twins.one("ada") == twin(about="A teacher", version=3)
    assert len(store.twins.all()) == 1
    assert store.twins.one("nobody") is None


def test_versions_come_newest_first_with_their_signatures(store: Store) -> None:
    for number in (1, 2):
        version = TwinVersion(twin_id="t-1", number=number, made_at=NOON, why="trained")
        store.twins.add_version(version, b"\x00voice" if number == 2 else None)
    assert [one.number for one in store.twins.versions("t-1")] == [2, 1]
    assert store.twins.signature("t-1", 2) == b"\x00voice"
    assert store.twins.signature("t-1", 1) is None
    assert store.twins.version("t-1", 3) is None


def test_a_piece_changes_in_place_and_says_when_it_is_unfinished(store: Store) -> None:
    store.pieces.put(piece("a.txt"))
    store.pieces.put(piece("b.txt"))
    store.pieces.put(piece("a.txt", stage="analysed", state="ready", words=7))
    assert {one.name: one.words for one in store.pieces.all("t-1")} == {"a.txt": 7, "b.txt": 0}
    assert [one.name for one in store.pieces.unfinished()] == ["b.txt"]
    store.pieces.delete("t-1", "p-b.txt")
    assert store.pieces.one("t-1", "p-b.txt") is None


def test_texts_and_vectors_stay_until_they_are_forgotten(store: Store) -> None:
    text = PieceText(id="x", text="Ünïcode – ✓\n\n" * 3, marks=(Mark(start=5, place="page 2"),))
    store.pieces.keep_text(text)
    store.pieces.keep_text(text)
    store.pieces.keep_text(PieceText(id="y", text="other"))
    for embedder in ("one", "two"):
        store.pieces.keep_prepared("x", embedder, embedder.encode())
    assert store.pieces.texts({"x", "absent"}) == {"x": text}
    assert store.pieces.prepared({"x", "y"}, "two") == {"x": b"two"}
    store.pieces.forget_texts({"y"})
    assert store.pieces.texts({"x", "y"}).keys() == {"y"}
    assert store.pieces.prepared({"x"}, "one") == {}


def test_the_place_of_a_character_is_that_of_the_last_mark_before_it() -> None:
    text = PieceText(
        id="x", text="", marks=(Mark(start=0, place="page 1"), Mark(start=9, place="page 2"))
    )
    assert [text.place(at) for at in (0, 8, 9, 400)] == ["page 1", "page 1", "page 2", "page 2"]
    assert PieceText(id="y", text="").place(3) is None


def test_a_conversation_is_kept_in_order_and_forgotten_alone(store: Store) -> None:
    cited = answer("One. [1]", citations=(Passage(file="a.txt", start=0, end=4, text="One."),))
    assert store.turns.append("t-1", "c", "Why?", cited) == 1
    assert store.turns.append("t-1", "c", "Tax?", answer("?", declined=True, kind="declined")) == 2
    assert store.turns.append("t-1", "d", "Hi", answer("Hello.", kind="greeted")) == 1
    turns = store.turns.conversation("t-1", "c")
    assert [(one.number, one.asked) for one in turns] == [(1, "Why?"), (2, "Tax?")]
    assert turns[0].answer == cited
    assert store.turns.unanswered("t-1") == ["Tax?"]
    store.turns.clear("t-1", "c")
    assert store.turns.conversation("t-1", "c") == []
    assert len(store.turns.conversation("t-1", "d")) == 1


def test_erasing_a_twin_leaves_the_others_alone(store: Store) -> None:
    for id in ("t-1", "t-2"):
        store.twins.put(twin(id=id, slug=id))
        store.twins.add_version(TwinVersion(twin_id=id, number=1, made_at=NOON, why="trained"), b"")
        store.pieces.put(piece("a.txt", twin_id=id))
        store.turns.append(id, "c", "Why?", answer("So."))
    store.twins.erase("t-1")
    assert [one.id for one in store.twins.all()] == ["t-2"]
    assert store.twins.versions("t-1") == store.pieces.all("t-1") == []
    assert store.turns.conversation("t-1", "c") == []
    assert len(store.pieces.all("t-2")) == len(store.twins.versions("t-2")) == 1
