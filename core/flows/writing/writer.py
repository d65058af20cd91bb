"""The text that says a document: the older text, changed only where the document changed.

What was changed is read back. Should it not say the document exactly, a larger part is written
anew, and at last everything but the comments at the head.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from core.domain.errors import BadInput
from core.flows.reading import is_json, read_flow
from core.flows.writing.entries import Odd
from core.flows.writing.fresh import document as fresh_document
from core.flows.writing.nodes import tree_of
from core.flows.writing.patching import Patcher
from core.flows.writing.sameness import same

BOM = "\ufeff"
HEAD = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*")
OPENED = re.compile(r"^---(?:[ \t][^\n]*)?\n", re.MULTILINE)
CLOSED = re.compile(r"^(?:\.\.\.|---)", re.MULTILINE)
FINEST = (100, 2, 1, 0)
"""How deep a change may go into the older text, tried in this order."""


def written(document: dict[str, Any], text: str | None = None) -> str:
    """The YAML that says a document.

    Args:
        document: The flow as JSON has it.
        text: An older text of it. What did not change keeps its bytes: comments, order, quotes,
            blocks, blank lines. JSON stays JSON.
    """
    for candidate in _candidates(document, text):
        if _says(candidate, document):
            return candidate
    return _json(document)


def _candidates(document: dict[str, Any], text: str | None) -> Iterator[str]:
    if text is not None and text.strip():
        yield text
        if is_json(text):
            yield _json(document)
            return
        yield from _changed(document, text)
    yield fresh_document(document)


def _changed(document: dict[str, Any], text: str) -> Iterator[str]:
    """The older text with less and less of it kept; its line breaks and its end stay."""
    mark = BOM if text.startswith(BOM) else ""
    lines = text.removeprefix(BOM).replace("\r\n", "\n")
    ended = lines.endswith("\n")
    old = lines if ended else lines + "\n"
    for found in _patched(document, old):
        found = found if ended else found.removesuffix("\n")
        yield mark + (found.replace("\n", "\r\n") if "\r\n" in text else found)


def _patched(document: dict[str, Any], old: str) -> Iterator[str]:
    try:
        read_flow(old)
        root = tree_of(old)
    except BadInput:
        root = None
    if root is not None and root.kind == "map" and root.items:
        opened = OPENED.search(old, 0, root.keys[0].start)
        closed = CLOSED.search(old, root.end)
        start, end = opened.end() if opened else 0, closed.start() if closed else len(old)
        for finest in FINEST:
            with suppress(Odd):
                yield Patcher(old, finest).whole(root, document, start, end)
    head = HEAD.match(old)
    yield (head[0] if head else "") + fresh_document(document)


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _says(text: str, document: dict[str, Any]) -> bool:
    try:
        return same(read_flow(text), document)
    except BadInput:
        return False


def restored(document: dict[str, Any], older: dict[str, Any]) -> dict[str, Any]:
    """The document with ``49.0`` where it has ``49`` and an older one had ``49.0`` there.

    A browser cannot tell the two apart, and CEL can.
    """
    found = _restored(document, older)
    assert isinstance(found, dict)
    return found


def _restored(value: Any, older: Any) -> Any:
    if isinstance(value, dict) and isinstance(older, dict):
        return {name: _restored(one, older.get(name)) for name, one in value.items()}
    if isinstance(value, list) and isinstance(older, list):
        by_id = {one["id"]: one for one in older if isinstance(one, dict) and _has_id(one)}
        return [
            _restored(one, by_id.get(one["id"]) if _has_id(one) else beside)
            for one, beside in zip(value, [*older, *([None] * len(value))], strict=False)
        ]
    equal = isinstance(older, float) and type(value) is int and value == older
    return older if equal else value


def _has_id(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str)
