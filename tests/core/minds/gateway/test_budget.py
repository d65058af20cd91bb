"""What an account may spend, whoever spends it at the same time."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import BudgetReached, CallFailed
from core.domain.models import Call, Model
from core.minds import Layer
from core.minds.gateway.budget import Budgeted, Budgets, Prices, most
from tests.core.minds.gateway.contract import LayerContract
from tests.core.minds.gateway.doubles import ScriptedLayer, a_call, a_model
from tests.core.minds.gateway.virtual import run

PRICED = a_model(input_price=1.0, output_price=10.0, max_tokens=400)


async def own_prices(model: Model) -> Prices:
    return Prices(model.input_price, model.output_price)


async def nothing_before(account: str) -> float:
    return 0.0


def budgets(before: float = 0.0) -> Budgets:
    async def spent(account: str) -> float:
        return before

    return Budgets(spent, own_prices)


def of_run(text: str, model: Model = PRICED) -> Call:
    return a_call(text, model, account="run")


class TestBudgeted(LayerContract):
    def wrap(self, layer: Layer) -> Layer:
        return Budgeted(layer, budgets())


class TestBudgetedWithALimit(LayerContract):
    """The same promises where an account pays and its money is far from spent."""

    def wrap(self, layer: Layer) -> Layer:
        below = Budgeted(layer, accounts := budgets())

        class Paying:
            async def complete(self, call: Call) -> object:
                await accounts.limit("run", 1_000.0)
                return await below.complete(of_run(call.messages[-1]["content"]))

        return Paying()  # type: ignore[return-value]

    def test_it_gives_the_answer_of_what_it_wraps(self) -> None:
        async def work() -> None:
            answer = await self.wrap(ScriptedLayer()).complete(a_call("one"))
            assert answer.text == "re: one"

        run(work())


async def spend(layer: Layer, calls: int) -> tuple[int, int]:
    """How many of so many calls at once were answered, and how many found no money."""
    results = await asyncio.gather(
        *(layer.complete(of_run(str(n))) for n in range(calls)), return_exceptions=True
    )
    held = sum(isinstance(one, BudgetReached) for one in results)
    assert all(not isinstance(one, Exception) or isinstance(one, BudgetReached) for one in results)
    return calls - held, held


def test_two_hundred_calls_at_once_do_not_pass_the_budget() -> None:
    async def work() -> None:
        accounts = budgets()
        await accounts.limit("run", 0.5)
        below = ScriptedLayer(seconds=1.0, cost=lambda _: 0.004)
        answered, held = await spend(Budgeted(below, accounts), 200)
        account = await accounts.account("run")
        assert account.spent <= 0.5
        assert account.spent > 0.5 - most(of_run("x"), Prices(1.0, 10.0))  # type: ignore[operator]
        assert answered == len(below.calls) == round(account.spent / 0.004)
        assert held == 200 - answered
        assert account.reserved == 0.0

    run(work())


@settings(max_examples=40, deadline=None)
@given(
    limit=st.floats(0.0, 1.0),
    before=st.floats(0.0, 0.5),
    calls=st.integers(1, 120),
    seed=st.integers(0, 10_000),
)
def test_a_budget_holds_whatever_calls_cost(
    limit: float, before: float, calls: int, seed: int
) -> None:
    """Costs up to the estimate never pass the limit; what is above it passes by that error."""
    chance = random.Random(seed)
    estimate = most(of_run("0"), Prices(1.0, 10.0)) or 0.0
    costs = [chance.uniform(0, estimate) for _ in range(calls)]

    async def work() -> None:
        accounts = budgets(before)
        await accounts.limit("run", limit)
        below = ScriptedLayer(seconds=1.0, cost=lambda _: costs[len(below.calls) - 1])
        await spend(Budgeted(below, accounts), calls)
        account = await accounts.account("run")
        assert account.spent <= max(limit, before) + 1e-9
        assert account.reserved == 0.0

    run(work())


def test_a_wrong_estimate_passes_the_limit_by_no_more_than_its_error() -> None:
    async def work() -> None:
        accounts = budgets()
        await accounts.limit("run", 0.1)
        estimate = most(of_run("0"), Prices(1.0, 10.0)) or 0.0
        below = ScriptedLayer(seconds=1.0, cost=lambda _: estimate * 1.5)
        await spend(Budgeted(below, accounts), 200)
        in_flight = int(0.1 / estimate)
        account = await accounts.account("run")
        assert account.spent <= 0.1 + in_flight * estimate * 0.5

    run(work())


def test_what_was_spent_before_counts() -> None:
    async def work() -> None:
        accounts = budgets(before=0.99)
        await accounts.limit("run", 1.0)
        below = ScriptedLayer(cost=lambda _: 0.004)
        answered, _ = await spend(Budgeted(below, accounts), 10)
        assert answered == 2
        assert (await accounts.account("run")).spent == pytest.approx(0.998)

    run(work())


def test_it_goes_on_when_the_budget_is_raised() -> None:
    async def work() -> None:
        accounts = budgets()
        layer = Budgeted(ScriptedLayer(cost=lambda _: 0.004), accounts)
        await accounts.limit("run", 0.005)
        assert await spend(layer, 5) == (1, 4)
        with pytest.raises(BudgetReached) as raised:
            await layer.complete(of_run("again"))
        said = "The next answer could pass the budget of $0.005; $0.004 is spent so far."
        assert raised.value.message == said
        await accounts.limit("run", 0.004)
        with pytest.raises(BudgetReached, match=r"of \$0\.004 is spent: \$0\.004 so far"):
            await layer.complete(of_run("again"))
        assert "Raise the budget" in str(raised.value)
        await accounts.limit("run", 1.0)
        assert (await layer.complete(of_run("again"))).text == "re: again"
        await accounts.limit("run", None)
        assert await spend(layer, 500) == (500, 0)

    run(work())


def test_raising_it_wakes_who_waits() -> None:
    async def work() -> None:
        accounts = budgets()
        below = ScriptedLayer(seconds=10.0, cost=lambda _: 0.004)
        layer = Budgeted(below, accounts)
        await accounts.limit("run", 0.005)
        tasks = [asyncio.create_task(layer.complete(of_run(str(n)))) for n in range(3)]
        await asyncio.sleep(1.0)
        assert below.in_flight == 1
        await accounts.limit("run", 1.0)
        await asyncio.sleep(0.1)
        assert below.in_flight == 3
        await asyncio.gather(*tasks)

    run(work())


def test_a_budget_cannot_hold_where_nobody_knows_the_price() -> None:
    async def work() -> None:
        accounts = budgets()
        layer = Budgeted(ScriptedLayer(cost=lambda _: None), accounts)
        unpriced = of_run("x", a_model())
        assert (await layer.complete(unpriced)).cost_usd is None
        await accounts.limit("run", 5.0)
        with pytest.raises(BudgetReached, match="Nobody knows what Stub costs"):
            await layer.complete(unpriced)

    run(work())


def test_an_answer_without_usage_is_paid_at_the_estimate() -> None:
    async def work() -> None:
        accounts = budgets()
        await accounts.limit("run", 1.0)
        await Budgeted(ScriptedLayer(cost=lambda _: None), accounts).complete(of_run("x"))
        assert (await accounts.account("run")).spent == most(of_run("x"), Prices(1.0, 10.0))

    run(work())


def test_a_failed_call_gives_its_money_back() -> None:
    async def work() -> None:
        accounts = budgets()
        await accounts.limit("run", 0.005)
        layer = Budgeted(ScriptedLayer(script=[CallFailed("no")]), accounts)
        with pytest.raises(CallFailed):
            await layer.complete(of_run("x"))
        assert (await layer.complete(of_run("x"))).text == "re: x"

    run(work())


def test_accounts_do_not_pay_for_each_other() -> None:
    async def work() -> None:
        accounts = budgets()
        await accounts.limit("poor", 0.0)
        layer = Budgeted(ScriptedLayer(), accounts)
        with pytest.raises(BudgetReached):
            await layer.complete(a_call("x", PRICED, account="poor"))
        await layer.complete(a_call("x", PRICED, account="rich"))
        await layer.complete(a_call("x", PRICED))

    run(work())
