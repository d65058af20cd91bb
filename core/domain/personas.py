"""Personas: described people who may be simulated. Field names are the source document's."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

MAX_TEXT = 4_000


def no_control_characters(text: str) -> str:
    """The text, unless it holds control characters other than a tab or a line break."""
    for position, character in enumerate(text):
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n\r":
            raise ValueError(f"has a control character at position {position}")
    return text


Plain = Annotated[str, AfterValidator(no_control_characters)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=r"^[^\r\n\t]*$"),
    AfterValidator(no_control_characters),
]
Text = Annotated[Plain, StringConstraints(max_length=MAX_TEXT)]
Word = Annotated[Plain, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


def slug(name: str) -> str:
    """A short id made from a name: ``Eager Eddie`` becomes ``eager-eddie``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "unnamed"


class Personality(BaseModel):
    """How a persona speaks and decides.

    The words are free; the behaviour model knows those that its parameters list and treats any
    other as the middle one, saying so.
    """

    model_config = ConfigDict(extra="allow")

    tone: Word = "neutral"
    response_length: Word = "medium"
    decision_speed: Word = "medium"
    objection_likelihood: Word = "medium"


class PersonaDraft(BaseModel):
    """What a person writes down to make a persona."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Text = ""
    personality: Personality = Field(default_factory=Personality)
    demographics: dict[Word, Text] = Field(default_factory=dict, max_length=50)
    behavior_traits: list[Word] = Field(default_factory=list, max_length=50)


class Persona(PersonaDraft):
    """A persona of a workspace: a draft with an id and a version."""

    id: str
    version: int = 1
    built_in: bool = False
