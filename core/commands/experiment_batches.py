"""Participants by the thousand: a line in, the same line out with its variant."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from core.commands.lines import objects, written_line
from core.domain.errors import BadInput
from core.domain.experiments import Design
from core.experiments import by_hash, next_of_stratum, shares_of, stratum_of

CHUNK = 2_000
"""Participants that are asked about at once."""
ADDED = ("variant", "probability")
UNITS = ("unit", "participant", "contact_id", "user_id", "id")
"""Columns that may name the participant, where none is said."""
_EXAMPLE = '{"id": …}'
Document = dict[str, Any]
Ask = Callable[[list[Document]], list[Document]]
"""Gives ``{variant, probability}`` for each ``{id, attributes}``."""


class Asked(NamedTuple):
    """A line that waits for its answer; ``id`` is None for an empty one."""

    line: Any
    id: str | None
    attributes: Document


def spec_assigner(design: Design) -> Ask:
    """Assigns by a design alone, without a workspace: the same people get the same variants.

    Raises:
        BadInput: If the design assigns nobody, or as only an experiment that runs can.
    """
    how = design.assignment.how
    if how not in ("hash", "stratified"):
        fix = "Start it as an experiment, and name that." if how == "bandit" else "Use hash."
        message = f"A design alone cannot assign participants by “{how}”."
        raise BadInput(message, place="assignment.how", fix=fix)
    if not any(variant.weight > 0 for variant in design.variants):
        raise BadInput("No variant has a weight.", place="variants")
    return _Assigner(design).ask


class _Assigner:
    """Who was assigned so far, by a design alone."""

    def __init__(self, design: Design) -> None:
        self._shares = shares_of(design.variants)
        self._salt = design.assignment.salt or design.name
        self._strata = design.assignment.strata if design.assignment.how == "stratified" else ()
        self._seen: dict[str, tuple[str, float]] = {}
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)

    def ask(self, people: list[Document]) -> list[Document]:
        """The variant of each."""
        found = [self._one(one["id"], one["attributes"]) for one in people]
        return [dict(zip(ADDED, one, strict=True)) for one in found]

    def _one(self, unit: str, attributes: Document) -> tuple[str, float]:
        if not self._strata:
            variant = by_hash(self._salt, unit, self._shares)
            return variant, self._shares[variant]
        if unit not in self._seen:
            stratum = stratum_of(attributes, self._strata)
            counts = self._counts[stratum]
            self._seen[unit] = next_of_stratum(self._salt, unit, stratum, self._shares, counts)
            counts[self._seen[unit][0]] += 1
        return self._seen[unit]


def assigned_lines(lines: Iterable[bytes], unit: str | None, ask: Ask) -> Iterator[bytes]:
    """Each line again, CSV or JSON lines, with the participant's variant.

    Args:
        lines: As they stand in the file.
        unit: The column that names the participant; the first of ``UNITS`` where it is not given.
        ask: Who assigns.

    Raises:
        BadInput: At the first line that names nobody, or cannot be read; names the line.
    """
    ahead = iter(lines)
    first = next(ahead, b"")
    if not first.strip():
        raise BadInput("There is nobody here: the input is empty.", fix="Give a header first.")
    whole = _chained(first, ahead)
    if first.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        yield from _json_lines(whole, unit, ask)
    else:
        yield from _csv_lines(whole, unit, ask)


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _json_lines(lines: Iterator[bytes], unit: str | None, ask: Ask) -> Iterator[bytes]:
    def asked() -> Iterator[Asked]:
        for where, line in objects(lines, _EXAMPLE):
            key = _unit_of(list(line), unit, where)
            yield Asked(line, _named(line[key], where), line)

    for one, found in _answered(asked(), ask):
        yield written_line({**one.line, **found})


def _csv_lines(lines: Iterator[bytes], unit: str | None, ask: Ask) -> Iterator[bytes]:
    reader = csv.reader(_texts(lines), strict=True)
    head = _row(reader) or []
    key = _unit_of(head, unit, "line 1")
    yield _written([*head, *ADDED])

    def asked() -> Iterator[Asked]:
        while (row := _row(reader)) is not None:
            where = f"line {reader.line_num}"
            if not row:
                yield Asked(row, None, {})
                continue
            if len(row) != len(head):
                message = f"It has {len(row):,} cells; the header has {len(head):,}."
                raise BadInput(message, place=where)
            line = dict(zip(head, row, strict=True))
            yield Asked(row, _named(line[key], where), line)

    for one, found in _answered(asked(), ask):
        yield _written([*one.line, *(found[name] for name in ADDED)] if one.id else one.line)


def _answered(asked: Iterator[Asked], ask: Ask) -> Iterator[tuple[Asked, Document]]:
    """Each line with what is said of it; lines before a bad one are still answered."""
    waiting: list[Asked] = []

    def told() -> Iterator[tuple[Asked, Document]]:
        people = [{"id": one.id, "attributes": one.attributes} for one in waiting if one.id]
        found = iter(ask(people) if people else [])
        for one in waiting:
            answer = next(found) if one.id else {}
            yield one, {name: answer[name] for name in ADDED if name in answer}

    try:
        for one in asked:
            waiting.append(one)
            if len(waiting) == CHUNK:
                yield from told()
                waiting.clear()
    except BadInput:
        yield from told()
        raise
    yield from told()


def _unit_of(names: list[str], unit: str | None, where: str) -> str:
    """The column that names the participant.

    Raises:
        BadInput: If there is none, or what is added would take the place of something.
    """
    for added in ADDED:
        if added in names:
            fix = "Rename it first: what was given is kept as it is."
            raise BadInput(f"There is a “{added}” here already.", place=where, fix=fix)
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twice is not None:
        raise BadInput(f"The column “{twice[:60]}” is there twice.", place=where)
    found = next((name for name in ((unit,) if unit else UNITS) if name in names), None)
    if found is None:
        wanted = f"no column “{unit}”" if unit else "no column that names participants"
        shown = ", ".join(names[:20])[:300]
        fix = f"Name one with --unit; there are: {shown}."
        raise BadInput(f"There is {wanted} here.", place=where, fix=fix)
    return found


def _named(cell: Any, where: str) -> str:
    if isinstance(cell, bool) or not isinstance(cell, str | int) or not str(cell).strip():
        raise BadInput("This line names no participant.", place=where)
    return str(cell)


def _texts(lines: Iterator[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            fix = "Save it as UTF-8."
            raise BadInput("This is no UTF-8 text.", place=f"line {number}", fix=fix) from error


def _row(reader: Any) -> list[str] | None:
    """The next row; None after the last one."""
    try:
        row: list[str] | None = next(reader, None)
    except csv.Error as error:
        message = f"This is no CSV: {error}."
        raise BadInput(message, place=f"line {reader.line_num}") from error
    return row


def _written(row: list[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(row)
    return out.getvalue().encode()
