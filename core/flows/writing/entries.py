"""The entries of a block: which lines belong to which of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.flows.writing.nodes import Node

TRIVIA = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*")
"""Blank lines and comments, up to what comes next."""
LINE = re.compile(r"([ \t]*)(#?)[^\n]*\n")


class Odd(Exception):
    """Something is written in a way that cannot be changed in place."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some text of a block: whole lines above, and an entry's own; empty where it is gone."""

    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One key with its value, or one item.

    Attributes:
        lead: The whole lines above it: blank ones, and comments.
        start: Where its own text begins, at its key or dash; ``end``: behind its last line.
        column: Where its key or dash stands.
        value: Its value.
        key: Of a mapping's entry.
    """

    lead: str
    start: int
    end: int
    column: int
    value: Node
    key: Node | None

    @property
    def mark(self) -> int:
        """Where the key or the dash ends."""
        return self.start + 1 if self.key is None else self.key.end

    @property
    def detached(self) -> str:
        """The comments above that a blank line sets apart: they are not about this entry."""
        lines = self.lead.splitlines(keepends=True)
        blank = max((n for n, line in enumerate(lines) if not line.strip()), default=-1)
        apart = "".join(lines[: blank + 1])
        return apart if "#" in apart else ""

    def part(self, text: str) -> Part:
        """The entry as it stands."""
        return Part(self.lead, text[self.start : self.end])

    def inside(self, text: str) -> int:
        """Where the lines of its value begin, which is a block."""
        first = _first(self.value)
        line = text.find("\n", self.mark, first)
        return first if line < 0 else line + 1


def _first(node: Node) -> int:
    return node.keys[0].start if node.keys else node.start


def entries_of(text: str, node: Node, start: int, end: int) -> tuple[list[Entry], str]:
    """The entries of a block that stands from ``start`` to ``end``, and the lines after the last.

    Raises:
        Odd: If something else than keys, dashes and comments stands between them.
    """
    entries: list[Entry] = []
    at = start
    for number, value in enumerate(node.items):
        key = node.keys[number] if node.keys else None
        place = _after_trivia(text, at)
        _check(text, place, key, value)
        column = place - (text.rfind("\n", 0, place) + 1)
        if column != node.column:
            raise Odd
        lead = text[at : text.rfind("\n", 0, place) + 1] if place > at else ""
        behind = _own_end(text, value.end, column, end)
        entries.append(Entry(lead, place, behind, column, value, key))
        at = behind
    return entries, text[at:end]


def _check(text: str, place: int, key: Node | None, value: Node) -> None:
    if key is not None:
        if place != key.start:
            raise Odd
    elif text[place : place + 1] != "-" or place >= value.start:
        raise Odd


def _after_trivia(text: str, at: int) -> int:
    found = TRIVIA.match(text, at)
    return found.end() if found else at


def _own_end(text: str, at: int, column: int, end: int) -> int:
    """Behind the line on which an entry ends, and the deeper comments below it."""
    if text[at - 1 : at] != "\n" or at == 0:
        line = text.find("\n", at, end)
        at = end if line < 0 else line + 1
    own = at
    while at < end:
        found = LINE.match(text, at, end)
        if found is None:
            break
        if found[2]:
            if len(found[1]) <= column:
                break
            own = found.end()
        elif found[0].strip():
            break
        at = found.end()
    return own
