"""Playing people side by side, for a mind that is waited for.

The people are taken in their order, and their events are handed on in their order: what is
handed on is a run's checkpoint, and who is not done when a run comes to rest plays again, with
the answers that are kept by then.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple

import pyarrow as pa

from core.domain.models import Call, Completion
from core.domain.populations import Person
from core.minds import Layer
from core.rehearsal.director import Played, Stage

PAGE = 200
WINDOW = 2_000
"""How many people may be done before the slowest of those before them."""
MOST_SECONDS = 0.5
"""What is done is handed on at least this often."""
Work = Callable[[Coroutine[Any, Any, None]], Future[None]]
"""Runs a coroutine on the loop of the models."""
Load = Callable[[int, int], Sequence[Person]]


class Batch(NamedTuple):
    """Events and real time of some people, and how many they are."""

    events: pa.Table
    times: pa.Table
    people: int


class Halted(Exception):
    """Whoever stopped the run; it rises through the people who are being played."""


class Halting:
    """A layer that lets no further call through once the run is to stop.

    A call that is on its way is waited for: it is paid for, and its answer is kept.
    """

    def __init__(self, inner: Layer, stop: threading.Event) -> None:
        self._inner = inner
        self._stop = stop

    async def complete(self, call: Call) -> Completion:
        """The inner layer's answer.

        Raises:
            Halted: If the run is to stop.
        """
        if self._stop.is_set():
            raise Halted
        return await self._inner.complete(call)


class _Done(NamedTuple):
    """What the playing hands to whoever commits it; the last one has its error, if any."""

    batch: Batch | None
    error: BaseException | None = None


class Ensemble:
    """Plays a run's people side by side.

    Args:
        stage: The script made ready, with its mind.
        load: Gives people by position and number.
        start: The first position to play.
        end: The position after the last.
        width: How many play at once.
        stop: Set by whoever wants the run to rest; set here too where nobody takes the batches.
    """

    def __init__(
        self, stage: Stage, load: Load, start: int, end: int, width: int, stop: threading.Event
    ) -> None:
        self._stage = stage
        self._load = load
        self._end = end
        self._width = width
        self._stop = stop
        self._next = start
        self._handed = start
        self._handed_at = time.monotonic()
        self._waiting: dict[int, Played] = {}
        self._people: dict[int, Person] = {}
        self._loading = asyncio.Lock()
        self._moved = asyncio.Event()
        self._error: BaseException | None = None
        self._out: queue.SimpleQueue[_Done] = queue.SimpleQueue()

    def batches(self, run: Work, tick: Callable[[], None]) -> Iterator[Batch]:
        """Batches in the order of the people.

        Args:
            run: Runs a coroutine on the loop of the models.
            tick: Called now and then while nothing comes.

        Raises:
            Halted: If the run was stopped.
            BudgetReached: If what it may cost is spent.
            MindUnavailable: If the model cannot answer anybody.
        """
        playing = run(self._play())
        done = self._take(tick)
        try:
            while done.batch is not None:
                yield done.batch
                done = self._take(tick)
        except BaseException:
            self._stop.set()
            raise
        finally:
            playing.result()
        if done.error is not None:
            raise done.error

    def _take(self, tick: Callable[[], None]) -> _Done:
        while True:
            try:
                return self._out.get(timeout=MOST_SECONDS)
            except queue.Empty:
                tick()

    async def _play(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._width, self._end - self._next)):
                    group.create_task(self._take_turns())
        except BaseExceptionGroup as errors:
            self._error = errors.exceptions[0]
        finally:
            self._hand_on()
            self._out.put(_Done(None, self._error))

    async def _take_turns(self) -> None:
        """Play one person after the other, until nobody is left or the run must rest."""
        while self._error is None and not self._stop.is_set() and self._next < self._end:
            position, self._next = self._next, self._next + 1
            while position - self._handed > WINDOW and self._error is None:
                self._moved.clear()
                await self._moved.wait()
            try:
                person = await self._person(position)
                self._waiting[position] = await self._stage.play([person])
            except Exception as error:
                self._error = self._error or error
                self._moved.set()
                return
            self._hand_on_sometimes()

    async def _person(self, position: int) -> Person:
        async with self._loading:
            if position not in self._people:
                count = min(PAGE, self._end - position)
                found = await asyncio.to_thread(self._load, position, count)
                self._people.update(enumerate(found, position))
        return self._people.pop(position)

    def _hand_on_sometimes(self) -> None:
        ready = self._handed in self._waiting
        late = time.monotonic() - self._handed_at > MOST_SECONDS
        if ready and (late or len(self._waiting) >= self._width):
            self._hand_on()

    def _hand_on(self) -> None:
        """Hand on everybody up to the first who is still playing."""
        played: list[Played] = []
        while self._handed in self._waiting:
            played.append(self._waiting.pop(self._handed))
            self._handed += 1
        if played:
            events, times = (pa.concat_tables(tables) for tables in zip(*played, strict=True))
            self._out.put(_Done(Batch(events, times, len(played))))
            self._handed_at = time.monotonic()
            self._moved.set()
