"""Experiments as they are kept: found, listed, put down as drafts."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import uuid4

from core.domain.errors import Conflict, NotFound
from core.domain.experiments import Design, Experiment, SourceKind, Status
from core.experiments.bandits import BanditRoom
from core.experiments.fitting import fitted
from core.experiments.live import LiveRoom
from core.experiments.looks import Looking
from core.experiments.predicting import Predicting
from core.experiments.rehearsing import Rehearsing
from core.experiments.rooms import Rooms
from core.store import Clock, utc_now


class Kept:
    """The experiments of one workspace.

    Args:
        rooms: What they work with.
        clock: What time it is.
    """

    def __init__(self, rooms: Rooms, clock: Clock = utc_now) -> None:
        self._rooms = rooms
        self._table = rooms.store.experiments
        self._clock = clock
        self._lock = threading.RLock()
        self._rehearsing = Rehearsing(rooms)
        self._bandits = BanditRoom(rooms.store)
        self._live = LiveRoom(rooms.store, self._bandits)
        self._looking = Looking(
            rooms.store, self._rehearsing, self._live, self._bandits.told, clock
        )
        self._predicting = Predicting(rooms, self._looking)

    def at(self, moment: datetime) -> Self:
        """The same experiments at another moment: for data that are made up, and tests."""
        return type(self)(self._rooms, lambda: moment)

    def list(self, limit: int | None = None, offset: int = 0) -> Sequence[Experiment]:
        """Some of the experiments, newest first."""
        return self._table.all(limit, offset)

    def of_run(self, run_id: str) -> Experiment | None:
        """The newest experiment of which a run is a variant, None where it is of none."""
        return self._table.of_run(run_id)

    def count(self) -> int:
        """How many there are."""
        return self._table.count()

    def get(self, id: str) -> Experiment:
        """One experiment.

        Raises:
            NotFound: If there is none.
        """
        found = self._table.one(id)
        if found is None:
            raise NotFound(f"There is no experiment '{id}' here.", place="experiment")
        return found

    def create(
        self, design: Design, source: SourceKind = "table", *, demo: bool = False
    ) -> Experiment:
        """Keep a draft; it may be as incomplete as one likes.

        Args:
            design: What is decided so far. An assignment that nobody chose becomes the source's
                usual one.
            source: Where the figures will come from.
            demo: Whether it is demo data.
        """
        experiment = Experiment(
            id=f"x-{uuid4().hex[:12]}",
            design=fitted(design, source),
            source=source,
            created_at=self._clock(),
            demo=demo,
        )
        self._table.add(experiment)
        return experiment

    def _put(self, experiment: Experiment, **changes: Any) -> Experiment:
        changed = experiment.model_copy(update=changes)
        self._table.put(changed)
        return changed


def check_draft(experiment: Experiment) -> None:
    """Refuse to change what was frozen."""
    if experiment.status == "draft":
        return
    words: dict[Status, str] = {"running": "has started", "stopped": "has started"}
    raise Conflict(
        f"“{experiment.design.name}” {words.get(experiment.status, 'has been decided')}: what was "
        "decided before the data came cannot change any more.",
        place="design",
        fix="Copy it: the copy is a draft that you can change.",
    )
