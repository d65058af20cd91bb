"""What the gateway keeps in the workspace's store: answers and the ledger, written in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from core.domain.models import Call, CallRecord, Completion
from core.minds.gateway.protocol import AnswerCache, Ledger

LARGEST_BATCH = 200
LONGEST_WAIT = 1.0
Result = TypeVar("Result")


@dataclass
class _Batch:
    records: list[CallRecord] = field(default_factory=list)
    answers: list[tuple[Call, Completion]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.records) + len(self.answers)


class Journal:
    """Writes to the store on a thread of its own, so that no call waits for a disk.

    What could not be written is kept and tried again; whoever writes or flushes next is told why.

    Args:
        cache: The workspace's answers.
        ledger: Its record of the money.
    """

    def __init__(self, cache: AnswerCache, ledger: Ledger) -> None:
        self._cache = cache
        self._ledger = ledger
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="greenroom-ledger")
        self._waiting = _Batch()
        self._writing: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._failure: BaseException | None = None
        self._kept: Callable[[Sequence[Completion]], None] = lambda _: None

    def when_kept(self, tell: Callable[[Sequence[Completion]], None]) -> None:
        """Say who wants to know which answers are in the store by now."""
        self._kept = tell

    async def ask(self, question: Callable[[], Result]) -> Result:
        """Ask the store something, on the journal's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, question)

    def record(self, record: CallRecord) -> None:
        """Write down a call soon.

        Raises:
            GreenroomError: Why the last batch could not be written.
        """
        self._waiting.records.append(record)
        self._soon()
        self._tell()

    def keep(self, call: Call, answer: Completion) -> None:
        """Keep an answer soon."""
        self._waiting.answers.append((call, answer))
        self._soon()

    async def flush(self) -> None:
        """Write everything that waits, and come back when it is written.

        Raises:
            GreenroomError: Why it could not be written; it still waits.
        """
        self._failure = None
        while self._waiting or self._writing:
            self._start()
            if self._writing is not None:
                await asyncio.shield(self._writing)
            self._tell()

    async def close(self) -> None:
        """Write everything, and end the thread."""
        try:
            await self.flush()
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self._thread.shutdown(wait=False)

    def _soon(self) -> None:
        if len(self._waiting) >= LARGEST_BATCH:
            self._start()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LONGEST_WAIT, self._start)

    def _tell(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _start(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writing is None and self._waiting:
            batch, self._waiting = self._waiting, _Batch()
            self._writing = asyncio.get_running_loop().create_task(self._write(batch))

    async def _write(self, batch: _Batch) -> None:
        kept: list[Completion] = []
        try:
            await self.ask(lambda: self._write_now(batch, kept))
        except Exception as failure:  # told to whoever writes next; what was not written waits
            self._failure = failure
            self._waiting.records[:0] = batch.records
            self._waiting.answers[:0] = batch.answers
        finally:
            self._writing = None
            self._kept(kept)

    def _write_now(self, batch: _Batch, kept: list[Completion]) -> None:
        if batch.records:
            self._ledger.append(batch.records)
            batch.records = []
        while batch.answers:
            group = _group(batch.answers[0][0])
            answers = [answer for call, answer in batch.answers if _group(call) == group]
            self._cache.put(answers, *group)
            kept += answers
            batch.answers = [one for one in batch.answers if _group(one[0]) != group]


def _group(call: Call) -> tuple[str, str]:
    return call.model.model, call.prompt
