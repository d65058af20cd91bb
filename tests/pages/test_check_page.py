"""Findings on a flow's page, the buttons that mend them, and the page of all checks."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.flows import CHECKS
from core.workbench import Workspace
from tests.pages.conftest import OpenRoom, texts

FLAWED: dict[str, Any] = {
    "name": "Flawed",
    "steps": [
        {"id": "hello", "type": "tag", "config": {"add": ["new"]}, "next": "dne"},
        {"id": "lost", "type": "tag", "config": {"add": ["warm"]}, "next": "done"},
        {"id": "done", "type": "end"},
    ],
}
CLEAN = {"name": "Clean", "steps": [{"id": "done", "type": "end"}]}


def fixes(app: AppTest, key: str = "fix_list") -> list[Any]:
    return [one for one in app.button if (one.key or "").startswith(key)]


def test_findings_stand_with_their_steps_in_the_documents_order(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    flow = workspace.flows.create(FLAWED)
    app = open_room("flows", flow=flow.id)
    assert not app.exception
    said = texts(app)
    assert "Worth a look: 1 error, 2 warnings" in said
    assert said.index("**hello**") < said.index("**lost**") < said.index("**done**")
    assert "✕ Error" in said and "! Warning" in said
    assert "next of “hello” leads to “dne”" in said
    assert "Did you mean done?" in said
    assert "# Tag · +new" in said
    assert [one.label for one in app.metric] == ["Soundness"]


def test_a_fix_is_applied_and_its_finding_is_gone(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    flow = workspace.flows.create(FLAWED)
    app = open_room("flows", flow=flow.id)
    assert fixes(app)[0].label == "Lead it to “done”"
    fixes(app)[0].click().run()
    assert not app.exception
    assert app.toast[0].value.startswith("Mended at “hello”. This is version 2 now.")
    said = texts(app)
    assert "dne" not in said and "nothing leads to “lost”" in said
    assert workspace.flows.get(flow.id).document["steps"][0]["next"] == "done"
    assert fixes(app)[0].label == "Take the step out"
    fixes(app)[0].click().run()
    assert "Nothing found" in texts(app)
    assert [step["id"] for step in workspace.flows.get(flow.id).document["steps"]] == [
        "hello",
        "done",
    ]
    assert not fixes(app)


def test_the_step_that_is_open_has_its_findings_and_its_button(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    orphan = {**FLAWED, "steps": [{**FLAWED["steps"][0], "next": "done"}, *FLAWED["steps"][1:]]}
    flow = workspace.flows.create(orphan)
    app = open_room("flows", flow=flow.id, step="lost")
    (fix,) = fixes(app, "fix_step")
    fix.click().run()
    assert not app.exception
    assert workspace.flows.get(flow.id).version == 2


def test_an_old_version_is_read_and_not_mended(open_room: OpenRoom, workspace: Workspace) -> None:
    flow = workspace.flows.create(FLAWED)
    workspace.flows.replace(flow.id, {**FLAWED, "name": "Flawed still"})
    app = open_room("flows", flow=flow.id, version="1")
    assert "Did you mean done?" in texts(app)
    assert not fixes(app)


def test_a_clean_flow_says_how_many_looked(open_room: OpenRoom, workspace: Workspace) -> None:
    flow = workspace.flows.create(CLEAN)
    said = texts(open_room("flows", flow=flow.id))
    assert f"Nothing found] {len(CHECKS)} checks looked at this flow" in said


def test_many_findings_come_a_page_at_a_time(open_room: OpenRoom, workspace: Workspace) -> None:
    lost = [{"id": f"lost{number}", "type": "end"} for number in range(40)]
    flow = workspace.flows.create({"name": "Many", "steps": [{"id": "a", "type": "end"}, *lost]})
    app = open_room("flows", flow=flow.id)
    assert not app.exception
    assert "40 warnings" in texts(app)
    assert len(fixes(app)) == 12


def test_the_catalogue_shows_every_check_and_one_family(open_room: OpenRoom) -> None:
    app = open_room("checks")
    assert not app.exception
    assert len(app.code) == len(CHECKS)
    app.segmented_control[0].set_value("Structure").run()
    assert len(app.code) == sum(check.family == "structure" for check in CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_address_opens_one_check(open_room: OpenRoom, check: Any) -> None:
    app = open_room("checks", check=check.id)
    assert not app.exception
    assert app.title[0].value == check.title
    assert app.code[0].value == check.example.strip()


def test_an_unknown_check_is_said(open_room: OpenRoom) -> None:
    said = texts(open_room("checks", check="no_such_check"))
    assert "There is no check “no_such_check”" in said
