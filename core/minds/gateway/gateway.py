"""A workspace's way to language models: the layers, composed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from concurrent.futures import Future
from contextlib import aclosing
from pathlib import Path
from typing import Any, Protocol, TypeVar

from core.domain.models import (
    Call,
    Completion,
    KeptAnswers,
    Model,
    ModelFacts,
    Recording,
    Texts,
    Transcript,
    Trial,
    Vectors,
)
from core.minds.gateway.budget import Budgeted, Budgets, Prices
from core.minds.gateway.cache import Cached
from core.minds.gateway.errors import WireError
from core.minds.gateway.journal import Journal
from core.minds.gateway.keys import Keys
from core.minds.gateway.limits import AllLimits, Limited, Limits
from core.minds.gateway.protocol import AnswerCache, Asked, Found, Layer, LayerOf, Ledger
from core.minds.gateway.purposes import meant_for
from core.minds.gateway.recorded import Recorded, failure, record
from core.minds.gateway.retry import ATTEMPTS, Retried, in_words
from core.minds.gateway.speech import SpeechWire, recording
from core.minds.gateway.trial import try_out
from core.minds.gateway.trials import Bench
from core.minds.gateway.vectors import Floats, VectorWire, requests, together
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
            Cached(self._paid(wire), cache, self._journal), self._journal
        )

    def _paid(self, wire: LayerOf[Asked, Found], attempts: int = ATTEMPTS) -> LayerOf[Asked, Found]:
        """What every question goes through, whatever it asks for."""
        limited = Limited(wire, self._limits_of, self._ready)
        return Budgeted(Retried(limited, attempts=attempts), self._budgets)

    def _vectors(self, attempts: int = ATTEMPTS) -> LayerOf[Texts, Vectors]:
        return Recorded(self._paid(VectorWire(self._wire), attempts), self._journal)

    def _speech(self, attempts: int = ATTEMPTS) -> LayerOf[Recording, Transcript]:
        return Recorded(self._paid(SpeechWire(self._wire), attempts), self._journal)

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

    def embed(self, model: Model, texts: Sequence[str], *, account: str | None = None) -> Floats:
        """One vector for each text, as rows of equal length; every number is finite.

        Args:
            model: An embedding model.
            texts: Any number; they go out in batches, as many at once as the model takes.
            account: Whose budget pays.

        Raises:
            BadInput: If the model is for something else, or a text is empty.
            BudgetReached: If the account may not spend any more.
            CallFailed: If a batch failed, for all its retries.
            MindUnavailable: If the model cannot answer anybody.
        """
        return self._wait(self.vectors_of(model, texts, account=account), None)

    def transcribe(
        self, model: Model, path: Path, *, language: str | None = None, account: str | None = None
    ) -> Transcript:
        """The words of a recording, with times where the model gives them.

        Args:
            model: A model for transcription.
            path: A sound file of at most 25 MB, of a kind that the model takes.
            language: The two letters of what is spoken, where that is known.
            account: Whose budget pays.

        Raises:
            BadInput: If the model is for something else, or the file holds nothing.
            NotFound: If there is no such file.
            TooLarge: If it is larger than that.
            BudgetReached: If the account may not spend any more.
            CallFailed: If it failed, for all its retries.
            MindUnavailable: If the model cannot answer anybody.
        """
        work = self.transcript_of(model, path, language=language, account=account)
        return self._wait(work, None)

    async def vectors_of(
        self, model: Model, texts: Sequence[str], *, account: str | None = None
    ) -> Floats:
        """The same as ``embed``, for the gateway's own loop."""
        calls = list(requests(meant_for(model, "embedding"), texts, account))
        found: list[Vectors | None] = [None] * len(calls)
        layer, waiting = self._vectors(), iter(enumerate(calls))

        async def work() -> None:
            for place, call in waiting:
                found[place] = await layer.complete(call)

        await _side_by_side([work() for _ in calls[: model.in_flight]])
        return together(model, [one for one in found if one is not None])

    async def transcript_of(
        self, model: Model, path: Path, *, language: str | None = None, account: str | None = None
    ) -> Transcript:
        """The same as ``transcribe``, for the gateway's own loop."""
        meant_for(model, "transcription")
        asked = await asyncio.to_thread(recording, model, path, language, account)
        return await self._speech().complete(asked)

    def facts(self, model: Model) -> ModelFacts:
        """What is known of a model before it is asked: its prices, and what it can do.

        Raises:
            GreenroomError: If it cannot be found out.
        """
        return self._wait(self.facts_of(model))

    def trial(self, model: Model) -> Trial:
        """Ask a model something small, and say in words what came of it."""
        bench = Bench(self._ready, self.facts_of)
        if model.purpose == "embedding":
            return self._wait(bench.embed(self._vectors(attempts=1), model))
        if model.purpose == "transcription":
            return self._wait(bench.transcribe(self._speech(attempts=1), model))
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

    async def _prices(self, model: Model) -> Prices:
        if model.input_price is not None and model.output_price is not None:
            return Prices(model.input_price, model.output_price)
        facts = await self.facts_of(model)
        return Prices(facts.input_price, facts.output_price, facts.minute_price)

    async def _spent(self, account: str) -> float:
        return (await self._budgets.account(account)).spent

    def _limits_of(self, model: Model) -> Limits:
        return self._limits.of(model, self._keys.of(model))

    def _wait(self, work: Coroutine[Any, Any, Result], patience: float | None = PATIENCE) -> Result:
        """What comes of the work; who stops waiting for it stops it."""
        future = self._loop.run(work)
        try:
            return future.result(patience)
        except BaseException:
            future.cancel()
            raise

    @staticmethod
    def _since(started: float) -> float:
        return asyncio.get_running_loop().time() - started


async def _side_by_side(work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Do it all at once; the first that fails stops the others."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
