"""The rooms of a workspace that experiments work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.cast import Populations
from core.domain.models import Model
from core.flows import Flows
from core.rehearsal import Rehearsals, Reports
from core.store import Store
from core.twins import Twins


@dataclass(frozen=True)
class Rooms:
    """What an experiment needs of its workspace.

    Attributes:
        store: The tables.
        flows: The flows.
        twins: The creator twins.
        populations: The populations.
        rehearsals: The runs.
        reports: What is read from runs.
        find_model: A language model by its id or name.
        keep_model: The same; one that is not in the workspace's list is added to it.
    """

    store: Store
    flows: Flows
    twins: Twins
    populations: Populations
    rehearsals: Rehearsals
    reports: Reports
    find_model: Callable[[str], Model]
    keep_model: Callable[[str], Model]
