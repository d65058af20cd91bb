"""The command line's commands, for a command line that finds this home held by this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.common import Bench, StrictRoute, WorkspaceName
from api.models import AnswerOut
from api.problems import of_ours, unforeseen
from core.commands import COMMANDS, NDJSON, Answer, Command, Room
from core.domain.errors import GreenroomError

router = APIRouter(prefix="/commands", tags=["Commands"], route_class=StrictRoute)
_LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {NDJSON: {"schema": {"type": "string"}}},
        "description": "The answer; as JSON lines, where accepted, with progress before it.",
    }
}


def _endpoint(command: Command[Any]) -> Callable[..., Any]:
    """The handler of one command; its arguments are the body."""

    async def endpoint(
        given: Any, request: Request, bench: Bench, name: WorkspaceName
    ) -> AnswerOut | Response:
        if NDJSON in request.headers.get("accept", ""):
            return StreamingResponse(_lines(command, given, Room(bench, name)), media_type=NDJSON)
        answer = await run_in_threadpool(command.run, Room(bench, name), given)
        return AnswerOut(**answer._asdict())

    endpoint.__annotations__["given"] = command.arguments
    return endpoint


async def _lines(command: Command[Any], given: Any, room: Room) -> AsyncIterator[bytes]:
    """Progress as it comes, then the answer, or the problem that came instead."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes | None] = asyncio.Queue()

    def put(line: dict[str, Any] | None) -> None:
        text = None if line is None else orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
        loop.call_soon_threadsafe(lines.put_nowait, text)

    def work() -> None:
        told = room._replace(tell=lambda one: put({"progress": one.model_dump(mode="json")}))
        try:
            answer: Answer = command.run(told, given)
            put({"answer": answer._asdict()})
        except GreenroomError as error:
            put({"problem": orjson.loads(of_ours(error).body)})
        except Exception as error:
            put({"problem": orjson.loads(unforeseen(error).body)})
        put(None)

    working = loop.run_in_executor(None, work)
    while (line := await lines.get()) is not None:
        yield line
    await working


for _command in COMMANDS:
    router.add_api_route(
        f"/{_command.name}",
        _endpoint(_command),
        methods=["POST"],
        response_model=AnswerOut,
        responses=_LINES,
        name=f"run_{_command.name.replace('-', '_')}",
        summary=_command.help,
        description=_command.help,
    )
