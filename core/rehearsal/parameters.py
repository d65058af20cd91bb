"""Versions of the behaviour model's parameters: 1 is the one we ship, later ones a workspace's."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from core.domain.errors import NotFound
from core.minds import BehaviourParameters
from core.store import ParameterTable


class Version(NamedTuple):
    """One saved version."""

    number: int
    note: str
    created_at: datetime | None


class ParameterVersions:
    """The parameters of one workspace.

    Args:
        table: Where versions are kept: each holds only what differs from what we ship.
        shipped: The parameters that we ship.
    """

    def __init__(self, table: ParameterTable, shipped: BehaviourParameters) -> None:
        self._table = table
        self.shipped = shipped

    def versions(self) -> list[Version]:
        """Every version, newest first; the last is version 1."""
        saved = [Version(*row) for row in self._table.versions()]
        return [*saved, Version(1, "as shipped", None)]

    def newest(self) -> int:
        """The number of the newest version."""
        return self.versions()[0].number

    def changes(self, version: int) -> dict[str, float]:
        """What differs from the shipped values in one version.

        Raises:
            NotFound: If there is no such version.
        """
        if version == 1:
            return {}
        document = self._table.document(version)
        if document is None:
            raise NotFound(f"There is no version {version} of the parameters.", place="parameters")
        return {name: float(value) for name, value in document.items()}

    def get(self, version: int | None = None) -> BehaviourParameters:
        """The parameters of one version, the newest where none is named."""
        return self.shipped.replace(self.changes(self.newest() if version is None else version))

    def save(self, changes: dict[str, float], note: str) -> int:
        """Keep a new version, given by what differs from the shipped values.

        Raises:
            BadInput: If a name is unknown or a value out of its range.
        """
        self.shipped.replace(changes)
        return self._table.add(changes, note.strip()[:200] or "changed")
