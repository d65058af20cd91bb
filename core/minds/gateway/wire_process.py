"""The wire's own process: litellm lives here, so that the workbench never imports it.

``python -m core.minds.gateway.wire_process FD`` speaks one JSON document a line over the socket
that it inherits as ``FD``. Asked for ``{"id", "do", …}``, where ``do`` is ``complete``, ``stream``,
``embed``, ``transcribe`` or ``facts``, it answers ``{"id", "answer"}``, ``{"id", "piece"}`` or
``{"id", "error"}``; ``{"id", "do": "cancel"}`` ends a call. It says ``{"ready": true}`` once, and
ends when the socket does. It prints nothing.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

import orjson

from core.minds.gateway.errors import WireError, translate
from core.minds.gateway.lean import ENVIRONMENT, make_lean
from core.minds.gateway.wire_media import embed, transcribe
from core.minds.gateway.wire_prices import chat_cost, facts

LONGEST_TEXT = 400_000
NICENESS = 5
REFUSED = frozenset({"content_filter", "refusal", "safety"})
Message = dict[str, Any]


class Conversation(asyncio.Protocol):
    """The socket to the workbench: a line in is a task, its answer a line out."""

    def __init__(self, litellm: Any) -> None:
        self._litellm = litellm
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._rest = b""
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say that one may ask."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._say({"ready": True})

    def connection_lost(self, exc: Exception | None) -> None:
        """End with the workbench."""
        if not self.ended.done():
            self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Start a task for each question."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            message = orjson.loads(line)
            number = message["id"]
            if message["do"] == "cancel":
                if task := self._tasks.get(number):
                    task.cancel()
                continue
            task = asyncio.get_running_loop().create_task(
                self._answer(number, message), name=str(number)
            )
            self._tasks[number] = task
            task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(int(task.get_name()), None)

    async def _answer(self, number: int, message: Message) -> None:
        try:
            async with asyncio.timeout(message["timeout"]):
                if message["do"] == "stream":
                    answer = await self._stream(number, message)
                else:
                    answer = await WHOLE[message["do"]](self._litellm, message)
            self._say({"id": number, "answer": answer})
        except TimeoutError:
            words = f"No answer within {message['timeout']:g} seconds."
            self._fail(number, WireError("timeout", words))
        except Exception as error:  # the border: whatever litellm raises becomes ours here
            form = bool(message.get("form"))
            self._fail(number, translate(error, schema=form, secrets=[message.get("key")]))

    async def _stream(self, number: int, message: Message) -> Message:
        answer: Message = {}
        async with aclosing(stream(self._litellm, message)) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    self._say({"id": number, "piece": piece})
                else:
                    answer = piece
        return answer

    def _fail(self, number: int, error: WireError) -> None:
        told = {"kind": error.kind, "message": error.message, "retry_after": error.retry_after}
        self._say({"id": number, "error": told})

    def _say(self, message: Message) -> None:
        self._transport.write(orjson.dumps(message) + b"\n")


async def complete(litellm: Any, message: Message) -> Message:
    """Ask once; the answer's text, finish, usage and price."""
    response = await litellm.acompletion(**_arguments(message))
    choice = response.choices[0]
    said = choice.message
    refused = choice.finish_reason in REFUSED or _refusal(said)
    return _answer(litellm, message, said.content or "", choice.finish_reason, refused, response)


async def stream(litellm: Any, message: Message) -> AsyncGenerator[str | Message, None]:
    """Ask once, and give the words as they come; last the same as ``complete`` gives."""
    arguments = _arguments(message) | {"stream": True, "stream_options": {"include_usage": True}}
    text, finish, refused, counted = "", "stop", False, None
    async with aclosing(await litellm.acompletion(**arguments)) as chunks:
        async for chunk in chunks:
            counted = chunk if getattr(chunk, "usage", None) else counted
            for choice in chunk.choices[:1]:
                refused = refused or _refusal(choice.delta)
                finish = choice.finish_reason or finish
                if piece := choice.delta.content:
                    text += piece
                    _check_length(text)
                    yield piece
    if not text and not refused and counted is None:
        raise WireError("server", "It did not answer as a model does.")
    yield _answer(litellm, message, text, finish, refused or finish in REFUSED, counted)


def _arguments(message: Message) -> Message:
    arguments = {
        "model": message["model"],
        "messages": message["messages"],
        "api_key": message.get("key"),
        "api_base": message.get("address"),
        "max_tokens": message["max_tokens"],
        "temperature": message.get("temperature"),
        "timeout": message["timeout"],
        "max_retries": 0,
    }
    if schema := message.get("form"):
        wanted = {"name": "answer", "schema": schema, "strict": True}
        arguments["response_format"] = {"type": "json_schema", "json_schema": wanted}
    return {name: value for name, value in arguments.items() if value is not None}


def _refusal(said: Any) -> bool:
    extra = getattr(said, "provider_specific_fields", None) or {}
    return bool(extra.get("refusal") or getattr(said, "refusal", None))


def _check_length(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise WireError("too_large", f"The answer is longer than {LONGEST_TEXT:,} characters.")


def _answer(
    litellm: Any, message: Message, text: str, finish: str, refused: bool, response: Any
) -> Message:
    _check_length(text)
    usage = getattr(response, "usage", None)
    prompt = getattr(usage, "prompt_tokens", None) or 0
    completion = getattr(usage, "completion_tokens", None) or 0
    counted = bool(prompt or completion)
    return {
        "text": "" if refused else text,
        "finish": "refusal" if refused else "length" if finish == "length" else "stop",
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "cost": chat_cost(litellm, message["model"], usage) if counted else None,
        "counted": counted,
    }


async def _facts(litellm: Any, message: Message) -> Message:
    return facts(litellm, message["model"])


WHOLE: Mapping[str, Callable[[Any, Message], Awaitable[Message]]] = {
    "complete": complete,
    "embed": embed,
    "transcribe": transcribe,
    "facts": _facts,
}
"""What is answered in one piece."""


async def serve(litellm: Any, inherited: int) -> None:
    """Answer until the workbench is gone."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda *_: None)
    end = socket.socket(fileno=inherited)
    _, conversation = await loop.create_unix_connection(lambda: Conversation(litellm), sock=end)
    await conversation.ended


def main() -> None:
    """Import litellm, quietly, and serve; a click in the workbench goes before that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    os.environ.update(ENVIRONMENT)
    import litellm

    make_lean(litellm)
    asyncio.run(serve(litellm, int(sys.argv[1])))
    os._exit(0)


if __name__ == "__main__":
    main()
