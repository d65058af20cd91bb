"""Turning a run into batches of events, by whatever its engine needs.

The embedded engine computes: its people are shared out to processes, in batches. A language model
is waited for: its people play side by side on one thread.
"""

from __future__ import annotations

import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future

from core.domain.errors import MindUnavailable
from core.domain.models import Model, ModelFacts
from core.domain.runs import Run
from core.minds import Gateway, LanguageMind
from core.rehearsal.director import Played, Script, Stage, play_batch
from core.rehearsal.together import Batch, Ensemble, Halting, Work
from core.store import PopulationTable

SMALLEST_BATCH, LARGEST_BATCH, BATCHES = 20, 500, 10


class Playing:
    """Plays the people of runs.

    Args:
        populations: Where the people are.
        gateway: The way to language models.
        run: Does work on the gateway's loop.
        executor: Makes the processes that play beside this one; None plays inside.
        workers: How many there are.
    """

    def __init__(
        self,
        populations: PopulationTable,
        gateway: Gateway,
        run: Work,
        executor: Callable[[], Executor] | None,
        workers: int,
    ) -> None:
        self._populations = populations
        self._gateway = gateway
        self._run = run
        self._executor = executor
        self._workers = workers

    def batches(
        self, run: Run, script: Script, stop: threading.Event, tick: Callable[[], None]
    ) -> Iterator[Batch]:
        """Batches of events in the order of the people, from where the run is.

        Args:
            run: The run.
            script: What it plays.
            stop: Set by whoever wants it to rest.
            tick: Called now and then while nothing comes.

        Raises:
            Halted: If it was stopped between two calls of a model.
            BudgetReached: If what it may cost is spent.
            MindUnavailable: If the engine cannot answer anybody.
        """
        if run.engine == "language":
            return self._together(run, script, stop, tick)
        return self._shared_out(run, script, stop)

    def facts(self, model: Model) -> ModelFacts:
        """What is known of a model before it is asked."""
        return self._gateway.facts(model)

    def allow(self, run: Run, budget_usd: float | None) -> None:
        """Set what a run that is being played may cost."""
        self._gateway.set_budget(run.account, budget_usd)

    def _shared_out(self, run: Run, script: Script, stop: threading.Event) -> Iterator[Batch]:
        """Workers play a few batches ahead."""
        packed = pickle.dumps(script)
        size = max(SMALLEST_BATCH, min(LARGEST_BATCH, run.contacts // BATCHES))
        ahead: deque[tuple[Future[Played], int]] = deque()
        for start in range(run.done, run.contacts, size):
            if stop.is_set():
                break
            people = self._populations.people(run.population_id, start, size)
            if not self._workers or self._executor is None:
                yield Batch(*play_batch(packed, people), len(people))
                continue
            future = self._executor().submit(play_batch, packed, people)
            ahead.append((future, len(people)))
            if len(ahead) > self._workers:
                first, count = ahead.popleft()
                yield Batch(*first.result(), count)
        for future, count in ahead:
            if stop.is_set():
                future.cancel()
                break
            yield Batch(*future.result(), count)

    def _together(
        self, run: Run, script: Script, stop: threading.Event, tick: Callable[[], None]
    ) -> Iterator[Batch]:
        """People play side by side, as many as the model takes in flight."""
        if run.model is None:
            raise MindUnavailable("This run has no language model.", fix="Choose one.")
        gateway, account = self._gateway, run.account
        if run.parent_id is None:
            gateway.set_budget(account, run.budget_usd)
        mind = LanguageMind(Halting(gateway, stop), run.model, account=account)
        ensemble = Ensemble(
            Stage(script, mind=mind),
            lambda start, count: self._populations.people(run.population_id, start, count),
            run.done,
            run.contacts,
            run.model.in_flight,
            stop,
        )
        try:
            yield from ensemble.batches(self._run, tick)
        finally:
            gateway.flush()
