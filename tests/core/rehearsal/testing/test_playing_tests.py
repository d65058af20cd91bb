"""A flow's tests played in memory: copies, scripts, budgets, and whom to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.domain.errors import BadInput, InvalidFlow
from core.domain.reports import TestResult
from core.rehearsal.testing import Trials, shipped_backstage
from core.settings import Settings
from core.workbench import Workspace
from tests.conftest import TWO_STEPS

BACKSTAGE = shipped_backstage(Settings().data / "samples")
YES = {"text": "Yes", "intent": "interested", "sentiment": "positive"}
EDDIE = {"persona": "Eager Eddie"}


def tried(*tests: dict[str, Any], document: dict[str, Any] = TWO_STEPS, **more: Any) -> Trials:
    return Trials({**document, "tests": list(tests)}, BACKSTAGE, **more)


def only(*tests: dict[str, Any], **more: Any) -> TestResult:
    (row,) = tried(*tests, **more).run().results
    return row


@pytest.fixture
def clock() -> Iterator[Any]:
    seconds = iter(range(10_000))
    return lambda: float(next(seconds))


def test_a_clear_rate_takes_no_more_people() -> None:
    row = only({**EDDIE, "expect": {"goal": "booked", "at_most": 0.99}})
    assert (row.status, row.copies) == ("passed", 20)


def test_an_open_rate_takes_more_people_until_it_is_decided() -> None:
    half = {**EDDIE, "expect": {"goal": "booked", "at_least": 0.45}}
    first = only(half, most_copies=20)
    assert (first.status, first.copies) == ("inconclusive", 20)
    later = only(half)
    assert later.status == "passed" and later.copies in (40, 80, 160, 320, 640, 1_280, 2_000)


def test_the_budget_ends_it() -> None:
    half = {**EDDIE, "expect": {"goal": "booked", "at_least": 0.45}}
    share = only({**half, "expect": {"goal": "booked", "at_least": 0.0}}, most_copies=20)
    assert share.checks[0].rate is not None
    least = round(share.checks[0].rate.rate or 0, 2)
    row = only({**EDDIE, "expect": {"goal": "booked", "at_least": least}}, most_copies=50)
    assert (row.status, row.copies) == ("inconclusive", 50)


@pytest.mark.parametrize(
    "expect", [{"never": ["book"]}, {"max_messages": 0}, {"goal": "booked"}, {"at_least": 0.5}]
)
def test_what_is_no_rate_takes_no_more_people(expect: dict[str, Any]) -> None:
    row = only({**EDDIE, "copies": 7, "expect": expect})
    assert row.copies == 7 and row.status in ("failed", "error")


def test_when_the_time_is_up_it_says_so(clock: Any) -> None:
    half = {**EDDIE, "expect": {"goal": "booked", "at_least": 0.45}}
    trial = tried(half, half, seconds=3, clock=clock).run()
    assert [row.status for row in trial.results] == ["inconclusive", "inconclusive"]
    assert trial.results[1].copies == 0
    scripted = tried(half, {"contact": {}, "expect": {"goal": "booked"}}, seconds=3, clock=clock)
    last = scripted.run().results[1]
    assert (last.status, last.copies) == ("inconclusive", 0)
    assert trial.notes == ["The time of 3 s was up: rows 1, 2 could have had more people."]


def test_the_same_seed_gives_the_same_and_more_people_keep_the_first() -> None:
    test = {**EDDIE, "copies": 30, "expect": {"goal": "booked", "at_most": 0.9}}
    again = [only(test).model_dump() for _ in range(2)]
    assert again[0] == again[1]
    assert only({**test, "seed": 8}).checks[0].rate != only(test).checks[0].rate


def test_copies_are_the_people_of_a_run(workspace: Workspace) -> None:
    test = {**EDDIE, "copies": 30, "expect": {"goal": "booked", "at_most": 0.9}}
    flow = workspace.flows.create({**TWO_STEPS, "tests": [test]})
    cast = workspace.populations.from_words("Cold Carl", 1, 7)
    run = workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, cast.id).id)
    (told,) = workspace.reports.report(run.id).tests
    (row,) = workspace.flow_tests.try_flow(flow.id).results
    assert told.checks[0].rate and row.checks[0].rate
    assert told.checks[0].rate.count == row.checks[0].rate.count
    assert (told.copies, told.status) == (row.copies, row.status)


@pytest.mark.parametrize(
    ("test", "status", "happened"),
    [
        ({"contact": {}, "replies": [YES], "expect": {"goal": "booked"}}, "passed", "did"),
        ({"contact": {}, "expect": {"goal": "booked"}}, "failed", "this person did not"),
        ({"contact": {}, "expect": {"ways": ["wait:on_timeout"]}}, "passed", "this person did"),
        ({"contact": {}, "expect": {"ways": ["wait:sideways"]}}, "error", "no such way"),
        ({"contact": {}, "expect": {"never": ["done"]}}, "failed", "this person did"),
        ({"contact": {}, "expect": {"max_messages": 0}}, "failed", "got 1 message"),
        ({"contact": {}, "expect": {"goal": "booked", "at_least": 0.5}}, "failed", "did not"),
        ({**EDDIE, "replies": [YES], "expect": {"goal": "booked"}}, "passed", "did"),
        ({**EDDIE, "replies": [], "expect": {"reaches": ["sort"]}}, "failed", "did not"),
        ({"persona": "Nobody", "replies": [], "expect": {}}, "error", "nobody of this persona"),
        ({"contact": {}, "expect": {}}, "error", "expects nothing"),
        ({"contact": {}, "replies": [{"text": "STOP"}], "expect": {"goal": "booked"}},
         "failed", "did not"),
        ({"contact": {}, "replies": [{"text": "Yes please, sign me up"}],
          "expect": {"goal": "booked"}}, "passed", "did"),
    ],
)  # fmt: skip
def test_one_who_says_what_is_written(test: dict[str, Any], status: str, happened: str) -> None:
    row = only(test)
    assert row.status == status and happened in row.happened
    assert row.scripted and row.copies in (0, 1)


def test_whom_to_look_at() -> None:
    never = only({**EDDIE, "copies": 30, "expect": {"never": ["book"]}})
    assert never.status == "failed" and never.debug is not None
    number = never.debug.copy_number
    assert never.contact_id == f"eager-eddie-{number:04d}"
    alone = only({**EDDIE, "copies": number, "expect": {"never": ["book"]}})
    before = only({**EDDIE, "copies": max(1, number - 1), "expect": {"never": ["book"]}})
    assert alone.status == "failed" and (number == 1 or before.status == "passed")


def test_a_persona_that_is_scripted_keeps_its_own_attributes_and_those_that_are_given() -> None:
    steps = [
        {
            "id": "who",
            "type": "condition",
            "config": {
                "branches": [
                    {"when": 'contact.persona == "Eager Eddie" && contact.age == 7', "next": "yes"}
                ]
            },
        },
        {"id": "yes", "type": "goal", "config": {"name": "yes"}},
    ]
    document = {"name": "Who", "steps": steps}
    test = {**EDDIE, "contact": {"age": 7}, "expect": {"goal": "yes"}}
    assert only(test, document=document).status == "passed"


def test_only_some_rows() -> None:
    quiet = {"contact": {}, "expect": {"never": ["book"]}}
    trials = tried(quiet, quiet, quiet)
    assert [row.index for row in trials.run([2, 0, 2]).results] == [0, 2]
    with pytest.raises(BadInput, match="counted from 0"):
        trials.run([3])


def test_a_flow_that_cannot_be_played_is_refused() -> None:
    with pytest.raises(InvalidFlow):
        tried(document={"name": "x", "steps": [{"id": "a", "type": "magic"}]})


def test_a_report_shows_scripted_rows_too(workspace: Workspace) -> None:
    tests = [
        {"name": "Says yes", "contact": {}, "replies": [YES], "expect": {"goal": "booked"}},
        {"name": "Wrong", "transcript": "bot: Something that nobody says"},
    ]
    flow = workspace.flows.create({**TWO_STEPS, "tests": tests})
    cast = workspace.populations.from_words("Cold Carl", 2, 7)
    run = workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, cast.id).id)
    report = workspace.reports.report(run.id)
    assert [(one.name, one.status) for one in report.tests] == [
        ("Says yes", "passed"),
        ("Wrong", "failed"),
    ]
    assert report.verdict == "failed"
    assert b"Says yes" in b"".join(workspace.reports.export(run.id, "junit"))
    assert report.facts.done == 2, "who is made up is in nobody's run"


def test_what_is_not_there_without_a_workspace(tmp_path: Path) -> None:
    flow = tried({"persona": "Busy Bob", "expect": {}}, {"persona": "My Own", "expect": {}}).flow
    assert BACKSTAGE.misses(flow) == ["My Own"]
