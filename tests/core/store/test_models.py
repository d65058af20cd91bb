"""The tables of language models: kept answers stay bounded, and the ledger adds up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.models import CallRecord, Completion, ModelDraft
from core.store import Store


class Clock:
    """A clock that goes on by a second each time it is read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "here.duckdb", Clock(), cache_bytes=5_000)
    yield store
    store.close()


def answer(key: str, text: str = "yes") -> Completion:
    return Completion(text, prompt_tokens=100, completion_tokens=20, cost_usd=0.01, key=key)


def record(key: str, **changes: object) -> CallRecord:
    values: dict[str, object] = {
        "account": "r-1",
        "contact_id": "eager-eddie-0001",
        "step_id": "hello",
        "visit": 1,
        "key": key,
        "model": "openai/stub",
        "prompt": "reaction-1",
        "status": "answered",
        "cached": False,
        "prompt_tokens": 100,
        "completion_tokens": 20,
        "cost_usd": 0.01,
        "seconds": 0.2,
        "attempts": 1,
    }
    return CallRecord(**{**values, **changes})  # type: ignore[arg-type]


def test_a_kept_answer_comes_back_as_cached_and_costs_nothing(store: Store) -> None:
    store.answers.put([answer("a", "Ja, gern – ✓"), answer("b")], "openai/stub", "reaction-1")
    assert store.answers.known() == {"a", "b"}
    found = store.answers.get(["a", "c"])
    assert list(found) == ["a"]
    assert (found["a"].text, found["a"].cached, found["a"].cost_usd) == ("Ja, gern – ✓", True, 0.0)
    store.answers.put([answer("a", "another")], "openai/stub", "reaction-1")
    assert store.answers.get(["a"])["a"].text == "Ja, gern – ✓"
    assert store.answers.kept().answers == 2
    store.answers.clear()
    assert store.answers.known() == set()
    assert (store.answers.kept().answers, store.answers.kept().bytes) == (0, 0)


def test_the_oldest_answers_go_first_and_the_size_stays_bounded(store: Store) -> None:
    for number in range(40):
        store.answers.put([answer(f"{number:02}", "x" * 100)], "m", "p")
        assert store.answers.kept().bytes <= 5_000
    kept = sorted(store.answers.known())
    assert kept and kept == [f"{number:02}" for number in range(40 - len(kept), 40)]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["answered", "refused", "unavailable"]),
            st.booleans(),
            st.none() | st.floats(0, 1),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_the_ledger_adds_up(tmp_path_factory: pytest.TempPathFactory, calls: list[tuple]) -> None:
    store = Store(tmp_path_factory.mktemp("ledger") / "here.duckdb")
    try:
        records = [
            record(str(n), status=status, cached=cached, cost_usd=0.0 if cached else cost)
            for n, (status, cached, cost) in enumerate(calls)
        ]
        store.calls.append(records)
        spent = store.calls.spending("r-1")
        fresh = [one for one in records if not one.cached and one.status != "unavailable"]
        assert spent.fresh == len(fresh)
        assert spent.cost_usd == pytest.approx(sum(one.cost_usd or 0 for one in records))
        assert spent.unpriced == sum(one.cost_usd is None for one in fresh)
        assert store.calls.spent("r-1") == spent.cost_usd
        assert store.calls.spending("r-2").cost_usd == 0
        mine = store.calls.of_contact("r-1", "eager-eddie-0001")
        assert sorted(one.key for one in mine) == sorted(one.key for one in records)
        assert all(one.occurred_at is not None for one in mine)
    finally:
        store.close()


def test_how_answers_have_been_is_known_for_an_estimate(store: Store) -> None:
    again = record("d", prompt="repair-1", seconds=9.0)
    store.calls.append(
        [record("a"), record("b", completion_tokens=40), record("c", cached=True), again]
    )
    known = store.calls.measured("openai/stub", "reaction-1", "repair-1")
    assert (known.calls, known.completion_mean, known.repairs) == (2, 30.0, 1)
    assert known.completion_sd == pytest.approx(14.142, abs=0.001)
    assert known.seconds_mean == pytest.approx(0.2)
    assert store.calls.measured("openai/other", "reaction-1", "repair-1").calls == 0


def test_a_model_has_versions_and_a_saved_key_is_forgotten(store: Store) -> None:
    draft = ModelDraft(name="Mini", model="openai/mini")
    store.models.add("mini", "Mini", draft.model_dump())
    store.models.add("mini", "Mini", draft.model_copy(update={"max_tokens": 200}).model_dump())
    newest = store.models.one("mini")
    assert newest is not None
    assert (newest.version, newest.max_tokens) == (2, 200)
    first = store.models.one("mini", 1)
    assert first is not None and first.max_tokens == 400
    store.secrets.put("mini", "token")
    assert store.secrets.get("mini") == "token"
    store.secrets.delete("mini")
    assert store.secrets.get("mini") is None


def test_a_replay_counts_once_and_not_where_the_run_itself_had_asked(store: Store) -> None:
    def replayed(key: str, **more: object) -> CallRecord:
        return record(key, cached=True, cost_usd=0.0, **more)

    store.calls.append([record("own", cost_usd=0.1), record("too", cost_usd=0.2)])
    for _ in range(3):
        store.calls.append([replayed("own"), replayed("kept"), replayed("kept", visit=2)])
    spent = store.calls.spending("r-1")
    assert (spent.fresh, spent.cached) == (2, 2)
    assert spent.cost_usd == 0.3
    assert store.calls.count("r-1") == 11
