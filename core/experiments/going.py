"""Experiments that go on: runs are played, participants come in and do things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.domain.errors import Conflict, NotFound
from core.domain.experiment_life import Assigned, LiveEvent, Received
from core.domain.experiments import Experiment, Registered
from core.experiments.checking import obstacles, refuse
from core.experiments.fitting import pinned
from core.experiments.importing import came_in, check_columns, events_of
from core.experiments.kept import Kept, check_draft
from core.experiments.live import Person
from core.rehearsal import Progress


class Going(Kept):
    """What is done from the start to the end."""

    def start(self, id: str, *, budget_usd: float | None = None, wait: bool = False) -> Experiment:
        """Freeze the design, and let it begin.

        Args:
            id: The experiment.
            budget_usd: What each variant's language model may cost, in a rehearsal.
            wait: Whether to play a rehearsal here, and come back when it has come to rest.

        Raises:
            BadInput: If the design cannot work; names the field.
            Conflict: If it has started already.
        """
        with self._lock:
            experiment = self.get(id)
            check_draft(experiment)
            source = experiment.source
            refuse(obstacles(experiment.design, source, self._rooms, experiment.dataset))
            people = self._predicting.planned_people(experiment.design, source)
            design = pinned(experiment.design, experiment.id, source, self._rooms, people)
            runs = self._rehearsing.prepare(design, budget_usd) if source == "rehearsal" else {}
            now = self._clock()
            registered = Registered(
                at=now, fingerprint=design.fingerprint, people=design.planned.people
            )
            started = self._put(
                experiment, status="running", design=design, registered=registered, runs=runs
            )
        self._rehearsing.go_on(started, wait=wait)
        return self.get(id)

    def progress(self, id: str) -> dict[str, Progress]:
        """How far each variant's rehearsal is; nothing for an experiment without one."""
        return self._rehearsing.progress(self.get(id))

    def ready(self, id: str) -> bool:
        """Whether there is something to look at."""
        try:
            self._looking.origin(self.get(id))
        except (Conflict, NotFound):
            return False
        return True

    def wait(self, id: str, timeout: float | None = None) -> Experiment:
        """Wait until the rehearsals of an experiment have come to rest."""
        self._rehearsing.wait(self.get(id), timeout)
        return self.get(id)

    def stop(self, id: str) -> Experiment:
        """Stop: rehearsals rest at their next checkpoint, a live one lets nobody new in.

        What those do who are in a live one is still taken down, until it is decided.

        Raises:
            Conflict: If it is not running.
        """
        experiment = self.get(id)
        if experiment.status != "running":
            raise Conflict(f"“{experiment.design.name}” is not running.")
        self._rehearsing.stop(experiment)
        with self._lock:
            return self._put(self.get(id), status="stopped", finished_at=self._clock())

    def resume(self, id: str, *, wait: bool = False) -> Experiment:
        """Go on: with rehearsals that were stopped or interrupted, or with new participants.

        Raises:
            Conflict: If it has not started, or has been decided.
        """
        with self._lock:
            experiment = self.get(id)
            if experiment.status not in ("running", "stopped"):
                text = "has not started" if experiment.status == "draft" else "has been decided"
                raise Conflict(f"“{experiment.design.name}” {text}.")
            experiment = self._put(experiment, status="running", finished_at=None)
        self._rehearsing.go_on(experiment, wait=wait)
        return self.get(id)

    def assign(
        self,
        id: str,
        contact_id: str,
        attributes: Mapping[str, Any] | None = None,
        *,
        at: datetime | None = None,
    ) -> Assigned:
        """The variant that a participant meets: decided once, the same ever after.

        Args:
            id: The experiment.
            contact_id: The participant.
            attributes: What is known of them: strata, segments, what was measured before.
            at: When they came; now where it is not given.

        Raises:
            BadInput: If that cannot be an id.
            Conflict: If the experiment lets nobody new in.
        """
        return self._live.assign(self.get(id), contact_id, attributes or {}, at)

    def assign_all(
        self, id: str, people: Sequence[Person], *, at: datetime | None = None
    ) -> Sequence[Assigned]:
        """The same for a list, which a stratified assignment shares out exactly.

        Raises:
            BadInput: If something cannot be an id.
            Conflict: If the experiment lets nobody new in.
        """
        return self._live.assign_all(self.get(id), people, at)

    def receive(self, id: str, events: Sequence[LiveEvent]) -> Received:
        """Take down what participants did.

        Raises:
            Conflict: If the experiment has not started, or has been decided.
        """
        return self._live.receive(self.get(id), events)

    def import_events(self, id: str, dataset: str) -> Received:
        """Take down the events of an imported table: a row each, with contact_id and kind.

        A row of kind ``entered`` with a variant says who met which one, where another system
        decided that. A row counts once, however often the table is imported.

        Raises:
            BadInput: If a row cannot be an event, or names a variant that there is not.
            Conflict: If the experiment does not take events down now.
            NotFound: If there is no such table.
        """
        table = self._rooms.store.datasets
        found = table.one(dataset)
        if found is None:
            raise NotFound(f"There is no table '{dataset}' here.", place="dataset")
        check_columns(found)
        rows = table.preview(found.id, found.rows)
        events, experiment = list(events_of(found, rows)), self.get(id)
        came = list(came_in(rows))
        new = self._live.enter(experiment, came) if came else 0
        received = self._live.receive(experiment, events)
        return received.model_copy(
            update={
                "kept": received.kept + new,
                "repeated": received.repeated + len(came) - new,
            }
        )

    def participants(self, id: str) -> dict[str, int]:
        """How many were sent to each variant so far; a count alone is no look."""
        experiment = self.get(id)
        ids = [variant.id for variant in experiment.design.variants]
        if experiment.source == "rehearsal":
            runs = self._rehearsing.runs(experiment)
            return {variant: run.done for variant, run in runs.items()}
        return dict.fromkeys(ids, 0) | self._rooms.store.live.counts(experiment.id)
