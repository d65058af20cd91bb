"""Which twins are being trained now, one training a twin."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from core.domain.errors import Conflict
from core.domain.twins import PersonalChoice, TrainingState, Twin
from core.store import Store
from core.twins.preparing import Workshop
from core.twins.training import Training, Upload, unfinished


class Trainings:
    """Which twins are being trained now."""

    def __init__(
        self, store: Store, workshop: Workshop, folder: Path, after: Callable[[str], None]
    ) -> None:
        self._store = store
        self._after = after
        self._workshop = workshop
        self._folder = folder
        self._live: dict[str, Training] = {}
        self._last: dict[str, TrainingState] = {}
        self._lock = threading.Lock()

    def recover(self) -> None:
        """Say of what a process that is gone left unfinished that it is."""
        shutil.rmtree(self._folder, ignore_errors=True)
        for piece in self._store.pieces.unfinished():
            self._store.pieces.put(unfinished(piece))

    def state(self, twin_id: str) -> TrainingState:
        """How far a twin's training is, or how its last one ended."""
        live = self._live.get(twin_id)
        return live.state if live else self._last.get(twin_id, TrainingState(twin_id=twin_id))

    def train(
        self, twin: Twin, uploads: Sequence[Upload], choice: PersonalChoice | None, *, wait: bool
    ) -> TrainingState:
        """Train a twin, here or in the background.

        Raises:
            Conflict: If it is being trained already.
        """
        folder = self._folder / twin.id
        with self._lock:
            if twin.id in self._live:
                raise Conflict("This twin is being trained already.", fix="Wait, or stop it.")
            training = Training(self._store, self._workshop, twin, folder, choice, self._after)
            self._live[twin.id] = training
        if wait:
            self._run(training, uploads)
        else:
            threading.Thread(
                target=self._run, args=(training, uploads), name=f"train-{twin.id}", daemon=True
            ).start()
        return self.state(twin.id)

    def stop(self, twin_id: str, timeout: float | None = 30.0) -> TrainingState:
        """Ask a training to stop, and wait for that."""
        live = self._live.get(twin_id)
        if live is not None:
            live.stop()
            live.rested.wait(timeout)
        return self.state(twin_id)

    def wait(self, twin_id: str, timeout: float | None = None) -> TrainingState:
        """Wait until a training has come to rest."""
        live = self._live.get(twin_id)
        if live is not None:
            live.rested.wait(timeout)
        return self.state(twin_id)

    def close(self) -> None:
        """Stop everything that is going on."""
        for twin_id in tuple(self._live):
            self.stop(twin_id)

    def _run(self, training: Training, uploads: Sequence[Upload]) -> None:
        try:
            training.run(uploads)
        finally:
            with self._lock:
                self._last[training.state.twin_id] = training.state
                self._live.pop(training.state.twin_id, None)
