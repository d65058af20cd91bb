"""Asking again where it helps, and words for people where it does not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import CallFailed, MindUnavailable
from core.domain.models import Completion
from core.minds import Layer
from core.minds.gateway.errors import KINDS, LONGEST_RETRY_AFTER, TRANSIENT, Kind, WireError
from core.minds.gateway.limits import Limited, Limits
from core.minds.gateway.retry import (
    ATTEMPTS,
    FIRST_WAIT,
    FOR_EVERYBODY,
    LONGEST_WAIT,
    Retried,
    in_words,
)
from tests.core.minds.gateway.contract import LayerContract
from tests.core.minds.gateway.doubles import ScriptedLayer, a_call, a_model
from tests.core.minds.gateway.virtual import now, run


class TestRetried(LayerContract):
    def wrap(self, layer: Layer) -> Layer:
        return Retried(layer)


def failing(kind: Kind, times: int, retry_after: float | None = None) -> ScriptedLayer:
    return ScriptedLayer(script=[WireError(kind, "words", retry_after) for _ in range(times)])


@pytest.mark.parametrize("kind", sorted(TRANSIENT))
def test_what_may_pass_is_asked_again(kind: Kind) -> None:
    async def work() -> None:
        below = failing(kind, 3)
        answer = await Retried(below, random.Random(1)).complete(a_call())
        assert (answer.text, answer.attempts, len(below.calls)) == ("re: hello", 4, 4)

    run(work())


@pytest.mark.parametrize("kind", KINDS)
def test_what_stays_wrong_is_said_in_words(kind: Kind) -> None:
    async def work() -> None:
        below = failing(kind, 99)
        expected = MindUnavailable if kind in FOR_EVERYBODY else CallFailed
        with pytest.raises(expected) as raised:
            await Retried(below, random.Random(1)).complete(a_call())
        assert len(below.calls) == (ATTEMPTS if kind in TRANSIENT else 1)
        cause = raised.value.__cause__
        assert isinstance(cause, WireError)
        assert cause.attempts == len(below.calls)
        assert raised.value.message.endswith(".")
        assert raised.value.fix
        assert "{" not in str(raised.value)

    run(work())


def test_retry_after_is_waited_for_in_full() -> None:
    async def work() -> None:
        below = failing("rate_limited", 1, retry_after=17.0)
        await Retried(below, random.Random(3)).complete(a_call())
        first, second = (at for at, _ in below.calls)
        assert 17.0 <= second - first <= 17.0 + FIRST_WAIT

    run(work())


def test_a_provider_that_says_to_come_back_tomorrow_is_not_waited_for() -> None:
    async def work() -> None:
        below = failing("rate_limited", 1, retry_after=LONGEST_RETRY_AFTER + 1)
        with pytest.raises(CallFailed):
            await Retried(below).complete(a_call())
        assert now() == 0.0

    run(work())


@given(attempt=st.integers(1, ATTEMPTS - 1), seed=st.integers())
def test_the_backoff_doubles_and_its_jitter_is_full(attempt: int, seed: int) -> None:
    retried = Retried(ScriptedLayer(), random.Random(seed))
    waits = [retried.wait(WireError("server", ""), attempt) or 0.0 for _ in range(200)]
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1))
    assert all(0 <= wait <= ceiling for wait in waits)
    assert min(waits) < ceiling * 0.2
    assert max(waits) > ceiling * 0.8


def test_equal_chance_gives_equal_waits() -> None:
    error = WireError("server", "")
    one, two = (
        Retried(ScriptedLayer(), random.Random(5)),
        Retried(ScriptedLayer(), random.Random(5)),
    )
    assert [one.wait(error, n) for n in (1, 2, 3)] == [two.wait(error, n) for n in (1, 2, 3)]


def test_a_schema_that_is_not_taken_is_left_out_at_once() -> None:
    async def work() -> None:
        await Retried(failing("no_schema", 1)).complete(a_call())
        assert now() == 0.0

    run(work())


def test_no_place_is_held_while_backing_off() -> None:
    """With one call at once, another one goes while the first waits to ask again."""

    async def work() -> None:
        below = ScriptedLayer(seconds=1.0, script=[WireError("server", "oops", None)])
        limits = Limits()
        layer = Retried(Limited(below, lambda _: limits), _Late())
        model = a_model(in_flight=1)
        first = layer.complete(a_call("first", model))
        second = layer.complete(a_call("second", model))
        answers = await _both(first, second)
        order = [call.messages[1]["content"] for _, call in below.calls]
        assert order == ["first", "second", "first"]
        assert [one.text for one in answers] == ["re: first", "re: second"]

    run(work())


def test_each_attempt_counts_against_the_limits() -> None:
    async def work() -> None:
        limits = Limits()
        layer = Retried(Limited(failing("server", 3), lambda _: limits), random.Random(1))
        await layer.complete(a_call("x", a_model(requests_per_minute=2)))
        assert now() >= 60.0

    run(work())


@pytest.mark.parametrize(
    ("kind", "model", "message", "words"),
    [
        ("no_key", a_model(), "OPENAI_API_KEY", "start Greenroom with OPENAI_API_KEY set"),
        ("unreachable", a_model(address="http://here:1/v1"), "refused", "http://here:1/v1"),
        ("unreachable", a_model("ollama_chat/llama3.1"), "refused", "ollama serve"),
        ("no_such_model", a_model("ollama_chat/llama3.1"), "gone", "ollama pull llama3.1"),
        ("no_such_model", a_model(address="http://here:1"), "404", "to end in /v1"),
        ("no_credit", a_model(), "quota", "Add credit"),
        ("timeout", a_model(timeout_seconds=7), "", "within 7 seconds"),
        ("authentication", a_model(), "wrong key", "Check the key"),
        ("rate_limited", a_model(), "slow {down}", "slow {down}"),
    ],
)
def test_the_words_say_what_to_do(kind: Kind, model: object, message: str, words: str) -> None:
    told = in_words(WireError(kind, message), model)  # type: ignore[arg-type]
    assert words in str(told)


class _Late(random.Random):
    """Always waits for as long as it may."""

    def uniform(self, a: float, b: float) -> float:
        return b


async def _both(first: object, second: object) -> list[Completion]:
    import asyncio

    return list(await asyncio.gather(first, second))  # type: ignore[call-overload]
