"""Imported tables of results: brought in once, looked at, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.domain.errors import Conflict, NotFound
from core.domain.experiments import Dataset
from core.store import DatasetTable, ExperimentTable, FileKind


class Datasets:
    """The imported tables of a workspace.

    Args:
        table: Where they are kept.
        experiments: The experiments, which may rest on them.
        most_bytes: What a file may have, and unpack to; None for any size.
        home: Greenroom's own folder: its files are not asked.
    """

    def __init__(
        self,
        table: DatasetTable,
        experiments: ExperimentTable,
        most_bytes: int | None = None,
        home: Path | None = None,
    ) -> None:
        self._table = table
        self._experiments = experiments
        self._most_bytes = most_bytes
        self._home = home

    def list(self) -> Sequence[Dataset]:
        """Every table, newest first."""
        return self._table.all()

    def get(self, id: str) -> Dataset:
        """One table.

        Raises:
            NotFound: If there is none.
        """
        found = self._table.one(id)
        if found is None:
            raise NotFound(f"There is no table '{id}' here.", place="dataset")
        return found

    def add_file(self, path: Path, name: str, kind: FileKind | None = None) -> Dataset:
        """Import a file; its kind is told from its name where it is not given.

        Raises:
            BadInput: If it cannot be read.
            TooLarge: If it is larger than a table may be, or unpacks to more.
        """
        return self._table.add_file(path, name, kind or kind_of(name), most=self._most_bytes)

    def add_query(self, connection_url: str, sql: str, name: str) -> Dataset:
        """Import what one SELECT of another database gives; that database is only read.

        Raises:
            BadInput: If it cannot be reached, or would do more than read.
        """
        return self._table.add_query(connection_url, sql, name, closed=self._home)

    def preview(self, id: str, n: int = 20) -> Sequence[dict[str, Any]]:
        """The first rows of a table.

        Raises:
            NotFound: If there is none.
        """
        return self._table.preview(self.get(id).id, n)

    def used(self, id: str) -> Sequence[str]:
        """The names of the experiments that rest on a table."""
        found = self._experiments.all()
        return [one.design.name for one in found if one.dataset == id]

    def delete(self, id: str) -> None:
        """Take a table and its rows away.

        Raises:
            NotFound: If there is none.
            Conflict: If an experiment rests on it.
        """
        dataset = self.get(id)
        used = self.used(dataset.id)
        if used:
            raise Conflict(
                f"“{used[0]}”{f' and {len(used) - 1} more' if len(used) > 1 else ''} would lose "
                "its data.",
                fix="Delete the experiment first.",
            )
        self._table.delete(dataset.id)


def kind_of(name: str) -> FileKind:
    """The kind of a file by its name: Parquet, JSON lines, else CSV."""
    ending = Path(name.removesuffix(".gz")).suffix.lower()
    if ending in (".parquet", ".pq"):
        return "parquet"
    return "jsonl" if ending in (".jsonl", ".ndjson") else "csv"
