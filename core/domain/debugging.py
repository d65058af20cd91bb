"""Debugging one contact: where it stands, what it sees, and what was changed by hand."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.domain.flow_tests import ScriptedReply
from core.domain.moments import Moment
from core.domain.runs import Engine

BreakKind = Literal["step", "condition", "finding", "problem"]
Move = Literal["step", "over", "resume", "back", "back_over", "start", "end"]
StopReason = Literal["start", "step", "breakpoint", "end", "back", "limit", "pause", "problem"]


class Strict(BaseModel):
    """Base of what comes in; nothing unknown may."""

    model_config = ConfigDict(extra="forbid")


class Breakpoint(Strict):
    """Where to stop: at a step, where a condition comes to hold, or at a finding.

    ``step`` needs ``step_id``; ``condition`` needs ``when`` (CEL), at any step or at ``step_id``
    alone; ``finding`` stops at steps that have a finding (of this ``type``, if one is given);
    ``problem`` where something fails: a message, an answer, a condition that cannot be worked out.
    """

    id: str = Field(default="", max_length=100)
    kind: BreakKind
    step_id: str | None = Field(default=None, max_length=100)
    when: str | None = Field(default=None, max_length=2_000)
    type: str | None = Field(default=None, max_length=100)
    enabled: bool = True


class Change(Strict):
    """Something changed by hand at a pause.

    Attributes:
        at: The position at which it was changed.
        kind: The reply that is to come; a variable; a field of the contact; which arm or branch is
            taken; or chance itself (``draw``: another sample of everything that comes at random).
        name: Of the variable or field; the way, for ``way``.
        value: Its new value; None takes it away.
        reply: What is replied; None: nothing is.
    """

    at: int = Field(ge=0)
    kind: Literal["reply", "variable", "contact", "way", "draw"]
    name: str = Field(default="", max_length=100)
    value: Any = None
    reply: ScriptedReply | None = None


class Who(Strict):
    """Whom to debug: one way of saying it.

    ``persona`` with ``copy_number``; a ``contact`` made up here, with ``replies``; or the
    ``contact_id`` of a run, as it was played there.
    """

    persona: str | None = Field(default=None, max_length=255)
    copy_number: int = Field(default=1, ge=1, le=1_000_000)
    contact: dict[str, Any] | None = Field(default=None, max_length=200)
    replies: list[ScriptedReply] | None = Field(default=None, max_length=200)
    run_id: str | None = Field(default=None, max_length=100)
    contact_id: str | None = Field(default=None, max_length=255)


class SessionDraft(Strict):
    """What is to be debugged: a kept flow (in a version), or a document that is being drawn."""

    flow_id: str | None = Field(default=None, max_length=100)
    version: int | None = Field(default=None, ge=1)
    document: dict[str, Any] | None = None
    who: Who
    seed: int = Field(default=7, ge=0, le=2**63 - 1)
    engine: Engine = "behaviour"
    model: str | None = Field(default=None, max_length=255)
    breakpoints: list[Breakpoint] = Field(default_factory=list, max_length=200)


class Branch(BaseModel):
    """One line of what happened: the original, or one that left another at a change."""

    id: str
    name: str
    parent: str | None = None
    forked_at: int = 0
    changes: list[Change] = []
    position: int = 0


class DebugSession(BaseModel):
    """A debug session as it is kept; everything else is played again from it."""

    id: str
    name: str
    flow_id: str | None
    flow_version: int | None
    document: dict[str, Any]
    who: Who
    contact_id: str
    seed: int
    engine: Engine
    model: str | None = None
    breakpoints: list[Breakpoint] = []
    branches: list[Branch]
    branch: str
    changed_at: Moment


class DebugEvent(BaseModel):
    """One event of the contact, as the event log would have it."""

    seq: int
    kind: str
    actor: str
    step_id: str | None
    channel: str | None
    body: str | None
    simulated_at: Moment
    payload: dict[str, Any]


class Visit(BaseModel):
    """One visit to a step: from which position to which, by which way it was left, how long."""

    step_id: str
    visit: int
    position: int
    end: int | None
    way: str | None
    arrived_at: Moment
    waited_seconds: float
    execution_ms: float
    problem: str | None = None


class Pending(BaseModel):
    """Something that will happen, unless it is changed."""

    at: Moment
    kind: str
    step_id: str
    channel: str
    body: str | None
    payload: dict[str, Any]


class NextWay(BaseModel):
    """The way that will be taken out of the step; ``None`` ends there. ``why`` says it in words."""

    way: str | None
    to: str | None
    why: str


class DebugState(BaseModel):
    """Where a session stands.

    ``position`` counts the events that have happened; ``digest`` is a hash of everything that the
    contact is and knows, equal where the state is equal. ``next`` is None where it is not known
    before a model is asked, and at the end.
    """

    session: DebugSession
    branch: Branch
    status: Literal["paused", "ended"]
    stop: StopReason
    stopped_by: str | None = None
    position: int
    digest: str
    step_id: str | None
    inside: bool = Field(default=False, description="Whether it stands inside a wait.")
    clock: Moment
    local_time: str
    contact: dict[str, Any]
    variables: dict[str, Any]
    answers: dict[str, Any]
    reply: dict[str, Any] | None
    events: list[DebugEvent]
    trail: list[Visit]
    pending: list[Pending]
    next: NextWay | None
    problems: list[str] = []


class BranchDifference(BaseModel):
    """How two branches differ: up to where they agree, and what each did after that."""

    a: Branch
    b: Branch
    same_until: int
    first: str
    a_trail: list[Visit]
    b_trail: list[Visit]
    a_events: list[DebugEvent]
    b_events: list[DebugEvent]


class StepTime(BaseModel):
    """Where time and money go at one step. Times in seconds; None where nothing was measured."""

    step_id: str
    visits: int
    waited_seconds: float
    waited_p50: float | None
    waited_p95: float | None
    execution_p50: float | None
    execution_p95: float | None
    execution_seconds: float
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Annotated[float, Field(ge=0)] = 0.0


SampleValue = Annotated[Any, Field(description="What the names are: {contact, reply, …}.")]


class ConditionResult(BaseModel):
    """How a condition comes out for one sample; ``error`` where it cannot be worked out."""

    name: str
    holds: bool
    error: str | None = None
    value: Any = None


class NameAtStep(BaseModel):
    """A name that conditions and messages can read at a step.

    ``sure`` is whether it is always set there; ``values`` are those that it can have, where they
    are few.
    """

    name: str
    type: str
    about: str
    values: list[Any] = []
    sure: bool = True
