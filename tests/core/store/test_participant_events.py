"""Participants made of events: the same counts as the report's, pairs, and what comes in live."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from core.domain.errors import BadInput
from core.domain.experiments import Assignment, Design, Metric, Variant
from core.domain.runs import Run
from core.rehearsal import Reports
from core.store import LiveOrigin, LiveRow, RunsOrigin
from tests.core.store.test_reading import FLOW
from tests.support.synthetic import START, Theatre, Walker

REACTED = frozenset({"read", "clicked", "replied", "ignored", "opted_out"})
ACTS = ("read", "clicked", "replied", "goal_reached", "rated")
LATE = timedelta(days=9)
MEASURES = ("goal", "goal:booked", "opened", "clicked", "replied", "opted_out", "reached:book")


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    made = Theatre(tmp_path_factory.mktemp("events"), copies=40)
    made.write_flow(FLOW)
    yield made
    made.close()


@pytest.fixture(scope="module")
def runs(theatre: Theatre) -> dict[str, Run]:
    """Two runs of the same people; some have no usable answer, and of some nothing is known."""
    return {"a": played(theatre, 3), "b": played(theatre, 4)}


def played(theatre: Theatre, seed: int) -> Run:
    """A run in which every ninth person's reactions have no usable answer."""
    rows: list[dict[str, Any]] = []
    for at, person in enumerate(theatre.store.populations.people(theatre.population.id)):
        chance = random.Random(f"{seed}{person.id}")
        mine = Walker(theatre.compiled("flow", 1), person.id, person.persona, chance).walk()
        if (at + seed) % 9 == 0:
            for row in mine:
                if row["kind"] in REACTED | {"delivered"}:
                    row["kind"] = "engine_failed"
        rows += mine
    return theatre.keep(rows, theatre.population.size, seed=seed)


@pytest.fixture(scope="module")
def origin(theatre: Theatre, runs: dict[str, Run]) -> RunsOrigin:
    return RunsOrigin({id: run.id for id, run in runs.items()}, theatre.population.id)


def design(*metrics: Metric, **more: Any) -> Design:
    return Design(
        name="x",
        variants=(Variant(id="a"), Variant(id="b")),
        metrics=metrics,
        assignment=Assignment(how="paired"),
        **more,
    )


def yes_or_no() -> tuple[Metric, ...]:
    return tuple(Metric(id=name, value=name) for name in MEASURES)


def count(cell: Any, metric: str) -> tuple[int, int]:
    """(how many did, of how many)."""
    sample = cell.metrics[metric].sample
    return round(sample.means[0] * sample.n), sample.n


def test_report_segments_and_experiment_count_the_same(
    theatre: Theatre, runs: dict[str, Run], origin: RunsOrigin
) -> None:
    asked = design(*yes_or_no(), segments=("persona",))
    reading, reports = theatre.store.participants, Reports(theatre.store, theatre.compiled)
    whole = {cell.variant: cell for cell in reading.cells(origin, asked)}
    parts = {
        (cell.variant, cell.value): cell for cell in reading.cells(origin, asked, segment="persona")
    }
    for variant, run in runs.items():
        report = reports.report(run.id)
        cell = whole[variant]
        stages = {stage.key: stage.people for stage in report.funnel.stages}
        for metric, key in (("opened", "opened"), ("replied", "answered"), ("goal", "goal")):
            assert count(cell, metric) == (stages[key].count, stages[key].of), metric
        assert stages["entered"].count == cell.n
        assert cell.metrics["goal"].missing == report.answered.left_out > 0
        booked = next(goal for goal in report.goals if goal.name == "booked")
        assert count(cell, "goal:booked") == (booked.rate.count, booked.rate.of)
        for row in report.personas:
            mine = parts[variant, row.id]
            assert mine.n == row.people
            for metric, rate in (
                ("replied", row.answered),
                ("clicked", row.clicked),
                ("goal", row.goal),
                ("opted_out", row.opted_out),
            ):
                assert count(mine, metric) == (rate.count, rate.of), (row.id, metric)
    assert reading.facts(origin, asked).participants == {"a": 120, "b": 120}


def test_numbers_of_events(theatre: Theatre, runs: dict[str, Run], origin: RunsOrigin) -> None:
    asked = design(
        Metric(id="messages", kind="mean", value="messages"),
        Metric(id="share", kind="ratio", value="replies", per="messages"),
        Metric(id="hours", kind="mean", value="reply_hours", before="age"),
        Metric(id="asked", value="intent:price_question"),
        Metric(id="kept", kind="retention", value="active", day=9),
        Metric(id="money", kind="revenue", value="revenue"),
    )
    cells = {cell.variant: cell for cell in theatre.store.participants.cells(origin, asked)}
    for variant, run in runs.items():
        rows = theatre.rows[run.id]
        people = {row["contact_id"]: [] for row in rows}
        for row in rows:
            people[row["contact_id"]].append(row)
        known = {id: mine for id, mine in people.items() if _known(mine)}
        kinds = {id: Counter(row["kind"] for row in mine) for id, mine in known.items()}
        found = cells[variant].metrics
        assert found["messages"].sample.means[0] == pytest.approx(
            np.mean([counted["sent"] for counted in kinds.values()])
        )
        assert found["share"].sample.means == pytest.approx(
            [np.mean([counted[kind] for counted in kinds.values()]) for kind in ("replied", "sent")]
        )
        hours = {
            id: np.mean([r["payload"]["hours"] for r in mine if r["kind"] == "replied"])
            for id, mine in known.items()
            if kinds[id]["replied"]
        }
        ages = [30 + int(id[-4:]) for id in hours]
        assert found["hours"].sample.means == pytest.approx(
            [np.mean(list(hours.values())), np.mean(ages)]
        )
        assert found["hours"].missing == 120 - len(hours)
        did = [
            any(r["payload"].get("intent") == "price_question" for r in mine)
            for mine in known.values()
        ]
        assert count(cells[variant], "asked") == (sum(did), len(did))
        later = [
            any(
                r["kind"] in ACTS and r["simulated_at"] >= mine[0]["simulated_at"] + LATE
                for r in mine
            )
            for mine in known.values()
        ]
        assert count(cells[variant], "kept") == (sum(later), len(later))
        assert 0 < sum(later) < len(later)
        assert found["money"].sample.means == (0.0,)


def _known(mine: list[dict[str, Any]]) -> bool:
    kinds = {row["kind"] for row in mine}
    return "engine_failed" not in kinds or bool(kinds & REACTED)


def test_pairs_are_the_same_people_twice(
    theatre: Theatre, runs: dict[str, Run], origin: RunsOrigin
) -> None:
    asked = design(
        Metric(id="goal", value="goal"),
        Metric(id="share", kind="ratio", value="replies", per="messages"),
        segments=("persona", "timezone"),
    )
    reading = theatre.store.participants
    values = {id: (a, b) for id, a, b in reading.values(origin, asked, "goal", "a", "b")}
    assert len(values) == 120
    both = np.array([pair for pair in values.values() if None not in pair])
    (cell,) = reading.pairs(origin, asked, "a", "b")
    assert (cell.variant, cell.n) == ("b", 120)
    found = cell.metrics["goal"]
    assert (found.sample.n, found.missing) == (len(both), 120 - len(both))
    assert found.sample.means == pytest.approx(both.mean(axis=0))
    assert found.sample.covariance(0, 1) == pytest.approx(np.cov(both.T)[0, 1])
    assert len(cell.metrics["share"].sample.means) == 4
    (turned,) = reading.pairs(origin, asked, "b", "a")
    assert turned.metrics["goal"].sample.means == found.sample.means[::-1]
    for segment in ("persona", "timezone"):
        parts = reading.pairs(origin, asked, "a", "b", segment=segment)
        assert len(parts) == 3 and sum(part.n for part in parts) == 120
        joined = sum(
            (part.metrics["goal"].sample for part in parts[1:]), parts[0].metrics["goal"].sample
        )
        assert joined.means == pytest.approx(found.sample.means)
        assert joined.covariance(0, 1) == pytest.approx(found.sample.covariance(0, 1))


def test_people_without_an_attribute_stand_apart(theatre: Theatre, origin: RunsOrigin) -> None:
    cells = theatre.store.participants.cells(origin, design(), segment="no/such~thing")
    assert [(cell.variant, cell.value, cell.n) for cell in cells] == [
        ("a", "", 120),
        ("b", "", 120),
    ]


def test_what_events_cannot_tell_is_refused(theatre: Theatre, origin: RunsOrigin) -> None:
    with pytest.raises(BadInput, match="'sales' is not something that events can tell") as raised:
        theatre.store.participants.facts(origin, design(Metric(id="m", value="sales")))
    assert raised.value.place == "metrics[0].value" and "goal:" in (raised.value.fix or "")


# Live


def entered(contact: str, variant: str, hour: float, **segments: Any) -> LiveRow:
    payload = {"probability": 0.5, "segments": segments}
    return LiveRow(contact, variant, "entered", payload, START + timedelta(hours=hour))


def did(contact: str, kind: str, hour: float, **payload: Any) -> LiveRow:
    return LiveRow(contact, "?", kind, payload, START + timedelta(hours=hour))


def test_live_events_count_from_entering_on(theatre: Theatre) -> None:
    store = theatre.store
    store.live.append(
        "x-live",
        [
            did("ann", "clicked", -1),
            entered("ann", "a", 0, land="CH", spent=3),
            did("ann", "goal_reached", 5, name="bought", value=20),
            did("ann", "goal_reached", 30, name="bought", value=22.5),
            entered("bob", "b", 1, land="DE", spent=5),
            did("bob", "replied", 2, intent="price_question"),
            entered("cat", "b", 26, land="DE"),
            entered("dan", "a", 3),
            entered("dan", "b", 4),
            entered("eve", "other", 4),
            entered("bob", "b", 9, land="FR"),
        ],
    )
    asked = design(
        Metric(id="bought", value="goal:bought"),
        Metric(id="money", kind="revenue", value="revenue", before="spent"),
        Metric(id="clicked", value="clicked"),
        Metric(id="kept", kind="retention", value="active", day=1),
        segments=("land",),
    )
    origin, reading = LiveOrigin("x-live"), store.participants
    cells = {cell.variant: cell for cell in reading.cells(origin, asked)}
    assert {id: cell.n for id, cell in cells.items()} == {"a": 1, "b": 2}
    assert count(cells["a"], "bought") == (1, 1) and count(cells["b"], "bought") == (0, 2)
    assert cells["a"].metrics["money"].sample.means == (42.5, 3.0)
    assert cells["b"].metrics["money"].sample.means == (0.0, 4.5)
    assert count(cells["a"], "clicked") == (0, 1), "what came before entering does not count"
    assert count(cells["a"], "kept") == (1, 1) and count(cells["b"], "kept") == (0, 2)
    parts = reading.cells(origin, asked, segment="land")
    assert {(cell.variant, cell.value): cell.n for cell in parts} == {
        ("a", "CH"): 1,
        ("b", "DE"): 2,
    }
    facts = reading.facts(origin, asked)
    assert (facts.in_many, facts.unknown) == (1, {"other": 1})
    assert facts.participants == {"a": 1, "b": 2}
    assert (facts.first, facts.last) == (START, START + timedelta(hours=26))
    assert reading.balance(origin, asked, "day") == [("0", "a", 1), ("0", "b", 1), ("1", "b", 1)]


def test_a_reading_knows_when_the_data_have_changed(theatre: Theatre) -> None:
    store, origin = theatre.store, LiveOrigin("x-moving")
    asked = design(Metric(id="bought", value="goal"))
    empty = store.participants.state(origin)
    assert store.participants.facts(origin, asked).participants == {"a": 0, "b": 0}
    assert store.participants.cells(origin, asked) == []
    store.live.append("x-moving", [entered("ann", "a", 0)])
    one = store.participants.state(origin)
    assert one != empty and one == store.participants.state(origin)
    assert store.participants.facts(origin, asked).participants == {"a": 1, "b": 0}
    store.live.append("x-moving", [did("ann", "goal_reached", 1)])
    assert store.participants.state(origin) != one
    (cell,) = store.participants.cells(origin, asked)
    assert count(cell, "bought") == (1, 1)
    still = store.participants.still()
    assert still.facts(origin, asked).participants == {"a": 1, "b": 0}
    store.live.append("x-moving", [entered("bob", "b", 2)])
    assert len(still.cells(origin, asked)) == 1
    assert len(store.participants.cells(origin, asked)) == 2
