"""Rehearsals: runs that are prepared, played, stopped, found interrupted, and resumed.

A checkpoint is a committed batch of whole contacts. Whoever is killed loses what was not yet
committed, and plays it again to the same events.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pyarrow.compute as pc

from core.cast import Personas, Populations
from core.domain.errors import (
    BadInput,
    BudgetReached,
    Conflict,
    GreenroomError,
    MindUnavailable,
    NotFound,
    StorageFull,
)
from core.domain.estimates import Estimate
from core.domain.models import Model, Spending
from core.domain.personas import Persona
from core.domain.populations import Population
from core.domain.runs import Engine, Run, RunDraft, RunStatus
from core.flows import CompiledFlow, Flows
from core.minds import REACTION, REPAIR
from core.rehearsal.casts import TestCasts
from core.rehearsal.director import Script, behaviour_mind, grounding, named_twins, twin_mind
from core.rehearsal.estimate import Crowd, estimate, positions
from core.rehearsal.parameters import ParameterVersions
from core.rehearsal.playing import Playing
from core.rehearsal.progress import Progress, Watchers, progress_of
from core.rehearsal.together import Halted
from core.store import Store
from core.twins import Shelf

log = logging.getLogger("greenroom.rehearsal")
HOPELESS_SHARE, HOPELESS_LEAST = 0.5, 30
"""A run in which more than this share of at least so many reactions failed goes no further."""


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
        playing: Plays people, by whatever an engine needs.
        twins: What each sample twin says of its offer, by slug.
        shelf: The trained twins.
        max_failed_share: The share of reactions without a usable answer from which on a run has
            failed.
    """

    def __init__(
        self,
        store: Store,
        flows: Flows,
        personas: Personas,
        populations: Populations,
        parameters: ParameterVersions,
        playing: Playing,
        *,
        twins: dict[str, tuple[str, ...]],
        shelf: Shelf,
        max_failed_share: float = 1.0,
    ) -> None:
        self._store = store
        self._flows = flows
        self._casts = TestCasts(personas, populations)
        self._populations = populations
        self._parameters = parameters
        self._twins = twins
        self._shelf = shelf
        self._playing = playing
        self._max_failed_share = max_failed_share
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
        counts, speed = (dict(live.counts), live.speed()) if live else ({}, None)
        spending = self.spending(run) if run.engine == "language" else None
        return progress_of(run, counts, speed, spending)

    def spending(self, run: Run) -> Spending:
        """What a run has asked of language models so far, and paid."""
        return self._store.calls.spending(run.account)

    def going_on(self, id: str) -> bool:
        """Whether this process is playing a run now."""
        return id in self._live

    def watch(self, id: str) -> AsyncIterator[Progress]:
        """An async iterator of a run's progress until it comes to rest."""
        return self._watchers.watch(self.get(id).id)

    def estimate(
        self,
        flow_id: str,
        population_id: str,
        model: Model,
        *,
        seed: int = 7,
        flow_version: int | None = None,
    ) -> Estimate:
        """What a run with a language model would cost, as a range.

        Raises:
            InvalidFlow: If the flow cannot be compiled.
            NotFound: If there is no such flow or population.
            MindUnavailable: If nothing can be found out about the model.
        """
        stored = self._flows.get(flow_id, flow_version)
        flow = self._flows.compiled(stored.id, stored.version)
        population = self._populations.get(population_id)
        casts = [population, *self._casts.missing(flow, population.id, seed)]
        trained = self._shelf.versions(named_twins(flow))
        personas: dict[str, Persona] = {}
        for one in casts:
            personas |= self._populations.personas(one.id)
        return estimate(
            flow,
            personas,
            [self._crowd(one) for one in casts],
            model,
            self._playing.facts(model),
            behaviour_mind(self._parameters.changes(self._parameters.newest())),
            seed=seed,
            grounding=grounding(flow, self._twins),
            twin=twin_mind(self._shelf.packs(trained)),
            measured=self._store.calls.measured(model.model, REACTION, REPAIR),
        )

    def _crowd(self, population: Population) -> Crowd:
        """Some people of a population, evenly spread, for an estimate."""
        people = [
            person
            for at in positions(population.size)
            for person in self._store.populations.people(population.id, at, 1)
        ]
        return Crowd(people, population.size)

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
        model: Model | None = None,
        budget_usd: float | None = None,
        twins: Mapping[str, int] | None = None,
    ) -> Run:
        """Note a run that may then be played or started.

        Raises:
            BadInput: If the engine is a language model and none is given, or the other way round.
            InvalidFlow: If the flow cannot be compiled.
            NotFound: If the flow, the population or the parameters do not exist.
        """
        draft, people = self._draft(
            flow_id, population_id, flow_version, parameters_version, engine, model, twins
        )
        more = {"seed": seed, "parent_id": parent_id, "budget_usd": budget_usd}
        return self._store.runs.add(draft.model_copy(update=more), people)

    def prepare_once(
        self,
        flow_id: str,
        population_id: str,
        *,
        flow_version: int,
        seed: int = 7,
        model: Model | None = None,
        budget_usd: float | None = None,
        twins: Mapping[str, int] | None = None,
    ) -> Run:
        """The newest run that played, or is to play, exactly this; a new one where there is none.

        Raises:
            InvalidFlow: If the flow cannot be compiled.
            NotFound: If the flow or the population does not exist.
        """
        engine: Engine = "language" if model else "behaviour"
        draft, people = self._draft(
            flow_id, population_id, flow_version, None, engine, model, twins
        )
        draft = draft.model_copy(update={"seed": seed})
        wanted = draft.model_dump(exclude={"budget_usd"})
        for run in self._store.runs.all(draft.flow_id):
            if run.status != "failed" and wanted == run.model_dump(include=set(wanted)):
                return run
        draft = draft.model_copy(update={"budget_usd": budget_usd})
        return self._store.runs.add(draft, people)

    def _draft(
        self,
        flow_id: str,
        population_id: str,
        flow_version: int | None,
        parameters_version: int | None,
        engine: Engine,
        model: Model | None,
        twins: Mapping[str, int] | None,
    ) -> tuple[RunDraft, int]:
        """What a run needs, checked, and how many people take part."""
        if (engine == "language") != (model is not None):
            raise BadInput(
                "A language model is needed for the language engine, and for no other.",
                place="model",
            )
        flow = self._flows.get(flow_id, flow_version)
        compiled = self._flows.compiled(flow.id, flow.version)
        population = self._populations.get(population_id)
        version = self._parameters.newest() if parameters_version is None else parameters_version
        self._parameters.changes(version)
        draft = RunDraft(
            flow_id=flow.id,
            flow_version=flow.version,
            population_id=population.id,
            engine=engine,
            parameters_version=version,
            model=model,
            twins=self._shelf.versions(named_twins(compiled)) if twins is None else dict(twins),
        )
        return draft, population.size

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

    def allow(self, id: str, budget_usd: float | None) -> Run:
        """Set what a run may cost; one that paused at its budget can then go on.

        Raises:
            BadInput: If the run asks no language model, or has spent more already.
        """
        run = self.get(id)
        if run.engine != "language":
            raise BadInput("This run costs nothing: it asks no language model.", place="budget_usd")
        spent = self.spending(run).cost_usd
        if budget_usd is not None and budget_usd <= spent:
            raise BadInput(
                f"It has cost ${spent:.4f} already.",
                place="budget_usd",
                fix="Allow more than that.",
            )
        self._store.runs.allow(run.id, budget_usd)
        self._playing.allow(run, budget_usd)
        self._watchers.tell(self.progress(run.id))
        return self.get(run.id)

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
            self._rest(run, "interrupted", "The process that played it ended.")
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
            if not stopped:
                self._check_failures(run, live)
            self._rest(run, "paused" if stopped else "finished")
        except Halted:
            self._rest(run, "paused")
        except BudgetReached as reached:
            self._rest(run, "paused", str(reached))
        except BaseException as error:
            self._note_failure(run, error)
            raise
        finally:
            self._watchers.tell(self.progress(run.id))

    def _rest(self, run: Run, status: RunStatus, error: str | None = None) -> None:
        """Put a run that was played into a state, with what it cost."""
        if run.engine == "language":
            self._store.runs.spend(run.id, self.spending(run).cost_usd)
        self._store.runs.change(run.id, status, error=error)

    def _note_failure(self, run: Run, error: BaseException) -> None:
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
            self._rest(run, status, text)
        except GreenroomError:
            log.warning("rehearsal %s: its state could not be written", run.id)

    def _check_failures(self, run: Run, live: Live, most: float | None = None) -> None:
        """Let a run fail in which too many reactions have no usable answer.

        Raises:
            MindUnavailable: If their share is over ``most`` (the setting where it is not given).
        """
        failed, sent = live.counts["engine_failed"], live.counts["sent"]
        if failed <= (self._max_failed_share if most is None else most) * sent:
            return
        kinds = self._store.events.failures(run.id).items()
        raise MindUnavailable(
            f"{failed:,} of {sent:,} reactions have no usable answer "
            f"({', '.join(f'{count:,} {status}' for status, count in kinds)}).",
            fix="Look at what the model answered, or choose another one.",
        )

    def _play_people(self, run: Run, live: Live) -> bool:
        """Play who has not played yet; gives whether it was stopped."""
        done = run.done

        def tell() -> None:
            self._watchers.tell(self.progress(run.account))

        for batch in self._playing.batches(run, self._script(run), live.stop, tell):
            done += batch.people
            self._store.events.append(run.id, batch.events, done, batch.times)
            if run.parent_id is None:
                live.played += batch.people
                kinds = pc.value_counts(batch.events["kind"]).to_pylist()
                live.counts.update({entry["values"]: entry["counts"] for entry in kinds})
                tell()
                if live.counts["engine_failed"] >= HOPELESS_LEAST:
                    self._check_failures(run, live, max(HOPELESS_SHARE, self._max_failed_share))
        return done < run.contacts

    def _script(self, run: Run) -> Script:
        return self.script(
            self._flows.get(run.flow_id, run.flow_version).document,
            self._populations.personas(run.population_id),
            seed=run.seed,
            parameters=self._parameters.changes(run.parameters_version),
            twins=run.twins,
        )

    def script(
        self,
        document: dict[str, Any],
        personas: Mapping[str, Persona],
        *,
        seed: int,
        parameters: dict[str, float],
        twins: Mapping[str, int],
    ) -> Script:
        """All that is played, from its parts: what a run plays, or whoever looks at one person.

        Args:
            document: The flow.
            personas: Who takes part is a copy of these, by id.
            seed: The seed of chance.
            parameters: The behaviour model's values that differ from those we ship.
            twins: The version of each trained twin that the flow names, by slug.

        Raises:
            NotFound: If a twin or its version is not there any more.
        """
        return Script(
            document=document,
            personas={id: persona.model_dump() for id, persona in personas.items()},
            parameters=parameters,
            seed=seed,
            twins=self._twins,
            packs=self._shelf.packs(twins),
        )

    def twins_in(self, flow: CompiledFlow) -> dict[str, int]:
        """The version in use of each trained twin that a flow names, by slug."""
        return self._shelf.versions(named_twins(flow))

    def _play_tests(self, run: Run, live: Live) -> bool:
        """Play the flow's tests whose people are not in the cast; gives whether it was stopped."""
        if run.parent_id is not None:
            return False
        played = {child.population_id: child for child in self._store.runs.children(run.id)}
        flow = self._flows.compiled(run.flow_id, run.flow_version)
        for population in self._casts.missing(flow, run.population_id, run.seed):
            child = played.get(population.id) or self.prepare(
                run.flow_id,
                population.id,
                seed=run.seed,
                engine=run.engine,
                flow_version=run.flow_version,
                parameters_version=run.parameters_version,
                parent_id=run.id,
                model=run.model,
                budget_usd=run.budget_usd,
                twins=run.twins,
            )
            if child.status != "finished":
                self._store.runs.change(child.id, "running")
                if self._play_people(child, live):
                    self._store.runs.change(child.id, "paused")
                    return True
                self._store.runs.change(child.id, "finished")
        return False
