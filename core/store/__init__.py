"""The only room that speaks SQL: one DuckDB file a workspace."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from core.store.database import Database
from core.store.dataset_files import FileKind
from core.store.datasets import DatasetTable
from core.store.debugging import DebugTable
from core.store.definitions import (
    Clock,
    FactTable,
    FlowTable,
    ParameterTable,
    PersonaTable,
    utc_now,
)
from core.store.experiments import ExperimentTable
from core.store.live import Entered, LiveRow, LiveTable
from core.store.migrations import migrate
from core.store.models import DEFAULT_CACHE_BYTES, AnswerTable, CallTable, ModelTable, SecretTable
from core.store.origins import LiveOrigin, Origin, RunsOrigin, TableOrigin
from core.store.participants import ParticipantReading
from core.store.partings import Parted, Went
from core.store.populations import PopulationTable
from core.store.reading import Reading
from core.store.runs import EventLog, RunTable
from core.store.step_times import TIMES, Asked, Measured, StepTimeTable, Waited
from core.store.trials import TrialTable
from core.store.twins import PieceTable, StandardTestTable, TurnTable, TwinTable


class Store:
    """A workspace's tables."""

    def __init__(
        self, path: Path, clock: Clock = utc_now, *, cache_bytes: int = DEFAULT_CACHE_BYTES
    ) -> None:
        self._scratch: TemporaryDirectory[str] | None = None
        self.database = Database(path)
        migrate(self.database)
        self.personas = PersonaTable(self.database, clock)
        self.populations = PopulationTable(self.database)
        self.flows = FlowTable(self.database, clock)
        self.parameters = ParameterTable(self.database, clock)
        self.facts = FactTable(self.database)
        self.models = ModelTable(self.database, clock)
        self.secrets = SecretTable(self.database)
        self.answers = AnswerTable(self.database, cache_bytes, clock)
        self.calls = CallTable(self.database, clock)
        self.twins = TwinTable(self.database, clock)
        self.pieces = PieceTable(self.database)
        self.turns = TurnTable(self.database, clock)
        self.twin_tests = StandardTestTable(self.database)
        self.flow_trials = TrialTable(self.database)
        self.debug_sessions = DebugTable(self.database)
        self.runs = RunTable(self.database, clock)
        self.events = EventLog(self.database, clock)
        self.step_times = StepTimeTable(self.database)
        self.experiments = ExperimentTable(self.database)
        self.datasets = DatasetTable(self.database, clock)
        self.participants = ParticipantReading(self.database)
        self.live = LiveTable(self.database, clock)

    @classmethod
    def in_memory(cls, clock: Clock = utc_now) -> Store:
        """The same tables for a question that keeps nothing.

        What does not fit into memory stands in a folder that is gone with the store.
        """
        store = cls(Path(":memory:"), clock)
        store._scratch = TemporaryDirectory(prefix="greenroom-")
        store.database.spill_to(Path(store._scratch.name))
        return store

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()
        if self._scratch is not None:
            self._scratch.cleanup()


__all__ = [
    "TIMES",
    "AnswerTable",
    "Asked",
    "CallTable",
    "Clock",
    "Database",
    "DatasetTable",
    "DebugTable",
    "Entered",
    "EventLog",
    "ExperimentTable",
    "FactTable",
    "FileKind",
    "FlowTable",
    "LiveOrigin",
    "LiveRow",
    "LiveTable",
    "Measured",
    "ModelTable",
    "Origin",
    "ParameterTable",
    "Parted",
    "ParticipantReading",
    "PersonaTable",
    "PieceTable",
    "PopulationTable",
    "Reading",
    "RunTable",
    "RunsOrigin",
    "SecretTable",
    "StandardTestTable",
    "StepTimeTable",
    "Store",
    "TableOrigin",
    "TrialTable",
    "TurnTable",
    "TwinTable",
    "Waited",
    "Went",
    "utc_now",
]
