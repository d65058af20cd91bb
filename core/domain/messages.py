"""A message to be checked, and what was found in it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    StringConstraints,
    model_validator,
)

from core.domain.findings import Finding
from core.domain.words import Channel

Tone = Literal["warm", "neutral", "formal", "pushy", "aggressive"]
Encoding = Literal["gsm7", "ucs2"]
TONES: tuple[Tone, ...] = get_args(Tone)

LONGEST_BODY = 2_000_000
LONGEST_SUBJECT = 2_000


def _as_sent(channel: object) -> object:
    """A channel as steps call it: ``send_push`` is on mobile."""
    return "mobile" if channel == "push" else channel


class MessageDraft(BaseModel):
    """One message, its templates filled in. Only an e-mail has a subject."""

    model_config = ConfigDict(frozen=True)

    channel: Annotated[
        Channel, BeforeValidator(_as_sent, json_schema_input_type=Channel | Literal["push"])
    ]
    subject: Annotated[str, StringConstraints(max_length=LONGEST_SUBJECT)] | None = None
    body: Annotated[str, StringConstraints(max_length=LONGEST_BODY)]


class GivenMessage(MessageDraft):
    """The same with whatever else it carries, all of which comes back with what was found."""

    model_config = ConfigDict(extra="allow", frozen=True)

    _given: dict[str, Any] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _keep(cls, given: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        message = read(given)
        if isinstance(given, dict):
            message._given = given
        return message

    def with_findings(self, check: MessageCheck) -> dict[str, Any]:
        """As it was given, its own keys first, and what was found in it."""
        return {**self._given, **check.model_dump(mode="json")}


class MessageCheck(BaseModel):
    """What was found in one message."""

    spam_risk: float = Field(description="The probability that it is spam, times 100.")
    is_spam: bool = Field(description="Whether it is more likely spam than not: risk over 50.")
    tone: Tone
    segments: int | None = Field(description="How many SMS it takes; null on other channels.")
    encoding: Encoding | None = Field(description="Of an SMS: gsm7 or ucs2.")
    length: int = Field(description="Of an SMS in septets or UCS-2 units, else in characters.")
    findings: list[Finding]
