"""What is switched off in litellm changes nothing that goes over the wire."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.models import Completion, Model
from core.minds import ModelService
from core.minds.gateway.lean import _unpacked
from core.minds.gateway.trials import write_tone
from core.minds.gateway.wire import Wire
from tests.core.minds.gateway.conftest import KEY, PROVIDERS, Desk, a_stub_model
from tests.core.minds.gateway.doubles import SCHEMA, a_call
from tests.support.model_stub import Question, Stub

ROOT = Path(__file__).resolve().parents[4]
PASSING = ("host", "x-stainless", "user-agent", "content-length")


def sent(question: Question) -> dict[str, Any]:
    """What matters of a request."""
    headers = {
        name: value.partition("boundary=")[0]
        for name, value in question.headers.items()
        if not name.startswith(PASSING)
    }
    return {"path": question.path, "headers": headers, "body": question.body}


def test_the_requests_are_those_of_an_untouched_litellm(
    service: ModelService, desk: Desk, stub: Stub, offline: dict[str, str]
) -> None:
    wire = Wire(service._child, desk.keys)
    arguments: list[dict[str, Any]] = []

    async def streamed(call: Any) -> Completion | str:
        return [piece async for piece in wire.stream(call)][-1]

    for provider in PROVIDERS:
        for schema in (None, SCHEMA):
            for stream in (False, True):
                model = a_stub_model(stub, provider, temperature=0.3)
                desk.keys.save(model, KEY)
                call = a_call("äöü 👋", model, schema=schema)
                service.run(streamed(call) if stream else wire.complete(call)).result(30)
                arguments.append(_by_hand(call, KEY, stream))
    assert len(arguments) == 12
    _same(stub, arguments, offline)


def test_so_are_those_for_vectors_and_recordings(
    service: ModelService, desk: Desk, stub: Stub, offline: dict[str, str], tmp_path: Path
) -> None:
    arguments: list[dict[str, Any]] = []
    texts = ["äöü 👋", "two"]
    for provider in ("openai", "ollama"):
        model = a_stub_model(stub, provider, purpose="embedding")
        desk.keys.save(model, KEY)
        desk.gateway.embed(model, texts)
        arguments.append({"do": "aembedding", "input": texts, **_reached(model)})
    write_tone(path := tmp_path / "tone.wav")
    for language in (None, "de"):
        model = a_stub_model(stub, "openai", purpose="transcription")
        desk.gateway.transcribe(model, path, language=language)
        form = {"response_format": "verbose_json", "language": language}
        arguments.append({"do": "atranscription", "path": str(path), **form, **_reached(model)})
    _same(stub, arguments, offline)


def _same(stub: Stub, arguments: list[dict[str, Any]], offline: dict[str, str]) -> None:
    """Make the same calls with an untouched litellm, and compare."""
    lean = [sent(question) for question in stub.requests]
    stub.forget()
    subprocess.run(
        [sys.executable, "-m", "tests.core.minds.gateway.untouched"],
        input=json.dumps(arguments),
        env=offline,
        cwd=ROOT,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    untouched = [sent(question) for question in stub.requests]
    assert len(lean) == len(untouched) == len(arguments)
    for ours, theirs in zip(lean, untouched, strict=True):
        assert ours == theirs


def _reached(model: Model, key: str = KEY) -> dict[str, Any]:
    return {
        "model": model.model,
        "api_base": model.address,
        "api_key": key,
        "timeout": model.timeout_seconds,
        "max_retries": 0,
    }


def _by_hand(call: Any, key: str, stream: bool) -> dict[str, Any]:
    given: dict[str, Any] = {
        **_reached(call.model, key),
        "messages": [dict(one) for one in call.messages],
        "max_tokens": call.model.max_tokens,
        "temperature": call.model.temperature,
    }
    if call.schema:
        wanted = {"name": "answer", "schema": call.schema, "strict": True}
        given["response_format"] = {"type": "json_schema", "json_schema": wanted}
    if stream:
        given |= {"stream": True, "stream_options": {"include_usage": True}}
    return given


@settings(deadline=None)
@given(st.binary(max_size=2_000), st.integers(1, 400), st.integers(1, 50))
def test_a_packed_body_counts_as_what_it_unpacks_to(held: bytes, times: int, piece: int) -> None:
    body = held * times
    packed = gzip.compress(body)
    size = _unpacked("gzip")
    pieces = [packed[at : at + piece] for at in range(0, len(packed), piece)]
    assert sum(map(size, pieces)) == len(body)
    assert _unpacked("identity")(body) == len(body)
    assert _unpacked("br")(packed) > len(packed)
