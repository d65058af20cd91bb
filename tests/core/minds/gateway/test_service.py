"""The gateway end to end: its thread, its process, its money, and what it never shows."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.domain.errors import BudgetReached, CallFailed, GreenroomError, MindUnavailable
from core.domain.models import Call, Completion, Model, ModelFacts
from core.minds import Keys, ModelService
from core.minds.gateway.child import Child, child_environment
from core.minds.gateway.recorded import STOPPED
from core.minds.gateway.trial import try_out
from core.store import Store
from tests.core.minds.gateway.conftest import KEY, PROVIDERS, Desk, a_stub_model
from tests.core.minds.gateway.doubles import a_call, a_model
from tests.support.model_stub import Stub

ROOT = Path(__file__).resolve().parents[4]


def ask(desk: Desk, *calls: object) -> list[object]:
    """Make calls at the same time; what failed stands among the answers."""

    async def work() -> list[object]:
        asked = (desk.gateway.complete(call) for call in calls)  # type: ignore[arg-type]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    return desk.service.run(work()).result(60)


def test_an_answer_comes_through_every_layer(desk: Desk, stub: Stub) -> None:
    stub.answer = "Count me in."
    model = a_stub_model(stub, "openai", input_price=1.0, output_price=2.0)
    call = a_call(model=model, account="run-1", about=("pat-0001", "hello", 0))
    (first,) = ask(desk, call)
    (again,) = ask(desk, call)
    assert isinstance(first, Completion)
    assert isinstance(again, Completion)
    assert (first.text, first.cached, again.cached) == ("Count me in.", False, True)
    assert len(stub.requests) == 1
    desk.gateway.flush()
    assert [record.cached for record in desk.ledger.records] == [False, True]
    assert desk.gateway.spent("run-1") == first.cost_usd == desk.ledger.spent("run-1")


def test_a_bad_minute_of_the_provider_is_got_over(desk: Desk, stub: Stub) -> None:
    stub.retry_after = "0.2"
    stub.script("rate_limited", "server_error", "drop")
    (answer,) = ask(desk, a_call(model=a_stub_model(stub, "openai")))
    assert isinstance(answer, Completion)
    assert answer.attempts == len(stub.requests) == 4


def test_calls_at_once_are_bounded_at_the_provider(desk: Desk, stub: Stub) -> None:
    stub.delay = 0.05
    model = a_stub_model(stub, "openai", in_flight=8)
    answers = ask(desk, *(a_call(str(n), model) for n in range(60)))
    assert all(isinstance(one, Completion) for one in answers)
    assert stub.most_in_flight == 8


def test_a_budget_holds_under_two_hundred_calls(desk: Desk, stub: Stub) -> None:
    stub.delay = 0.02
    model = a_stub_model(
        stub, "openai", in_flight=100, input_price=100.0, output_price=1_000.0, max_tokens=16
    )
    desk.gateway.set_budget("run", 0.5)
    calls = [a_call(str(n), model, account="run") for n in range(200)]
    results = ask(desk, *calls)
    held = sum(isinstance(one, BudgetReached) for one in results)
    assert 0 < held < 200
    assert 0.45 < desk.gateway.spent("run") <= 0.5
    assert len(stub.requests) == 200 - held
    desk.gateway.set_budget("run", None)
    assert all(isinstance(one, Completion) for one in ask(desk, *calls))
    assert len(stub.requests) == 200
    desk.gateway.flush()
    assert desk.ledger.spent("run") == pytest.approx(desk.gateway.spent("run"))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_words_come_as_they_are_said_and_are_paid(desk: Desk, stub: Stub, provider: str) -> None:
    stub.answer = "One word after the other, as people speak."
    model = a_stub_model(stub, provider, input_price=1.0, output_price=1.0)
    desk.gateway.set_budget("chat", 1.0)

    async def work() -> list[str]:
        return [piece async for piece in desk.gateway.stream(a_call(model=model, account="chat"))]

    pieces = desk.service.run(work()).result(30)
    assert len(pieces) > 3
    assert "".join(pieces) == stub.answer
    desk.gateway.flush()
    (record,) = desk.ledger.records
    assert (record.status, record.cached, record.account) == ("answered", False, "chat")
    assert record.cost_usd
    assert desk.gateway.spent("chat") == record.cost_usd
    desk.gateway.set_budget("chat", 0.0)
    with pytest.raises(BudgetReached):
        desk.service.run(work()).result(30)


def test_a_stream_that_fails_is_in_the_ledger(desk: Desk, stub: Stub) -> None:
    async def work() -> None:
        async for _ in desk.gateway.stream(a_call(model=a_stub_model(stub, "openai", "drop"))):
            pass

    with pytest.raises(CallFailed):
        desk.service.run(work()).result(30)
    desk.gateway.flush()
    assert [record.status for record in desk.ledger.records] == ["unavailable"]


def test_who_stops_listening_frees_the_place_and_the_line(desk: Desk, stub: Stub) -> None:
    model = a_stub_model(stub, "openai", "stall_midway", in_flight=1, timeout_seconds=60.0)

    async def work() -> str:
        pieces = desk.gateway.stream(a_call(model=model))
        first = await anext(pieces)
        await pieces.aclose()
        while stub.in_flight:
            await asyncio.sleep(0.01)
        again = desk.gateway.stream(a_call(model=model))
        assert await anext(again) == first
        await again.aclose()
        return first

    assert desk.service.run(work()).result(30)
    desk.gateway.flush()
    assert [(one.status, one.error) for one in desk.ledger.records] == [
        ("unavailable", STOPPED)
    ] * 2


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_trial_that_works(desk: Desk, stub: Stub, provider: str) -> None:
    stub.answer = '{"hello": "Hello, nice to meet you.", "mood": "good"}'
    trial = desk.gateway.trial(a_stub_model(stub, provider, input_price=1.0, output_price=1.0))
    assert trial.works
    assert trial.answer == "Hello, nice to meet you."
    assert trial.cost_usd
    assert trial.facts
    assert trial.facts.input_price == 1.0
    assert trial.seconds is not None
    assert trial.first_word_seconds is not None
    assert 0 < trial.first_word_seconds <= trial.seconds


@pytest.mark.parametrize(
    ("provider", "behaviour", "message", "fix"),
    [
        ("openai", "wrong_key", "does not let us in", "Check the key"),
        ("openai", "no_model", "There is no model openai/stub-no_model", "end in /v1"),
        ("ollama_chat", "no_model", "There is no model", "ollama pull stub-no_model"),
        ("openai", "rate_limited", "slow down", "limits a minute"),
        ("openai", "no_credit", "no credit left", "Add credit"),
        ("anthropic", "no_credit", "no credit left", "Add credit"),
        ("openai", "not_json", "did not answer as a model does", "Try again"),
        ("openai", "prose", "not in the form that reactions need", "JSON"),
        ("anthropic", "broken_json", "not in the form that reactions need", "JSON"),
        ("openai", "cut", "used all its tokens", "Raise the most tokens"),
        ("openai", "empty", "answered with nothing", "another model"),
        ("openai", "refusal", "refused to say hello", "another model"),
        ("openai", "stall", "no answer within 0.5 seconds", "more time"),
        ("openai", "bad_request", "did not accept the question", "settings"),
    ],
)
def test_a_trial_says_what_is_wrong_and_what_to_do(
    desk: Desk, stub: Stub, provider: str, behaviour: str, message: str, fix: str
) -> None:
    patience = 0.5 if behaviour == "stall" else 10.0
    trial = desk.gateway.trial(a_stub_model(stub, provider, behaviour, timeout_seconds=patience))
    assert not trial.works
    assert message in trial.message
    assert fix in (trial.fix or "")


def test_a_server_that_takes_no_schema_may_still_keep_the_form(desk: Desk, stub: Stub) -> None:
    stub.answer = '```json\n{"hello": "Hello.", "mood": "good"}\n```'
    trial = desk.gateway.trial(a_stub_model(stub, "openai", "no_schema", max_tokens=201))
    assert (trial.works, trial.answer) == (True, "Hello.")


def test_the_time_of_a_trial_is_the_models_alone() -> None:
    late = 0.3

    async def ready() -> None:
        await asyncio.sleep(late)

    async def facts(_: Model) -> ModelFacts:
        return ModelFacts(provider="openai")

    async def stream(_: Call) -> AsyncIterator[str | Completion]:
        text = '{"hello": "Hello.", "mood": "good"}'
        yield text
        yield Completion(text)

    trial = asyncio.run(try_out(ready, stream, facts, a_model()))
    assert trial.works
    assert trial.first_word_seconds is not None and trial.first_word_seconds < late
    assert trial.seconds is not None and trial.seconds < late


def test_a_provider_that_nobody_knows_is_named_before_any_key(desk: Desk) -> None:
    trial = desk.gateway.trial(a_model("foo/bar"))
    assert trial.message == "There is no provider 'foo'."
    assert "KEY" not in (trial.fix or "")


def test_a_trial_where_nothing_listens(desk: Desk) -> None:
    openai = desk.gateway.trial(a_model(address="http://127.0.0.1:9/v1"))
    said = "Nothing answers at http://127.0.0.1:9/v1: no connection could be made."
    assert openai.message == said
    ollama = desk.gateway.trial(a_model("ollama_chat/llama3.1", address="http://127.0.0.1:9"))
    assert ollama.message == said.replace("/v1", "")
    assert "ollama serve" in (ollama.fix or "")


def test_a_trial_without_a_key_makes_no_call(desk: Desk) -> None:
    trial = desk.gateway.trial(a_model("anthropic/claude-haiku-5-5"))
    assert trial.message == "There is no key for Stub."
    assert "ANTHROPIC_API_KEY" in (trial.fix or "")


def test_a_model_without_a_key_stops_everybody(desk: Desk) -> None:
    (error,) = ask(desk, a_call(model=a_model("openai/gpt-4.1-mini")))
    assert isinstance(error, MindUnavailable)


def test_the_process_may_be_killed_in_the_middle(desk: Desk, stub: Stub) -> None:
    stub.delay = 1.0
    model = a_stub_model(stub, "openai", timeout_seconds=30.0)
    calls = [a_call(f"killed {n}", model) for n in range(10)]

    async def work() -> list[Completion]:
        asked = [asyncio.ensure_future(desk.gateway.complete(call)) for call in calls]
        while stub.in_flight < 10:
            await asyncio.sleep(0.01)
        pid = desk.service.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        return await asyncio.gather(*asked)

    answers = desk.service.run(work()).result(100)
    assert [one.attempts for one in answers] == [2] * 10
    assert len(stub.requests) == 20


def test_the_process_ends_with_whoever_started_it(offline: dict[str, str]) -> None:
    """However that ends: here it is killed. And it never imported litellm itself."""
    script = (
        "import os, signal, sys\n"
        "import core.workbench\n"
        "from core.minds import ModelService\n"
        "service = ModelService()\n"
        "service.warm().result(100)\n"
        "assert not {'litellm', 'openai'} & set(sys.modules)\n"
        "print(service.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=offline, cwd=ROOT, capture_output=True, text=True
    )
    pid = int(done.stdout)
    for _ in range(500):
        if not _lives(pid):
            return
        signal.sigtimedwait([], 0.02)
    raise AssertionError("the wire's process outlived its parent")


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_the_process_has_no_key_and_asks_for_no_prices(service: ModelService) -> None:
    assert service.pid
    text = Path(f"/proc/{service.pid}/environ").read_text("utf-8")
    given = dict(line.partition("=")[::2] for line in text.split("\0") if line)
    assert given["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"
    assert given["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] == "True"
    assert given["LITELLM_MODE"] == "PRODUCTION"
    assert not [name for name in given if name.endswith("_API_KEY")]
    assert "of-the-environment" not in text
    assert KEY not in Path(f"/proc/{service.pid}/cmdline").read_text("utf-8")


def test_the_environment_keeps_what_the_cloud_needs() -> None:
    given = child_environment(
        {
            "AWS_SECRET_ACCESS_KEY": "a",
            "OPENAI_API_KEY": "b",
            "ANTHROPIC_AUTH_TOKEN": "c",
            "GREENROOM_SECRET_KEY": "d",
            "HTTPS_PROXY": "e",
        }
    )
    assert set(given.values()) & set("abcde") == {"a", "e"}


def test_closing_writes_what_is_left_and_ends_the_process(
    offline: dict[str, str], stub: Stub, tmp_path: Path
) -> None:
    service = ModelService(offline)
    desk = Desk(service, tmp_path)
    ask(desk, a_call(model=a_stub_model(stub, "openai")))
    pid = service.pid
    assert pid is not None
    service.close()
    assert len(desk.ledger.records) == len(desk.cache.answers) == 1
    assert not _lives(pid)
    with pytest.raises(RuntimeError, match="closed"):
        service.warm()


def test_nothing_is_started_before_it_is_needed(tmp_path: Path) -> None:
    service = ModelService({})
    Desk(service, tmp_path)
    assert service.pid is None
    service.close()


def test_a_process_that_cannot_start_is_an_error_of_ours(
    desk: Desk, stub: Stub, tmp_path: Path
) -> None:
    (tmp_path / "litellm.py").write_text("raise ImportError('broken')", "utf-8")
    service = ModelService({"PYTHONPATH": str(tmp_path)})
    gateway = service.gateway(desk.cache, desk.ledger, desk.keys)
    with pytest.raises(CallFailed, match="could not be started"):
        service.run(gateway.complete(a_call(model=a_stub_model(stub, "openai")))).result(100)
    assert stub.requests == []
    service.close()


def test_a_key_shows_nowhere(
    service: ModelService,
    stub: Stub,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Not in errors, records, logs or output, nor in the workspace's files."""
    caplog.set_level(logging.DEBUG)
    store = Store(tmp_path / "greenroom.duckdb")
    keys = Keys(store.secrets, tmp_path, {})
    gateway = service.gateway(store.answers, store.calls, keys)
    seen: list[str] = []
    for provider in ("openai", "anthropic"):
        for behaviour in ("normal", "leak", "server_error"):
            model = a_stub_model(stub, provider, behaviour, timeout_seconds=0.5)
            keys.save(model, KEY)
            call = a_call(model=model, account="run")
            seen.append(str(gateway.trial(model)))
            try:
                seen.append(repr(service.run(gateway.complete(call)).result(60)))
            except GreenroomError as error:
                seen += [str(error), repr(error.__cause__), repr(vars(error))]
    gateway.close()
    seen += [repr(record) for record in store.calls.page("run", None, 100, 0)]
    store.close()
    assert {question.key for question in stub.requests} == {KEY}
    assert KEY not in "\n".join(seen)
    assert KEY not in caplog.text
    assert KEY not in "".join(capfd.readouterr())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert all(KEY.encode() not in path.read_bytes() for path in files)


def test_workspaces_have_their_own_keys(service: ModelService, stub: Stub, tmp_path: Path) -> None:
    model = a_stub_model(stub, "openai")
    desks = [Desk(service, tmp_path / name) for name in ("one", "two")]
    for number, desk in enumerate(desks):
        desk.keys.save(model, f"{KEY}-{number}")
        ask(desk, a_call(model=model))
        desk.gateway.close()
    assert [question.key for question in stub.requests] == [f"{KEY}-0", f"{KEY}-1"]


def test_facts_may_be_asked_of_any_thread(desk: Desk, stub: Stub) -> None:
    model = a_stub_model(stub, "openai", output_price=3.0)
    facts = desk.gateway.facts(model)
    assert (facts.provider, facts.input_price, facts.output_price) == ("openai", None, 3.0)


def test_a_child_that_was_never_started_is_closed_easily() -> None:
    child = Child({})
    asyncio.run(child.close())
    assert child.pid is None
