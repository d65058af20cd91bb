"""Tests that stand beside a flow: who meets it, what they say, and what must come of it."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticKnownError

from core.domain.words import Intent, Sentiment

After = Annotated[
    str,
    StringConstraints(
        pattern=r"^\s*(\d+(\.\d+)?\s*(s|m|min|h|d|w)\s*)+$|^P[\dWDTHMS.]+$", max_length=60
    ),
]

MOST_REPLIES = 1_000
"""As many as a contact visits steps: nobody can answer more."""


class ScriptedReply(BaseModel):
    """What a made-up person writes back.

    Attributes:
        to: The step whose message is answered; None for the next message that nothing else answers.
        visit: Which visit of that step; None for any, each reply once.
        text: The words.
        intent: What is meant; read from the words where it is not given.
        sentiment: How it sounds; read from the words where it is not given.
        after: How long after the message, as a duration.
        answers: Answers to a check-in's or an assessment's questions, by the question's id.
    """

    model_config = ConfigDict(extra="forbid")

    to: str | None = Field(default=None, max_length=100)
    visit: int | None = Field(default=None, ge=1, le=1_000)
    text: str = Field(default="", max_length=10_000)
    intent: Intent | None = None
    sentiment: Sentiment | None = None
    after: After = "1h"
    answers: dict[str, Any] = Field(default_factory=dict, max_length=50)


class Expectation(BaseModel):
    """What a flow's test expects of its people. ``at_least`` is a share from 0 to 1.

    It is the share of people who must reach ``goal`` or, where there is none, ``reaches`` and
    ``ways``; all of them where it is not given. A way out of a step that must be taken is written
    ``step:way``, as in ``sort:branch:0`` or ``wait:on_timeout``.
    """

    model_config = ConfigDict(extra="forbid")

    reaches: list[str] = Field(default_factory=list)
    never: list[str] = Field(default_factory=list)
    ways: list[str] = Field(default_factory=list, max_length=200)
    max_messages: int | None = Field(default=None, ge=0)
    goal: str | None = None
    at_least: float | None = Field(default=None, ge=0, le=1)
    at_most: float | None = Field(default=None, ge=0, le=1)


def _left_out() -> Any:
    """What stands for an expectation that is not given, until it is known whether one must be."""
    return None


class FlowTest(BaseModel):
    """One row of a flow's own tests.

    A ``persona`` plays ``copies`` of itself by the engine. With ``replies`` or a ``transcript``
    one person says exactly that: a copy of the persona where one is given, else somebody with the
    attributes of ``contact``. A transcript's lines begin with ``bot:`` and ``me:``; what the bot
    is to say must be among what the flow says, in this order. ``expect`` may be left out beside a
    transcript alone.
    """

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, max_length=255)
    persona: str | None = Field(default=None, max_length=255)
    copies: int = Field(default=20, ge=1, le=10_000)
    contact: dict[str, Any] | None = Field(default=None, max_length=200)
    replies: list[ScriptedReply] | None = Field(default=None, max_length=MOST_REPLIES)
    transcript: str | None = Field(default=None, max_length=100_000)
    seed: int | None = Field(default=None, ge=0, le=2**63 - 1)
    expect: Expectation = Field(default_factory=_left_out, validate_default=True)

    @field_validator("expect", mode="before")
    @classmethod
    def _expects_something(cls, value: Any, info: ValidationInfo) -> Any:
        if value is not None:
            return value
        if info.data.get("transcript") is None:
            raise PydanticKnownError("missing")
        return Expectation()

    @model_validator(mode="after")
    def _somebody_takes_part(self) -> Self:
        if self.persona is None and not self.scripted:
            raise ValueError("a test needs a persona, a contact, replies or a transcript")
        if self.replies is not None and self.transcript is not None:
            raise ValueError("give replies or a transcript, not both")
        return self

    @property
    def scripted(self) -> bool:
        """Whether one made-up person plays it, and not copies of a persona."""
        return any(one is not None for one in (self.contact, self.replies, self.transcript))
