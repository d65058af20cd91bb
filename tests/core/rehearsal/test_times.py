"""Where time and money go: buckets that keep percentiles, and times that are kept with a run."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.runs import Run
from core.domain.times import FINEST, MOST_OFF, StepTime, middle_of, percentile
from core.rehearsal.times import tallied
from core.workbench import Workspace
from tests.conftest import TWO_STEPS

SECONDS = st.floats(FINEST, 1e5)
SPENT = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), SECONDS), min_size=1, max_size=80)


@settings(deadline=None)
@given(SPENT)
def test_the_buckets_hold_every_visit_and_every_second(spent: list[tuple[str, float]]) -> None:
    rows = tallied(spent).to_pylist()
    visits: Counter[str] = Counter()
    seconds: dict[str, float] = defaultdict(float)
    for row in rows:
        visits[row["step_id"]] += row["visits"]
        seconds[row["step_id"]] += row["seconds"]
    assert visits == Counter(step for step, _ in spent)
    for step in visits:
        assert seconds[step] == pytest.approx(sum(took for one, took in spent if one == step))
    assert len({(row["step_id"], row["bucket"]) for row in rows}) == len(rows)


@settings(deadline=None)
@given(st.lists(SECONDS, min_size=1, max_size=80), st.sampled_from([0.0, 0.5, 0.95, 1.0]))
def test_a_percentile_is_at_most_the_bound_away(seconds: list[float], share: float) -> None:
    rows = tallied([("a", took) for took in seconds]).to_pylist()
    read = percentile({row["bucket"]: row["visits"] for row in rows}, share)
    true = sorted(seconds)[max(0, ceil(share * len(seconds)) - 1)]
    assert read is not None
    assert true / (1 + MOST_OFF) * (1 - 1e-9) <= read <= true * (1 + MOST_OFF) * (1 + 1e-9)


def test_the_bound_is_the_one_that_is_promised() -> None:
    assert 0.044 < MOST_OFF < 0.045
    assert middle_of(8) == pytest.approx(2 * middle_of(0))


def test_what_is_too_fast_to_measure_counts_as_the_finest() -> None:
    assert [row["bucket"] for row in tallied([("a", 0.0), ("a", 1e-9)]).to_pylist()] == [0]
    assert tallied([]).num_rows == 0
    assert percentile({}, 0.5) is None


# In a run


def played(workspace: Workspace, copies: int = 30) -> Run:
    flow = workspace.flows.keep(TWO_STEPS)
    people = workspace.populations.from_words("all", copies, 7)
    return workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, people.id).id)


def by_step(rows: list[StepTime]) -> dict[str, StepTime]:
    return {row.step_id: row for row in rows}


def visits_of(workspace: Workspace, run: Run) -> dict[str, list[float]]:
    """Seconds of waiting of each visit, one event after the other."""
    waits: dict[str, list[float]] = defaultdict(list)
    arrived: dict[str, Any] = {}
    for event in workspace.events.every(run.id):
        if event.kind == "stepped":
            arrived[event.contact_id] = event.simulated_at
        elif event.kind in ("branched", "ended") and event.step_id:
            hours = event.payload.get("hours")
            left = event.simulated_at
            seconds = (left - arrived[event.contact_id]).total_seconds()
            if hours is not None:
                first = workspace.events.of_contact(run.id, event.contact_id)[0].simulated_at
                seconds = hours * 3600 - (arrived[event.contact_id] - first).total_seconds()
            waits[event.step_id].append(seconds)
    return waits


def test_waiting_is_from_arriving_to_leaving(workspace: Workspace) -> None:
    run = played(workspace)
    waits, rows = visits_of(workspace, run), by_step(workspace.reports.steps.times(run.id))
    assert set(rows) == set(waits)
    for step, row in rows.items():
        assert row.visits == len(waits[step])
        assert row.waited_seconds == pytest.approx(sum(waits[step]), abs=4 * row.visits)
        assert row.waited_p50 == pytest.approx(statistics.median(waits[step]), abs=4)
    assert rows["wait"].waited_seconds > 3600 > rows["hello"].waited_seconds
    assert rows["wait"].waited_p95 == 2 * 86_400, "those who wrote nothing waited to the end"
    assert rows["done"].waited_seconds < 4 * rows["done"].visits, "what comes after is not waiting"


def test_real_time_is_counted_once_for_each_visit(workspace: Workspace) -> None:
    run = played(workspace)
    kept = workspace.store.step_times.measured(run.id)
    for row in workspace.reports.steps.times(run.id):
        assert sum(kept[row.step_id].buckets.values()) == row.visits
        assert row.execution_p50 and row.execution_p95 and row.execution_seconds
        assert row.execution_p50 <= row.execution_p95 <= row.execution_seconds * (1 + MOST_OFF)
        assert (row.calls, row.cost_usd) == (0, 0.0)


def test_a_resumed_run_adds_up(workspace: Workspace) -> None:
    flow = workspace.flows.keep(TWO_STEPS)
    people = workspace.populations.from_words("all", 150, 7)
    run = workspace.rehearsals.prepare(flow.id, people.id)
    workspace.rehearsals.start(run.id)
    workspace.rehearsals.stop(run.id)
    workspace.rehearsals.play(run.id)
    kept = workspace.store.step_times.measured(run.id)
    rows = by_step(workspace.reports.steps.times(run.id))
    assert {step: sum(one.buckets.values()) for step, one in kept.items()} == {
        step: row.visits for step, row in rows.items()
    }


def test_a_run_from_before_has_no_real_times(workspace: Workspace) -> None:
    run = played(workspace, copies=2)
    with workspace.store.database.transaction() as cursor:
        cursor.execute("DELETE FROM step_times")
    rows = workspace.reports.steps.times(run.id)
    assert rows and all(row.visits for row in rows)
    for row in rows:
        assert row.execution_p50 is row.execution_p95 is row.execution_seconds is None


def test_times_go_with_their_run(workspace: Workspace) -> None:
    gone, stays = played(workspace, copies=2), played(workspace, copies=2)
    workspace.rehearsals.delete(gone.id)
    left = workspace.store.database.rows("SELECT DISTINCT run_id FROM step_times")
    assert left == [(stays.id,)]
