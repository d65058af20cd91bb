"""A flow's own tests: every claim, every status, and where the people come from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.domain.reports import TestResult
from core.rehearsal import Reports
from tests.support.synthetic import COLUMNS, START, Theatre

STEPS = [
    {"id": "hi", "type": "send_sms", "config": {"body": "Hi?"}, "next": "book"},
    {"id": "book", "type": "goal", "config": {"name": "booked"}, "next": "rare"},
    {"id": "rare", "type": "goal", "config": {"name": "rare"}},
]
CARL, EDDIE = "Cold Carl", "Eager Eddie"


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    made = Theatre(tmp_path, copies=20, personas=(EDDIE, CARL))
    yield made
    made.close()


def events(contact: str, persona: str, booked: bool, messages: int = 1) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(kind: str, step: str | None = None, **payload: Any) -> None:
        moment = START + timedelta(hours=len(rows))
        text = orjson.dumps(payload).decode()
        values = (contact, len(rows), moment, None, "flow", kind, step, None, None, text)
        rows.append(dict(zip(COLUMNS, values, strict=True)))

    add("entered", persona=persona)
    add("stepped", "hi", visit=1)
    for _ in range(messages):
        add("sent", "hi", local_hour=9)
    if booked:
        add("branched", "hi", way="next", to="book")
        add("stepped", "book", visit=1)
        add("goal_reached", "book", name="booked")
    add("ended", "book" if booked else "hi", reason="end", hours=1)
    return rows


def judged(
    theatre: Theatre, expect: dict[str, Any], booked: int = 10, persona: str = EDDIE
) -> TestResult:
    """One test, where so many of 20 Eddies book and no Carl does."""
    document = {"name": "F", "steps": STEPS, "tests": [{"persona": persona, "expect": expect}]}
    version = theatre.write_flow(document)
    rows: list[dict[str, Any]] = []
    for number in range(1, 21):
        rows += events(f"eager-eddie-{number:04d}", "eager-eddie", number <= booked, 1 + number % 3)
        rows += events(f"cold-carl-{number:04d}", "cold-carl", False)
    run = theatre.keep(rows, 40, version=version)
    return Reports(theatre.store, theatre.compiled).report(run.id).tests[0]


@pytest.mark.parametrize(
    ("expect", "booked", "status"),
    [
        ({"goal": "booked", "at_least": 0.5}, 17, "passed"),
        ({"goal": "booked", "at_least": 0.5}, 12, "inconclusive"),
        ({"goal": "booked", "at_least": 0.5}, 3, "failed"),
        ({"goal": "booked", "at_most": 0.5}, 3, "passed"),
        ({"goal": "booked", "at_most": 0.5}, 10, "inconclusive"),
        ({"goal": "booked", "at_most": 0.5}, 18, "failed"),
        ({"goal": "booked", "at_least": 0.1, "at_most": 0.9}, 10, "passed"),
        ({"goal": "booked"}, 20, "passed"),
        ({"goal": "booked"}, 19, "failed"),
        ({"goal": "booked", "at_least": 1.0}, 20, "passed"),
        ({"goal": "booked", "at_most": 0.0}, 0, "passed"),
        ({"goal": "booked", "at_most": 0.0}, 1, "failed"),
        ({"goal": "book"}, 20, "passed"),
        ({"reaches": ["hi"]}, 0, "passed"),
        ({"reaches": ["hi", "book"]}, 19, "failed"),
        ({"reaches": ["book"], "at_least": 0.5}, 17, "passed"),
        ({"reaches": ["book"], "at_least": 0.5}, 11, "inconclusive"),
        ({"never": ["rare"]}, 20, "passed"),
        ({"never": ["book"]}, 1, "failed"),
        ({"max_messages": 3}, 0, "passed"),
        ({"max_messages": 2}, 0, "failed"),
        ({"goal": "nothing"}, 5, "error"),
        ({"reaches": ["nowhere"]}, 5, "error"),
        ({"never": ["nowhere"]}, 5, "error"),
        ({"at_least": 0.5}, 5, "error"),
        ({}, 5, "error"),
        ({"goal": "booked", "at_least": 0.5, "never": ["book"]}, 12, "failed"),
    ],
)
def test_every_claim(theatre: Theatre, expect: dict[str, Any], booked: int, status: str) -> None:
    result = judged(theatre, expect, booked)
    assert result.status == status
    assert result.copies == 20
    assert result.expected and result.happened


def test_what_happened_is_told_with_its_interval(theatre: Theatre) -> None:
    result = judged(theatre, {"goal": "booked", "at_least": 0.5}, 17)
    assert result.expected == "at least 50 % reach “booked”"
    assert result.happened == "17/20, 85 %, 64–95 did"
    assert result.checks[0].rate is not None


def test_the_worst_check_decides_and_speaks(theatre: Theatre) -> None:
    result = judged(theatre, {"goal": "booked", "at_least": 0.1, "max_messages": 1}, 17)
    assert [check.status for check in result.checks] == ["passed", "failed"]
    assert result.happened == "14 of 20 people got more, up to 3"


def test_a_persona_is_found_by_name_or_id(theatre: Theatre) -> None:
    for persona in ("eager-eddie", "EAGER EDDIE", "Eager Eddie"):
        assert judged(theatre, {"reaches": ["hi"]}, persona=persona).status == "passed"


def test_nobody_of_a_persona_is_an_error(theatre: Theatre) -> None:
    result = judged(theatre, {"reaches": ["hi"]}, persona="Nosy Nora")
    assert (result.status, result.copies, result.run_id) == ("error", 0, None)
    assert result.happened == "there is nobody of this persona"


def test_people_who_are_not_in_the_cast_are_judged_on_their_own_run(theatre: Theatre) -> None:
    tests = [{"persona": "Busy Bob", "expect": {"reaches": ["hi"]}}]
    version = theatre.write_flow({"name": "F", "steps": STEPS, "tests": tests})
    run = theatre.play(version)
    bobs = theatre.cast(("Busy Bob",), 5)
    child = theatre.play(version, population=bobs, parent=run.id)
    report = Reports(theatre.store, theatre.compiled).report(run.id)
    assert [(t.status, t.copies, t.run_id) for t in report.tests] == [("passed", 5, child.id)]
    assert report.verdict == "passed"
    assert report.facts.done == 40, "a child's people are not the run's"


@pytest.mark.parametrize(
    ("expect", "verdict"),
    [
        ({"reaches": ["hi"]}, "passed"),
        ({"goal": "booked"}, "failed"),
        ({"goal": "nothing"}, "failed"),
        ({"goal": "booked", "at_least": 0.5}, "inconclusive"),
    ],
)
def test_verdicts(theatre: Theatre, expect: dict[str, Any], verdict: str) -> None:
    result = judged(theatre, expect, 10)
    report = Reports(theatre.store, theatre.compiled).report(result.run_id or "")
    assert report.verdict == verdict


def test_a_run_that_did_not_finish_has_no_verdict(theatre: Theatre) -> None:
    tests = [{"persona": CARL, "expect": {"reaches": ["hi"]}}]
    version = theatre.write_flow({"name": "F", "steps": STEPS, "tests": tests})
    run = theatre.play(version, only=20)
    report = Reports(theatre.store, theatre.compiled).report(run.id)
    assert report.verdict == "unfinished"
    assert report.tests[0].status == "inconclusive"
    assert report.tests[0].happened == "none of these people has been played yet"
