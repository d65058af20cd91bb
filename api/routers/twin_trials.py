"""Creator twins, tried: the standard test, a text weighed, versions compared, a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any
from uuid import uuid4

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.common import Page, Part, Space, StrictRoute, address, cut, model_of
from api.problems import of_ours
from api.routers.twins import TheTwin, Version
from api.twin_models import (
    ChatMessage,
    GivenText,
    NewComparison,
    NewTwinTest,
    Reply,
    TestSessionOut,
)
from core.domain.errors import GreenroomError, NotFound
from core.domain.twins import Answer, Compared, StandardTestLine, Turn, Twin, VoiceVerdict

router = APIRouter(prefix="/twins", tags=["Creator twins"], route_class=StrictRoute)
EVENTS = "text/event-stream"
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {EVENTS: {"schema": {"type": "string"}}}}
}


# Testing


@router.post("/{twin_id}/test", status_code=202, response_model=TestSessionOut)
def start_twin_test(
    twin: TheTwin, request: Request, space: Space, wanted: NewTwinTest | None = None
) -> JSONResponse:
    """Run the standard test; its result is at its `Location`."""
    asked = wanted or NewTwinTest()
    state = space.twin_tests.start(twin.id, asked.version, model_of(space, asked.model))
    session = TestSessionOut.of(state, None)
    where = {"Location": address(request, f"/twins/{twin.id}/test")}
    return JSONResponse(session.model_dump(mode="json"), 202, where)


@router.delete("/{twin_id}/test")
def stop_twin_test(twin: TheTwin, space: Space) -> TestSessionOut:
    """Stop a standard test; nothing of it is kept."""
    return TestSessionOut.of(space.twin_tests.stop(twin.id), None)


@router.get("/{twin_id}/tests")
def list_twin_tests(
    twin: TheTwin, request: Request, space: Space, part: Part
) -> Page[StandardTestLine]:
    """List a twin's standard tests, newest first."""
    return cut(request, space.twin_tests.results(twin.id), part)


@router.get("/{twin_id}/test")
def get_twin_test(twin: TheTwin, space: Space) -> TestSessionOut:
    """Read the standard test that is going on, or the newest result."""
    state = space.twin_tests.state(twin.id)
    if not state.going_on and state.result is None and state.error is None:
        raise untested(twin)
    test = space.twin_tests.get(twin.id, state.result) if state.result else None
    return TestSessionOut.of(state, test)


@router.post("/{twin_id}/verify")
def verify_text(
    twin: TheTwin, wanted: GivenText, space: Space, version: Version = None
) -> VoiceVerdict:
    """Say how likely it is that the creator wrote a text, at even odds, and what speaks for it."""
    return space.twin_tests.test_response(twin.id, wanted.text, version)


@router.post("/{twin_id}/compare")
def compare_twin_versions(twin: TheTwin, wanted: NewComparison, space: Space) -> list[Compared]:
    """Ask two versions the same, side by side; without `prompts`, eight of the standard test."""
    model = model_of(space, wanted.model)
    return space.twin_tests.compare(twin.id, wanted.a, wanted.b, wanted.prompts, model)


# Talking


@router.post("/{twin_id}/chat", response_model=Reply, responses=_STREAM)
def chat(
    twin: TheTwin, wanted: ChatMessage, request: Request, space: Space
) -> Reply | EventSourceResponse:
    """Talk to a twin; with `Accept: text/event-stream` its words come as they are said.

    The events are `words` (`{"text": …}`), then one `answer` with the whole reply, which alone
    counts, or one `problem`.
    """
    id = wanted.conversation_id or new_conversation()
    pieces = space.talks.stream(
        twin.id,
        wanted.message,
        model=model_of(space, wanted.model),
        version=wanted.version,
        conversation=id,
    )
    if EVENTS not in request.headers.get("accept", ""):
        return reply(pieces, id)
    first = next(pieces)
    return EventSourceResponse(_said(chain([first], pieces), id), ping=15)


@router.get("/{twin_id}/conversations/{conversation_id}")
def get_conversation(
    twin: TheTwin, conversation_id: str, request: Request, space: Space, part: Part
) -> Page[Turn]:
    """Read what was said in a conversation, in order."""
    return cut(request, space.talks.conversation(twin.id, conversation_id), part)


@router.delete("/{twin_id}/conversations/{conversation_id}", status_code=204)
def delete_conversation(twin: TheTwin, conversation_id: str, space: Space) -> None:
    """Forget a conversation."""
    space.talks.forget(twin.id, conversation_id)


def new_conversation() -> str:
    """The id of a conversation that begins."""
    return f"c-{uuid4().hex[:12]}"


def reply(pieces: Iterator[str | Answer], id: str) -> Reply:
    """The whole answer, which comes last."""
    *_, answer = pieces
    return _replied(answer, id)


def untested(twin: Twin) -> NotFound:
    """That a twin was never tested, and how that is done."""
    return NotFound(
        f"{twin.name} has not been tested yet.",
        place="creator_id",
        fix=f"Run the standard test: POST /api/v1/twins/{twin.id}/test",
    )


def _said(pieces: Iterator[str | Answer], id: str) -> Iterator[ServerSentEvent]:
    """A twin's words as events; an error that comes in their midst is one too."""
    try:
        for piece in pieces:
            if isinstance(piece, Answer):
                yield ServerSentEvent(_replied(piece, id).model_dump_json(), event="answer")
            else:
                yield ServerSentEvent(orjson.dumps({"text": piece}).decode(), event="words")
    except GreenroomError as error:
        yield ServerSentEvent(bytes(of_ours(error).body).decode(), event="problem")


def _replied(answer: str | Answer, id: str) -> Reply:
    if not isinstance(answer, Answer):
        raise GreenroomError("The answer broke off.", fix="Ask again.")
    return Reply.of(answer, id)
