"""Asking a twin many things, some of them at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from core.domain.errors import BudgetReached, CallFailed, MindUnavailable
from core.domain.twins import Answer
from core.twins.serving import Serving
from core.twins.trying.resting import spoken

AT_ONCE = 32
"""The most that are asked at once, whatever a model allows."""
HOPELESS = 8
"""Where so many were asked and none was answered, the rest is not asked."""
VOICE_WORDS = 30
"""Shorter answers are not held against the voice: a verdict on them would be weak."""
Heard = Answer | str
"""An answer, or why there is none."""


class Stopped(Exception):
    """Somebody asked for an end."""


def ask_all(
    ask: Callable[[str], Answer],
    prompts: Sequence[str],
    at_once: int = 1,
    stop: threading.Event | None = None,
    tell: Callable[[int], None] | None = None,
) -> list[Heard]:
    """The answers to some prompts, in their order, or why there is none.

    Args:
        ask: Asks one thing and waits for the answer.
        prompts: What is asked.
        at_once: How many are asked at the same time.
        stop: Set by whoever wants an end.
        tell: Told how many are done.

    Raises:
        Stopped: If an end was asked for before all were answered.
    """
    halt = stop or threading.Event()
    found: dict[int, Heard] = {}

    def one(number: int) -> None:
        if halt.is_set():
            return
        said = tuple(found.values())
        if len(said) >= HOPELESS and all(isinstance(each, str) for each in said):
            found[number] = said[0]
        else:
            found[number] = _asked(ask, prompts[number])

    with ThreadPoolExecutor(max(1, min(at_once, AT_ONCE)), "standard-test") as pool:
        for future in as_completed([pool.submit(one, at) for at in range(len(prompts))]):
            future.result()
            if tell is not None:
                tell(len(found))
    if len(found) < len(prompts):
        raise Stopped
    return [found[number] for number in range(len(prompts))]


def voices(serving: Serving, answers: Sequence[Heard]) -> list[float | None]:
    """How likely it is that the creator wrote each answer; None where nobody can say."""
    texts = {
        number: spoken(answer)
        for number, answer in enumerate(answers)
        if isinstance(answer, Answer) and answer.kind == "answered"
    }
    long = {number: text for number, text in texts.items() if len(text.split()) >= VOICE_WORDS}
    if not long or not serving.has_voice:
        return [None] * len(answers)
    heard = dict(zip(long, serving.probabilities(list(long.values())), strict=True))
    return [heard.get(number) for number in range(len(answers))]


def _asked(ask: Callable[[str], Answer], prompt: str) -> Heard:
    try:
        return ask(prompt)
    except (CallFailed, MindUnavailable, BudgetReached) as error:
        return str(error)
