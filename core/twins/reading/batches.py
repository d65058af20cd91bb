"""How much of a batch is taken: counted over all its files, each archive as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core.domain.twins import Problem
from core.twins.reading.entries import Entry
from core.twins.reading.limits import Limits


class Batch:
    """Counts what was taken so far.

    Args:
        limits: What is taken at most.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._count = self._size = 0
        self._names: set[str] = set()

    def admit(self, name: str, path: Path, entries: Sequence[Entry]) -> Iterator[Entry]:
        """What a file gave, as far as there is room; what is left out is one refusal.

        Args:
            name: The file as it was given.
            path: Where its bytes are.
            entries: What came of it: itself, or what is in the archive.
        """
        out = 0
        for entry in entries:
            if not entry.refused and not self._room(entry):
                out += 1
                continue
            if not entry.refused:
                self._count += 1
                self._size += entry.size
            yield self._by_a_name_of_its_own(entry, name)
        if out:
            yield Entry(name, path, problems=(self._left_out(out, len(entries)),))

    def _by_a_name_of_its_own(self, entry: Entry, given: str) -> Entry:
        """The entry; called after its archive too where another has its name already."""
        name, number = entry.name, 1
        while name in self._names:
            name = f"{given}/{entry.name}" if number == 1 else f"{given}/{number}/{entry.name}"
            number += 1
        self._names.add(name)
        return replace(entry, name=name)

    def _room(self, entry: Entry) -> bool:
        more = self._count < self._limits.batch_files
        return more and self._size + entry.size <= self._limits.batch_bytes

    def _left_out(self, out: int, of: int) -> Problem:
        limits = self._limits
        most = f"{limits.batch_files:,} files"
        if self._count < limits.batch_files:
            most = f"{limits.batch_bytes / 1e6:,.0f} MB"
        what = "It is" if of == 1 else f"{out:,} of its {of:,} files are"
        return Problem(
            kind="refused",
            severity="error",
            message=f"{what} left out: at most {most} are taken at a time.",
            fix="Add it in another batch.",
        )
