"""The flow format: one document of steps and branches, as DESIGN's "Flow format" gives it."""

from __future__ import annotations

from math import inf
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from core.domain.flow_tests import FlowTest
from core.domain.moments import Moment
from core.domain.personas import Name, Plain
from core.domain.words import Channel

StepId = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\s\x00-\x1f\x7f]+$")
]
Body = Annotated[Plain, StringConstraints(max_length=100_000)]
Line = Annotated[Plain, StringConstraints(max_length=1_000)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Duration = Annotated[
    str,
    StringConstraints(
        pattern=r"^\s*(\d+(\.\d+)?\s*(s|m|min|h|d|w)\s*)+$|^P[\dWDTHMS.]+$", max_length=60
    ),
    Field(description="ISO 8601 (`P2D`, `PT3H`) or short (`3h`, `2d`, `1d 12h`)."),
]
Bound = Annotated[float, Field(ge=-1e9, le=1e9)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]


class Config(BaseModel):
    """Base of every step's configuration; an unknown key is kept, and warned about."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)


class Question(Config):
    """One question of a check-in or an assessment."""

    id: StepId
    text: Line = ""
    kind: Literal["text", "choice", "scale", "number"] = Field(
        default="text", validation_alias=AliasChoices("kind", "type")
    )
    choices: list[Line] = Field(
        default_factory=list, max_length=50, validation_alias=AliasChoices("choices", "options")
    )
    min: Bound = 1
    max: Bound = 10

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        """Refuse a question to which there is no answer."""
        if self.min > self.max:
            raise ValueError(f"min ({self.min:g}) is larger than max ({self.max:g})")
        if self.kind == "choice" and not self.choices:
            raise ValueError("a choice needs choices")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that can be answered: a number without written ends has none."""
        written = self.model_fields_set if self.kind == "number" else {"min", "max"}
        low = float(self.min) if "min" in written else -inf
        return low, float(self.max) if "max" in written else inf


class MessageConfig(Config):
    """A message of words alone."""

    body: Body


class WhatsAppConfig(MessageConfig):
    """A WhatsApp message; ``template`` names an approved template."""

    template: Line | None = None


class EmailConfig(MessageConfig):
    """An e-mail."""

    subject: Line = ""
    preheader: Line = ""


class WaitConfig(Config):
    """How long to wait for a reply."""

    timeout: Duration


class Until(Config):
    """The next moment with this weekday and time of day, in the contact's time zone."""

    weekday: Weekday | None = None
    time: TimeOfDay = "09:00"

    @field_validator("weekday", mode="before")
    @classmethod
    def _full_name(cls, value: Any) -> Any:
        """Accept ``Mon`` and ``Monday`` for ``monday``."""
        if isinstance(value, str) and len(value.strip()) >= 3:
            short = value.strip().lower()
            days = Weekday.__args__  # type: ignore[attr-defined]
            return next((day for day in days if day.startswith(short)), value)
        return value


class DelayConfig(Config):
    """A pause: a duration, or until a moment."""

    duration: Duration | None = None
    until: Until | None = None


class Branch(Config):
    """One way out of a condition."""

    when: Expression
    next: StepId | None = None


class ConditionConfig(Config):
    """The first branch that holds is taken, else ``else``."""

    branches: list[Branch] = Field(min_length=1, max_length=100)
    otherwise: StepId | None = Field(default=None, alias="else")


class Arm(Config):
    """One arm of a split."""

    name: Line
    weight: float = Field(default=1, gt=0, le=1e9)
    next: StepId | None = None


class SplitConfig(Config):
    """One arm at random, by weight."""

    arms: list[Arm] = Field(min_length=1, max_length=50)


class TwinReplyConfig(Config):
    """The creator twin answers on the channel of the last reply."""

    twin: Line | None = None
    instructions: Body = ""


class CoachingConfig(Config):
    """A coaching step: a lesson, a check-in or an assessment."""

    title: Line = ""
    body: Body = ""
    questions: list[Question] = Field(default_factory=list, max_length=50)
    channel: Channel = "email"
    timeout: Duration = "2d"


class SetConfig(Config):
    """Variables and the CEL expressions that give their values."""

    values: dict[str, Expression | bool | int | float | None] = Field(max_length=200)


Tags = Annotated[list[Line], Field(max_length=100)]


class TagConfig(Config):
    """Tags to add and to remove."""

    add: Tags | Line = Field(default_factory=list)
    remove: Tags | Line = Field(default_factory=list)


class GoalConfig(Config):
    """What was to be reached, and what it is worth in USD."""

    name: Line
    value: float | None = None


class HandoffConfig(Config):
    """A person takes over."""

    to: Line = "a person"
    reason: Line = ""


class WebhookConfig(Config):
    """A call to another system: never made in a rehearsal, ``sample`` answers."""

    url: Line = ""
    method: str = "POST"
    sample: Any = None


class EndConfig(Config):
    """The end of the flow."""

    reason: Line = "end"


MESSAGE_CHANNELS: dict[str, Channel] = {
    "send_sms": "sms",
    "send_whatsapp": "whatsapp",
    "send_telegram": "telegram",
    "send_web": "web",
    "send_push": "mobile",
    "send_email": "email",
}
COACHING = ("lesson", "check_in", "assessment")
STEP_CONFIGS: dict[str, type[Config]] = {
    "send_sms": MessageConfig,
    "send_whatsapp": WhatsAppConfig,
    "send_telegram": MessageConfig,
    "send_web": MessageConfig,
    "send_push": MessageConfig,
    "send_email": EmailConfig,
    "wait_for_reply": WaitConfig,
    "delay": DelayConfig,
    "condition": ConditionConfig,
    "split": SplitConfig,
    "twin_reply": TwinReplyConfig,
    "lesson": CoachingConfig,
    "check_in": CoachingConfig,
    "assessment": CoachingConfig,
    "set": SetConfig,
    "tag": TagConfig,
    "goal": GoalConfig,
    "handoff": HandoffConfig,
    "webhook": WebhookConfig,
    "end": EndConfig,
}
"""Every step type and its configuration: adding one is one class and one line here."""


class Step(BaseModel):
    """One step as written. ``config`` is read by the class of its ``type``.

    ``expect`` names what should come of it, as a list or with ``|`` between: an outcome (replied,
    clicked, read, ignored, opted_out, failed), an intent, a sentiment, a way out or a goal. Other
    words are shown beside what happened, and judged by nobody. ``comment`` is for whoever reads
    the flow; nobody is sent it.
    """

    model_config = ConfigDict(extra="allow")

    id: StepId
    type: str = Field(max_length=100)
    config: dict[str, Any] = Field(default_factory=dict)
    next: StepId | None = None
    on_reply: StepId | None = None
    on_timeout: StepId | None = None
    expect: str | list[str] | None = None
    comment: Body | None = None


class Note(BaseModel):
    """Words on the canvas that belong to no step."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    id: StepId
    text: Body = ""
    x: Bound = 0
    y: Bound = 0
    width: Bound = 220
    height: Bound = 120


class Canvas(BaseModel):
    """How a flow is drawn: where its steps stand (x, y in pixels), and what is noted beside them.

    A step without a place is placed by the layout.
    """

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    positions: dict[str, tuple[Bound, Bound]] = Field(default_factory=dict)
    notes: list[Note] = Field(default_factory=list, max_length=200)


class QuietHours(BaseModel):
    """Hours of the contact's day in which messages are held back."""

    model_config = ConfigDict(populate_by_name=True)

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")


class Flow(BaseModel):
    """One flow document."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    name: Name = "Untitled flow"
    description: Body = ""
    timezone: str = "UTC"
    variables: dict[str, Any] = Field(default_factory=dict)
    quiet_hours: QuietHours | None = None
    start: StepId | None = None
    steps: list[Step] = Field(min_length=1)
    tests: list[FlowTest] = Field(default_factory=list, max_length=200)
    canvas: Canvas | None = None


class StoredFlow(BaseModel):
    """One version of a flow in a workspace; ``document`` is kept as it was given.

    ``text`` is the YAML that the document was read from, with its comments; None where it was not
    YAML.
    """

    id: str
    version: int
    name: str
    document: dict[str, Any]
    created_at: Moment
    text: str | None = None
