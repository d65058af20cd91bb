"""The limits fill what a provider allows, and never pass it."""

from __future__ import annotations

import asyncio
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.models import Call, Completion
from core.minds import Layer, prompt_tokens
from core.minds.gateway.errors import WireError
from core.minds.gateway.limits import MARGIN, MINUTE, AllLimits, Limited, Limits
from tests.core.minds.gateway.contract import LayerContract
from tests.core.minds.gateway.doubles import ScriptedLayer, a_call, a_model
from tests.core.minds.gateway.virtual import now, run


def limited(layer: Layer, limits: Limits | None = None) -> Limited:
    shared = limits or Limits()
    return Limited(layer, lambda _: shared)


class TestLimited(LayerContract):
    def wrap(self, layer: Layer) -> Layer:
        return limited(layer)


def most_within_a_minute(takes: list[tuple[float, int]]) -> int:
    """The most that was taken within any sixty seconds."""
    most = 0
    for start, _ in takes:
        most = max(most, sum(n for at, n in takes if start <= at < start + MINUTE))
    return most


def test_calls_at_once_are_bounded() -> None:
    async def work() -> None:
        below = ScriptedLayer(seconds=1.0)
        layer = limited(below)
        model = a_model(in_flight=7)
        await asyncio.gather(*(layer.complete(a_call(str(n), model)) for n in range(70)))
        assert below.most_in_flight == 7
        assert now() == pytest.approx(10.0)

    run(work())


@settings(max_examples=25, deadline=None)
@given(
    limit=st.integers(10, 200),
    in_flight=st.integers(5, 100),
    seconds=st.floats(0.05, 8.0),
    seed=st.integers(0, 1_000),
)
def test_requests_a_minute_are_filled_and_never_passed(
    limit: int, in_flight: int, seconds: float, seed: int
) -> None:
    async def work() -> None:
        below = ScriptedLayer(seconds=seconds)
        layer = limited(below)
        model = a_model(requests_per_minute=limit, in_flight=in_flight)
        chance = random.Random(seed)

        async def one(number: int) -> None:
            await asyncio.sleep(chance.uniform(0, 30))
            await layer.complete(a_call(str(number), model))

        await asyncio.gather(*(one(n) for n in range(limit * 4)))
        takes = [(at, 1) for at, _ in below.calls]
        assert most_within_a_minute(takes) <= limit
        last = max(at for at, _ in takes)
        possible = min(limit / (MINUTE + MARGIN), in_flight / seconds)
        assert last <= 30 + (limit * 4 / possible) + MINUTE

    run(work())


def test_the_allowance_of_requests_is_used_up() -> None:
    async def work() -> None:
        below = ScriptedLayer(seconds=2.0)
        layer = limited(below)
        model = a_model(requests_per_minute=300, in_flight=100)
        tasks = [asyncio.create_task(layer.complete(a_call(str(n), model))) for n in range(5_000)]
        await asyncio.sleep(10 * MINUTE)
        assert 0.95 * 3_000 <= len(below.calls) <= 3_000
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    run(work())


@settings(max_examples=15, deadline=None)
@given(limit=st.integers(60_000, 300_000), seed=st.integers(0, 1_000))
def test_tokens_a_minute_are_filled_and_never_passed(limit: int, seed: int) -> None:
    chance = random.Random(seed)

    def tokens(call: Call) -> tuple[int, int]:
        return int(prompt_tokens(call) * 0.8), chance.randint(20, 120)

    async def work() -> None:
        below = ScriptedLayer(seconds=2.0, tokens=tokens)
        layer = limited(below)
        model = a_model(tokens_per_minute=limit, in_flight=100, max_tokens=400)
        spent: list[tuple[float, int]] = []
        started: dict[str, float] = {}
        complete = below.complete

        async def noted(call: Call) -> Completion:
            started[call.key()] = now()
            return await complete(call)

        below.complete = noted  # type: ignore[method-assign]

        async def one(number: int) -> None:
            answer = await layer.complete(a_call(f"{number} " + "word " * 300, model))
            at = next(
                t for t, c in below.calls if c.messages[1]["content"].startswith(f"{number} ")
            )
            spent.append((at, answer.prompt_tokens + answer.completion_tokens))

        tasks = [asyncio.create_task(one(n)) for n in range(limit // 100)]
        await asyncio.sleep(3 * MINUTE + 2.1)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert most_within_a_minute(spent) <= limit
        assert sum(count for _, count in spent) > 0.95 * 3 * limit

    run(work())


def test_a_call_that_is_larger_than_the_allowance_goes_alone() -> None:
    async def work() -> None:
        below = ScriptedLayer(seconds=1.0, tokens=lambda _: (900, 100))
        layer = limited(below)
        model = a_model(tokens_per_minute=100)
        await asyncio.gather(*(layer.complete(a_call(str(n), model)) for n in range(3)))
        gaps = [b - a for (a, _), (b, _) in pairwise(below.calls)]
        assert all(gap >= MINUTE for gap in gaps)

    run(work())


def test_a_provider_that_counts_more_tokens_is_believed() -> None:
    async def work() -> None:
        below = ScriptedLayer(seconds=1.0, tokens=lambda _: (3_000, 10))
        layer = limited(below)
        model = a_model(tokens_per_minute=20_000, in_flight=100)
        spent = [layer.complete(a_call(f"{n} " + "字" * 1_500, model)) for n in range(60)]
        await spent[0]
        await asyncio.gather(*spent[1:])
        assert most_within_a_minute([(at, 3_010) for at, _ in below.calls[1:]]) <= 20_000

    run(work())


def test_one_429_holds_everybody_back() -> None:
    async def work() -> None:
        limits = Limits()
        layer = limited(ScriptedLayer(script=[WireError("rate_limited", "slow", 30.0)]), limits)
        with pytest.raises(WireError):
            await layer.complete(a_call("first"))
        await layer.complete(a_call("second"))
        assert now() == pytest.approx(30.0)

    run(work())


def test_a_429_that_says_to_come_back_tomorrow_holds_nobody() -> None:
    async def work() -> None:
        limits = Limits()
        layer = limited(ScriptedLayer(script=[WireError("rate_limited", "", 9e9)]), limits)
        with pytest.raises(WireError):
            await layer.complete(a_call("first"))
        await layer.complete(a_call("second"))
        assert now() == 0.0

    run(work())


def test_no_call_counts_before_the_wire_is_ready() -> None:
    async def work() -> None:
        below = ScriptedLayer()
        limits = Limits()
        ready = asyncio.Event()

        async def until_ready() -> None:
            await ready.wait()

        layer = Limited(below, lambda _: limits, until_ready)
        model = a_model(requests_per_minute=10)
        tasks = [asyncio.create_task(layer.complete(a_call(str(n), model))) for n in range(20)]
        await asyncio.sleep(20)
        ready.set()
        await asyncio.wait(tasks)
        assert most_within_a_minute([(at, 1) for at, _ in below.calls]) == 10

    run(work())


def test_calls_enter_in_their_order() -> None:
    async def work() -> None:
        below = ScriptedLayer(seconds=0.5)
        layer = limited(below)
        model = a_model(requests_per_minute=10, in_flight=3)
        await asyncio.gather(*(layer.complete(a_call(str(n), model)) for n in range(35)))
        texts = [call.messages[1]["content"] for _, call in below.calls]
        assert texts == [str(n) for n in range(35)]

    run(work())


def test_a_changed_setting_holds_at_once() -> None:
    async def work() -> None:
        below = ScriptedLayer()
        limits = Limits()
        layer = limited(below, limits)
        for number in range(5):
            await layer.complete(a_call(str(number), a_model(requests_per_minute=5)))
        await layer.complete(a_call("more", a_model(requests_per_minute=6)))
        assert now() == 0.0
        await layer.complete(a_call("again", a_model(requests_per_minute=6)))
        assert now() >= MINUTE

    run(work())


def test_the_same_account_shares_its_limits_over_workspaces() -> None:
    limits = AllLimits()
    model = a_model(address="http://here/v1")
    assert limits.of(model, "key-1") is limits.of(model.model_copy(update={"name": "B"}), "key-1")
    assert limits.of(model, "key-1") is not limits.of(model, "key-2")
    assert limits.of(model, None) is not limits.of(a_model(), None)
    assert "key-1" not in repr(vars(limits))


def test_the_estimate_of_a_prompt_is_rather_too_large() -> None:
    text = "We kept your seat for Thursday, shall I send you the link to the booking page? " * 20
    words = len(text.split())
    assert words * 1.2 <= prompt_tokens(a_call(text)) <= words * 2.5
    assert prompt_tokens(a_call(text, schema={"type": "object"})) > prompt_tokens(a_call(text))


def test_a_failed_call_gives_its_place_back() -> None:
    async def work() -> None:
        errors: list[BaseException | Completion] = [WireError("server", "oops") for _ in range(5)]
        below = ScriptedLayer(seconds=1.0, script=errors)
        limits = Limits()
        layer = limited(below, limits)
        model = a_model(in_flight=1)
        results = await asyncio.gather(
            *(layer.complete(a_call(str(n), model)) for n in range(6)), return_exceptions=True
        )
        assert sum(isinstance(one, WireError) for one in results) == 5
        assert limits.in_flight == 0

    run(work())
