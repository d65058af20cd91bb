"""What is switched off in litellm changes nothing that goes over the wire."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from core.domain.models import Completion
from core.minds import ModelService
from core.minds.gateway.wire import Wire
from tests.core.minds.gateway.conftest import KEY, PROVIDERS, Desk, a_stub_model
from tests.core.minds.gateway.doubles import SCHEMA, a_call
from tests.support.model_stub import Question, Stub

ROOT = Path(__file__).resolve().parents[4]
PASSING = ("host", "x-stainless", "user-agent", "content-length")


def sent(question: Question) -> dict[str, Any]:
    """What matters of a request."""
    headers = {
        name: value for name, value in question.headers.items() if not name.startswith(PASSING)
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
    assert len(lean) == len(untouched) == 12
    for ours, theirs in zip(lean, untouched, strict=True):
        assert ours == theirs


def _by_hand(call: Any, key: str, stream: bool) -> dict[str, Any]:
    given: dict[str, Any] = {
        "model": call.model.model,
        "api_base": call.model.address,
        "api_key": key,
        "messages": [dict(one) for one in call.messages],
        "max_tokens": call.model.max_tokens,
        "temperature": call.model.temperature,
        "timeout": call.model.timeout_seconds,
        "max_retries": 0,
    }
    if call.schema:
        wanted = {"name": "answer", "schema": call.schema, "strict": True}
        given["response_format"] = {"type": "json_schema", "json_schema": wanted}
    if stream:
        given |= {"stream": True, "stream_options": {"include_usage": True}}
    return given
