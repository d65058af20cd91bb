"""Taking words out of every version of a twin: what its creator does not want known any more."""

from __future__ import annotations

import hashlib
from typing import Any

from core.domain.twins import PieceText, TwinVersion
from core.store import Store


def forget_words(store: Store, twin_id: str, name: str, old: str, new: PieceText) -> None:
    """Put a text in the place of another, of the same length, in every version that knows it.

    What versions quote of it (examples, places of the method) is cut out of the new text.

    Args:
        store: The workspace's tables.
        twin_id: Whose versions.
        name: The piece.
        old: The id of the text that goes.
        new: What stands in its place, offset for offset.
    """
    for version in store.twins.versions(twin_id):
        if any(piece.name == name and piece.text_id == old for piece in version.pieces):
            document = _quoted_anew(version.model_dump(), name, new.text)
            for piece in document["pieces"]:
                if piece["name"] == name and piece["text_id"] == old:
                    piece["text_id"] = new.id
            store.twins.change_version(TwinVersion.model_validate(document))


def pack_name(version: TwinVersion) -> str:
    """What a version's pack is called: another where it rests on other texts."""
    texts = "".join(piece.text_id for piece in version.pieces)
    return f"{version.number}-{hashlib.sha256(texts.encode()).hexdigest()[:12]}"


def forget_unused(store: Store) -> None:
    """Erase texts, and their vectors, that no piece and no version needs."""
    kept: set[str] = set()
    for twin in store.twins.all():
        kept |= {piece.text_id for piece in store.pieces.all(twin.id) if piece.text_id}
        for version in store.twins.versions(twin.id):
            kept |= {ref.text_id for ref in version.pieces}
    store.pieces.forget_texts(kept)


def _quoted_anew(value: Any, name: str, text: str) -> Any:
    """A document whose passages of this piece say what its text says now."""
    if isinstance(value, list | tuple):
        return [_quoted_anew(one, name, text) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("file") == name and {"start", "end", "text"} <= value.keys():
        return {**value, "text": text[value["start"] : value["end"]]}
    return {key: _quoted_anew(one, name, text) for key, one in value.items()}
