"""The program flow debugger at the source document's paths: the same debugger, in four calls."""

from __future__ import annotations

from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, model_validator

from api.common import Space, StrictRoute
from api.conditions import tried
from api.flow_models import ConditionsIn, ConditionsOut
from api.models import Wire
from api.routers.debug_sessions import Position, written
from core.domain.debugging import (
    MOST_BREAKPOINTS,
    Breakpoint,
    ChangeDraft,
    DebugState,
    DebugTrace,
    Move,
    SessionDraft,
    Who,
)
from core.domain.findings import Finding
from core.domain.flow_tests import MOST_REPLIES, ScriptedReply
from core.workbench import Workspace

router = APIRouter(
    prefix="/testing/program-flow", tags=["Program Flow Debugger"], route_class=StrictRoute
)
SessionId = Annotated[str, Query(max_length=100, description="A debug session's id.")]
BranchId = Annotated[
    str | None, Query(max_length=100, description="A branch's id; the present one if absent.")
]


class NewProgram(Wire):
    """A flow to debug, and who meets it."""

    name: str | None = Field(default=None, min_length=1, max_length=255)
    document: dict[str, Any] | None = Field(default=None, description="A flow, which is kept.")
    flow_id: str | None = Field(default=None, max_length=100)
    version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    persona: str | None = Field(default=None, max_length=255)
    contact: dict[str, Any] | None = Field(default=None, max_length=200)
    replies: list[ScriptedReply] | None = Field(default=None, max_length=MOST_REPLIES)
    run_id: str | None = Field(default=None, max_length=100)
    contact_id: str | None = Field(default=None, max_length=255)
    seed: int = Field(default=7, ge=0, le=2**63 - 1)
    breakpoints: list[Breakpoint] = Field(default_factory=list, max_length=MOST_BREAKPOINTS)

    @model_validator(mode="after")
    def _can_be_started(self) -> Self:
        self.draft(self.flow_id or ("" if self.document is not None else None))
        return self

    def draft(self, flow_id: str | None, version: int | None = None) -> SessionDraft:
        """The session that this asks for."""
        return SessionDraft(
            flow_id=flow_id,
            version=version,
            who=Who(
                persona=self.persona,
                contact=self.contact,
                replies=self.replies,
                run_id=self.run_id,
                contact_id=self.contact_id,
            ),
            seed=self.seed,
            breakpoints=self.breakpoints,
        )


class Program(BaseModel):
    """A flow that can be debugged, and a session that stands at its start."""

    program_id: str
    version: int
    session_id: str
    findings: list[Finding]
    state: DebugState


class Execution(Wire):
    """What to do in a session: breakpoints first, then changes, then the move."""

    session_id: str = Field(max_length=100)
    action: Move
    to: Position = None
    breakpoints: list[Breakpoint] | None = Field(default=None, max_length=MOST_BREAKPOINTS)
    changes: list[ChangeDraft] = Field(default_factory=list, max_length=50)


@router.post("/create-test-program", status_code=201, response_model=Program)
def create_test_program(given: NewProgram, space: Space) -> Response:
    """Keep a flow, or take a kept one, and open a debug session at its start."""
    flow_id, version = _kept(space, given)
    state = space.debugger.start(given.draft(flow_id, version))
    session = state.session
    findings = space.flows.validation(session.flow_id or "", session.flow_version).findings
    program = Program.model_construct(
        program_id=session.flow_id,
        version=session.flow_version,
        session_id=session.id,
        findings=list(findings),
        state=state,
    )
    return Response(program.model_dump_json(), 201, media_type="application/json")


@router.post("/execute-debug", response_model=DebugState)
def execute_debug(given: Execution, space: Space) -> Response:
    """Set breakpoints, change something, and go on or back."""
    if given.breakpoints is not None:
        space.debugger.set_breakpoints(given.session_id, given.breakpoints)
    for change in given.changes:
        space.debugger.change(given.session_id, change)
    return written(space.debugger.move(given.session_id, given.action, given.to))


@router.get("/execution-trace")
def get_execution_trace(session_id: SessionId, space: Space, branch: BranchId = None) -> DebugTrace:
    """Everything that happened in a session's branch, as far as it was played."""
    return space.debugger.trace(session_id, branch)


@router.post("/test-conditions")
def test_conditions(given: ConditionsIn, space: Space) -> ConditionsOut:
    """Try conditions on samples and on every persona, without running the flow."""
    return tried(space, given)


def _kept(space: Workspace, given: NewProgram) -> tuple[str | None, int | None]:
    """The flow that is debugged; a document is kept first. A run brings its own."""
    if given.run_id is not None:
        return None, None
    if given.document is None:
        return given.flow_id, given.version
    named = {"name": given.name} if given.name else {}
    flow = space.flows.keep({**given.document, **named})
    return flow.id, flow.version
