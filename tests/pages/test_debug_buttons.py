"""From any person of a finished run to the debugger, and to the event that went wrong."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.reports import Report
from core.workbench import Workspace
from pages.parts.debugging import whom
from pages.parts.transcript import Here, transcript_html
from tests.conftest import TWO_STEPS
from tests.pages.conftest import OpenRoom, texts

BROKEN = copy.deepcopy(TWO_STEPS)
BROKEN["steps"][2]["config"]["branches"][0]["when"] = 'reply.intent == "interested" && score > 1'
TESTS: list[dict[str, Any]] = [
    {"persona": "Cold Carl", "copies": 3, "expect": {"goal": "booked"}},
    {
        "name": "Says no",
        "replies": [{"text": "No.", "intent": "not_interested", "sentiment": "negative"}],
        "expect": {"reaches": ["book"]},
    },
]


def played(workspace: Workspace, document: dict[str, Any]) -> Report:
    flow = workspace.flows.create(document)
    people = workspace.populations.from_words("all", 3, 7)
    run = workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, people.id).id)
    return workspace.reports.report(run.id)


def query(app: AppTest) -> dict[str, str]:
    return {name: app.query_params[name] for name in app.query_params}


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """Where pages turned to, in place of turning."""
    found: list[tuple[str, dict[str, str]]] = []

    def switch(page: str, *, query_params: dict[str, str]) -> None:
        found.append((page, query_params))

    monkeypatch.setattr("streamlit.switch_page", switch)
    return found


def target(report: Report, **who: str) -> tuple[str, dict[str, str]]:
    facts = report.facts
    version = str(facts.flow_version)
    return "flows.py", {"flow": facts.flow_id, "version": version, "view": "debug", **who}


Turned = list[tuple[str, dict[str, str]]]


def test_a_conversation_can_be_debugged(
    open_room: OpenRoom, workspace: Workspace, turned: Turned
) -> None:
    report = played(workspace, TWO_STEPS)
    run = report.facts.run_id
    app = open_room("conversation", run=run, contact="eager-eddie-0002")
    app.button(key="talk_debug").click().run()
    assert turned == [target(report, run=run, contact="eager-eddie-0002")]


def test_an_event_is_shown_where_it_happened(
    open_room: OpenRoom, workspace: Workspace, turned: Turned
) -> None:
    report = played(workspace, BROKEN)
    (problem,) = workspace.reports.steps.problems(report.facts.run_id).rows
    who = {"run": report.facts.run_id, "contact": problem.contact_id}
    app = open_room("conversation", **who, event=str(problem.seq))
    assert not app.exception
    said = texts(app)
    assert "What went wrong at “sort”" in said
    assert problem.message in said and problem.fix in said
    table = next(one.value for one in app.table if "score" in str(one.value))
    assert "no value" in str(table)
    app.button(key="event_debug").click().run()
    assert turned == [target(report, **who)]


def test_any_event_can_be_pointed_at(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace, TWO_STEPS)
    run = report.facts.run_id
    for event in workspace.events.of_contact(run, "eager-eddie-0001"):
        app = open_room("conversation", run=run, contact="eager-eddie-0001", event=str(event.seq))
        assert not app.exception
        assert "What happened" in texts(app)
    app = open_room("conversation", run=run, contact="eager-eddie-0001", event="999")
    assert not app.exception
    assert "What happened" not in texts(app)


def test_the_next_person_is_shown_without_the_event(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    report = played(workspace, TWO_STEPS)
    app = open_room("conversation", run=report.facts.run_id, contact="eager-eddie-0002", event="1")
    app.button(key="talk_Next").click().run()
    assert "event" not in query(app)


def test_the_line_in_the_conversation_is_never_markup(workspace: Workspace) -> None:
    report = played(workspace, TWO_STEPS)
    transcript = workspace.reports.transcript(report.facts.run_id, "eager-eddie-0001")
    html = transcript_html(transcript, Here(1, "<script>alert(1)</script>", wrong=True))
    assert "<script" not in html and html.count("note here lost") == 1
    last = transcript_html(transcript, Here(9_999, "At the end"))
    assert last.endswith("At the end</span></div></div>")


def test_failing_tests_can_be_debugged(
    open_room: OpenRoom, workspace: Workspace, turned: Turned
) -> None:
    report = played(workspace, {**TWO_STEPS, "tests": TESTS})
    carl, no = report.tests
    assert (carl.status, no.status) == ("failed", "failed")
    app = open_room("report", run=report.facts.run_id)
    app.button(key="debug_test_0").click().run()
    (_, went) = turned.pop()
    contact = went["contact"]
    goals = workspace.reports.transcript(went["run"], contact).goals
    assert contact.startswith("cold-carl") and not goals
    app.button(key="debug_test_1").click().run()
    assert turned.pop() == target(report, run=report.facts.run_id, test="1")


def test_whom_an_address_names(
    open_room: OpenRoom, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = played(workspace, {**TWO_STEPS, "tests": TESTS})
    open_room()
    asked: dict[str, str] = {}
    monkeypatch.setattr("pages.parts.debugging.param", asked.get)
    assert whom() is None
    asked |= {"run": "1", "contact": "cold-carl-0001"}
    assert whom() == {"run_id": report.facts.run_id, "contact_id": "cold-carl-0001"}
    del asked["contact"]
    asked["test"] = "1"
    who = whom()
    assert who is not None and who["replies"][0]["text"] == "No."
    asked.clear()
    asked["persona"] = "cold-carl"
    assert whom() == {"persona": "cold-carl"}


def test_what_went_wrong_stands_with_the_findings(
    open_room: OpenRoom, workspace: Workspace, turned: Turned
) -> None:
    report = played(workspace, BROKEN)
    run = report.facts.run_id
    (problem,) = workspace.reports.steps.problems(run).rows
    app = open_room("report", run=run)
    app.session_state[f"report_tabs_{run}"] = "Findings"
    app.run()
    assert not app.exception
    said = texts(app)
    assert "1 thing went wrong while it was played" in said and problem.message in said
    app.button(key="problem_debug_0").click().run()
    assert turned.pop() == target(report, run=run, contact=problem.contact_id)
    app.button(key="problem_0").click().run()
    address = {"run": run, "contact": problem.contact_id, "event": str(problem.seq)}
    assert turned.pop() == ("conversation.py", address)


@pytest.mark.parametrize("tab", ["Way through", "Time and cost", "Conversations", "Compare"])
def test_each_tab_of_a_report_is_drawn(open_room: OpenRoom, workspace: Workspace, tab: str) -> None:
    report = played(workspace, TWO_STEPS)
    workspace.flows.replace(report.facts.flow_id, BROKEN)
    again = workspace.rehearsals.prepare(report.facts.flow_id, report.facts.population_id)
    workspace.rehearsals.play(again.id)
    app = open_room("report", run=again.id)
    app.session_state[f"report_tabs_{again.id}"] = tab
    app.run()
    assert not app.exception
    if tab == "Time and cost":
        table = next(one.value for one in app.dataframe if "Waited, h" in one.value.columns)
        assert list(table["Step"]) == [
            row.step_id for row in workspace.reports.report(again.id).steps if row.people
        ]
        assert "at most 4.4 % off" in texts(app)
    if tab == "Conversations":
        table = next(one.value for one in app.dataframe if "Person" in one.value.columns)
        assert table["Debug"].str.contains("Debug").all()


def test_a_run_from_before_says_that_it_has_no_real_times(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    report = played(workspace, TWO_STEPS)
    with workspace.store.database.transaction() as cursor:
        cursor.execute("DELETE FROM step_times")
    app = open_room("report", run=report.facts.run_id)
    app.session_state[f"report_tabs_{report.facts.run_id}"] = "Time and cost"
    app.run()
    assert "played before real time was measured" in texts(app)


def test_versions_are_rehearsed_and_their_people_debugged(
    open_room: OpenRoom, workspace: Workspace, turned: Turned
) -> None:
    flow = workspace.flows.create(TWO_STEPS, id="seats")
    second = copy.deepcopy(TWO_STEPS)
    second["steps"][1]["on_timeout"] = "sort"
    workspace.flows.replace(flow.id, second)
    people = workspace.populations.from_words("all", 20, 7)
    app = versions_page()
    assert "have not met the same people yet" in texts(app)
    app.selectbox(key="versions_people").select(people.id).run()
    app.button(key="versions_go").click().run()
    for run in workspace.rehearsals.list(flow.id):
        workspace.rehearsals.wait(run.id)
    app.run()
    assert not app.exception
    found = workspace.versions.compared(flow.id, 1, 2)
    (place,) = found.partings
    said = texts(app)
    assert f"{place.people} people go another way, of 140" in said
    assert place.sentence in said
    table = next(one.value for one in app.dataframe if "Only in 2" in one.value.columns)
    assert set(table["Step"]) == {"sort"}
    app.button(key="part_0_0_2").click().run()
    (_, went) = turned.pop()
    example = place.examples[0].contact_id
    assert (went["run"], went["contact"]) == (found.comparison.b.run_id, example)
    assert (went["version"], went["view"]) == ("2", "debug")


def test_one_version_alone_says_what_to_do(open_room: OpenRoom, workspace: Workspace) -> None:
    workspace.flows.create(TWO_STEPS, id="seats")
    assert "This flow has one version yet" in texts(versions_page())


def versions_page() -> AppTest:
    """The part of the flow page that compares versions, alone."""

    def script() -> None:
        from pages.parts.context import workspace
        from pages.parts.flow_versions import draw_rehearsed_versions

        draw_rehearsed_versions(workspace().flows.get("seats"))

    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    return app


def test_the_versions_stand_under_the_canvas(open_room: OpenRoom, workspace: Workspace) -> None:
    flow = workspace.flows.create(TWO_STEPS, id="seats")
    assert not open_room("flows", flow=flow.id, view="versions").exception
    workspace.flows.replace(flow.id, BROKEN)
    shut = open_room("flows", flow=flow.id)
    assert not shut.exception and "What people do differently" not in texts(shut)
    app = open_room("flows", flow=flow.id, view="versions", a="1", b="2")
    assert not app.exception
    assert "have not met the same people yet" in texts(app)
