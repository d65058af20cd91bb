"""Trying a model: one small question, and what is wrong in words."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable

from core.domain.errors import GreenroomError
from core.domain.models import Call, Completion, Model, ModelFacts, Trial

QUESTION = "Say hello in one short sentence."
LONGEST_TRIAL = 30.0
Stream = Callable[[Call], AsyncIterator[str | Completion]]


async def try_out(
    stream: Stream, facts: Callable[[Model], Awaitable[ModelFacts]], model: Model
) -> Trial:
    """Ask a model to say hello.

    Args:
        stream: Gives the words as they come, and last the completion.
        facts: Knows models.
        model: Which one.
    """
    patience = min(model.timeout_seconds, LONGEST_TRIAL)
    call = Call(
        model=model.model_copy(update={"timeout_seconds": patience}),
        messages=({"role": "user", "content": QUESTION},),
        prompt="trial-1",
    )
    started = time.perf_counter()
    first: float | None = None
    answer: Completion | None = None
    try:
        known = await facts(model)
        async for piece in stream(call):
            if isinstance(piece, Completion):
                answer = piece
            elif first is None:
                first = time.perf_counter() - started
    except GreenroomError as error:
        return Trial(works=False, message=error.message, fix=error.fix)
    seconds = time.perf_counter() - started
    if answer is None or not answer.text.strip():
        return _silent(answer, seconds, known)
    return Trial(
        works=True,
        message=f"{model.name} answered in {seconds:.1f} seconds.",
        answer=answer.text,
        seconds=seconds,
        first_word_seconds=first,
        cost_usd=answer.cost_usd,
        facts=known,
    )


def _silent(answer: Completion | None, seconds: float, facts: ModelFacts) -> Trial:
    """A model that was reached and said nothing."""
    finish = answer.finish if answer else "stop"
    message, fix = {
        "refusal": ("The model refused to say hello.", "Choose another model."),
        "length": (
            "The model used all its tokens before it said a word.",
            "Raise the most tokens of an answer: models that think first need a few thousand.",
        ),
        "stop": ("The model answered with nothing.", "Try again, or choose another model."),
    }[finish]
    cost = answer.cost_usd if answer else None
    return Trial(works=False, message=message, fix=fix, seconds=seconds, cost_usd=cost, facts=facts)
