"""Playing people side by side: the same events as one after the other, and a clean rest."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from typing import Any

import pyarrow as pa
import pytest

from core.domain.errors import BudgetReached, StorageFull
from core.domain.models import Call, Completion
from core.domain.populations import CastLine, Person, PopulationDraft
from core.domain.reactions import Reaction, Situation
from core.minds import BehaviourMind, load_parameters, load_phrases
from core.rehearsal import Script, Stage
from core.rehearsal.together import Batch, Ensemble, Halted, Halting
from core.workbench import Workspace
from tests.conftest import TWO_STEPS

Runner = Callable[[Coroutine[Any, Any, None]], Future[None]]
PEOPLE = 70


@pytest.fixture
def run() -> Iterator[Runner]:
    """Runs coroutines on a loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield lambda coroutine: asyncio.run_coroutine_threadsafe(coroutine, loop)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


class Waiting:
    """The behaviour engine, after a wait that differs from person to person."""

    def __init__(self, fail_after: int = 10**9, error: Exception | None = None) -> None:
        self._inner = BehaviourMind(load_parameters(), load_phrases())
        self._left = fail_after
        self._error = error
        self.now = self.most = 0

    async def react(self, situation: Situation) -> Reaction:
        self._left -= 1
        if self._left < 0 and self._error is not None:
            raise self._error
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(int(situation.chance.uniform("wait") * 20)):
            await asyncio.sleep(0)
        self.now -= 1
        return await self._inner.react(situation)


@pytest.fixture
def people(workspace: Workspace) -> list[Person]:
    draft = PopulationDraft(cast=[CastLine(persona="eager-eddie", copies=PEOPLE)], seed=3)
    population = workspace.populations.freeze(draft)
    return list(workspace.store.populations.people(population.id, 0, PEOPLE))


@pytest.fixture
def script(workspace: Workspace) -> Script:
    personas = {one.id: one.model_dump() for one in workspace.personas.list()}
    return Script(document=TWO_STEPS, personas=personas, parameters={}, seed=7, twins={})


def ensemble(
    script: Script,
    people: list[Person],
    mind: Waiting,
    *,
    width: int = 8,
    start: int = 0,
    stop: threading.Event | None = None,
) -> Ensemble:
    stage = Stage(script, mind=mind)
    load = lambda at, count: people[at : at + count]  # noqa: E731
    return Ensemble(stage, load, start, len(people), width, stop or threading.Event())


def alone(script: Script, people: list[Person]) -> pa.Table:
    """The same people, one after the other."""
    return asyncio.run(Stage(script).play(people)).events


@pytest.mark.parametrize("width", [1, 7, 200])
def test_side_by_side_is_one_after_the_other(
    run: Runner, script: Script, people: list[Person], width: int
) -> None:
    mind = Waiting()
    batches = list(ensemble(script, people, mind, width=width).batches(run, lambda: None))
    assert pa.concat_tables([batch.events for batch in batches]).equals(alone(script, people))
    assert sum(batch.people for batch in batches) == PEOPLE
    assert mind.most <= width
    assert mind.most > 1 or width == 1


def test_at_the_budget_whole_people_are_handed_on_and_the_rest_go_on_later(
    run: Runner, script: Script, people: list[Person]
) -> None:
    broke = Waiting(fail_after=40, error=BudgetReached("The budget is spent."))
    taken: list[Batch] = []
    with pytest.raises(BudgetReached):
        taken.extend(ensemble(script, people, broke).batches(run, lambda: None))
    done = sum(batch.people for batch in taken)
    assert 0 < done < PEOPLE
    rest = ensemble(script, people, Waiting(), start=done).batches(run, lambda: None)
    tables = [batch.events for batch in (*taken, *rest)]
    assert pa.concat_tables(tables).equals(alone(script, people))


def test_a_stopped_run_lets_no_further_call_through() -> None:
    class Answering:
        asked = 0

        async def complete(self, call: Call) -> Completion:
            self.asked += 1
            return Completion("yes")

    stop, inner = threading.Event(), Answering()
    layer, call = Halting(inner, stop), Call(model=None, messages=(), prompt="p")  # type: ignore[arg-type]
    assert asyncio.run(layer.complete(call)).text == "yes"
    stop.set()
    with pytest.raises(Halted):
        asyncio.run(layer.complete(call))
    assert inner.asked == 1


def test_whoever_cannot_commit_stops_the_playing(
    run: Runner, script: Script, people: list[Person]
) -> None:
    stop = threading.Event()
    batches = ensemble(script, people, Waiting(), stop=stop).batches(run, lambda: None)
    next(batches)
    with pytest.raises(StorageFull):
        batches.throw(StorageFull("The disk has no room left."))
    assert stop.is_set()


def test_an_error_of_ours_rises(run: Runner, script: Script, people: list[Person]) -> None:
    broken = Waiting(fail_after=5, error=RuntimeError("a bug"))
    with pytest.raises(RuntimeError, match="a bug"):
        list(ensemble(script, people, broken).batches(run, lambda: None))


def test_it_ticks_while_nothing_comes(
    run: Runner, script: Script, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.rehearsal.together.MOST_SECONDS", 0.001)
    ticked = threading.Event()

    class Patient(Waiting):
        async def react(self, situation: Situation) -> Reaction:
            await asyncio.to_thread(ticked.wait, 10)
            return await super().react(situation)

    played = ensemble(script, people[:3], Patient()).batches(run, ticked.set)
    assert sum(batch.people for batch in played) == 3
    assert ticked.is_set()
