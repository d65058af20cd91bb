"""Where an experiment's participants come from."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TableOrigin:
    """An imported table; ``dataset`` is its id."""

    dataset: str


@dataclass(frozen=True, slots=True)
class RunsOrigin:
    """A rehearsal: one run for each variant.

    Attributes:
        runs: The run's id, by the variant's.
        population_id: Whose people they were; each run's own population where it is empty.
    """

    runs: dict[str, str] = field(hash=False)
    population_id: str = ""


@dataclass(frozen=True, slots=True)
class LiveOrigin:
    """Events as they come in, kept under the experiment's id."""

    experiment_id: str


Origin = TableOrigin | RunsOrigin | LiveOrigin
