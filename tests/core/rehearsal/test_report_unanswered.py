"""Reports of runs whose language model gave no usable answer: that is not silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.domain.models import Spending
from core.domain.reports import Report, cost_words
from core.domain.runs import RunStatus
from core.rehearsal import Reports
from core.rehearsal.transcript import title
from tests.support.synthetic import COLUMNS, START, Theatre

DOCUMENT: dict[str, Any] = {
    "name": "F",
    "steps": [
        {"id": "hi", "type": "send_sms", "config": {"body": "Hi, there?"}, "next": "wait"},
        {
            "id": "wait",
            "type": "wait_for_reply",
            "config": {"timeout": "2d"},
            "on_reply": "book",
            "on_timeout": "bye",
        },
        {"id": "book", "type": "goal", "config": {"name": "booked"}, "next": "bye"},
        {"id": "bye", "type": "end", "config": {}},
    ],
}
Rows = list[dict[str, Any]]
DID = {
    "nothing known": ("engine_failed",),
    "silent": ("delivered", "read", "ignored"),
    "answered": ("delivered", "read", "replied"),
    "some known": ("delivered", "read", "ignored", "engine_failed"),
}


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    made = Theatre(tmp_path, copies=20, personas=("Eager Eddie", "Cold Carl"))
    yield made
    made.close()


def one_person(contact: str, persona: str, did: str) -> Rows:
    rows: Rows = []

    def add(kind: str, step: str | None = None, **payload: Any) -> None:
        moment = START + timedelta(hours=len(rows))
        text = orjson.dumps(payload).decode()
        body = "Yes." if kind == "replied" else None
        values = (contact, len(rows), moment, None, "flow", kind, step, None, body, text)
        rows.append(dict(zip(COLUMNS, values, strict=True)))

    add("entered", persona=persona)
    add("stepped", "hi", visit=1)
    for kind in DID[did]:
        if kind in ("delivered", "engine_failed"):
            add("sent", "hi", local_hour=9)
        more: dict[str, Any] = {"status": "invalid"} if kind == "engine_failed" else {}
        more |= {"intent": "interested", "sentiment": "positive"} if kind == "replied" else {}
        add(kind, "hi", visit=1, **more)
    add("branched", "hi", way="next", to="wait")
    add("stepped", "wait", visit=1)
    to = "book" if did == "answered" else "bye"
    if to == "bye":
        add("timed_out", "wait", after=172_800)
    add("branched", "wait", way="on_reply" if to == "book" else "on_timeout", to=to)
    add("stepped", to, visit=1)
    if to == "book":
        add("goal_reached", "book", name="booked")
    add("ended", to, reason="end", hours=1)
    return rows


def reported(
    theatre: Theatre,
    told: dict[str, int],
    status: RunStatus = "finished",
    **expect: Any,
) -> tuple[Reports, Report]:
    """A run in which so many copies of Eddie did each of these."""
    tests = [{"persona": "Eager Eddie", "expect": expect}] if expect else []
    version = theatre.write_flow({**DOCUMENT, "tests": tests})
    dids = [did for did, count in told.items() for _ in range(count)]
    rows: Rows = []
    for number, did in enumerate(dids, 1):
        rows += one_person(f"eager-eddie-{number:04d}", "eager-eddie", did)
    run = theatre.keep(rows, 40, version=version)
    if status != "finished":
        theatre.store.runs.change(run.id, status, error="It failed.")
    reports = Reports(theatre.store, theatre.compiled)
    return reports, reports.report(run.id)


def test_a_failed_run_says_what_happened_and_nothing_more(theatre: Theatre) -> None:
    _, report = reported(theatre, {"nothing known": 7}, "failed", never=["book"])
    assert report.headline == "F: 7 of 7 reactions have no usable answer: invalid"
    assert (report.score, report.no_score) == (None, "no score: too many reactions failed")
    assert [one.title for one in report.recommendations] == ["Look at what the model answered"]
    assert "max tokens" in report.recommendations[0].text
    assert report.answered.rate.text == report.read.rate.text == "0/0, no data"
    assert report.answered.left_out == 7
    assert report.funnel.title == "Nothing is known of how far people came"
    assert {stage.lost for stage in report.funnel.stages} == {0}
    assert [test.status for test in report.tests] == ["error"]
    assert "7 of 7 people have reactions without a usable answer" in report.tests[0].happened
    said = " ".join(report.summary)
    for word in ("silent", "never", "opened", "did not finish"):
        assert word not in said
    assert report.verdict == "unfinished"


def test_a_run_that_failed_half_way_has_no_score_and_no_advice_about_the_flow(
    theatre: Theatre,
) -> None:
    _, report = reported(theatre, {"nothing known": 4, "silent": 4}, "failed")
    assert report.headline == "F: 4 of 8 reactions have no usable answer: invalid"
    assert report.score is None
    assert [one.title for one in report.recommendations] == ["Look at what the model answered"]


def test_a_run_that_failed_for_another_reason_has_no_score_either(theatre: Theatre) -> None:
    _, report = reported(theatre, {"silent": 3}, "failed")
    assert report.headline == "F: the rehearsal failed before it was done"
    assert (report.score, report.no_score) == (None, "no score: the run failed")
    assert report.recommendations == []
    assert report.unanswered is None


def test_those_without_an_answer_are_left_out_of_rates_and_losses(theatre: Theatre) -> None:
    told = {"answered": 10, "silent": 7, "nothing known": 1, "some known": 2}
    reports, report = reported(theatre, told)
    assert report.answered.rate.text.startswith("10/19, ")
    assert report.goal is not None and report.goal.rate.of == 19
    stages = {stage.key: stage for stage in report.funnel.stages}
    assert (stages["received"].lost, stages["received"].unknown) == (0, 1)
    assert (stages["answered"].lost, stages["answered"].unknown) == (7, 2)
    assert report.messages[0].read.of == report.messages[0].sent - 3 == 19
    assert report.unanswered == (
        "3 of 22 reactions have no usable answer: invalid. That is not silence: 1 person with no "
        "other reaction is left out of the rates; 2 people more have other reactions too, "
        "and those count."
    )
    assert report.unanswered in report.summary
    assert report.score is not None
    assert "Look at what the model answered" in [one.title for one in report.recommendations]
    lists = {word: reports.contacts(report.facts.run_id, outcome=word).total for word in WORDS}
    assert lists == {"silent": 7, "unanswered": 3, "answered": 10}
    written = b"".join(reports.export(report.facts.run_id, "md")).decode()
    assert report.unanswered in written
    assert "| Answered | 10/19, 53 %, 32–73 | 7 (most), 2 not known |" in written


WORDS = ("silent", "unanswered", "answered")


@pytest.mark.parametrize(
    ("told", "expect", "status"),
    [
        ({"answered": 5, "nothing known": 1}, {"goal": "booked"}, "inconclusive"),
        ({"answered": 5, "silent": 1, "nothing known": 1}, {"goal": "booked"}, "failed"),
        ({"silent": 5, "nothing known": 1}, {"never": ["book"]}, "inconclusive"),
        ({"answered": 1, "nothing known": 5}, {"never": ["book"]}, "failed"),
        ({"silent": 5, "nothing known": 1}, {"goal": "booked", "at_most": 0.0}, "inconclusive"),
        ({"answered": 19, "some known": 1}, {"goal": "booked", "at_least": 0.5}, "passed"),
        ({"answered": 9, "some known": 9}, {"goal": "booked", "at_least": 0.5}, "inconclusive"),
        ({"silent": 5, "some known": 1}, {"max_messages": 3}, "inconclusive"),
        ({"nothing known": 2}, {"max_messages": 3}, "error"),
        ({"some known": 2}, {"goal": "booked"}, "inconclusive"),
        ({"silent": 6}, {"never": ["book"]}, "passed"),
    ],
)
def test_a_test_holds_only_if_nobody_without_an_answer_could_turn_it(
    theatre: Theatre, told: dict[str, int], expect: dict[str, Any], status: str
) -> None:
    _, report = reported(theatre, told, **expect)
    test = report.tests[0]
    assert test.status == status
    assert test.unanswered == sum(told.get(word, 0) for word in ("nothing known", "some known"))
    assert test.copies == sum(told.values())


def test_a_test_without_answers_is_no_advice_about_the_flow(theatre: Theatre) -> None:
    _, report = reported(theatre, {"nothing known": 2}, never=["book"])
    assert report.verdict == "failed"
    assert not [one for one in report.recommendations if one.title.startswith("Make the test")]


@pytest.mark.parametrize(
    ("did", "words"),
    [
        ("nothing known", "Bob, 53: the model gave no usable answer once"),
        ("some known", "Bob, 53: the model gave no usable answer once"),
        ("silent", "Bob, 53, read and stayed silent"),
    ],
)
def test_a_conversation_without_an_answer_is_not_called_silent(
    theatre: Theatre, did: str, words: str
) -> None:
    reports, report = reported(theatre, {did: 1})
    events = theatre.store.events.of_contact(report.facts.run_id, "eager-eddie-0001")
    assert title("Bob, 53,", events) == words
    notes = [
        turn.body
        for turn in reports.transcript(report.facts.run_id, "eager-eddie-0001").turns
        if turn.kind == "timed_out"
    ]
    assert ("Nobody answered for 2 days" in notes) == (did == "silent")


def test_what_somebody_did_stands_before_what_is_missing(theatre: Theatre) -> None:
    _, report = reported(theatre, {"answered": 1, "nothing known": 1})
    events = [
        event
        for number in (1, 2)
        for event in theatre.store.events.of_contact(
            report.facts.run_id, f"eager-eddie-{number:04d}"
        )
    ]
    told = title("Bob", events)
    assert told == "Bob reached “booked”; the model gave no usable answer once"


def test_a_price_that_nobody_knows_is_not_nothing() -> None:
    assert cost_words(0.0, None) == "$0.00"
    assert cost_words(0.0, Spending(fresh=3)) == "$0.00"
    assert cost_words(0.0, Spending(fresh=42, unpriced=42), 0.5) == "price unknown"
    mixed = Spending(fresh=4, unpriced=2, cost_usd=0.1)
    assert cost_words(0.1, mixed) == "$0.10 and calls of unknown price"
    assert cost_words(0.1, Spending(fresh=4), 0.5) == "$0.10 of $0.50"
