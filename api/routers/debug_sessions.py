"""Debug sessions: one contact, step by step, forward and back, with breakpoints and what-if."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.common import Page, Part, Space, StrictRoute, address, page
from api.models import Wire
from core.domain.debugging import (
    MOST_BREAKPOINTS,
    BranchDifference,
    Breakpoint,
    ChangeDraft,
    DebugSession,
    DebugState,
    Move,
    SessionDraft,
    StepAgain,
)
from core.domain.flow_tests import FlowTest

router = APIRouter(prefix="/debug-sessions", tags=["Debugging"], route_class=StrictRoute)
FlowId = Annotated[str | None, Query(max_length=100, description="Sessions of this flow alone.")]
BranchId = Annotated[str, Query(max_length=100, description="A branch's id.")]
Stops = Annotated[list[Breakpoint], Field(max_length=MOST_BREAKPOINTS)]
Position = Annotated[
    int | None,
    Field(ge=0, le=2**31 - 1, description="Go to the last stop at or before it instead."),
]


class Moving(Wire):
    """How to move: to a stop, or to a position."""

    move: Move = "step"
    to: Position = None


class Choosing(Wire):
    """Which branch to look at."""

    branch: str = Field(max_length=100)


class Again(Wire):
    """What is another than it was: a newer flow, or chance."""

    document: dict[str, Any] | None = None
    draw: int | None = Field(default=None, ge=1, le=2**31 - 1)


class Naming(Wire):
    """What to call a test."""

    name: str | None = Field(default=None, min_length=1, max_length=255)


def written(
    state: DebugState, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A state on the wire. It was made by us: nothing of it has to be read once more."""
    return Response(state.model_dump_json(), status, headers, "application/json")


@router.post("", status_code=201, response_model=DebugState)
def start_debug_session(draft: SessionDraft, request: Request, space: Space) -> Response:
    """Debug one contact: a persona, somebody made up, or a contact of a run as it was played."""
    state = space.debugger.start(draft)
    where = address(request, f"/debug-sessions/{state.session.id}")
    return written(state, 201, {"Location": where})


@router.get("")
def list_debug_sessions(
    request: Request, space: Space, part: Part, flow_id: FlowId = None
) -> Page[DebugSession]:
    """List the debug sessions, the last changed first. The newest 200 are kept."""
    found = space.debugger.list(flow_id, part.limit, part.offset)
    return page(request, found, space.debugger.count(flow_id), part)


@router.get("/{session_id}", response_model=DebugState)
def get_debug_session(session_id: str, space: Space) -> Response:
    """Where a session stands: contact, variables, events, what is pending, the next way."""
    return written(space.debugger.state(session_id))


@router.delete("/{session_id}", status_code=204)
def delete_debug_session(session_id: str, space: Space) -> None:
    """Take a session away."""
    space.debugger.delete(session_id)


@router.post("/{session_id}/moves", response_model=DebugState)
def move_debug_session(session_id: str, moving: Moving, space: Space) -> Response:
    """Go on or back: a step, past it, to the next breakpoint, to the start or the end."""
    return written(space.debugger.move(session_id, moving.move, moving.to))


@router.put("/{session_id}/breakpoints", response_model=DebugState)
def set_debug_breakpoints(session_id: str, breakpoints: Stops, space: Space) -> Response:
    """Put breakpoints in the place of those that there are.

    Each comes back with a ``note``, where nothing may ever stop at it.
    """
    return written(space.debugger.set_breakpoints(session_id, breakpoints))


@router.post("/{session_id}/changes", response_model=DebugState)
def change_debug_session(session_id: str, change: ChangeDraft, space: Space) -> Response:
    """Change something where the session stands, and go on from there on a branch of its own.

    A reply that came already is changed where it came: the branch leaves there, and stands where
    the same step is come to again.
    """
    return written(space.debugger.change(session_id, change))


@router.put("/{session_id}/branch", response_model=DebugState)
def choose_debug_branch(session_id: str, choosing: Choosing, space: Space) -> Response:
    """Look at another branch, where that one stands."""
    return written(space.debugger.choose(session_id, choosing.branch))


@router.get("/{session_id}/differences")
def compare_debug_branches(
    session_id: str, space: Space, a: BranchId, b: BranchId
) -> BranchDifference:
    """How two branches differ: up to where they agree, and what each did after that."""
    return space.debugger.differences(session_id, a, b)


@router.post("/{session_id}/step-again")
def step_debug_again(session_id: str, space: Space, again: Again | None = None) -> StepAgain:
    """Play the present step alone once more, with what was known when it was arrived at."""
    given = again or Again()
    return space.debugger.step_again(session_id, given.document, given.draw)


@router.post("/{session_id}/test")
def make_debug_test(session_id: str, space: Space, naming: Naming | None = None) -> FlowTest:
    """The present branch as a row of the flow's tests, which passes."""
    return space.debugger.to_test(session_id, naming.name if naming else None)


@router.post("/{session_id}/pause", response_model=DebugState)
def pause_debug_session(session_id: str, space: Space) -> Response:
    """Let a move that waits for a language model rest where it is."""
    return written(space.debugger.pause(session_id))
