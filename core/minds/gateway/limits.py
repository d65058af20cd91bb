"""Calls at once, requests a minute and tokens a minute: filled, and never passed.

One ``Limits`` is shared by all workspaces that ask the same model at the same address with the same
key, because the provider counts them together.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Generic

from core.domain.models import Answered, Model
from core.minds.gateway.errors import LONGEST_RETRY_AFTER, WireError
from core.minds.gateway.protocol import Asked, Found, LayerOf, Question

MINUTE = 60.0
MARGIN = 0.5
"""Seconds that a minute is longer for us, for what the way to the provider takes now and then."""
CHARACTERS_A_TOKEN = 3.0
"""Fewer than any common tokenizer has in English; corrected upwards by what was counted."""
TOKENS_A_MESSAGE = 8


def prompt_tokens(call: Question, characters_a_token: float = CHARACTERS_A_TOKEN) -> int:
    """About how many tokens a prompt has, rather too many."""
    size = call.size()
    return int(size.characters / characters_a_token) + TOKENS_A_MESSAGE * size.parts


class Take:
    """What one call took from a window: when, and how much."""

    __slots__ = ("amount", "at", "counts")

    def __init__(self, at: float, amount: int) -> None:
        self.at = at
        self.amount = amount
        self.counts = True


class Window:
    """How much was taken within the last minute, whichever minute one looks at."""

    def __init__(self) -> None:
        self._takes: deque[Take] = deque()
        self.total = 0

    def wait(self, amount: int, limit: int | None, now: float) -> float:
        """Seconds until so much may be taken; more than the limit waits for an empty window."""
        self._forget(now)
        if limit is None:
            return 0.0
        free, wait = limit - self.total, 0.0
        for take in self._takes:
            if free >= amount:
                break
            free += take.amount
            wait = take.at + MINUTE + MARGIN - now
        return wait

    def take(self, amount: int, now: float) -> Take:
        """Take it now."""
        take = Take(now, amount)
        self._takes.append(take)
        self.total += amount
        return take

    def correct(self, take: Take, amount: int) -> None:
        """Say what it really was."""
        if take.counts:
            self.total += amount - take.amount
            take.amount = amount

    def _forget(self, now: float) -> None:
        while self._takes and self._takes[0].at + MINUTE + MARGIN <= now:
            gone = self._takes.popleft()
            gone.counts = False
            self.total -= gone.amount


class Limits:
    """What one account with a provider allows for one model.

    Calls enter in the order in which they came. The settings are those of the model that asked
    last, so a change holds at once.
    """

    def __init__(self) -> None:
        self._requests = Window()
        self._tokens = Window()
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._held_until = 0.0
        self._characters_a_token = CHARACTERS_A_TOKEN
        self.in_flight = 0

    @asynccontextmanager
    async def slot(self, call: Question) -> AsyncIterator[Callable[[Answered], None]]:
        """Room for one call; what is given takes its answer, to correct the estimate."""
        model, size = call.model, call.size()
        async with self._turn:
            tokens = prompt_tokens(call, self._characters_a_token) + size.answer_tokens
            while (wait := self._wait(model, tokens)) > 0:
                await self._until_changed(wait)
            now = _now()
            self._requests.take(1, now)
            taken = self._tokens.take(tokens, now)
            self.in_flight += 1

        def correct(answer: Answered) -> None:
            counted = answer.prompt_tokens + answer.completion_tokens
            if counted:
                if size.characters:
                    self._learn(call, answer.prompt_tokens)
                self._tokens.correct(taken, counted)

        try:
            yield correct
        except WireError as error:
            self._hold(error)
            raise
        finally:
            self.in_flight -= 1
            self._changed.set()

    def _hold(self, error: WireError) -> None:
        """Send nobody until the time that the provider named, where that is soon."""
        wait = error.retry_after or 0.0
        if error.kind == "rate_limited" and wait <= LONGEST_RETRY_AFTER:
            self._held_until = max(self._held_until, _now() + wait)

    def _wait(self, model: Model, tokens: int) -> float:
        if self.in_flight >= model.in_flight:
            return float("inf")
        now = _now()
        return max(
            self._held_until - now,
            self._requests.wait(1, model.requests_per_minute, now),
            self._tokens.wait(tokens, model.tokens_per_minute, now),
        )

    async def _until_changed(self, seconds: float) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(None if seconds == float("inf") else seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    def _learn(self, call: Question, counted: int) -> None:
        """Believe a provider that counts more tokens in a text than we thought."""
        text = prompt_tokens(call, 1.0)
        if counted > prompt_tokens(call, self._characters_a_token):
            self._characters_a_token = max(0.5, 0.95 * text / counted)


class AllLimits:
    """The limits of every model, address and key that is in use."""

    def __init__(self) -> None:
        self._limits: dict[tuple[str, str | None, str], Limits] = {}

    def of(self, model: Model, key: str | None) -> Limits:
        """Those of one model; the key is not kept."""
        known = hashlib.blake2b((key or "").encode(), digest_size=8).hexdigest()
        return self._limits.setdefault((model.model, model.address, known), Limits())


class Limited(Generic[Asked, Found]):
    """Lets calls through as the provider's limits allow.

    Args:
        layer: What is asked.
        limits: The limits of a model.
        ready: Waits until calls go out at once, so that none counts before it is sent.
    """

    def __init__(
        self,
        layer: LayerOf[Asked, Found],
        limits: Callable[[Model], Limits],
        ready: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._layer = layer
        self._limits = limits
        self._ready = ready

    async def complete(self, call: Asked) -> Found:
        """The model's answer, asked when it may be."""
        if self._ready is not None:
            await self._ready()
        async with self._limits(call.model).slot(call) as correct:
            answer = await self._layer.complete(call)
            correct(answer)
            return answer


def _now() -> float:
    return asyncio.get_running_loop().time()
