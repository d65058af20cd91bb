"""Rehearsals: runs that are prepared, played, stopped, found interrupted, and resumed.

A checkpoint is a committed batch of whole contacts. Whoever is killed loses what was not yet
committed, and plays it again to the same events.
"""

from __future__ import annotations

import logging
import pickle
import threading
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Executor, Future

import pyarrow as pa
import pyarrow.compute as pc

from core.cast import Personas, Populations
from core.domain.errors import Conflict, GreenroomError, NotFound, StorageFull
from core.domain.flows import FlowTest
from core.domain.populations import CastLine, Population, PopulationDraft
from core.domain.runs import Engine, Run, RunDraft, RunStatus
from core.flows import Flows
from core.rehearsal.director import Script, play_batch
from core.rehearsal.parameters import ParameterVersions
from core.rehearsal.progress import Progress, Watchers, progress_of
from core.store import Store

log = logging.getLogger("greenroom.rehearsal")
SMALLEST_BATCH, LARGEST_BATCH, BATCHES = 20, 500, 10


class Live:
    """A run that is being played in this process."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.rested = threading.Event()
        self.started = time.monotonic()
        self.played = 0
        self.counts: Counter[str] = Counter()

    def speed(self) -> float | None:
        """Contacts a second since the start, None before the first checkpoint."""
        return self.played / (time.monotonic() - self.started) if self.played else None


class Rehearsals:
    """The runs of one workspace.

    Args:
        store: The workspace's tables.
        flows: Its flows.
        personas: Its personas.
        populations: Its populations.
        parameters: Its versions of the behaviour model's parameters.
        twins: The passages of each twin, by slug.
        executor: Makes the processes that play beside this one; None plays inside.
        workers: How many there are.
    """

    def __init__(
        self,
        store: Store,
        flows: Flows,
        personas: Personas,
        populations: Populations,
        parameters: ParameterVersions,
        *,
        twins: dict[str, tuple[str, ...]],
        executor: Callable[[], Executor] | None = None,
        workers: int = 0,
    ) -> None:
        self._store = store
        self._flows = flows
        self._personas = personas
        self._populations = populations
        self._parameters = parameters
        self._twins = twins
        self._executor = executor
        self._workers = workers
        self._live: dict[str, Live] = {}
        self._lock = threading.Lock()
        self._watchers = Watchers(self.progress)

    # Looking

    def get(self, id: str) -> Run:
        """One run by its id or its number.

        Raises:
            NotFound: If there is none.
        """
        run = self._store.runs.one(id)
        if run is None:
            raise NotFound(f"There is no rehearsal '{id}' here.", place="run")
        return run

    def list(
        self, flow_id: str | None = None, limit: int | None = None, offset: int = 0
    ) -> list[Run]:
        """Rehearsals, newest first."""
        return self._store.runs.all(flow_id, limit, offset)

    def count(self, flow_id: str | None = None) -> int:
        """How many there are."""
        return self._store.runs.count(flow_id)

    def progress(self, id: str) -> Progress:
        """How far a run is now."""
        run = self.get(id)
        live = self._live.get(run.id)
        return progress_of(run, dict(live.counts) if live else {}, live.speed() if live else None)

    def going_on(self, id: str) -> bool:
        """Whether this process is playing a run now."""
        return id in self._live

    def watch(self, id: str) -> AsyncIterator[Progress]:
        """An async iterator of a run's progress until it comes to rest."""
        return self._watchers.watch(self.get(id).id)

    # Doing

    def prepare(
        self,
        flow_id: str,
        population_id: str,
        *,
        seed: int = 7,
        engine: Engine = "behaviour",
        flow_version: int | None = None,
        parameters_version: int | None = None,
        parent_id: str | None = None,
    ) -> Run:
        """Note a run that may then be played or started.

        Raises:
            InvalidFlow: If the flow cannot be compiled.
            NotFound: If the flow, the population or the parameters do not exist.
        """
        flow = self._flows.get(flow_id, flow_version)
        self._flows.compiled(flow.id, flow.version)
        population = self._populations.get(population_id)
        version = self._parameters.newest() if parameters_version is None else parameters_version
        self._parameters.changes(version)
        draft = RunDraft(
            flow_id=flow.id,
            flow_version=flow.version,
            population_id=population.id,
            seed=seed,
            engine=engine,
            parameters_version=version,
            parent_id=parent_id,
        )
        return self._store.runs.add(draft, population.size)

    def start(self, id: str) -> Run:
        """Play a run in the background, from where it is."""
        run = self.get(id)
        if run.status == "finished":
            return run
        live = self._go_live(run.id)
        threading.Thread(
            target=self._play_quietly, args=(run, live), name=f"rehearsal-{run.id}", daemon=True
        ).start()
        return self.get(run.id)

    def play(self, id: str) -> Run:
        """Play a run here, from where it is; comes back when it has come to rest.

        Raises:
            StorageFull: If the disk is full; what was committed is safe.
        """
        run = self.get(id)
        if run.status == "finished":
            return run
        live = self._go_live(run.id)
        try:
            self._play(run, live)
        finally:
            self._come_to_rest(run.id, live)
        return self.get(run.id)

    def stop(self, id: str, timeout: float | None = 30.0) -> Run:
        """Ask a run to stop at its next checkpoint, and wait for that."""
        run = self.get(id)
        live = self._live.get(run.id)
        if live is not None:
            live.stop.set()
            live.rested.wait(timeout)
        return self.get(run.id)

    def wait(self, id: str, timeout: float | None = None) -> Run:
        """Wait until a run that is played in the background comes to rest."""
        live = self._live.get(self.get(id).id)
        if live is not None:
            live.rested.wait(timeout)
        return self.get(id)

    def delete(self, id: str) -> None:
        """Take a run and its events away.

        Raises:
            Conflict: If it is being played.
        """
        run = self.get(id)
        if run.id in self._live:
            raise Conflict("This rehearsal is going on.", fix="Stop it first.")
        self._store.runs.delete(run.id)

    def recover(self) -> Sequence[Run]:
        """Mark what a process that is gone left unfinished; called when a workspace is opened."""
        lost = self._store.runs.with_status("running", "pending")
        for run in lost:
            self._store.runs.change(
                run.id, "interrupted", error="The process that played it ended."
            )
        return lost

    def close(self) -> None:
        """Stop everything that is going on, at its next checkpoint."""
        for live in tuple(self._live.values()):
            live.stop.set()
        for live in tuple(self._live.values()):
            live.rested.wait(30)

    # Playing

    def _go_live(self, id: str) -> Live:
        with self._lock:
            if id in self._live:
                raise Conflict("This rehearsal is going on already.", place="run")
            live = self._live[id] = Live()
        try:
            self._store.runs.change(id, "running")
        except GreenroomError:
            self._come_to_rest(id, live)
            raise
        return live

    def _come_to_rest(self, id: str, live: Live) -> None:
        with self._lock:
            self._live.pop(id, None)
        live.rested.set()

    def _play_quietly(self, run: Run, live: Live) -> None:
        """What a thread runs: an error is noted on the run, where people see it."""
        try:
            self._play(run, live)
        except Exception:
            log.exception("rehearsal %s did not finish", run.id)
        finally:
            self._come_to_rest(run.id, live)

    def _play(self, run: Run, live: Live) -> None:
        try:
            live.counts.update(self._store.events.counts(run.id))
            stopped = self._play_people(run, live) or self._play_tests(run, live)
            self._store.runs.change(run.id, "paused" if stopped else "finished")
        except BaseException as error:
            self._note_failure(run.id, error)
            raise
        finally:
            self._watchers.tell(self.progress(run.id))

    def _note_failure(self, id: str, error: BaseException) -> None:
        """Put the run into the state that its error means.

        On a full disk even this may fail: the run is then found interrupted at the next start.
        """
        resumable = isinstance(error, StorageFull | KeyboardInterrupt)
        status: RunStatus = "interrupted" if resumable else "failed"
        if isinstance(error, KeyboardInterrupt):
            text = "It was stopped by hand."
        elif isinstance(error, GreenroomError):
            text = str(error)
        else:
            text = f"{type(error).__name__}: {error}"
        try:
            self._store.runs.change(id, status, error=text)
        except GreenroomError:
            log.warning("rehearsal %s: its state could not be written", id)

    def _play_people(self, run: Run, live: Live) -> bool:
        """Play who has not played yet; gives whether it was stopped."""
        done = run.done
        for batch, count in self._batches(run, live):
            done += count
            self._store.events.append(run.id, batch, done)
            if run.parent_id is None:
                live.played += count
                kinds = pc.value_counts(batch["kind"]).to_pylist()
                live.counts.update({entry["values"]: entry["counts"] for entry in kinds})
                self._watchers.tell(self.progress(run.id))
        return done < run.contacts

    def _batches(self, run: Run, live: Live) -> Iterator[tuple[pa.Table, int]]:
        """Batches of events in the order of the people; workers play a few ahead."""
        script = pickle.dumps(self._script(run))
        size = max(SMALLEST_BATCH, min(LARGEST_BATCH, run.contacts // BATCHES))
        ahead: deque[tuple[Future[pa.Table], int]] = deque()
        for start in range(run.done, run.contacts, size):
            if live.stop.is_set():
                break
            people = self._store.populations.people(run.population_id, start, size)
            if not self._workers or self._executor is None:
                yield play_batch(script, people), len(people)
                continue
            future = self._executor().submit(play_batch, script, people)
            ahead.append((future, len(people)))
            if len(ahead) > self._workers:
                first, count = ahead.popleft()
                yield first.result(), count
        for future, count in ahead:
            if live.stop.is_set():
                future.cancel()
                break
            yield future.result(), count

    def _script(self, run: Run) -> Script:
        personas = self._populations.personas(run.population_id)
        return Script(
            document=self._flows.get(run.flow_id, run.flow_version).document,
            personas={id: persona.model_dump() for id, persona in personas.items()},
            parameters=self._parameters.changes(run.parameters_version),
            seed=run.seed,
            twins=self._twins,
        )

    def _play_tests(self, run: Run, live: Live) -> bool:
        """Play the flow's tests whose people are not in the cast; gives whether it was stopped."""
        if run.parent_id is not None:
            return False
        played = {child.population_id: child for child in self._store.runs.children(run.id)}
        for population in self._missing_casts(run):
            child = played.get(population.id) or self.prepare(
                run.flow_id,
                population.id,
                seed=run.seed,
                engine=run.engine,
                flow_version=run.flow_version,
                parameters_version=run.parameters_version,
                parent_id=run.id,
            )
            if child.status != "finished":
                self._store.runs.change(child.id, "running")
                if self._play_people(child, live):
                    self._store.runs.change(child.id, "paused")
                    return True
                self._store.runs.change(child.id, "finished")
        return False

    def _missing_casts(self, run: Run) -> Iterator[Population]:
        """A population for each test's persona that the run's cast does not have."""
        cast = set(self._populations.personas(run.population_id))
        tests = self._flows.compiled(run.flow_id, run.flow_version).flow.tests
        wanted: dict[str, int] = {}
        for test in tests:
            persona = self._known(test)
            if persona is not None and persona not in cast:
                wanted[persona] = max(wanted.get(persona, 0), test.copies)
        for persona, copies in wanted.items():
            lines = [CastLine(persona=persona, copies=copies)]
            yield self._populations.freeze(PopulationDraft(cast=lines, seed=run.seed))

    def _known(self, test: FlowTest) -> str | None:
        """The id of a test's persona; None where there is none, which the report says."""
        try:
            return self._personas.find(test.persona).id
        except NotFound:
            return None
