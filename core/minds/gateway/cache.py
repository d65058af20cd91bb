"""Answers that are known already, by the content of their question."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence

from core.domain.models import Call, Completion
from core.minds.gateway.journal import Journal
from core.minds.gateway.protocol import AnswerCache, Layer


class Cached:
    """Answers from the cache where it can, and asks an equal question once.

    Every answer that a model gave is kept, one that was cut and a refusal too: a repeated run makes
    no call and meets the same people. A failure is not an answer and is never kept. What comes from
    here is marked as cached and costs nothing, so that nobody counts it as a fresh sample.

    Args:
        layer: What is asked for an answer that is not known.
        cache: The workspace's answers.
        journal: Writes fresh ones.
    """

    def __init__(self, layer: Layer, cache: AnswerCache, journal: Journal) -> None:
        self._layer = layer
        self._cache = cache
        self._journal = journal
        self._known: set[str] | None = None
        self._fresh: dict[str, Completion] = {}
        self._asking: dict[str, _Asked] = {}
        self._wanted: dict[str, asyncio.Future[Completion | None]] = {}
        self._opening = asyncio.Lock()
        journal.when_kept(self._written)

    async def complete(self, call: Call) -> Completion:
        """The answer, from wherever it comes."""
        started = asyncio.get_running_loop().time()
        key = call.key()
        found = self._fresh.get(key) or await self._look_up(key) or self._fresh.get(key)
        if found is not None:
            return _as_cached(found, started)
        asked = self._asking.get(key)
        if asked is not None:
            return _as_cached(await asked.answer(), started)
        task = asyncio.get_running_loop().create_task(self._ask(key, call))
        asked = self._asking[key] = _Asked(task, lambda: self._asking.pop(key, None))
        return await asked.answer()

    async def _ask(self, key: str, call: Call) -> Completion:
        answer = dataclasses.replace(await self._layer.complete(call), key=key)
        self._fresh[key] = answer
        self._journal.keep(call, answer)
        return answer

    async def _look_up(self, key: str) -> Completion | None:
        known = await self._all_known()
        if key not in known:
            return None
        if key not in self._wanted:
            if not self._wanted:
                asyncio.get_running_loop().call_soon(self._fetch_soon)
            self._wanted[key] = asyncio.get_running_loop().create_future()
        return await asyncio.shield(self._wanted[key])

    def _fetch_soon(self) -> None:
        wanted, self._wanted = self._wanted, {}
        self._fetching = asyncio.get_running_loop().create_task(self._fetch(wanted))

    async def _fetch(self, wanted: dict[str, asyncio.Future[Completion | None]]) -> None:
        try:
            found = await self._journal.ask(lambda: self._cache.get(list(wanted)))
        except Exception as error:  # handed on to everybody who waits for one of these answers
            for waiting in wanted.values():
                waiting.set_exception(error)
            return
        for key, waiting in wanted.items():
            waiting.set_result(found.get(key))
        if self._known is not None:
            self._known -= wanted.keys() - found.keys()

    async def _all_known(self) -> set[str]:
        if self._known is None:
            async with self._opening:
                if self._known is None:
                    self._known = await self._journal.ask(self._cache.known)
        return self._known

    def _written(self, answers: Sequence[Completion]) -> None:
        for answer in answers:
            self._fresh.pop(answer.key, None)
            if self._known is not None:
                self._known.add(answer.key)


class _Asked:
    """A question that is being asked, and who waits for it; it ends when nobody does."""

    def __init__(self, task: asyncio.Task[Completion], forget: Callable[[], object]) -> None:
        self._task = task
        self._forget = forget
        self._waiting = 0

    async def answer(self) -> Completion:
        self._waiting += 1
        try:
            return await asyncio.shield(self._task)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._forget()
                self._task.cancel()


def _as_cached(answer: Completion, started: float) -> Completion:
    seconds = asyncio.get_running_loop().time() - started
    return dataclasses.replace(answer, cached=True, cost_usd=0.0, seconds=seconds)
