"""A model's answer: its form, its JSON schema, and reading it out of whatever came back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from core.domain.words import Intent, Sentiment

MAX_ANSWER = 20_000
"""Longer texts are no answer: one of 30 MB costs no time to turn down."""
_CANDIDATES = 4
_OUTSIDE = re.compile(r"\{")
_INSIDE = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[{}]', re.DOTALL)
"""What opens an object; and inside one a whole string, or a brace. Both read a text once."""

Action = Literal["ignore", "read", "click", "reply", "unsubscribe"]


class QuestionAnswer(BaseModel):
    """What was answered to one question."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    id: str
    value: str | float | None


class Answer(BaseModel):
    """What the person does, as a model says it."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    action: Action
    delay_hours: float
    text: str | None = None
    intent: Intent | None = None
    sentiment: Sentiment | None = None
    why: str

    @model_validator(mode="after")
    def _reply_is_whole(self) -> Self:
        """A reply has words, an intent and a sentiment; none of them is made up for it."""
        if self.action != "reply":
            return self
        missing = [
            name
            for name in ("text", "intent", "sentiment")
            if not str(getattr(self, name) or "").strip()
        ]
        if missing:
            raise ValueError(f"a reply needs {' and '.join(missing)}")
        return self


class FormAnswer(Answer):
    """The same for a message with questions."""

    answers: list[QuestionAnswer] | None = None


class Unreadable(ValueError):
    """What came back is not the JSON object that was asked for; says why, for the model."""


def schema_of(form: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema in the part of the language that every provider's strict mode takes."""
    schema: dict[str, Any] = _strict(form.model_json_schema())
    return schema


def _strict(node: Any) -> Any:
    """A schema without titles, defaults and docstrings, every property required."""
    if isinstance(node, list):
        return [_strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {
        name: _strict(value)
        for name, value in node.items()
        if name not in ("title", "default", "description") or isinstance(value, dict)
    }
    if "properties" in kept:
        kept["required"] = list(kept["properties"])
    return kept


_PLAIN, _FORM = TypeAdapter(Answer), TypeAdapter(FormAnswer)
PLAIN_SCHEMA, FORM_SCHEMA = schema_of(Answer), schema_of(FormAnswer)


def read_answer(text: str, *, form: bool) -> Answer:
    """The answer in a text: bare, in a code fence, or with prose around it.

    Args:
        text: What the model said.
        form: Whether the message has questions, so that there may be answers to them.

    Raises:
        Unreadable: If there is none.
    """
    if len(text) > MAX_ANSWER:
        raise Unreadable(f"it has {len(text):,} characters, and a few hundred are enough")
    adapter: TypeAdapter[Any] = _FORM if form else _PLAIN
    trouble = None
    for candidate in _candidates(text):
        try:
            answer: Answer = adapter.validate_json(candidate)
        except ValidationError as error:
            trouble = trouble or _in_words(error)
        except ValueError:
            trouble = trouble or "it has characters that no text may have"
        else:
            return answer
    raise Unreadable(trouble or ("it is empty" if not text.strip() else "it holds no JSON object"))


def _candidates(text: str) -> Iterator[str]:
    """The whole text, then each outermost pair of braces in it; quotes count only inside them."""
    stripped = text.strip()
    if stripped.startswith("{"):
        yield stripped
    depth = start = found = at = 0
    while found < _CANDIDATES:
        mark = (_INSIDE if depth else _OUTSIDE).search(text, at)
        if mark is None:
            return
        at = mark.end()
        if mark.group() == "{":
            start = start if depth else mark.start()
            depth += 1
        elif mark.group() == "}":
            depth -= 1
            if depth == 0:
                found += 1
                yield text[start:at]


def _in_words(error: ValidationError) -> str:
    """The first three things that are wrong, short."""
    lines = []
    for one in error.errors(include_url=False, include_context=False, include_input=False)[:3]:
        place = ".".join(map(str, one["loc"]))
        lines.append(f"{place}: {one['msg']}" if place else one["msg"])
    return "; ".join(lines)[:400]
