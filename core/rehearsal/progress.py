"""Progress, pushed: whoever watches a run is told at each checkpoint, and asks for nothing."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from pydantic import BaseModel

from core.domain.models import Spending
from core.domain.runs import Run, RunStatus


class Progress(BaseModel):
    """How far a run is.

    ``seconds_left`` is None until it can be told; ``counts`` are the run's events by kind, empty
    once it has come to rest. ``spending`` is what a language model's calls have cost so far, None
    where the run asks none.
    """

    run_id: str
    status: RunStatus
    done: int
    contacts: int
    events: int
    seconds_left: float | None = None
    error: str | None = None
    counts: dict[str, int] = {}
    spending: Spending | None = None
    budget_usd: float | None = None

    @property
    def resting(self) -> bool:
        """Whether nothing more will come by itself."""
        return self.status not in ("pending", "running")


def progress_of(
    run: Run, counts: dict[str, int], speed: float | None, spending: Spending | None = None
) -> Progress:
    """A run's progress; ``speed`` is contacts a second."""
    left = (run.contacts - run.done) / speed if speed and run.status == "running" else None
    return Progress(
        run_id=run.id,
        status=run.status,
        done=run.done,
        contacts=run.contacts,
        events=run.events,
        seconds_left=None if left is None else round(left, 1),
        error=run.error,
        counts=counts,
        spending=spending,
        budget_usd=run.budget_usd,
    )


@dataclass(eq=False)
class _Watcher:
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Progress] = field(default_factory=asyncio.Queue)


class Watchers:
    """Who watches which run. Told from any thread, heard in each watcher's own loop."""

    def __init__(self, now: Callable[[str], Progress]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._watching: dict[str, set[_Watcher]] = {}

    def tell(self, progress: Progress) -> None:
        """Push progress to everybody who watches this run."""
        with self._lock:
            watchers = tuple(self._watching.get(progress.run_id, ()))
        for watcher in watchers:
            with contextlib.suppress(RuntimeError):  # its loop has been closed: nobody listens
                watcher.loop.call_soon_threadsafe(watcher.queue.put_nowait, progress)

    async def watch(self, run_id: str) -> AsyncIterator[Progress]:
        """The run's progress now, then each time that it changes, until it comes to rest."""
        watcher = _Watcher(asyncio.get_running_loop())
        with self._lock:
            self._watching.setdefault(run_id, set()).add(watcher)
        try:
            progress = await asyncio.to_thread(self._now, run_id)
            yield progress
            while not progress.resting:
                progress = await watcher.queue.get()
                yield progress
        finally:
            with self._lock:
                self._watching[run_id].discard(watcher)
                if not self._watching[run_id]:
                    del self._watching[run_id]
