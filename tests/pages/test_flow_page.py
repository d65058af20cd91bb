"""Flows: none, many, one; drawing, importing, versions, rehearsing."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.errors import NotFound
from core.domain.reports import Report
from core.flows import compile_flow, ranks
from core.workbench import Workspace
from pages.parts.flow_drawing import Happened, _edges, _safe
from pages.parts.flow_layout import MOST_STEPS, arranged, sheets
from pages.parts.flow_text import as_json, as_yaml
from pages.parts.flow_words import KINDS, kind_of, line_of, sentence_of, way_sentence
from pages.parts.theme import LIGHT
from tests.conftest import TWO_STEPS
from tests.pages.conftest import OpenRoom, texts


def button(app: AppTest, label: str) -> Any:
    return next(one for one in app.button if one.label == label)


def played(workspace: Workspace, document: dict[str, Any] = TWO_STEPS) -> Report:
    flow = workspace.flows.create(document)
    population = workspace.populations.from_words("all", 3, 7)
    run = workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, population.id).id)
    return workspace.reports.report(run.id)


def long_flow(steps: int) -> dict[str, Any]:
    made = [
        {"id": f"s{at}", "type": "send_sms", "config": {"body": f"{at}"}, "next": f"s{at + 1}"}
        for at in range(steps)
    ]
    return {"name": "Long", "steps": [*made, {"id": f"s{steps}", "type": "end"}]}


def test_no_flows_offers_templates(open_room: OpenRoom) -> None:
    app = open_room("flows")
    assert not app.exception
    assert "Your flows will stand here" in texts(app)
    app.button(key="empty_account_tree").click().run()
    assert not app.exception
    assert "Webinar launch" in texts(app)


def test_a_card_says_steps_findings_and_the_last_rehearsal(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    played(workspace)
    workspace.flows.create({"name": "Broken", "steps": [{"id": "a", "type": "send_smoke"}]})
    app = open_room("flows")
    assert not app.exception
    said = texts(app)
    assert "5 steps · version 1" in said
    assert "Run 1 finished" in said
    assert "never rehearsed" in said
    assert "error" in said


def test_one_flow_is_drawn_and_told_step_by_step(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    app = open_room("flows", flow=report.facts.flow_id, step="sort")
    assert not app.exception
    said = texts(app)
    assert "Goes the first way that holds." in said
    assert "go to “book”" in said
    table = app.dataframe[0].value
    people = dict(zip(table["Step"], table["People"], strict=True))
    assert people == {row.step_id: row.people for row in report.steps}


def test_a_flow_that_cannot_be_played_says_why_and_keeps_its_text(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    step = {"id": "a", "type": "send_sms", "config": {"body": "x"}, "next": "nowhere"}
    flow = workspace.flows.create({"name": "<b>Broken</b>", "steps": [step]})
    app = open_room("flows", flow=flow.id)
    assert not app.exception
    said = texts(app)
    assert "cannot be drawn or rehearsed yet" in said
    assert "leads to “nowhere”" in said
    assert not [one for one in app.button if one.label == "Rehearse"]
    assert list(app.dataframe[0].value["Step"]) == ["a"]


def test_an_unknown_flow_or_version_is_said_in_words(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    flow = workspace.flows.create(TWO_STEPS)
    for params in (
        {"flow": "nope"},
        {"flow": flow.id, "version": "9"},
        {"flow": flow.id, "version": "x"},
    ):
        app = open_room("flows", **params)
        assert not app.exception
        assert "There is no" in texts(app)


def test_rehearse_starts_a_run_that_the_address_names(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    flow = workspace.flows.create(TWO_STEPS)
    app = open_room("flows", flow=flow.id)
    assert "140 people will play." in texts(app)
    app.number_input(key="rehearse_copies").set_value(2).run()
    app.button(key="rehearse_go").click().run()
    assert not app.exception
    run = workspace.rehearsals.list()[0]
    assert app.query_params["run"] == run.id
    run = workspace.rehearsals.wait(run.id, 30)
    assert (run.status, run.contacts, run.seed) == ("finished", 14, 7)
    app = open_room("flows", flow=flow.id, run=run.id)
    assert "14 of 14 people" in texts(app)
    assert button(app, "Read the report")


def test_nobody_chosen_is_said(open_room: OpenRoom, workspace: Workspace) -> None:
    flow = workspace.flows.create(TWO_STEPS)
    app = open_room("flows", flow=flow.id)
    app.multiselect(key="rehearse_personas").set_value([]).run()
    app.button(key="rehearse_go").click().run()
    assert not app.exception
    assert "Choose at least one persona." in texts(app)
    assert workspace.rehearsals.count() == 0


def test_the_same_people_can_be_asked_for(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    app = open_room(
        "flows", flow=report.facts.flow_id, population=report.facts.population_id, seed="9"
    )
    app.button(key="rehearse_go").click().run()
    newest = workspace.rehearsals.list()[0]
    workspace.rehearsals.wait(newest.id, 30)
    assert (newest.population_id, newest.seed) == (report.facts.population_id, 9)


def test_kinds_cover_every_step_type() -> None:
    from core.domain.flows import STEP_CONFIGS

    assert set(KINDS) == set(STEP_CONFIGS)
    assert kind_of("send_smoke").name == "send_smoke"


def test_steps_speak_in_sentences() -> None:
    flow = compile_flow(TWO_STEPS)
    assert line_of(flow.steps["hello"]) == "A seat"
    assert line_of(flow.steps["wait"]) == "up to 2 days"
    assert sentence_of(flow.steps["hello"]) == "Sends an email."
    way = flow.steps["sort"].ways[0]
    assert way_sentence(way.label, way.name, way.to).endswith("go to “book”.")
    assert way_sentence("next", "next", None) == "Then the flow ends for them."


@pytest.mark.parametrize("steps", [3, 200, 1_000])
def test_every_step_is_on_one_sheet_and_no_sheet_is_large(steps: int) -> None:
    flow = compile_flow(long_flow(steps))
    places = ranks(flow)
    parts = sheets(places)
    drawn = [name for part in parts for name in part.steps]
    assert sorted(drawn) == sorted(flow.steps)
    assert max(len(part.steps) for part in parts) <= MOST_STEPS
    for part in parts[:3]:
        points, _ = arranged(flow, places, part)
        assert set(part.steps) <= set(points)
        assert len(set(points.values())) == len(points)


def test_lines_are_thick_where_people_went_and_dashed_where_nobody_did(
    workspace: Workspace,
) -> None:
    report = played(workspace)
    flow = workspace.flows.compiled(report.facts.flow_id, 1)
    places = ranks(flow)
    sheet = sheets(places)[0]
    points, bends = arranged(flow, places, sheet)
    happened = Happened.of(report)
    edges, _ = _edges(flow, sheet, points, bends, happened, LIGHT)
    ways = {(row.step_id, row.to): row.people for row in report.ways if row.to}
    for edge in edges:
        if edge["from"] in flow.steps and edge["to"] in flow.steps:
            people = ways[edge["from"], edge["to"]]
            assert bool(edge["dashes"]) == (people == 0)


def test_labels_hold_no_markup() -> None:
    assert _safe("<b>&</b>") == "&lt;b>&amp;&lt;/b>"


def test_the_text_reads_back_to_the_same_document(workspace: Workspace) -> None:
    for template in workspace.flows.templates():
        assert workspace.flows.read(as_yaml(template.document)) == template.document
        assert workspace.flows.read(as_json(template.document)) == template.document


def test_newest_or_refuses_what_is_no_number(open_room: OpenRoom) -> None:
    from pages.parts.flow_text import newest_or

    with pytest.raises(NotFound):
        newest_or("x", "one")
