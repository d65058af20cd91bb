"""Trials of flows' tests: one a version, the newest counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.domain.trials import KeptTrial
from core.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "test.duckdb")
    yield made
    made.close()


def trial(flow: str, version: int, seconds: float = 1.0) -> KeptTrial:
    made_at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    return KeptTrial(
        rows=[], seconds=seconds, most_copies=5, flow_id=flow, flow_version=version, made_at=made_at
    )


def test_the_newest_of_a_version_takes_the_place_of_the_one_before(store: Store) -> None:
    table = store.flow_trials
    assert table.newest("a") is None
    for one in (trial("a", 1), trial("a", 2), trial("b", 9), trial("a", 1, 3.0)):
        table.put(one)
    assert table.newest("a", 1) == trial("a", 1, 3.0)
    assert table.newest("a") == trial("a", 2)
    assert table.newest("a", 3) is None
    assert len(store.database.rows("SELECT * FROM flow_trials")) == 3
