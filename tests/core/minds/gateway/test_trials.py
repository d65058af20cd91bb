"""Trying models that do not chat: what works, or what is wrong and what to do."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from core.minds.gateway.trials import write_tone
from tests.core.minds.gateway.conftest import Desk, a_stub_model
from tests.core.minds.gateway.doubles import a_model
from tests.support.model_media import DIMENSIONS
from tests.support.model_stub import Stub


@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_an_embedding_model_makes_one_vector(desk: Desk, stub: Stub, provider: str) -> None:
    trial = desk.gateway.trial(a_stub_model(stub, provider, purpose="embedding"))
    assert trial.works
    assert (trial.dimensions, len(stub.requests)) == (DIMENSIONS, 1)
    assert f"made a vector of {DIMENSIONS} numbers in" in trial.message
    assert trial.seconds is not None and trial.facts is not None
    assert trial.cost_usd == (0.0 if provider == "ollama" else None)


def test_a_model_for_transcription_listens_to_a_tone(desk: Desk, stub: Stub) -> None:
    stub.answer = ""
    model = a_stub_model(stub, "openai", purpose="transcription")
    trial = desk.gateway.trial(model)
    assert (trial.works, trial.answer) == (True, None)
    assert "heard no words" in trial.message
    stub.answer = "Thanks for watching."
    trial = desk.gateway.trial(model)
    assert (trial.works, trial.answer) == (True, "Thanks for watching.")
    assert stub.requests[0].body["file"][:4] == b"RIFF"


def test_a_server_without_times_works_too(desk: Desk, stub: Stub) -> None:
    model = a_stub_model(stub, "openai", "no_schema", purpose="transcription", max_tokens=201)
    model = model.model_copy(update={"model": "openai/trial-no_schema"})
    assert desk.gateway.trial(model).works
    assert len(stub.requests) == 2


@pytest.mark.parametrize(
    ("purpose", "behaviour", "message", "fix"),
    [
        ("embedding", "wrong_key", "does not let us in", "Check the key"),
        ("embedding", "no_model", "There is no model", "end in /v1"),
        ("embedding", "rate_limited", "slow down", "limits a minute"),
        ("embedding", "server_error", "trouble on its side", "Try again"),
        ("embedding", "nan", "cannot be used", "an embedding model"),
        ("embedding", "stall", "no answer within 0.5 seconds", "more time"),
        ("embedding", "bad_request", "did not accept", "an embedding model"),
        ("transcription", "wrong_key", "does not let us in", "Check the key"),
        ("transcription", "nan", "cannot be used", "a model for transcription"),
        ("transcription", "stall", "no answer within 0.5 seconds", "long recording"),
        ("transcription", "bad_request", "did not accept", "this kind of file"),
    ],
)
def test_what_is_wrong_is_said_after_one_attempt(
    desk: Desk, stub: Stub, purpose: str, behaviour: str, message: str, fix: str
) -> None:
    patience = 0.5 if behaviour == "stall" else 10.0
    model = a_stub_model(stub, "openai", behaviour, purpose=purpose, timeout_seconds=patience)
    trial = desk.gateway.trial(model)
    assert not trial.works
    assert message in trial.message
    assert fix in (trial.fix or "")
    assert len(stub.requests) == 1


@pytest.mark.parametrize("purpose", ["embedding", "transcription"])
def test_without_a_key_nothing_is_asked(desk: Desk, purpose: str) -> None:
    trial = desk.gateway.trial(a_model("openai/some-model", purpose=purpose))
    assert trial.message == "There is no key for Stub."
    assert "OPENAI_API_KEY" in (trial.fix or "")
    unknown = desk.gateway.trial(a_model("foo/bar", purpose=purpose))
    assert unknown.message == "There is no provider 'foo'."


def test_ollama_says_what_to_pull(desk: Desk, stub: Stub) -> None:
    trial = desk.gateway.trial(a_stub_model(stub, "ollama", "no_model", purpose="embedding"))
    assert trial.fix == "Pull it first: ollama pull stub-no_model"


def test_the_facts_name_dimensions_and_the_price_of_a_minute(desk: Desk) -> None:
    small = desk.gateway.facts(a_model("openai/text-embedding-3-small", purpose="embedding"))
    assert (small.dimensions, small.input_price) == (1536, 0.02)
    whisper = desk.gateway.facts(a_model("openai/whisper-1", purpose="transcription"))
    assert whisper.minute_price == 0.006


def test_the_tone_is_a_recording_of_half_a_second(tmp_path: Path) -> None:
    write_tone(tmp_path / "tone.wav")
    with wave.open(str(tmp_path / "tone.wav")) as file:
        assert file.getnframes() / file.getframerate() == 0.5
        assert len(set(file.readframes(100))) > 10
