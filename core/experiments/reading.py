"""Where an analysis gets its sums from: the same questions to a table, a rehearsal, live events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.domain.errors import BadInput
from core.domain.experiments import Design
from core.domain.samples import Cell, DataFacts, Quantiles
from core.store import Origin, ParticipantReading, RunsOrigin

QuantileKey = tuple[str, str, str | None]
"""Metric, variant, the segment's value."""


class Readings(Protocol):
    """What an analysis asks of its data; every answer is made of sums."""

    def cells(
        self, design: Design, *, segment: str | None = None, daily: bool = False
    ) -> list[Cell]:
        """Each variant's participants, by a segment's value or by day."""
        ...

    def pairs(self, design: Design, a: str, b: str, *, segment: str | None = None) -> list[Cell]:
        """Those who met both variants, value beside value."""
        ...

    def quantiles(
        self, design: Design, *, segment: str | None = None
    ) -> dict[QuantileKey, Quantiles]:
        """The quantiles that metrics ask for."""
        ...

    def facts(self, design: Design) -> DataFacts:
        """What is true of the data beside their figures."""
        ...

    def balance(self, design: Design, by: str) -> list[tuple[str, str, int]]:
        """How many participants each variant has, by a segment's value or ``day``."""
        ...


@dataclass(frozen=True)
class StoredReadings:
    """The store's answers about one origin.

    Attributes:
        participants: The store.
        origin: A table, runs or live events.
    """

    participants: ParticipantReading
    origin: Origin

    def cells(
        self, design: Design, *, segment: str | None = None, daily: bool = False
    ) -> list[Cell]:
        """Each variant's participants, by a segment's value or by day."""
        return self.participants.cells(self.origin, design, segment=segment, daily=daily)

    def pairs(self, design: Design, a: str, b: str, *, segment: str | None = None) -> list[Cell]:
        """Those who met both variants, value beside value.

        Raises:
            BadInput: If the origin is no rehearsal: nobody else can meet two variants.
        """
        if not isinstance(self.origin, RunsOrigin):
            raise BadInput(
                "Only a rehearsal lets everyone meet every variant.",
                place="assignment.how",
                fix="Choose 'given' for a table and 'hash' for live people.",
            )
        return self.participants.pairs(self.origin, design, a, b, segment=segment)

    def quantiles(
        self, design: Design, *, segment: str | None = None
    ) -> dict[QuantileKey, Quantiles]:
        """The quantiles that metrics ask for."""
        return self.participants.quantiles(self.origin, design, segment=segment)

    def facts(self, design: Design) -> DataFacts:
        """What is true of the data beside their figures."""
        return self.participants.facts(self.origin, design)

    def balance(self, design: Design, by: str) -> list[tuple[str, str, int]]:
        """How many participants each variant has, by a segment's value or ``day``."""
        return self.participants.balance(self.origin, design, by)
