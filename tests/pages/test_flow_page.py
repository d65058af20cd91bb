"""Flows: none, many, one; drawing, importing, versions, rehearsing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.errors import NotFound
from core.domain.flows import STEP_CONFIGS
from core.domain.kinds import KINDS
from core.domain.reports import Report
from core.flows import compile_flow
from core.workbench import Workbench, Workspace
from pages.parts.canvas import VIEWS, drawn
from pages.parts.canvas.data import found, kinds
from pages.parts.context import provide
from tests.conftest import TWO_STEPS
from tests.pages.conftest import OpenRoom, texts


def button(app: AppTest, label: str) -> Any:
    return next(one for one in app.button if one.label == label)


def played(workspace: Workspace, document: dict[str, Any] = TWO_STEPS) -> Report:
    flow = workspace.flows.create(document)
    population = workspace.populations.from_words("all", 3, 7)
    run = workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, population.id).id)
    return workspace.reports.report(run.id)


def sent(app: AppTest) -> dict[str, Any]:
    """What the page gives the canvas."""
    (canvas,) = [
        one for one in app.get("bidi_component") if "greenroom_canvas" in one.proto.component_name
    ]
    given: dict[str, Any] = json.loads(canvas.proto.json)
    return given


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


def test_an_open_flow_stands_on_the_canvas(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    app = open_room("flows", flow=report.facts.flow_id, step="sort")
    assert not app.exception
    given = sent(app)
    assert (given["mode"], given["selected"], given["view"]) == ("edit", "sort", "build")
    assert given["document"] == TWO_STEPS
    assert set(given["positions"]) == {step["id"] for step in TWO_STEPS["steps"]}
    happened = given["overlay"]["steps"]
    assert {id: one["people"] for id, one in happened.items()} == {
        row.step_id: row.people for row in report.steps
    }
    ways = {f"{row.step_id}\x00{row.way}": row.people for row in report.ways}
    assert given["overlay"]["ways"] == ways


def test_a_version_that_is_not_the_newest_is_only_read(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    flow = workspace.flows.create(TWO_STEPS)
    workspace.flows.replace(flow.id, {**TWO_STEPS, "name": "Later"})
    app = open_room("flows", flow=flow.id, version="1", persona="cold-carl")
    given = sent(app)
    assert (given["mode"], given["view"]) == ("read", "debug")
    assert given["contact"] == {"persona": "cold-carl"}
    assert "text" not in given["views"]
    assert "This is version 1; the newest is 2." in texts(app)
    button(app, "Open the newest").click().run()
    assert sent(app)["mode"] == "edit"


def test_a_flow_that_cannot_be_played_says_why_and_keeps_its_text(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    step = {"id": "a", "type": "send_sms", "config": {"body": "x"}, "next": "nowhere"}
    flow = workspace.flows.create({"name": "<b>Broken</b>", "steps": [step]})
    app = open_room("flows", flow=flow.id)
    assert not app.exception
    assert "leads to “nowhere”" in sent(app)["findings"][0]["message"]
    assert sent(app)["document"]["steps"] == [step]
    assert not [one for one in app.button if one.label == "Rehearse"]


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


def test_the_canvas_knows_every_step_type_and_its_ways(workspace: Workspace) -> None:
    found = {kind["type"]: kind for kind in kinds()}
    assert set(found) == set(KINDS) == set(STEP_CONFIGS)
    for template in workspace.flows.templates():
        for step in compile_flow(template.document).steps.values():
            shapes = found[step.type]["ways"]
            names = {way.name.split(":")[0] for way in step.ways}
            meant = {"branches": {"branch", "else"}, "arms": {"arm"}}
            assert names == set().union(*(meant.get(shape, {shape}) for shape in shapes))


def test_a_finding_says_how_it_is_mended(workspace: Workspace) -> None:
    steps = [{"id": "a", "type": "end"}, {"id": "b", "type": "end"}]
    flow = workspace.flows.create({"name": "Apart", "steps": steps})
    rows = found(workspace.flows.validation(flow.id, 1))
    assert {row["type"]: row["mend"] for row in rows}["orphan_step"] == "Take the step out"


def test_everything_that_is_sent_is_json(workspace: Workspace, workbench: Workbench) -> None:
    provide(workbench)
    for template in workspace.flows.templates():
        flow = workspace.flows.create(template.document)
        data = drawn(flow, mode="edit", views=VIEWS)
        again = json.loads(json.dumps(data.sent(700)))
        assert again["document"] == template.document
        assert workspace.flows.read(again["text"]) == template.document


def test_newest_or_refuses_what_is_no_number(open_room: OpenRoom) -> None:
    from pages.parts.flow_text import newest_or

    with pytest.raises(NotFound):
        newest_or("x", "one")
