"""Changes a YAML text where the document changed, and nowhere else.

Every entry of a block owns the lines from the comments above it to its last line; the text of a
block is its entries' texts, so what did not change is copied as it stands. `Odd` says that a part
is written in a way that cannot be changed in place; it is then written anew.
"""

from __future__ import annotations

import re
from typing import Any

from core.flows.writing.braces import patched_inline
from core.flows.writing.entries import Entry, Odd, Part, entries_of
from core.flows.writing.fresh import Fresh, entry, fresh, in_order, inline, item
from core.flows.writing.matching import matched
from core.flows.writing.nodes import Node
from core.flows.writing.sameness import same
from core.flows.writing.scalars import double, literal, plain_fits, scalar, single

HEADER = re.compile(r"[|>][-+0-9]*([ \t]+#[^\n]*)?")
FIRST_LINE = re.compile(r"[^\n]*\n\n*( +)")
LONG_LINE = 160


class Patcher:
    """Changes one text.

    Args:
        text: What was written; it ends with a line break.
        finest: How deep it may go; what changed below that is written anew.
    """

    def __init__(self, text: str, finest: int) -> None:
        self._text = text
        self._finest = finest

    def whole(self, root: Node, document: dict[str, Any], start: int, end: int) -> str:
        """The text with another document; it begins at ``start`` and ends at ``end``."""
        if root.inline:
            changed = patched_inline(self._text, root, document)
            return self._text[: root.start] + changed + self._text[root.end :]
        return self._text[:start] + self._block(root, document, start, end, 0) + self._text[end:]

    def _block(self, node: Node, new: Any, start: int, end: int, depth: int) -> str:
        """A block's text, from ``start`` to ``end``, with another value."""
        entries, loose = entries_of(self._text, node, start, end)
        make = self._mapping if node.kind == "map" else self._list
        whole_lines = start == 0 or self._text[start - 1] == "\n"
        return _joined(make(node, entries, new, depth), node.column, whole_lines) + loose

    def _mapping(
        self, node: Node, entries: list[Entry], new: dict[str, Any], depth: int
    ) -> list[Part]:
        """Old keys in their order; a new one stands behind the one before it."""
        behind: dict[str | None, list[Part]] = {}
        anchor: str | None = None
        for name, value in in_order(new).items():
            if name in node.value:
                anchor = name
            else:
                added = entry(name, value, node.column)[node.column :]
                behind.setdefault(anchor, []).append(Part("", added))
        parts = behind.get(None, [])
        for old in entries:
            name = old.key.value if old.key else ""
            kept = name in new
            parts.append(self._kept(old, new[name], depth) if kept else Part(old.detached, ""))
            parts += behind.get(name, [])
        return parts

    def _list(self, node: Node, entries: list[Entry], new: list[Any], depth: int) -> list[Part]:
        """Items in their new order, each with what stood above it."""
        match = matched(node.value, new)
        kept = {was for was in match if was is not None}
        gone = [number for number in range(len(entries)) if number not in kept]
        parts: list[Part] = []
        for was, value in zip(match, new, strict=True):
            while was is not None and gone and gone[0] < was:
                parts.append(Part(entries[gone.pop(0)].detached, ""))
            if was is None:
                parts.append(self._added(node, entries, value, first=not parts))
            else:
                parts.append(self._kept(entries[was], value, depth))
        return parts + [Part(entries[number].detached, "") for number in gone]

    def _added(self, node: Node, entries: list[Entry], value: Any, *, first: bool) -> Part:
        """A new item, in the way in which its neighbours are written."""
        spaced = sum(one.lead.startswith("\n") for one in entries[1:]) * 2 >= len(entries) > 1
        in_braces = sum(one.value.inline for one in entries) * 2 > len(entries)
        line = inline(value) if in_braces and isinstance(value, dict) else None
        if line is None or len(line) > LONG_LINE:
            text = item(value, node.column)[node.column :]
        else:
            text = f"- {line}\n"
        return Part("\n" if spaced and not first else "", text)

    def _kept(self, old: Entry, new: Any, depth: int) -> Part:
        """An entry with its new value, and the comments that it had."""
        if same(old.value.value, new):
            return old.part(self._text)
        try:
            if depth < self._finest:
                return Part(old.lead, self._changed(old, new, depth + 1))
        except Odd:
            pass
        return Part(old.lead, self._anew(old, new))

    def _changed(self, old: Entry, new: Any, depth: int) -> str:
        """The entry's text, changed inside."""
        node, text = old.value, self._text
        alike = dict if node.kind == "map" else list
        if node.kind == "scalar":
            if isinstance(new, (dict, list)):
                raise Odd
            return self._scalar(old, new)
        if not isinstance(new, alike) or not new or not node.items:
            raise Odd
        if node.inline:
            changed = patched_inline(text, node, new)
            if len(changed) > LONG_LINE > node.end - node.start:
                raise Odd
            return text[old.start : node.start] + changed + text[node.end : old.end]
        inside = old.inside(text)
        return text[old.start : inside] + self._block(node, new, inside, old.end, depth)

    def _scalar(self, old: Entry, new: Any) -> str:
        node, text = old.value, self._text
        before, after = text[old.start : node.start], text[node.end : old.end]
        if node.start == node.end and not before.endswith((" ", "\n")):
            before += " "
        block = self._block_text(old, new)
        if block is not None:
            note, _, rest = ("", "", after) if node.is_block_text else after.partition("\n")
            return f"{before}{block.head}{note.rstrip()}\n{block.body}{rest}"
        line = _in_style(node.style, new)
        if not node.is_block_text:
            return before + line + after
        header = HEADER.match(text, node.start)
        return f"{before}{line}{(header and header[1]) or ''}\n{after}"

    def _block_text(self, old: Entry, new: Any) -> Fresh | None:
        """A text as a block, where it was one or has become one."""
        node, text = old.value, self._text
        if not isinstance(new, str):
            return None
        if not node.is_block_text:
            had = isinstance(node.value, str) and "\n" in node.value
            if "\n" not in new or had or "\n" in text[old.mark : node.start]:
                return None
            block = literal(new, old.column + 2)
            return None if block is None else Fresh(*block)
        header = HEADER.match(text, node.start)
        found = FIRST_LINE.match(text, node.start)
        indent = max(len(found[1]) if found else 0, old.column + 1)
        block = literal(new, indent, node.style) or literal(new, indent)
        return None if block is None else Fresh(block[0] + ((header and header[1]) or ""), block[1])

    def _anew(self, old: Entry, new: Any) -> str:
        """The entry with a value that is written anew; a comment on its line stays."""
        node, text = old.value, self._text
        note = ""
        if not node.is_block and not node.is_block_text:
            note = text[node.end : old.end].partition("\n")[0].rstrip()
        if old.key is None:
            head, body = "-", item(new, old.column)[old.column + 1 :]
        else:
            head = text[old.key.start : old.key.end]
            value, lines = fresh(new, old.column + 2)
            body = f":{' ' + value if value else ''}\n{lines}"
        first, _, rest = body.partition("\n")
        kept = note if note.lstrip().startswith("#") else ""
        return f"{head}{first}{kept}\n{rest}"


def _in_style(style: str, new: Any) -> str:
    """A value on one line, in the quotes that stood there."""
    if isinstance(new, str):
        if style == '"':
            return double(new)
        if style == "'":
            return single(new) or double(new)
        if plain_fits(new):
            return new
    return scalar(new)


def _joined(parts: list[Part], column: int, whole_lines: bool) -> str:
    """The text of a block; its first entry may stand behind a dash."""
    pad, found, above = " " * column, "", ""
    for part in parts:
        above += part.lead.removeprefix("\n") if above.endswith("\n\n") else part.lead
        if not part.text:
            continue
        if found or whole_lines:
            found += f"{above}{pad}{part.text}"
        else:
            above = above.lstrip()
            found += f"{above}{pad if above else ''}{part.text}"
        above = ""
    return found + above
