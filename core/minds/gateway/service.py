"""The one place of the product that talks to language models: its thread, its wire, its limits."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from core.minds.gateway.child import Child
from core.minds.gateway.gateway import Gateway
from core.minds.gateway.keys import Keys
from core.minds.gateway.limits import AllLimits
from core.minds.gateway.protocol import AnswerCache, Ledger
from core.minds.gateway.wire import Wire

Result = TypeVar("Result")
CLOSING_SECONDS = 10.0


class ModelService:
    """Shared by all workspaces of a home: one thread with a loop, one process with litellm.

    Neither is started before it is needed.

    Args:
        environment: The environment of the wire's process; None takes this one's, without keys.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._child = Child(environment)
        self._limits = AllLimits()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._gateways: weakref.WeakSet[Gateway] = weakref.WeakSet()

    def gateway(self, cache: AnswerCache, ledger: Ledger, keys: Keys) -> Gateway:
        """A workspace's way to its models."""
        gateway = Gateway(
            cache,
            ledger,
            keys,
            wire=Wire(self._child, keys),
            limits=self._limits,
            loop=self,
            ready=self._child.ready,
        )
        self._gateways.add(gateway)
        return gateway

    def run(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Do some work on the service's loop.

        Raises:
            RuntimeError: If the service is closed.
        """
        try:
            loop = self._running()
        except RuntimeError:
            work.close()
            raise
        return asyncio.run_coroutine_threadsafe(work, loop)

    def warm(self) -> Future[None]:
        """Start the wire's process, so that the first call need not wait for it."""
        return self.run(self._child.ready())

    @property
    def pid(self) -> int | None:
        """The number of the wire's process, None where none runs."""
        return self._child.pid

    def close(self) -> None:
        """Stop what is going on, write what is left, and end the process and the thread.

        A workspace closes its gateway before its store; what is still open is written here.
        """
        with self._lock:
            loop, thread = self._loop, self._thread
            self._closed = True
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._stop(), loop).result(CLOSING_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(CLOSING_SECONDS)
        loop.close()

    async def _stop(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        try:
            await asyncio.gather(*(gateway.flush_soon() for gateway in self._gateways))
        finally:
            await self._child.close()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise RuntimeError("The model service is closed.")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="greenroom-models", daemon=True
                )
                self._thread.start()
            return self._loop
