"""A workspace's way to language models: the layers, composed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from concurrent.futures import Future
from contextlib import aclosing
from typing import Any, Protocol, TypeVar

from core.domain.models import Call, Completion, KeptAnswers, Model, ModelFacts, Trial
from core.minds.gateway.budget import Budgeted, Budgets
from core.minds.gateway.cache import Cached
from core.minds.gateway.errors import WireError
from core.minds.gateway.journal import Journal
from core.minds.gateway.keys import Keys
from core.minds.gateway.limits import AllLimits, Limited, Limits
from core.minds.gateway.protocol import AnswerCache, Layer, Ledger
from core.minds.gateway.recorded import Recorded, failure, record
from core.minds.gateway.retry import Retried, in_words
from core.minds.gateway.trial import try_out
from core.minds.gateway.wire import Wire

Result = TypeVar("Result")
PATIENCE = 300.0
"""Seconds that a page waits for the gateway at most."""


class Loop(Protocol):
    """The thread on which every gateway works."""

    def run(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Do some work there."""
        ...


class Gateway:
    """Every model call of a workspace goes through here.

    ``complete`` and ``stream`` are for the gateway's own loop (``ModelService.run``); everything
    else may be called from any thread.

    Args:
        cache: The workspace's answers.
        ledger: Its record of the money.
        keys: Its keys.
        wire: What asks a provider once.
        limits: The limits that all workspaces share.
        loop: Where the work is done.
        ready: Waits until the wire can send.
    """

    def __init__(
        self,
        cache: AnswerCache,
        ledger: Ledger,
        keys: Keys,
        *,
        wire: Wire,
        limits: AllLimits,
        loop: Loop,
        ready: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        self._cache = cache
        self._keys = keys
        self._wire = wire
        self._limits = limits
        self._loop = loop
        self._ready = ready
        self._facts: dict[str, ModelFacts] = {}
        self._journal = Journal(cache, ledger)
        self._budgets = Budgets(
            lambda account: self._journal.ask(lambda: ledger.spent(account)), self._prices
        )
        self._layers: Layer = Recorded(
            Cached(
                Budgeted(
                    Retried(Limited(wire, self._limits_of, ready)),
                    self._budgets,
                ),
                cache,
                self._journal,
            ),
            self._journal,
        )

    async def complete(self, call: Call) -> Completion:
        """The model's answer to one question.

        Raises:
            BudgetReached: If the call's account may not spend any more.
            CallFailed: If this call failed, for all its retries.
            MindUnavailable: If the model cannot answer anybody.
        """
        return await self._layers.complete(call)

    async def stream(self, call: Call) -> AsyncGenerator[str, None]:
        """The model's words as they come: asked once, never from the cache.

        Raises:
            BudgetReached: If the call's account may not spend any more.
            CallFailed: If this call failed.
            MindUnavailable: If the model cannot answer anybody.
        """
        async with aclosing(self.stream_whole(call)) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    yield piece

    async def stream_whole(self, call: Call) -> AsyncGenerator[str | Completion, None]:
        """The same, and the completion as the last piece."""
        started = asyncio.get_running_loop().time()
        whole: Completion | None = None
        try:
            async with aclosing(self._paid_stream(call)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Completion):
                        whole = piece
                    else:
                        yield piece
        except WireError as error:
            told = in_words(error, call.model)
            told.__cause__ = error
            self._journal.record(failure(call, told, self._since(started)))
            raise told from error
        except (asyncio.CancelledError, GeneratorExit):
            self._journal.record(failure(call, None, self._since(started)))
            raise
        if whole is not None:
            self._journal.record(record(call, whole, self._since(started)))
            yield whole

    async def _paid_stream(self, call: Call) -> AsyncGenerator[str | Completion, None]:
        await self._ready()
        async with (
            self._budgets.reserved(call) as pay,
            self._limits_of(call.model).slot(call) as correct,
            aclosing(self._wire.stream(call)) as pieces,
        ):
            async for piece in pieces:
                if isinstance(piece, Completion):
                    pay(piece)
                    correct(piece)
                yield piece

    def facts(self, model: Model) -> ModelFacts:
        """What is known of a model before it is asked: its prices, and what it can do.

        Raises:
            GreenroomError: If it cannot be found out.
        """
        return self._wait(self.facts_of(model))

    def trial(self, model: Model) -> Trial:
        """Ask a model something small, and say in words what came of it."""
        return self._wait(try_out(self._ready, self.stream_whole, self.facts_of, model))

    def set_budget(self, account: str, usd: float | None) -> None:
        """What an account may spend from now on; None lets it spend whatever it likes."""
        self._wait(self._budgets.limit(account, usd))

    def spent(self, account: str) -> float:
        """What an account has spent so far, in USD, what is not yet written included."""
        return self._wait(self._spent(account))

    def kept(self) -> KeptAnswers:
        """How many answers are kept, and how large they are."""
        return self._wait(self._journal.ask(self._cache.kept))

    def forget(self) -> None:
        """Let go of every answer; what is asked again is then a fresh sample, and costs."""
        self.flush()
        self._wait(self._journal.ask(self._cache.clear))

    def flush(self) -> None:
        """Write the ledger and fresh answers to the store now.

        Raises:
            GreenroomError: Why it could not be written; nothing is lost by that.
        """
        self._wait(self._journal.flush())

    def close(self) -> None:
        """Write everything, and let go."""
        self._wait(self._journal.close())

    async def facts_of(self, model: Model) -> ModelFacts:
        """The same as ``facts``, for the gateway's own loop."""
        if model.model not in self._facts:
            bare = model.model_copy(update={"input_price": None, "output_price": None})
            try:
                self._facts[model.model] = await self._wire.facts(bare)
            except WireError as error:
                raise in_words(error, model) from error
        own = {"input_price": model.input_price, "output_price": model.output_price}
        given = {name: price for name, price in own.items() if price is not None}
        return self._facts[model.model].model_copy(update=given)

    async def flush_soon(self) -> None:
        """The same as ``flush``, for the gateway's own loop."""
        await self._journal.flush()

    async def _prices(self, model: Model) -> tuple[float | None, float | None]:
        if model.input_price is not None and model.output_price is not None:
            return model.input_price, model.output_price
        facts = await self.facts_of(model)
        return facts.input_price, facts.output_price

    async def _spent(self, account: str) -> float:
        return (await self._budgets.account(account)).spent

    def _limits_of(self, model: Model) -> Limits:
        return self._limits.of(model, self._keys.of(model))

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._loop.run(work).result(PATIENCE)

    @staticmethod
    def _since(started: float) -> float:
        return asyncio.get_running_loop().time() - started
