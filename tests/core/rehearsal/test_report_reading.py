"""What is read from one run or two: interactions, people, transcripts, comparisons, exports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest

from core.domain.errors import BadInput, NotFound
from core.rehearsal import Reports
from tests.support.synthetic import COLUMNS, START, Theatre

DOCUMENT: dict[str, Any] = {
    "name": "Launch <b>& | = +",
    "start": "mail",
    "steps": [
        {
            "id": "mail",
            "type": "send_email",
            "config": {"subject": "A seat", "body": "Shall I keep it? It costs $49."},
            "next": "wait",
            "expect": ["read", "interested"],
        },
        {
            "id": "wait",
            "type": "wait_for_reply",
            "config": {"timeout": "2d"},
            "on_reply": "book",
            "on_timeout": "late",
            "expect": "on_reply",
        },
        {
            "id": "book",
            "type": "goal",
            "config": {"name": "seat_saved", "value": 49},
            "next": "end",
        },
        {"id": "late", "type": "send_sms", "config": {"body": "Last call"}, "next": "end"},
        {"id": "end", "type": "end", "config": {}},
    ],
    "tests": [
        {"persona": "Eager Eddie", "expect": {"goal": "seat_saved"}},
        {"persona": "Cold Carl", "expect": {"never": ["book"]}},
        {"persona": "Cold Carl", "expect": {"goal": "seat_saved", "at_most": 0.5}},
        {"persona": "Nobody", "expect": {"never": ["book"]}},
    ],
}
Told = list[tuple[float, str, str | None, str | None, dict[str, Any]]]
WON: Told = [
    (0, "entered", None, None, {"persona": "eager-eddie"}),
    (0, "stepped", "mail", None, {"visit": 1}),
    (0, "sent", "mail", "Shall I keep it?", {"subject": "A seat", "local_hour": 9}),
    (0, "branched", "mail", None, {"way": "next", "to": "wait"}),
    (0, "stepped", "wait", None, {"visit": 1}),
    (0.1, "delivered", "mail", None, {}),
    (3, "read", "mail", None, {}),
    (
        4, "replied", "mail", "=Yes, please",
        {"to": "mail", "intent": "question", "sentiment": "positive", "hours": 4, "late": False,
         "reasoning": "likes seats", "status": "answered"},
    ),
    (4, "branched", "wait", None, {"way": "on_reply", "to": "book"}),
    (4, "stepped", "book", None, {"visit": 1}),
    (4, "goal_reached", "book", None, {"name": "seat_saved", "value": 49}),
    (4, "branched", "book", None, {"way": "next", "to": "end"}),
    (4, "stepped", "end", None, {"visit": 1}),
    (4, "ended", "end", None, {"reason": "end", "hours": 4}),
]  # fmt: skip
LOST: Told = [
    (0, "entered", None, None, {"persona": "cold-carl"}),
    (0, "stepped", "mail", None, {"visit": 1}),
    (0, "sent", "mail", "Shall I keep it?", {"subject": "A seat", "local_hour": 9}),
    (0, "branched", "mail", None, {"way": "next", "to": "wait"}),
    (0, "stepped", "wait", None, {"visit": 1}),
    (1, "delivered", "mail", None, {}),
    (2, "opted_out", "mail", None, {"by": "link", "to": "mail"}),
    (48, "timed_out", "wait", None, {"after": 172800}),
    (48, "branched", "wait", None, {"way": "on_timeout", "to": "late"}),
    (48, "stepped", "late", None, {"visit": 1}),
    (48, "failed", "late", "Last call", {"reason": "opted_out"}),
    (48, "branched", "late", None, {"way": "next", "to": "end"}),
    (48, "stepped", "end", None, {"visit": 1}),
    (48, "ended", "end", None, {"reason": "end", "hours": 48}),
]
CHANNELS = {"mail": "email", "late": "sms"}


def rows_of(contact: str, told: Told) -> list[dict[str, Any]]:
    rows = []
    for seq, (hours, kind, step, body, payload) in enumerate(told):
        channel = CHANNELS.get(step or "") if kind not in ("stepped", "branched") else None
        values = (
            contact, seq, START + timedelta(hours=hours), None, "flow", kind, step, channel, body,
            orjson.dumps(payload).decode(),
        )  # fmt: skip
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    made = Theatre(tmp_path_factory.mktemp("reading"), 1, ("Eager Eddie", "Cold Carl"))
    made.write_flow(DOCUMENT)
    yield made
    made.close()


@pytest.fixture(scope="module")
def reports(theatre: Theatre) -> Reports:
    return Reports(theatre.store, theatre.compiled)


@pytest.fixture(scope="module")
def run_id(theatre: Theatre) -> str:
    rows = rows_of("eager-eddie-0001", WON) + rows_of("cold-carl-0001", LOST)
    return theatre.keep(rows, 2).id


def test_interactions_have_the_sources_fields(reports: Reports, run_id: str) -> None:
    carl_mail, carl_wait, carl_late, mail, wait, book = reports.interactions(run_id)
    assert (mail.step_type, mail.message_sent) == (
        "send_email",
        "Subject: A seat\n\nShall I keep it?",
    )
    assert (mail.ai_response, mail.ai_reasoning) == ("=Yes, please", "likes seats")
    assert (mail.sentiment, mail.intent, mail.channel) == ("positive", "question", "email")
    assert (mail.expected_outcome, mail.actual_outcome) == ("read|interested", "replied")
    assert mail.passed is True and mail.test_id == run_id
    assert (wait.actual_outcome, wait.passed) == ("on_reply", True)
    assert (book.actual_outcome, book.expected_outcome, book.passed) == ("seat_saved", None, None)
    assert (carl_mail.actual_outcome, carl_mail.passed) == ("opted_out", False)
    assert (carl_wait.actual_outcome, carl_wait.passed) == ("on_timeout", False)
    assert (carl_late.message_sent, carl_late.actual_outcome) == ("Last call", "failed")
    assert reports.interactions(run_id, "eager-eddie-0001") == [mail, wait, book]
    assert reports.interaction_count(run_id, "eager-eddie-0001") == 3


def test_a_transcript_reads_as_a_conversation(reports: Reports, run_id: str) -> None:
    told = reports.transcript(run_id, "eager-eddie-0001")
    assert told.title == "Eddie, 31, asked once and reached “seat saved”"
    assert (told.persona_name, told.position, told.contacts) == ("Eager Eddie", 0, 2)
    mail, reply, goal, end = told.turns
    assert (mail.side, mail.subject, mail.local) == ("out", "A seat", "Monday, 4:00")
    assert mail.marks == ["read after 3 h"]
    assert (reply.side, reply.body, reply.reasoning) == ("in", "=Yes, please", "likes seats")
    assert reply.marks == ["question", "positive"]
    assert goal.body == "Reached “seat saved”, worth $49.00"
    assert end.body == "The flow ends here"


def test_a_transcript_says_when_time_went_by(reports: Reports, run_id: str) -> None:
    told = reports.transcript(run_id, "cold-carl-0001")
    assert told.title == "Carl, 31, opted out"
    gaps = [turn.gap for turn in told.turns]
    assert gaps == [None, None, "two days later", None, None]
    held = next(turn for turn in told.turns if turn.held_back)
    assert (held.body, held.marks) == ("Last call", ["held back: had opted out"])


def test_what_is_not_there_is_said(reports: Reports, run_id: str) -> None:
    with pytest.raises(NotFound):
        reports.report("r-none")
    with pytest.raises(NotFound):
        reports.transcript(run_id, "nobody-0001")
    with pytest.raises(BadInput, match="sort"):
        reports.contacts(run_id, sort="height; drop table events")
    with pytest.raises(BadInput, match="outcome"):
        reports.contacts(run_id, outcome="fame")
    with pytest.raises(BadInput, match="format"):
        reports.export(run_id, "pdf")


def test_people_are_listed(reports: Reports, run_id: str) -> None:
    eddie, carl = reports.contacts(run_id).rows
    assert (eddie.name, eddie.goals, eddie.messages, eddie.ended) == (
        "Eddie Number 1",
        ["seat_saved"],
        1,
        "end",
    )
    assert carl.opted_out and carl.days == 2.0
    assert [row.contact_id for row in reports.contacts(run_id, outcome="opted_out").rows] == [
        "cold-carl-0001"
    ]


def test_the_report_says_it(reports: Reports, run_id: str) -> None:
    report = reports.report(run_id)
    assert report.headline.endswith("half of the people reach “seat_saved”")
    assert report.conversion_likelihood == 50
    assert [f.step_id for f in report.findings if f.type == "message_after_opt_out"] == ["late"]
    assert [test.status for test in report.tests] == ["passed", "passed", "inconclusive", "error"]
    assert report.verdict == "failed"
    assert report.goal is not None and report.goal.made_of_text == "Eddie 1"
    assert report.score is not None
    assert sum(part.points for part in report.score.parts) == report.score.value
    assert sum(part.weight for part in report.score.parts) == 100
    assert 3 <= len(report.recommendations) <= 5
    assert report.recommendations[0].title == "Stop writing to those who opted out"
    assert reports.report(run_id) is report, "a run that rests is read once"


def test_json_holds_the_report_and_every_interaction(reports: Reports, run_id: str) -> None:
    document = json.loads(b"".join(reports.export(run_id, "json")))
    assert document["facts"]["run_id"] == run_id
    assert document["answered"]["rate"]["text"] == "1/2, 50 %, 9–91"
    assert len(document["interactions"]) == 6
    assert document["interactions"][3]["ai_response"] == "=Yes, please"


def test_csv_cells_are_no_formulas(reports: Reports, run_id: str) -> None:
    text = b"".join(reports.export(run_id, "csv")).decode()
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert lines[3]["ai_response"] == "'=Yes, please"
    assert lines[3]["passed"] == "true" and lines[5]["passed"] == ""
    assert not any(
        cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line.values()
    )


def test_markdown_reads_on_its_own(reports: Reports, run_id: str) -> None:
    text = b"".join(reports.export(run_id, "md")).decode()
    assert text.startswith("# Launch \\<b\\>")
    for heading in ("Numbers", "Score", "Personas", "Tests: failed", "Coverage", "Findings"):
        assert f"## {heading}" in text
    assert "1/2, 50 %, 9–91" in text and "<b>" not in text


def test_junit_is_xml_whatever_the_names(theatre: Theatre, run_id: str) -> None:
    flow = theatre.flows["flow", 1]
    odd = type(flow)(**{**vars(flow), "name": 'A\x07 <b> "&"\ud800 ]]>'})
    reports = Reports(theatre.store, lambda *_: odd)
    root = ElementTree.fromstring(b"".join(reports.export(run_id, "junit")))
    suite = root[0]
    assert suite.get("name") == 'A <b> "&" ]]>'
    counts = [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counts == ["4", "0", "1", "1"]
    assert [case[0].tag if len(case) else "" for case in suite.iter("testcase")] == [
        "", "", "skipped", "error",
    ]  # fmt: skip
    properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert properties["run_id"] == run_id and properties["seed"] == "7"
    assert properties["population"] == "p-0"


def test_junit_of_a_run_that_did_not_finish_is_in_error(theatre: Theatre, reports: Reports) -> None:
    run = theatre.keep(rows_of("eager-eddie-0001", WON), 1)
    root = ElementTree.fromstring(b"".join(reports.export(run.id, "junit")))
    last = list(root.iter("testcase"))[-1]
    assert last.get("name") == "the run finishes" and last[0].tag == "error"


def test_two_runs_of_the_same_people(theatre: Theatre, reports: Reports, run_id: str) -> None:
    lost = [(at, kind, step, body, dict(payload)) for at, kind, step, body, payload in LOST]
    lost[0][4]["persona"] = "eager-eddie"
    rows = rows_of("eager-eddie-0001", lost) + rows_of("cold-carl-0001", LOST)
    other = theatre.keep(rows, 2)
    found = reports.compare(run_id, other.id)
    goal = found.differences[0]
    assert (found.paired, found.same_chance, found.people) == (True, True, 2)
    assert (goal.a, goal.b, goal.difference) == (0.5, 0.0, -0.5)
    assert (goal.only_a, goal.only_b, goal.only_a_people) == (1, 0, ["eager-eddie-0001"])
    assert goal.low is not None and goal.high is not None and goal.low < -0.5 < goal.high
    assert not goal.clear and "Agresti" in goal.method
    assert found.headline == "No difference that could not be chance"
    assert {change.step_id for change in found.steps} == {"book", "late"}
    same = reports.compare(run_id, run_id)
    assert same.headline == "Nothing that is measured has changed"
    assert same.steps == [] and same.flow.changed == []


def test_two_runs_of_different_people(theatre: Theatre, reports: Reports, run_id: str) -> None:
    others = theatre.cast(("Eager Eddie",), 30)
    changed = {**DOCUMENT, "steps": [*DOCUMENT["steps"][:3], DOCUMENT["steps"][4]]}
    changed["steps"] = [{**step, **({"on_timeout": "end"} if step["id"] == "wait" else {})}
                        for step in changed["steps"]]  # fmt: skip
    version = theatre.write_flow(changed)
    rows = [row for number in range(1, 31) for row in rows_of(f"eager-eddie-{number:04d}", WON)]
    other = theatre.keep(rows, 30, others, version=version)
    found = reports.compare(run_id, other.id)
    assert not found.paired and found.differences[0].only_a is None
    assert "Newcombe" in found.differences[0].method
    assert (found.flow.removed, found.flow.changed) == (["late"], ["wait"])
    back = reports.compare(other.id, run_id)
    goal, again = found.differences[0], back.differences[0]
    assert goal.low == pytest.approx(-(again.high or 0)) and goal.difference == 0.5


def test_runs_of_two_flows_are_not_compared(
    theatre: Theatre, reports: Reports, run_id: str
) -> None:
    version = theatre.write_flow(DOCUMENT, "other")
    other = theatre.play(version, flow_id="other")
    with pytest.raises(BadInput, match="two different flows"):
        reports.compare(run_id, other.id)
