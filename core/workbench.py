"""The composition root: opens a home and its workspaces, and hands out the rooms."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import IO, Literal

from core.cast import Personas, Populations, built_in_personas
from core.debugger import Casting, Debugger
from core.domain.errors import BadInput, Conflict, HomeHeld, NotFound, StorageFailed, TooLarge
from core.experiments import Datasets, Experiments, Rooms
from core.flows import Flows
from core.minds import Keys, Models, ModelService, load_parameters, load_passages
from core.rehearsal import (
    Backstage,
    FlowTests,
    ParameterVersions,
    Playing,
    Rehearsals,
    Reports,
    Versions,
    make_workers,
)
from core.settings import WORKSPACE_NAME, Settings
from core.store import Store
from core.twins import (
    Chosen,
    Limits,
    Opinions,
    Progress,
    Rules,
    Shelf,
    Talks,
    Tests,
    Twins,
    Workshop,
)

_DATABASE = "greenroom.duckdb"
MEGABYTE = 1_000_000
TwinPurpose = Literal["embedding", "transcription"]
TWIN_PURPOSES: tuple[TwinPurpose, ...] = ("embedding", "transcription")


class Workspace:
    """One tenant's rooms, over one database file."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        service: ModelService,
        executor: Callable[[], Executor] | None,
    ) -> None:
        samples = settings.data / "samples"
        self.name = name
        self.store = store = Store(
            settings.workspace_folder(name) / _DATABASE,
            cache_bytes=settings.model_cache_mb * 1_000_000,
        )
        self.demo = bool(store.facts.get("demo"))
        self.personas = Personas(store.personas, built_in_personas(samples / "personas"))
        self.populations = Populations(
            store.populations, store.runs, self.personas, limit=settings.max_people
        )
        self.flows = Flows(
            store.flows,
            samples / "flows",
            max_bytes=settings.max_flow_bytes,
            runs_of=store.runs.count,
        )
        self.parameters = ParameterVersions(store.parameters, load_parameters())
        secret = settings.secret_key.get_secret_value() if settings.secret_key else None
        keys = Keys(store.secrets, settings.home, secret=secret)
        self.gateway = service.gateway(store.answers, store.calls, keys)
        self.models = Models(store.models, keys, self.gateway)
        here = settings.workspace_folder(name)
        workshop = Workshop(
            rules_of(settings), store.pieces, self.gateway, self.chosen_models, here / "index"
        )
        self.twins = Twins(store, workshop, here / "twins")
        self.talks = Talks(self.twins, store.turns, self.gateway, service.run)
        self.opinions = Opinions(self.twins, self.gateway, service.run)
        self.twin_tests = Tests(store, self.twins, self.talks)
        self.twin_progress = Progress(store, self.twins)
        passages = {path.stem: load_passages(path) for path in (samples / "twins").glob("*.md")}
        shelf = Shelf(self.twins, store, workshop, here / "twins" / "packs")
        self.rehearsals = Rehearsals(
            store,
            self.flows,
            self.personas,
            self.populations,
            self.parameters,
            Playing(store.populations, self.gateway, service.run, executor, settings.workers),
            twins=passages,
            shelf=shelf,
            max_failed_share=settings.max_failed_share,
        )
        backstage = Backstage.of(self.personas.find, passages, self.parameters, shelf)
        self.flow_tests = FlowTests(store, self.flows, backstage)
        casting = Casting(
            store,
            self.flows,
            self.personas,
            self.parameters,
            self.rehearsals,
            self.models.keep,
            self.gateway,
        )
        self.debugger = Debugger(store.debug_sessions, casting, service.run)
        self.reports = Reports(store, self.flows.compiled, backstage)
        self.versions = Versions(store, self.rehearsals, self.reports)
        self.events = store.events
        self.datasets = Datasets(
            store.datasets, store.experiments, settings.max_table_mb * MEGABYTE, settings.home
        )
        self.experiments = Experiments(
            Rooms(
                store,
                self.flows,
                self.twins,
                self.populations,
                self.rehearsals,
                self.reports,
                self.models.find,
                self.models.keep,
            )
        )
        self.rehearsals.recover()
        self.twins.recover()

    def choose_model(self, purpose: TwinPurpose, model: str | None) -> None:
        """Let a model of the workspace embed or write down content; None needs no network.

        Raises:
            NotFound: If there is no such model.
            BadInput: If it is for something else.
        """
        found = None if model is None else self.models.keep(model, purpose=purpose)
        self.store.facts.put(f"twins.{purpose}", found.id if found else None)

    def chosen_models(self) -> Chosen:
        """The models that twins use now."""
        ids = {purpose: self.store.facts.get(f"twins.{purpose}") for purpose in TWIN_PURPOSES}
        found = {purpose: self.store.models.one(id) if id else None for purpose, id in ids.items()}
        return Chosen(**found)

    def mark_demo(self) -> None:
        """Say wherever this workspace is shown that it holds demo data."""
        self.store.facts.put("demo", True)
        self.demo = True

    def close(self) -> None:
        """Bring what is going on to a checkpoint, and let go of the file."""
        self.rehearsals.close()
        self.twin_tests.close()
        self.twins.close()
        self.gateway.close()
        self.store.close()


class Workbench:
    """A home that this process owns, and its workspaces.

    Raises:
        HomeHeld: If another process owns the home; its address is in the error.
    """

    def __init__(self, settings: Settings, *, address: str | None = None) -> None:
        self.settings = settings
        self._lock = threading.RLock()
        self._open: dict[str, Workspace] = {}
        self._pool: Executor | None = None
        self.service = ModelService()
        self._holder = _hold(settings.home, address)

    def workspace(self, name: str | None = None, *, create: bool = False) -> Workspace:
        """A workspace by name; the settings' own is made where it does not exist.

        Raises:
            NotFound: If there is no such workspace.
            BadInput: If the name cannot be one.
        """
        name = name or self.settings.workspace
        if not re.match(WORKSPACE_NAME, name):
            raise BadInput(
                "A workspace's name is 1 to 60 small letters, digits, - and _.", place="workspace"
            )
        with self._lock:
            if name in self._open:
                return self._open[name]
            exists = (self.settings.workspace_folder(name) / _DATABASE).exists()
            if not exists and not create and name not in (self.settings.workspace, "default"):
                raise NotFound(f"There is no workspace '{name}' here.", place="workspace")
            if not exists and len(self.workspaces()) >= self.settings.max_workspaces:
                raise TooLarge("There are too many workspaces in this home.", place="workspace")
            executor = self._executor if self.settings.workers else None
            opened = Workspace(name, self.settings, self.service, executor)
            self._open[name] = opened
            return opened

    def workspaces(self) -> list[str]:
        """The names of the workspaces of this home."""
        return sorted(path.parent.name for path in self.settings.home.glob(f"*/{_DATABASE}"))

    def warm(self) -> None:
        """Start what takes seconds: the way to language models, and twins that are trained."""
        with self._lock:
            opened = list(self._open.values())
        if any(workspace.models.list() for workspace in opened):
            self.service.warm()
        for workspace in opened:
            workspace.twins.warm()

    def erase(self, name: str) -> None:
        """Erase a workspace: its folder is deleted, and nothing of it is left.

        Raises:
            Conflict: If it is the one that is opened by default.
        """
        with self._lock:
            if name == self.settings.workspace:
                raise Conflict("This workspace is in use.", fix="Open another one first.")
            if name in self._open:
                self._open.pop(name).close()
            shutil.rmtree(self.settings.workspace_folder(name))

    def _executor(self) -> Executor:
        """The processes that play rehearsals, made when first needed."""
        with self._lock:
            if self._pool is None:
                self._pool = make_workers(self.settings.workers)
            return self._pool

    def close(self) -> None:
        """Bring everything to a checkpoint and give the home back."""
        with self._lock:
            for workspace in self._open.values():
                workspace.close()
            self._open.clear()
            self.service.close()
            if self._pool is not None:
                self._pool.shutdown(kill_workers=True)  # type: ignore[call-arg]
            self._holder.close()


def rules_of(settings: Settings) -> Rules:
    """How content is taken in, by the settings."""
    return Rules(
        cache=settings.cache or settings.home / "cache",
        limits=Limits(
            file_bytes=settings.max_upload_mb * MEGABYTE,
            recording_bytes=settings.max_recording_mb * MEGABYTE,
            batch_files=settings.max_upload_files,
            archive_bytes=settings.max_unpacked_mb * MEGABYTE,
            archive_ratio=settings.max_unpacked_ratio,
            pages=settings.max_pages,
            characters=settings.max_text_characters,
            seconds=settings.reading_seconds,
            memory_bytes=settings.reading_memory_mb * MEGABYTE,
        ),
        chunk_tokens=settings.chunk_tokens,
        chunk_overlap=settings.chunk_overlap,
        whisper=settings.whisper_model,
    )


def _hold(home: Path, address: str | None) -> IO[str]:
    """Take a home for this process, by a lock that ends with it, however it ends."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle = (home / "owner.json").open("a+", encoding="utf-8")
    except OSError as error:
        raise StorageFailed(f"The home {home} cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.seek(0)
        owner = json.loads(handle.read() or "{}")
        handle.close()
        raise HomeHeld(
            f"Another Greenroom (process {owner.get('pid', '?')}) is using {home}.",
            address=owner.get("address"),
        ) from error
    handle.truncate(0)
    handle.write(json.dumps({"pid": os.getpid(), "address": address}))
    handle.flush()
    return handle
