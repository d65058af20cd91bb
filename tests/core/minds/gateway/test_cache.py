"""The cache, the ledger, and what writes them to the store."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import BudgetReached, CallFailed, StorageFull
from core.domain.models import Completion
from core.minds import Layer
from core.minds.gateway.cache import Cached
from core.minds.gateway.errors import WireError
from core.minds.gateway.journal import LARGEST_BATCH, LONGEST_WAIT, Journal
from core.minds.gateway.recorded import STOPPED, Recorded
from tests.core.minds.gateway.contract import LayerContract
from tests.core.minds.gateway.doubles import (
    MemoryCache,
    MemoryLedger,
    ScriptedLayer,
    a_call,
    a_model,
)
from tests.core.minds.gateway.virtual import run


class Rig:
    """A cache and a ledger over a layer."""

    def __init__(self, below: Layer, cache: MemoryCache | None = None) -> None:
        self.cache = cache or MemoryCache()
        self.ledger = MemoryLedger()
        self.journal = Journal(self.cache, self.ledger)
        self.layer = Recorded(Cached(below, self.cache, self.journal), self.journal)


class TestCached(LayerContract):
    def wrap(self, layer: Layer) -> Layer:
        cache = MemoryCache()
        return Cached(layer, cache, Journal(cache, MemoryLedger()))


class TestRecorded(LayerContract):
    def wrap(self, layer: Layer) -> Layer:
        return Recorded(layer, Journal(MemoryCache(), MemoryLedger()))


def test_an_equal_question_is_asked_once_and_costs_nothing_then() -> None:
    async def work() -> None:
        below = ScriptedLayer()
        rig = Rig(below)
        first, again = [await rig.layer.complete(a_call()) for _ in range(2)]
        assert len(below.calls) == 1
        assert (first.cached, first.cost_usd) == (False, 0.01)
        assert (again.cached, again.cost_usd, again.text) == (True, 0.0, first.text)

    run(work())


def test_equal_questions_at_the_same_time_are_asked_once() -> None:
    async def work() -> None:
        below = ScriptedLayer(seconds=1.0)
        rig = Rig(below)
        answers = await asyncio.gather(*(rig.layer.complete(a_call()) for _ in range(20)))
        assert len(below.calls) == 1
        assert sorted(one.cached for one in answers) == [False] + [True] * 19
        assert sum(one.cost_usd or 0 for one in answers) == 0.01

    run(work())


def test_who_asks_first_may_leave_and_the_others_still_get_the_answer() -> None:
    async def work() -> None:
        below = ScriptedLayer(seconds=10.0)
        rig = Rig(below)
        tasks = [asyncio.create_task(rig.layer.complete(a_call())) for _ in range(3)]
        await asyncio.sleep(1.0)
        tasks[0].cancel()
        answers = await asyncio.gather(*tasks[1:])
        assert [one.text for one in answers] == ["re: hello"] * 2
        assert len(below.calls) == 1

    run(work())


def test_another_draw_is_another_sample() -> None:
    async def work() -> None:
        below = ScriptedLayer()
        rig = Rig(below)
        await rig.layer.complete(a_call(draw="1"))
        fresh = await rig.layer.complete(a_call(draw="2"))
        assert not fresh.cached
        assert len(below.calls) == 2

    run(work())


def test_a_later_process_meets_the_same_answers_without_a_call() -> None:
    async def work() -> None:
        first = Rig(ScriptedLayer())
        for number in range(50):
            await first.layer.complete(a_call(str(number)))
        await first.journal.flush()
        nobody = ScriptedLayer()
        later = Rig(nobody, first.cache)
        answers = await asyncio.gather(
            *(later.layer.complete(a_call(str(number))) for number in range(50))
        )
        assert [one.text for one in answers] == [f"re: {number}" for number in range(50)]
        assert nobody.calls == []
        assert later.cache.asked == [[a_call(str(n)).key() for n in range(50)]]
        assert all(one.cached and one.cost_usd == 0.0 for one in answers)

    run(work())


def test_a_question_that_nobody_asked_costs_no_query() -> None:
    async def work() -> None:
        rig = Rig(ScriptedLayer())
        await asyncio.gather(*(rig.layer.complete(a_call(str(n))) for n in range(100)))
        assert rig.cache.asked == []

    run(work())


def test_an_answer_that_the_store_let_go_is_asked_again() -> None:
    async def work() -> None:
        below = ScriptedLayer()
        rig = Rig(below)
        await rig.layer.complete(a_call())
        await rig.journal.flush()
        rig.cache.answers.clear()
        assert not (await rig.layer.complete(a_call())).cached
        assert len(below.calls) == 2

    run(work())


@pytest.mark.parametrize("finish", ["stop", "length", "refusal"])
def test_every_answer_is_kept_a_refusal_too(finish: str) -> None:
    async def work() -> None:
        said = Completion("" if finish == "refusal" else "…", finish, prompt_tokens=9)  # type: ignore[arg-type]
        below = ScriptedLayer(script=[said])
        rig = Rig(below)
        await rig.layer.complete(a_call())
        again = await rig.layer.complete(a_call())
        assert (again.finish, again.cached, len(below.calls)) == (finish, True, 1)

    run(work())


def test_a_failure_is_never_kept() -> None:
    async def work() -> None:
        below = ScriptedLayer(script=[CallFailed("no")])
        rig = Rig(below)
        with pytest.raises(CallFailed):
            await rig.layer.complete(a_call())
        assert not (await rig.layer.complete(a_call())).cached

    run(work())


def test_answers_are_written_in_batches() -> None:
    async def work() -> None:
        rig = Rig(ScriptedLayer(seconds=0.1))
        await asyncio.gather(*(rig.layer.complete(a_call(str(n))) for n in range(1_000)))
        await rig.journal.flush()
        assert len(rig.cache.answers) == len(rig.ledger.records) == 1_000
        assert len(rig.ledger.batches) <= 1_000 * 2 / LARGEST_BATCH + 1

    run(work())


def test_what_waits_is_written_soon_by_itself() -> None:
    async def work() -> None:
        rig = Rig(ScriptedLayer())
        await rig.layer.complete(a_call())
        assert rig.ledger.records == []
        await asyncio.sleep(LONGEST_WAIT + 0.1)
        assert len(rig.ledger.records) == len(rig.cache.answers) == 1

    run(work())


def test_a_full_disk_is_told_and_loses_nothing() -> None:
    async def work() -> None:
        rig = Rig(ScriptedLayer())
        rig.ledger.failing = StorageFull("The disk is full.")
        await rig.layer.complete(a_call("1"))
        with pytest.raises(StorageFull):
            await rig.journal.flush()
        await rig.layer.complete(a_call("2"))
        await asyncio.sleep(LONGEST_WAIT * 2)
        with pytest.raises(StorageFull):
            await rig.layer.complete(a_call("3"))
        rig.ledger.failing = None
        await rig.journal.flush()
        assert [one.key for one in rig.ledger.records] == [a_call(n).key() for n in "123"]
        assert len(rig.cache.answers) == 3

    run(work())


def test_the_ledger_is_not_written_twice_where_only_the_cache_fails() -> None:
    async def work() -> None:
        rig = Rig(ScriptedLayer())
        rig.cache.failing = StorageFull("The disk is full.")
        await rig.layer.complete(a_call("1"))
        with pytest.raises(StorageFull):
            await rig.journal.flush()
        rig.cache.failing = None
        await rig.journal.flush()
        assert len(rig.ledger.records) == len(rig.cache.answers) == 1

    run(work())


def test_each_call_has_its_line_in_the_ledger() -> None:
    async def work() -> None:
        wire = WireError("server", "The server had an error")
        wire.attempts = 4
        failed = CallFailed("It failed.")
        failed.__cause__ = wire
        rig = Rig(ScriptedLayer(script=[failed], cost=lambda _: None))
        about = ("eager-eddie-0007", "hello", 2)
        call = a_call(account="run-1", about=about)
        with pytest.raises(CallFailed):
            await rig.layer.complete(call)
        await rig.layer.complete(call)
        await rig.layer.complete(call)
        await rig.journal.flush()
        failed_line, fresh, cached = rig.ledger.records
        assert (failed_line.status, failed_line.attempts, failed_line.error) == (
            "unavailable",
            4,
            "It failed.",
        )
        assert (fresh.status, fresh.cached, fresh.cost_usd) == ("answered", False, None)
        assert (cached.status, cached.cached, cached.cost_usd) == ("answered", True, 0.0)
        for line in rig.ledger.records:
            assert (line.account, line.contact_id, line.step_id, line.visit) == ("run-1", *about)
            assert (line.key, line.model, line.prompt) == (call.key(), "openai/stub", "test-1")

    run(work())


def test_a_refusal_is_a_line_of_its_own_status() -> None:
    async def work() -> None:
        rig = Rig(
            ScriptedLayer(script=[Completion("", "refusal", prompt_tokens=9, cost_usd=0.002)])
        )
        await rig.layer.complete(a_call())
        await rig.journal.flush()
        assert [(r.status, r.cost_usd) for r in rig.ledger.records] == [("refused", 0.002)]

    run(work())


def test_what_the_budget_held_back_was_no_call() -> None:
    async def work() -> None:
        rig = Rig(ScriptedLayer(script=[BudgetReached("spent")]))
        with pytest.raises(BudgetReached):
            await rig.layer.complete(a_call())
        await rig.journal.flush()
        assert rig.ledger.records == []

    run(work())


def test_a_stopped_call_stands_in_the_ledger_without_a_price() -> None:
    async def work() -> None:
        rig = Rig(ScriptedLayer(seconds=10))
        task = asyncio.create_task(rig.layer.complete(a_call()))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait({task})
        await rig.journal.flush()
        assert [(r.status, r.cost_usd, r.error) for r in rig.ledger.records] == [
            ("unavailable", None, STOPPED)
        ]

    run(work())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(0, 3))
def test_no_answer_is_paid_twice(questions: list[int], pause: int) -> None:
    """Whatever is asked in whatever order: each question is paid once, each call recorded."""

    async def work() -> None:
        below = ScriptedLayer(seconds=1.0)
        rig = Rig(below)

        async def one(number: int, question: int) -> None:
            await asyncio.sleep(number * pause / 4)
            assert (await rig.layer.complete(a_call(str(question)))).text == f"re: {question}"

        await asyncio.gather(*(one(n, q) for n, q in enumerate(questions)))
        await rig.journal.flush()
        different = len(set(questions))
        assert len(below.calls) == different
        assert len(rig.ledger.records) == len(questions)
        paid = sum(one.cost_usd or 0 for one in rig.ledger.records)
        assert paid == pytest.approx(0.01 * different)
        assert set(rig.cache.answers) == {a_call(str(q)).key() for q in questions}

    run(work())


def test_the_name_of_a_model_changes_no_answer_but_its_settings_do() -> None:
    call = a_call()
    same = dataclasses.replace(call, model=a_model(name="openai/stub", in_flight=3))
    other = dataclasses.replace(call, model=a_model(max_tokens=99))
    assert call.key() == same.key() != other.key()
