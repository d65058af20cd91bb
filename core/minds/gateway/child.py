"""The workbench's end of the wire: starts its process, talks to it, starts it again."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import orjson

from core.minds.gateway.errors import WireError
from core.minds.gateway.lean import ENVIRONMENT

START_SECONDS = 120.0
GRACE_SECONDS = 10.0
"""How much longer than a call's own time-out we wait before we hold the process for stuck."""
NOT_STARTED = "The process that talks to models could not be started."
ROOT = Path(__file__).resolve().parents[3]
Message = dict[str, Any]


def child_environment(parent: Mapping[str, str]) -> dict[str, str]:
    """The environment of the wire's process: no keys but the cloud's own, none of our secrets.

    A key travels with the call that needs it, so litellm cannot take the key of one provider's
    account to an address that somebody typed in.
    """
    kept = {
        name: value
        for name, value in parent.items()
        if not name.endswith(("_API_KEY", "_AUTH_TOKEN", "_API_KEYS"))
        and not name.startswith("GREENROOM_SECRET")
    }
    paths = [path for path in (str(ROOT), parent.get("PYTHONPATH", "")) if path]
    return {**kept, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(reversed(paths))}


class Child:
    """One process that answers calls; started when first needed, again when it died.

    Belongs to one event loop: every method is called on it.

    Args:
        environment: The environment of the process; None takes that of this one, without keys.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        parent = os.environ if environment is None else environment
        self._environment = child_environment(parent)
        self._starting: asyncio.Task[_Line] | None = None
        self._number = 0
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """The number of the process, None where none runs."""
        if self._starting is None or not self._starting.done() or self._starting.cancelled():
            return None
        if self._starting.exception() or self._starting.result().lost:
            return None
        return self._starting.result().process.pid

    async def ready(self) -> None:
        """Wait until calls can be made.

        Raises:
            WireError: If the process does not start.
        """
        await self._line()

    async def ask(self, message: Message) -> Message:
        """Send one question and wait for its answer.

        Raises:
            WireError: If there is none.
        """
        line = await self._line()
        with self._call(line, message) as heard:
            async with self._patience(line, message):
                answer: Message = _without_error(await heard.get())["answer"]
                return answer

    async def stream(self, message: Message) -> AsyncGenerator[str | Message, None]:
        """Send one question; its words as they come, and last the whole answer."""
        line = await self._line()
        with self._call(line, message) as heard:
            async with self._patience(line, message):
                while "piece" in (told := _without_error(await heard.get())):
                    yield told["piece"]
                yield told["answer"]

    @contextmanager
    def _call(self, line: _Line, message: Message) -> Iterator[asyncio.Queue[Message]]:
        """What is heard of one question; if we stop listening, the process stops asking."""
        self._number += 1
        number = self._number
        heard = line.heard[number] = asyncio.Queue()
        line.say({"id": number, **message})
        try:
            yield heard
        except BaseException:
            line.say({"id": number, "do": "cancel"})
            raise
        finally:
            del line.heard[number]

    @asynccontextmanager
    async def _patience(self, line: _Line, message: Message) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(message["timeout"] + GRACE_SECONDS):
                yield
        except TimeoutError:
            line.kill()
            raise WireError("crashed", "The process that talks to models was stuck.") from None

    async def _line(self) -> _Line:
        if self._starting is not None and self._starting.done():
            failed = self._starting.cancelled() or self._starting.exception() is not None
            if failed or self._starting.result().lost:
                self._starting = None
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._start())
        return await asyncio.shield(self._starting)

    async def _start(self) -> _Line:
        loop = asyncio.get_running_loop()
        self.starts += 1
        ours, theirs = socket.socketpair()
        with theirs:
            process = await loop.run_in_executor(None, self._spawn, theirs)
        _, line = await loop.create_unix_connection(lambda: _Line(process), sock=ours)
        try:
            async with asyncio.timeout(START_SECONDS):
                await line.started
        except TimeoutError:
            line.kill()
            raise WireError("crashed", NOT_STARTED) from None
        except BaseException:
            line.kill()
            raise
        return line

    def _spawn(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "core.minds.gateway.wire_process", str(theirs.fileno())],
            env=self._environment,
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def close(self) -> None:
        """End the process."""
        starting, self._starting = self._starting, None
        if starting is None:
            return
        starting.cancel()
        await asyncio.wait({starting})
        if not starting.cancelled() and starting.exception() is None:
            starting.result().kill()


class _Line(asyncio.Protocol):
    """The socket to one running process."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.heard: dict[int, asyncio.Queue[Message]] = {}
        self.started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost = False
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            message = orjson.loads(line)
            if "ready" in message:
                if not self.started.done():
                    self.started.set_result(None)
            elif heard := self.heard.get(message["id"]):
                heard.put_nowait(message)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        words = "The process that talks to models ended."
        if not self.started.done():
            self.started.set_exception(WireError("crashed", NOT_STARTED))
        for heard in self.heard.values():
            heard.put_nowait({"error": {"kind": "crashed", "message": words, "retry_after": None}})
        self.kill()

    def say(self, message: Message) -> None:
        if not self.lost:
            self._transport.write(orjson.dumps(message) + b"\n")

    def kill(self) -> None:
        self.lost = True
        self._transport.abort()
        self.process.kill()
        self.process.wait()


def _without_error(told: Message) -> Message:
    if "error" in told:
        raise WireError(**told["error"])
    return told
