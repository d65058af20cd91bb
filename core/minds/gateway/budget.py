"""What an account may spend: reserved before a call, settled after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Generic, NamedTuple

from core.domain.errors import BudgetReached
from core.domain.models import MILLION, Answered, Model
from core.domain.money import money
from core.minds.gateway.limits import prompt_tokens
from core.minds.gateway.protocol import Asked, Found, LayerOf, Question


class Prices(NamedTuple):
    """USD for a million tokens of prompt, and of answers, and for a minute of a recording."""

    prompt: float | None = None
    answer: float | None = None
    minute: float | None = None


PriceList = Callable[[Model], Awaitable[Prices]]


def most(call: Question, prices: Prices) -> float | None:
    """The most that a call may cost in USD, None where no price is known."""
    size = call.size()
    amounts = (prompt_tokens(call) / MILLION, size.answer_tokens / MILLION, size.minutes)
    cost = 0.0
    for price, amount in zip(prices, amounts, strict=True):
        if amount and price is None:
            return None
        cost += (price or 0.0) * amount
    return cost


class Account:
    """One payer's money: its limit, what it has spent, and what is reserved for calls going on."""

    def __init__(self, spent: float, limit: float | None = None) -> None:
        self.spent = spent
        self.limit = limit
        self.reserved = 0.0
        self._turn = asyncio.Lock()
        self._changed = asyncio.Condition()

    async def reserve(self, usd: float) -> None:
        """Put money aside, waiting for other calls to give back what they did not need.

        Raises:
            BudgetReached: If it is not there even then.
        """
        async with self._turn, self._changed:
            while not self._fits(usd):
                if self.reserved <= 0:
                    raise self._reached()
                await self._changed.wait()
            self.reserved += usd

    async def settle(self, reserved: float, usd: float) -> None:
        """Pay, and give back what was put aside."""
        async with self._changed:
            self.reserved = max(0.0, self.reserved - reserved)
            if self.reserved < 1e-12:
                self.reserved = 0.0
            self.spent += usd
            self._changed.notify_all()

    async def change(self, limit: float | None) -> None:
        """Another limit, from now on."""
        async with self._changed:
            self.limit = limit
            self._changed.notify_all()

    def _fits(self, usd: float) -> bool:
        return self.limit is None or self.spent + self.reserved + usd <= self.limit

    def _reached(self) -> BudgetReached:
        limit, spent = money(self.limit or 0.0), money(self.spent)
        if self.spent >= (self.limit or 0.0):
            said = f"The budget of {limit} is spent: {spent} so far."
        else:
            said = f"The next answer could pass the budget of {limit}; {spent} is spent so far."
        return BudgetReached(said, fix="Raise the budget to go on.")


class Budgets:
    """The accounts of a workspace; what was spent before is read once from its ledger.

    Args:
        spent: What an account's calls have cost so far.
        prices: The prices of a model.
    """

    def __init__(self, spent: Callable[[str], Awaitable[float]], prices: PriceList) -> None:
        self._spent = spent
        self._prices = prices
        self._accounts: dict[str, Account] = {}
        self._limits: dict[str, float | None] = {}
        self._opening = asyncio.Lock()

    async def account(self, name: str) -> Account:
        """One account, opened where it was not."""
        async with self._opening:
            if name not in self._accounts:
                spent = await self._spent(name)
                self._accounts[name] = Account(spent, self._limits.get(name))
            return self._accounts[name]

    async def limit(self, name: str, usd: float | None) -> None:
        """Set what an account may spend; None lets it spend whatever it likes."""
        self._limits[name] = usd
        await (await self.account(name)).change(usd)

    @asynccontextmanager
    async def reserved(self, call: Question) -> AsyncIterator[Callable[[Answered], None]]:
        """Money for one call; what is given takes its answer.

        Raises:
            BudgetReached: If the call's account may not spend any more, or may spend only so much
                and nobody knows what the model costs.
        """
        account = None if call.account is None else await self.account(call.account)
        if account is None:
            yield lambda _: None
            return
        aside = await self._aside(call, account)
        await account.reserve(aside)
        paid: list[float] = []

        def pay(answer: Answered) -> None:
            cost = answer.cost_usd
            paid.append(aside if cost is None else cost)

        try:
            yield pay
        finally:
            await asyncio.shield(account.settle(aside, sum(paid)))

    async def _aside(self, call: Question, account: Account) -> float:
        usd = most(call, await self._prices(call.model))
        if usd is None and account.limit is not None:
            raise BudgetReached(
                f"Nobody knows what {call.model.name} costs, so a budget cannot hold.",
                place="budget",
                fix="Give the model its prices, or take the budget away.",
            )
        return usd or 0.0


class Budgeted(Generic[Asked, Found]):
    """Lets a call through when its account can pay for it.

    Money is reserved as an upper estimate (a long prompt, the longest answer), so that calls at the
    same time cannot pass the limit together; the overshoot is at most the error of one estimate.
    """

    def __init__(self, layer: LayerOf[Asked, Found], budgets: Budgets) -> None:
        self._layer = layer
        self._budgets = budgets

    async def complete(self, call: Asked) -> Found:
        """The model's answer, paid for."""
        async with self._budgets.reserved(call) as pay:
            answer = await self._layer.complete(call)
            pay(answer)
            return answer
