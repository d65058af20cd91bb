"""Trying models that do not chat: one sentence embedded, half a second of sound written down."""

from __future__ import annotations

import math
import tempfile
import time
import wave
from array import array
from collections.abc import Awaitable, Callable
from pathlib import Path

from core.domain.errors import GreenroomError
from core.domain.models import (
    Answered,
    Model,
    ModelFacts,
    Recording,
    Texts,
    Transcript,
    Trial,
    Vectors,
)
from core.minds.gateway.errors import WireError
from core.minds.gateway.protocol import Asked, Found, LayerOf
from core.minds.gateway.providers import known_provider
from core.minds.gateway.retry import in_words
from core.minds.gateway.speech import recording
from core.minds.gateway.trial import LONGEST_TRIAL

SENTENCE = "Small steps, taken every day, take you further than one great leap."
RATE = 16_000
SECONDS = 0.5
TONE = 440.0
LOUDNESS = 8_000
FactsOf = Callable[[Model], Awaitable[ModelFacts]]
Ready = Callable[[], Awaitable[None]]


class Bench:
    """Where a model is tried.

    Args:
        ready: Waits until a question can be sent; that is not the model's time.
        facts: Knows models.
    """

    def __init__(self, ready: Ready, facts: FactsOf) -> None:
        self._ready = ready
        self._facts = facts

    async def embed(self, layer: LayerOf[Texts, Vectors], model: Model) -> Trial:
        """Ask for the vector of one sentence, and say how long it is."""
        call = Texts(_soon(model), (SENTENCE,))

        def told(answer: Vectors, seconds: float) -> Trial:
            numbers = answer.rows.shape[1]
            did = f"{model.name} made a vector of {numbers:,} numbers in {seconds:.1f} seconds."
            return Trial(works=True, message=did, dimensions=numbers)

        return await self._tried(layer, call, model, told)

    async def transcribe(self, layer: LayerOf[Recording, Transcript], model: Model) -> Trial:
        """Ask for the words in half a second of a tone, and say which came."""

        def told(answer: Transcript, seconds: float) -> Trial:
            heard = "and wrote down words" if answer.text else "and heard no words, as it should"
            did = f"{model.name} listened to half a second of a tone in {seconds:.1f} seconds"
            return Trial(works=True, message=f"{did}, {heard}.", answer=answer.text or None)

        with tempfile.TemporaryDirectory(prefix="greenroom-") as folder:
            path = Path(folder) / "tone.wav"
            write_tone(path)
            return await self._tried(layer, recording(_soon(model), path), model, told)

    async def _tried(
        self,
        layer: LayerOf[Asked, Found],
        call: Asked,
        model: Model,
        told: Callable[[Found, float], Trial],
    ) -> Trial:
        try:
            known_provider(model.model, model.address)
            await self._ready()
            known = await self._facts(model)
            started = time.perf_counter()
            answer = await layer.complete(call)
        except (GreenroomError, WireError) as error:
            said = in_words(error, model) if isinstance(error, WireError) else error
            return Trial(works=False, message=said.message, fix=said.fix)
        seconds = time.perf_counter() - started
        return told(answer, seconds).model_copy(update=_measured(answer, seconds, known))


def _measured(answer: Answered, seconds: float, known: ModelFacts) -> dict[str, object]:
    return {"seconds": seconds, "cost_usd": answer.cost_usd, "facts": known}


def _soon(model: Model) -> Model:
    patience = min(model.timeout_seconds, LONGEST_TRIAL)
    return model.model_copy(update={"timeout_seconds": patience})


def write_tone(path: Path) -> None:
    """Half a second of a quiet tone, as a WAV file."""
    turn = 2 * math.pi * TONE / RATE
    samples = (round(LOUDNESS * math.sin(turn * at)) for at in range(int(RATE * SECONDS)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array("h", samples).tobytes())
