"""Debugging one contact: where it stands, what it sees, and what was changed by hand."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.domain.flow_tests import MOST_REPLIES, ScriptedReply
from core.domain.moments import Moment
from core.domain.runs import Engine

BreakKind = Literal["step", "condition", "finding", "problem"]
Move = Literal["step", "over", "resume", "back", "back_over", "start", "end"]
StopReason = Literal["start", "step", "breakpoint", "end", "back", "limit", "pause", "problem"]


MOST_BREAKPOINTS = 200


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
    note: str = Field(
        default="", max_length=1_000, description="Why nothing may ever stop here; given back."
    )

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if self.kind == "step" and not self.step_id:
            raise ValueError("a breakpoint on a step needs step_id")
        if self.kind == "condition" and not (self.when or "").strip():
            raise ValueError("a breakpoint on a condition needs when")
        return self


class ChangeDraft(Strict):
    """Something to be changed by hand at a pause.

    Attributes:
        kind: The reply that is to come; a variable; a field of the contact; which way the present
            step is left by; or chance itself (``draw``: another sample of everything that is still
            to be decided by chance).
        name: Of the variable (``answers.ID`` for an answer) or field; the way, for ``way``; for
            ``reply`` the step whose message is answered, where it is not the present one.
        value: Its new value; None takes it away. For ``draw``, which sample: a whole number.
        reply: What is replied; None: nothing is.
    """

    kind: Literal["reply", "variable", "contact", "way", "draw"]
    name: str = Field(default="", max_length=100)
    value: Any = None
    reply: ScriptedReply | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.kind in ("variable", "contact", "way") and not self.name:
            raise ValueError(f"a change of a {self.kind} needs its name")
        return self


class Change(ChangeDraft):
    """Something that was changed by hand. ``at`` is the position at which it was."""

    at: int = Field(ge=0)


class Who(Strict):
    """Whom to debug: one way of saying it.

    ``persona`` with ``copy_number``; a ``contact`` made up here, with ``replies``; or the
    ``contact_id`` of a run, as it was played there.
    """

    persona: str | None = Field(default=None, max_length=255)
    copy_number: int = Field(default=1, ge=1, le=1_000_000)
    contact: dict[str, Any] | None = Field(default=None, max_length=200)
    replies: list[ScriptedReply] | None = Field(default=None, max_length=MOST_REPLIES)
    run_id: str | None = Field(default=None, max_length=100)
    contact_id: str | None = Field(default=None, max_length=255)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        made_up = self.contact is not None or self.replies is not None
        if (self.run_id is None) != (self.contact_id is None):
            raise ValueError("run_id and contact_id belong together")
        if self.run_id is not None and (made_up or self.persona is not None):
            raise ValueError("give a run's contact, or somebody else, not both")
        if self.run_id is None and self.persona is None and not made_up:
            raise ValueError("say who: a persona, a contact, or the contact of a run")
        return self


class SessionDraft(Strict):
    """What is to be debugged: a kept flow (in a version), or a document that is being drawn.

    With both, the document is played, as what is drawn of that flow.
    """

    flow_id: str | None = Field(default=None, max_length=100)
    version: int | None = Field(default=None, ge=1)
    document: dict[str, Any] | None = None
    who: Who
    seed: int = Field(default=7, ge=0, le=2**63 - 1)
    engine: Engine = "behaviour"
    model: str | None = Field(default=None, max_length=255)
    breakpoints: list[Breakpoint] = Field(default_factory=list, max_length=MOST_BREAKPOINTS)

    @model_validator(mode="after")
    def _one_flow(self) -> Self:
        if self.flow_id is None and self.document is None and self.who.run_id is None:
            raise ValueError("say which flow: flow_id, or document")
        return self


class Branch(BaseModel):
    """One line of what happened: the original, or one that left another at a change.

    ``furthest`` is the furthest position at which it was looked at.
    """

    id: str
    name: str
    parent: str | None = None
    forked_at: int = 0
    changes: list[Change] = []
    position: int = 0
    furthest: int = 0


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


class DebugProblem(BaseModel):
    """Something that went wrong: the event that says so, what was seen there, what to do.

    ``saw`` has the names that were read and their values then; a name without a value is null.
    """

    seq: int
    step_id: str | None
    kind: str
    message: str
    saw: dict[str, Any] = {}
    fix: str | None = None


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
    problems: list[DebugProblem] = []


class Execution(BaseModel):
    """How long a branch took: real time of its steps, and simulated time that it waited."""

    steps: int
    total_ms: float
    waited_seconds: float


class DebugTrace(BaseModel):
    """Everything that happened in a branch, as far as it was played."""

    trail: list[Visit]
    events: list[DebugEvent]
    breakpoints: list[Breakpoint]
    problems: list[DebugProblem] = []
    execution: Execution


class StepAgain(BaseModel):
    """One step played alone once more, beside what it did before; ``to`` is None at the end."""

    events: list[DebugEvent]
    recorded: list[DebugEvent]
    way: str | None
    to: str | None
    same: bool


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
