"""Asks again where that may help, and says in words what is wrong where it does not."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from typing import Generic

from core.domain.errors import CallFailed, GreenroomError, MindUnavailable
from core.domain.models import Model, Purpose
from core.minds.gateway.errors import LONGEST_RETRY_AFTER, Kind, WireError
from core.minds.gateway.protocol import Asked, Found, LayerOf
from core.minds.gateway.purposes import KINDS

ATTEMPTS = 4
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
FOR_EVERYBODY: frozenset[Kind] = frozenset(
    {"no_key", "authentication", "no_such_model", "no_credit", "unreachable"}
)
"""What fails for every call alike."""


class Retried(Generic[Asked, Found]):
    """At most so many attempts, with exponential backoff and full jitter between them.

    A provider's Retry-After is waited for in full. Every attempt goes through the layers below
    again, so it counts against the limits, and nothing of theirs is held meanwhile.

    Args:
        layer: What is asked.
        chance: Where the jitter comes from.
        attempts: How often at most; what only has to be asked in another form counts for none.
    """

    def __init__(
        self,
        layer: LayerOf[Asked, Found],
        chance: random.Random | None = None,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._layer = layer
        self._chance = chance or random.Random()
        self._attempts = attempts

    async def complete(self, call: Asked) -> Found:
        """The model's answer, with the number of attempts that it took."""
        attempt = 1
        while True:
            try:
                answer = await self._layer.complete(call)
                return dataclasses.replace(answer, attempts=attempt)
            except WireError as error:
                error.attempts = attempt
                wait = self.wait(error, attempt)
                if wait is None:
                    raise in_words(error, call.model) from error
            await asyncio.sleep(wait)
            attempt += 1

    def wait(self, error: WireError, attempt: int) -> float | None:
        """Seconds until the next attempt; None where there is none."""
        if error.kind == "no_schema" and attempt < ATTEMPTS:
            return 0.0
        if not error.transient or attempt >= self._attempts:
            return None
        backoff = self._chance.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)))
        if error.retry_after is None:
            return backoff
        if error.retry_after > LONGEST_RETRY_AFTER:
            return None
        return error.retry_after + min(backoff, FIRST_WAIT)


def in_words(error: WireError, model: Model) -> GreenroomError:
    """A failure for a person: what happened, and what to do.

    What fails for every call alike is a ``MindUnavailable``, the rest a ``CallFailed``.
    """
    what, fix = _WORDS[error.kind]
    where = model.address or "its provider"
    names = {"name": model.name, "model": model.model, "where": where, "words": error.message}
    names["seconds"] = f"{model.timeout_seconds:g}"
    names["pull"] = _ollama(model)
    names["kind"] = KINDS[model.purpose]
    kind = MindUnavailable if error.kind in FOR_EVERYBODY else CallFailed
    said = what.format(**names).rstrip(". ") + "."
    return kind(said, place="model", fix=_fix(error, model, fix).format(**names))


def _is_ollama(model: Model) -> bool:
    return model.model.startswith(("ollama/", "ollama_chat/"))


def _ollama(model: Model) -> str:
    return model.model.partition("/")[2]


def _fix(error: WireError, model: Model, fix: str) -> str:
    if _is_ollama(model) and error.kind == "unreachable":
        return "Start Ollama (ollama serve), or correct the address."
    if _is_ollama(model) and error.kind == "no_such_model":
        return "Pull it first: ollama pull {pull}"
    if error.kind == "no_such_model" and model.address is not None:
        return "Correct the model's name or the address; most servers want it to end in /v1."
    return _FIXES.get((model.purpose, error.kind), fix)


_FIXES: dict[tuple[Purpose, Kind], str] = {
    ("embedding", "bad_request"): "Check that it is an embedding model, and how long a text it "
    "takes.",
    ("embedding", "too_large"): "Check that it is an embedding model.",
    ("embedding", "refused"): "Choose another model for these texts.",
    ("transcription", "bad_request"): "Check that it is a model for transcription, and that it "
    "takes this kind of file.",
    ("transcription", "too_large"): "Check that it is a model for transcription.",
    ("transcription", "refused"): "Choose another model for this recording.",
    ("transcription", "timeout"): "Give it more patience: a long recording takes minutes.",
}
_WORDS: dict[Kind, tuple[str, str]] = {
    "rate_limited": (
        "{name} asks us to slow down: {words}",
        "Lower its calls at once, or give it the provider's limits a minute.",
    ),
    "no_credit": (
        "The account of {name} has no credit left: {words}",
        "Add credit with the provider, or choose another model.",
    ),
    "timeout": (
        "{name} gave no answer within {seconds} seconds",
        "Try again, or give it more time or fewer calls at once.",
    ),
    "server": ("{name} has trouble on its side: {words}", "Try again in a while."),
    "unreachable": (
        "Nothing answers at {where}: {words}",
        "Check the address, and that this machine can reach it.",
    ),
    "crashed": ("{words}", "Try again; it is started anew by itself."),
    "no_schema": ("{name} cannot keep a schema: {words}", "Choose another model."),
    "refused": ("{name} would not answer: {words}", "Change the words that it was sent."),
    "no_key": (
        "There is no key for {name}",
        "Save one with the model, or start Greenroom with {words} set.",
    ),
    "authentication": (
        "{name} does not let us in: {words}",
        "Check the key that is saved with it.",
    ),
    "no_such_model": (
        "There is no model {model} at {where}: {words}",
        "Correct the model's name.",
    ),
    "bad_request": (
        "{name} did not accept the question: {words}",
        "Check the model's settings; some models take no temperature, or shorter prompts.",
    ),
    "not_usable": (
        "{name} sent an answer that cannot be used: {words}",
        "Check that it is {kind}, or choose another one.",
    ),
    "too_large": (
        "{name} sent an answer that is too large to be one: {words}",
        "Lower the most tokens of its answers.",
    ),
}
