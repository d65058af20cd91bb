"""The wire formats of three providers, against a stub that speaks and fails as they do."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from core.domain.models import Completion
from core.minds import ModelService
from core.minds.gateway.errors import WireError
from core.minds.gateway.wire import NO_KEY, Wire
from tests.core.minds.gateway.conftest import KEY, PROVIDERS, Desk, a_stub_model
from tests.core.minds.gateway.doubles import SCHEMA, a_call
from tests.support.model_stub import INJECTION, PROSE, Stub

FAILURES = {
    "rate_limited": "rate_limited",
    "no_credit": "no_credit",
    "server_error": "server",
    "overloaded": "server",
    "wrong_key": "authentication",
    "leak": "authentication",
    "no_model": "no_such_model",
    "bad_request": "bad_request",
    "too_long": "bad_request",
    "no_schema": "no_schema",
    "stall": "timeout",
    "stall_midway": "timeout",
    "trickle": "timeout",
    "drop": "server",
    "huge": "too_large",
    "not_json": "server",
}


@pytest.fixture
def wire(service: ModelService, desk: Desk) -> Wire:
    """The bottom layer alone: one attempt."""
    return Wire(service._child, desk.keys)


def ask(
    service: ModelService, wire: Wire, model: Any, *, stream: bool = False, schema: Any = SCHEMA
) -> Completion:
    """One attempt, streamed or not."""
    call = a_call("Shall I keep a seat?", model, schema=schema)

    async def whole() -> Completion:
        if not stream:
            return await wire.complete(call)
        pieces = [piece async for piece in wire.stream(call)]
        *words, last = pieces
        assert isinstance(last, Completion)
        assert last.finish == "refusal" or "".join(map(str, words)) == last.text
        return last

    return service.run(whole()).result(30)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
class TestEachProvider:
    """Whole and streamed."""

    def test_it_answers(
        self, service: ModelService, wire: Wire, stub: Stub, provider: str, stream: bool
    ) -> None:
        model = a_stub_model(stub, provider, input_price=2.0, output_price=10.0)
        said = ask(service, wire, model, stream=stream)
        assert set(json.loads(said.text)) == {"action", "why"}
        (question,) = stub.requests
        assert said.finish == "stop"
        assert said.prompt_tokens == len(question.words) // 4 + 1
        assert said.completion_tokens == len(said.text) // 4 + 1
        tokens = said.prompt_tokens * 2.0 + said.completion_tokens * 10.0
        assert said.cost_usd == pytest.approx(tokens / 1e6)
        assert question.schema == SCHEMA

    @pytest.mark.parametrize("behaviour", FAILURES)
    def test_it_fails(
        self,
        service: ModelService,
        wire: Wire,
        desk: Desk,
        stub: Stub,
        provider: str,
        stream: bool,
        behaviour: str,
    ) -> None:
        stub.retry_after = "7"
        patience = 0.3 if FAILURES[behaviour] == "timeout" else 10.0
        model = a_stub_model(stub, provider, behaviour, timeout_seconds=patience)
        desk.keys.save(model, KEY)
        with pytest.raises(WireError) as raised:
            ask(service, wire, model, stream=stream)
        error = raised.value
        assert error.kind == FAILURES[behaviour]
        assert error.retry_after == (7.0 if behaviour in ("rate_limited",) else error.retry_after)
        assert len(stub.requests) == 1
        _holds_no_key(error)
        assert "litellm" not in error.message
        assert "Traceback" not in error.message

    @pytest.mark.parametrize(
        ("behaviour", "text", "finish"),
        [
            ("prose", PROSE, "stop"),
            ("injection", INJECTION, "stop"),
            ("empty", "", "stop"),
            ("policy", "", "refusal"),
        ],
    )
    def test_what_a_model_says_is_handed_on_as_it_is(
        self,
        service: ModelService,
        wire: Wire,
        stub: Stub,
        provider: str,
        stream: bool,
        behaviour: str,
        text: str,
        finish: str,
    ) -> None:
        said = ask(service, wire, a_stub_model(stub, provider, behaviour), stream=stream)
        assert (said.text, said.finish) == (text, finish)

    def test_an_answer_that_was_cut(
        self, service: ModelService, wire: Wire, stub: Stub, provider: str, stream: bool
    ) -> None:
        said = ask(service, wire, a_stub_model(stub, provider, "cut"), stream=stream)
        assert said.finish == "length"
        assert said.text

    def test_broken_json_is_still_an_answer(
        self, service: ModelService, wire: Wire, stub: Stub, provider: str, stream: bool
    ) -> None:
        said = ask(service, wire, a_stub_model(stub, provider, "broken_json"), stream=stream)
        with pytest.raises(ValueError):
            json.loads(said.text)

    def test_nothing_listens(
        self, service: ModelService, wire: Wire, stub: Stub, provider: str, stream: bool
    ) -> None:
        model = a_stub_model(stub, provider).model_copy(update={"address": "http://127.0.0.1:9/v1"})
        with pytest.raises(WireError) as raised:
            ask(service, wire, model, stream=stream)
        assert raised.value.kind == "unreachable"


def _holds_no_key(error: BaseException | None) -> None:
    while error is not None:
        assert KEY not in f"{error} {error!r} {vars(error)}"
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_providers_own_sign_of_a_refusal(
    service: ModelService, wire: Wire, stub: Stub, provider: str, stream: bool
) -> None:
    said = ask(service, wire, a_stub_model(stub, provider, "refusal"), stream=stream)
    assert (said.text, said.finish) == ("", "refusal")


def test_openai_is_asked_as_its_documents_say(
    service: ModelService, wire: Wire, desk: Desk, stub: Stub
) -> None:
    model = a_stub_model(stub, "openai", temperature=0.5)
    desk.keys.save(model, KEY)
    ask(service, wire, model)
    (question,) = stub.requests
    assert question.path == "/v1/chat/completions"
    assert question.headers["authorization"] == f"Bearer {KEY}"
    wanted = {"name": "answer", "schema": SCHEMA, "strict": True}
    assert question.body == {
        "model": "stub-normal",
        "messages": [dict(one) for one in a_call("Shall I keep a seat?").messages],
        "max_tokens": 200,
        "temperature": 0.5,
        "response_format": {"type": "json_schema", "json_schema": wanted},
    }


@pytest.mark.parametrize("name", ["claude-haiku-5-5", "claude-3-haiku-20240307"])
def test_anthropic_is_asked_as_its_documents_say(
    service: ModelService, wire: Wire, desk: Desk, stub: Stub, name: str
) -> None:
    model = a_stub_model(stub, "anthropic").model_copy(update={"model": f"anthropic/{name}"})
    desk.keys.save(model, KEY)
    said = ask(service, wire, model)
    (question,) = stub.requests
    assert question.path == "/v1/messages"
    assert question.headers["x-api-key"] == KEY
    assert question.headers["anthropic-version"]
    assert question.schema == SCHEMA
    assert question.body["max_tokens"] == 200
    assert question.body["system"][0]["text"] == "Be Pat."
    assert [one["role"] for one in question.messages] == ["user"]
    assert set(json.loads(said.text)) == {"action", "why"}
    tool = "tools" in question.body
    assert tool == (name == "claude-3-haiku-20240307")


def test_ollama_is_asked_as_its_documents_say(
    service: ModelService, wire: Wire, stub: Stub
) -> None:
    model = a_stub_model(stub, "ollama", temperature=0.5)
    said = ask(service, wire, model)
    (question,) = stub.requests
    assert question.path == "/api/chat"
    assert question.body["format"] == SCHEMA
    assert question.body["options"] == {"num_predict": 200, "temperature": 0.5}
    assert question.body["stream"] is False
    assert question.key is None
    assert said.cost_usd == 0.0


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_the_environments_key_is_not_sent_to_an_address(
    service: ModelService, wire: Wire, stub: Stub, provider: str
) -> None:
    """The wire's process was started with keys in its parent's environment."""
    ask(service, wire, a_stub_model(stub, provider))
    assert stub.requests[0].key == NO_KEY
    assert "of-the-environment" not in json.dumps(stub.requests[0].headers)


def test_a_server_that_takes_no_schema_is_not_sent_one_again(
    service: ModelService, wire: Wire, stub: Stub
) -> None:
    model = a_stub_model(stub, "openai", "no_schema")
    with pytest.raises(WireError) as raised:
        ask(service, wire, model)
    assert raised.value.kind == "no_schema"
    assert ask(service, wire, model).text == "OK."
    assert [question.schema for question in stub.requests] == [SCHEMA, None]


def test_a_price_that_nobody_knows_is_not_nothing(
    service: ModelService, wire: Wire, stub: Stub
) -> None:
    assert ask(service, wire, a_stub_model(stub, "openai")).cost_usd is None
    half = a_stub_model(stub, "openai", input_price=1.0)
    assert ask(service, wire, half).cost_usd is None
    assert ask(service, wire, a_stub_model(stub, "openai", "no_usage")).cost_usd is None
    priced = a_stub_model(stub, "openai", "no_usage", input_price=1.0, output_price=1.0)
    assert ask(service, wire, priced).cost_usd is None


def test_the_price_list_is_litellms(service: ModelService, wire: Wire, stub: Stub) -> None:
    model = a_stub_model(stub, "openai").model_copy(update={"model": "openai/gpt-4.1-mini"})
    said = ask(service, wire, model)
    expected = (said.prompt_tokens * 0.4 + said.completion_tokens * 1.6) / 1e6
    assert said.cost_usd == pytest.approx(expected)
    facts = service.run(wire.facts(model)).result(30)
    assert (facts.provider, facts.input_price, facts.output_price) == ("openai", 0.4, 1.6)
    assert facts.structured
    assert facts.context_tokens == 1_047_576


def test_facts_of_what_nobody_knows(service: ModelService, wire: Wire, stub: Stub) -> None:
    facts = service.run(wire.facts(a_stub_model(stub, "openai"))).result(30)
    assert (facts.provider, facts.input_price, facts.output_price) == ("openai", None, None)
    local = service.run(wire.facts(a_stub_model(stub, "ollama"))).result(30)
    assert (local.input_price, local.output_price, local.structured) == (0.0, 0.0, True)


def test_a_call_that_is_stopped_stops_at_the_provider(
    service: ModelService, wire: Wire, stub: Stub
) -> None:
    async def work() -> None:
        task = asyncio.create_task(
            wire.complete(a_call(model=a_stub_model(stub, "openai", "stall")))
        )
        while not stub.in_flight:
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait({task})
        while stub.in_flight:
            await asyncio.sleep(0.01)

    service.run(work()).result(5)


def test_an_answer_of_thirty_megabytes_hurts_nobody(
    service: ModelService, wire: Wire, stub: Stub
) -> None:
    """The memory of the wire's process stays where it was, and it goes on answering."""
    model = a_stub_model(stub, "openai", "huge")
    before = _memory(service)
    for _ in range(5):
        with pytest.raises(WireError):
            ask(service, wire, model)
    assert _memory(service) - before < 60_000_000
    assert ask(service, wire, a_stub_model(stub, "openai")).text


def _memory(service: ModelService) -> int:
    with open(f"/proc/{service.pid}/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * 4096
