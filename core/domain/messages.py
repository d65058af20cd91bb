"""A message to be checked, and what was found in it."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.domain.findings import Finding
from core.domain.words import Channel

Tone = Literal["warm", "neutral", "formal", "pushy", "aggressive"]
Encoding = Literal["gsm7", "ucs2"]
TONES: tuple[Tone, ...] = get_args(Tone)

LONGEST_BODY = 100_000
LONGEST_SUBJECT = 2_000


class MessageDraft(BaseModel):
    """One message, its templates filled in. Only an e-mail has a subject."""

    model_config = ConfigDict(frozen=True)

    channel: Channel
    subject: Annotated[str, StringConstraints(max_length=LONGEST_SUBJECT)] | None = None
    body: Annotated[str, StringConstraints(max_length=LONGEST_BODY)]


class MessageCheck(BaseModel):
    """What was found in one message."""

    spam_risk: float = Field(description="The probability that it is spam, times 100.")
    is_spam: bool = Field(description="Whether it is more likely spam than not: risk over 50.")
    tone: Tone
    segments: int | None = Field(description="How many SMS it takes; null on other channels.")
    encoding: Encoding | None = Field(description="Of an SMS: gsm7 or ucs2.")
    length: int = Field(description="Of an SMS in septets or UCS-2 units, else in characters.")
    findings: list[Finding]
