"""Trying a model: one small question, answered in a form, and what is wrong in words."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple

from core.domain.errors import GreenroomError
from core.domain.models import Call, Completion, Model, ModelFacts, Trial
from core.minds.gateway.errors import WireError
from core.minds.gateway.providers import known_provider
from core.minds.gateway.retry import in_words

QUESTION = (
    "Say hello in one short sentence. Answer with one JSON object and nothing else: "
    '{"hello": your sentence, "mood": "good" or "bad"}'
)
MOODS = ("good", "bad")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "hello": {"type": "string"},
        "mood": {"type": "string", "enum": list(MOODS)},
    },
    "required": ["hello", "mood"],
    "additionalProperties": False,
}
"""Small, and of the kind that a reaction's form is."""
LONGEST_TRIAL = 30.0
Stream = Callable[[Call], AsyncIterator[str | Completion]]


class _Heard(NamedTuple):
    """What came of the question, and when."""

    answer: Completion | None
    first: float | None
    seconds: float


async def try_out(
    ready: Callable[[], Awaitable[None]],
    stream: Stream,
    facts: Callable[[Model], Awaitable[ModelFacts]],
    model: Model,
) -> Trial:
    """Ask a model to say hello in the way in which reactions are asked for.

    Args:
        ready: Waits until a question can be sent; that is not the model's time.
        stream: Gives the words as they come, and last the completion.
        facts: Knows models.
        model: Which one.
    """
    patience = min(model.timeout_seconds, LONGEST_TRIAL)
    call = Call(
        model=model.model_copy(update={"timeout_seconds": patience}),
        messages=({"role": "user", "content": QUESTION},),
        prompt="trial-2",
        schema=SCHEMA,
    )
    try:
        known_provider(model.model, model.address)
        await ready()
        known = await facts(model)
        heard = await _asked(stream, call)
    except (GreenroomError, WireError) as error:
        told = in_words(error, model) if isinstance(error, WireError) else error
        return Trial(works=False, message=told.message, fix=told.fix)
    return _outcome(model, heard, known)


async def _asked(stream: Stream, call: Call) -> _Heard:
    """Ask; a server that takes no schema is asked once more, and then gets none."""
    try:
        return await _listened(stream, call)
    except GreenroomError as error:
        cause = error.__cause__
        if not (isinstance(cause, WireError) and cause.kind == "no_schema"):
            raise
    return await _listened(stream, call)


async def _listened(stream: Stream, call: Call) -> _Heard:
    started = time.perf_counter()
    first: float | None = None
    answer: Completion | None = None
    async for piece in stream(call):
        if isinstance(piece, Completion):
            answer = piece
        elif first is None:
            first = time.perf_counter() - started
    return _Heard(answer, first, time.perf_counter() - started)


def _outcome(model: Model, heard: _Heard, facts: ModelFacts) -> Trial:
    answer = heard.answer
    trial = Trial(
        works=False,
        message="",
        seconds=heard.seconds,
        first_word_seconds=heard.first,
        cost_usd=answer.cost_usd if answer else None,
        facts=facts,
    )
    if answer is None or not answer.text.strip() or answer.finish != "stop":
        message, fix = _FAILED[answer.finish if answer else "stop"]
        return trial.model_copy(update={"message": message, "fix": fix})
    said = _said(answer.text)
    if said is None:
        found = {
            "message": f"{model.name} answers, but not in the form that reactions need.",
            "fix": "Choose a model that can answer with JSON; this one's reactions would all fail.",
            "answer": answer.text,
        }
        return trial.model_copy(update=found)
    message = f"{model.name} answered in {heard.seconds:.1f} seconds."
    return trial.model_copy(update={"works": True, "message": message, "answer": said})


def _said(text: str) -> str | None:
    """The words in an answer that keeps the form, bare or with something around it, else None."""
    try:
        found = json.loads(text[text.find("{") : text.rfind("}") + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("mood") not in MOODS:
        return None
    said = found.get("hello")
    return said if isinstance(said, str) and said.strip() else None


_FAILED: dict[str, tuple[str, str]] = {
    "refusal": ("The model refused to say hello.", "Choose another model."),
    "length": (
        "The model used all its tokens before it had said hello.",
        "Raise the most tokens of an answer: models that think first need a few thousand.",
    ),
    "stop": ("The model answered with nothing.", "Try again, or choose another model."),
}
