"""Experiments as they are kept: the newest state, every look by its number, nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from core.domain.experiments import Design, Experiment, Metric, Variant
from core.store import LiveRow, Store
from tests.support.made_experiments import made_analysis

START = datetime(2026, 3, 1)


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store.in_memory()
    yield made
    made.close()


def experiment(id: str, day: int = 0) -> Experiment:
    design = Design(
        name=f"Test “{id}”; --",
        variants=(Variant(id="a"), Variant(id="b", value="it's $b")),
        metrics=(Metric(id="m", value="goal"),),
    )
    return Experiment(id=id, design=design, created_at=START + timedelta(days=day))


def test_an_experiment_is_kept_as_it_is_now(store: Store) -> None:
    first, second = experiment("x-1"), experiment("x-2", 1)
    for one in (first, second):
        store.experiments.add(one)
    running = first.model_copy(update={"status": "running", "runs": {"a": "r-1"}})
    store.experiments.put(running)
    assert store.experiments.one("x-1") == running
    assert store.experiments.one("none") is None
    assert store.experiments.all() == [second, running]
    assert store.experiments.all(1, 1) == [running]
    assert store.experiments.count() == 2


def test_looks_are_numbered_and_stay_as_they_were(store: Store) -> None:
    store.experiments.add(experiment("x-1"))
    assert store.experiments.look("x-1") is None and store.experiments.state("x-1") is None
    analysis = made_analysis().model_copy(update={"experiment_id": "x-1", "number": 99})
    kept = [
        store.experiments.add_look(
            analysis.model_copy(update={"at": START + timedelta(days=day)}), f"state {day}"
        )
        for day in range(3)
    ]
    assert [one.number for one in kept] == [1, 2, 3]
    assert store.experiments.looks("x-1") == [
        (number, START + timedelta(days=number - 1)) for number in (1, 2, 3)
    ]
    assert store.experiments.look("x-1") == kept[2]
    assert store.experiments.look("x-1", 2) == kept[1]
    assert store.experiments.look("x-1", 4) is None
    assert store.experiments.state("x-1") == "state 2"
    found = store.experiments.one("x-1")
    assert found is not None and found.looks == 3
    assert store.experiments.all()[0].looks == 3


def test_nothing_is_left_of_what_was_deleted(store: Store) -> None:
    for id in ("x-1", "x-2"):
        store.experiments.add(experiment(id))
        store.experiments.add_look(made_analysis().model_copy(update={"experiment_id": id}))
        store.live.append(id, [LiveRow("ann", "a", "entered", {"probability": 0.5})])
    store.experiments.delete("x-1")
    assert store.experiments.one("x-1") is None and store.experiments.looks("x-1") == []
    assert store.events.counts("x-1") == {}
    assert store.experiments.one("x-2") is not None
    assert store.experiments.looks("x-2") and store.events.counts("x-2") == {"entered": 1}
