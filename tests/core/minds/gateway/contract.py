"""What every layer of the gateway promises, whatever else it does."""

from __future__ import annotations

import asyncio

import pytest

from core.domain.errors import BudgetReached, CallFailed, GreenroomError, MindUnavailable
from core.minds import Layer
from tests.core.minds.gateway.doubles import ScriptedLayer, a_call
from tests.core.minds.gateway.virtual import run


class LayerContract:
    """Inherited by the test of each layer."""

    def wrap(self, layer: Layer) -> Layer:
        """The layer under test, around another; called inside the loop."""
        raise NotImplementedError

    def test_it_gives_the_answer_of_what_it_wraps(self) -> None:
        async def work() -> None:
            answer = await self.wrap(ScriptedLayer()).complete(a_call("one"))
            assert (answer.text, answer.finish, answer.cost_usd) == ("re: one", "stop", 0.01)
            assert answer.key == a_call("one").key()

        run(work())

    def test_many_calls_at_once_get_their_own_answers(self) -> None:
        async def work() -> None:
            below = ScriptedLayer(seconds=1.0)
            layer = self.wrap(below)
            answers = await asyncio.gather(
                *(layer.complete(a_call(f"number {n}")) for n in range(50))
            )
            assert [one.text for one in answers] == [f"re: number {n}" for n in range(50)]
            assert len(below.calls) == 50

        run(work())

    @pytest.mark.parametrize("kind", [CallFailed, MindUnavailable, BudgetReached])
    def test_our_errors_pass_through(self, kind: type[GreenroomError]) -> None:
        async def work() -> None:
            layer = self.wrap(ScriptedLayer(script=[kind("It went wrong.", fix="Wait.")]))
            with pytest.raises(kind) as raised:
                await layer.complete(a_call())
            assert (raised.value.message, raised.value.fix) == ("It went wrong.", "Wait.")
            assert (await layer.complete(a_call())).text == "re: hello"

        run(work())

    def test_a_call_that_is_stopped_stops_below_and_holds_nothing(self) -> None:
        async def work() -> None:
            below = ScriptedLayer(seconds=100.0)
            layer = self.wrap(below)
            tasks = [asyncio.create_task(layer.complete(a_call(str(n)))) for n in range(30)]
            await asyncio.sleep(1.0)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await asyncio.sleep(0.1)
            assert all(task.cancelled() for task in tasks)
            assert below.in_flight == 0
            assert (await layer.complete(a_call("after"))).text == "re: after"

        run(work())
