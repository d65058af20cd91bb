"""Personas: described people who may be simulated. Field names are the source document's."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from math import isfinite
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

MAX_TEXT = 4_000
MAX_WORDS = 50
_JOINERS = "\u200c\u200d"
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"


def no_control_characters(text: str) -> str:
    """The text, unless it holds control characters other than a tab or a line break."""
    for position, character in enumerate(text):
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n\r":
            raise ValueError(f"has a control character at position {position}")
    return text


def one_line(text: str) -> str:
    """The text, unless it has a tab or a line break."""
    if any(character in "\t\n\r\u2028\u2029" for character in text):
        raise ValueError("must be one line, without tabs")
    return text


def usable_in_a_cast(name: str) -> str:
    """The name, unless a cast could not name it or a person could not see it."""
    if "," in name:
        raise ValueError("must have no comma: commas separate the personas of a cast")
    if name.casefold() == "all":
        raise ValueError("must not be 'all': that word means every built-in persona")
    for position, character in enumerate(name):
        inside = 0 < position < len(name) - 1
        if unicodedata.category(character) == "Cf" and not (inside and character in _JOINERS):
            raise ValueError(f"has an invisible character at position {position}")
    if not any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANK for c in name):
        raise ValueError("shows nothing: it needs a letter, a digit or a sign")
    return name


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=255),
    AfterValidator(one_line),
    AfterValidator(no_control_characters),
]
Plain = Annotated[str, AfterValidator(no_control_characters)]
PersonaName = Annotated[Name, AfterValidator(usable_in_a_cast)]
Text = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(no_control_characters)]
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(no_control_characters),
]
_KEY = TypeAdapter(Annotated[Word, AfterValidator(one_line)])
_TEXT = TypeAdapter(Text)
_LIST = TypeAdapter(Annotated[list[Word], Field(max_length=MAX_WORDS)])


def trait(value: Any) -> Any:
    """A word of a personality that we do not know, within bounds."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if abs(value) < 1e300 and isfinite(value):
            return value
        raise ValueError("must be a finite number")
    try:
        return (_LIST if isinstance(value, list) else _TEXT).validate_python(value)
    except ValidationError:
        raise ValueError(
            f"must be text of at most {MAX_TEXT:,} characters, a number, true, false, null "
            f"or a list of at most {MAX_WORDS} words"
        ) from None


def slug(name: str, kind: str = "person") -> str:
    """A short id made from a name: ``Eager Eddie`` becomes ``eager-eddie``.

    A name without any ASCII letter or digit gets its kind and a hash: ``person-5f3a9c``.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    short = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return short or f"{kind}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


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

    __pydantic_extra__: dict[str, Annotated[Any, AfterValidator(trait)]]

    @model_validator(mode="before")
    @classmethod
    def _few_short_keys(cls, given: Any) -> Any:
        if isinstance(given, dict):
            more = [key for key in given if key not in cls.model_fields]
            if len(more) > MAX_WORDS:
                raise ValueError(f"has {len(more):,} more words; at most {MAX_WORDS} are allowed")
            for key in more:
                try:
                    fine = _KEY.validate_python(key) == key
                except ValidationError:
                    fine = False
                if not fine:
                    short = str(key)[:20]
                    raise ValueError(f"the word {short!r} must be 1 to 80 characters on one line")
        return given


class PersonaDraft(BaseModel):
    """What a person writes down to make a persona."""

    model_config = ConfigDict(extra="forbid")

    name: PersonaName
    description: Text = ""
    personality: Personality = Field(default_factory=Personality)
    demographics: dict[Word, Text] = Field(default_factory=dict, max_length=MAX_WORDS)
    behavior_traits: list[Word] = Field(default_factory=list, max_length=MAX_WORDS)


class Persona(PersonaDraft):
    """A persona of a workspace: a draft with an id and a version."""

    name: str
    id: str
    version: int = 1
    built_in: bool = False
