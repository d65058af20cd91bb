"""Flows in a real browser: import one, see it drawn, click a step, change it, take it away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.canvas import canvas, card, save
from tests.browser.conftest import OpenPage
from tests.browser.driving import PATIENCE, fits, press, says, settled, shot
from tests.conftest import TWO_STEPS

BROKEN = "name: Broken\nsteps:\n  - {id: a, type: send_sms\n"


N8N = {
    "name": "Greeting",
    "nodes": [
        {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "parameters": {},
         "position": [0, 0], "typeVersion": 1},
        {"id": "2", "name": "Write", "type": "n8n-nodes-base.telegram", "typeVersion": 1,
         "parameters": {"chatId": "1", "text": "Good morning"}, "position": [200, 0]},
        {"id": "3", "name": "Odd", "type": "n8n-nodes-base.crypto", "typeVersion": 1,
         "parameters": {}, "position": [400, 0]},
    ],
    "connections": {
        "Start": {"main": [[{"node": "Write", "type": "main", "index": 0}]]},
        "Write": {"main": [[{"node": "Odd", "type": "main", "index": 0}]]},
    },
}  # fmt: skip


def test_a_file_is_imported_drawn_and_told(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("flows")
    says(page, "Write what people will meet")
    page.get_by_role("button", name="Import", exact=True).click()
    file = tmp_path / "two.json"
    file.write_text(json.dumps({**TWO_STEPS, "name": "Two <b>steps</b>"}))
    page.locator('input[type="file"]').set_input_files(file)
    says(page, "two.json")
    settled(page)
    page.get_by_role("dialog").get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/flows?*flow=two-b-steps-b*", timeout=PATIENCE)
    settled(page)
    says(page, "Two <b>steps</b>")
    canvas(page)
    card(page, "hello").click()
    says(page, "Sends an email.")
    expect(page.get_by_label("What it says")).to_have_value(re.compile("Shall I keep a seat"))
    page.wait_for_url("**step=hello*", timeout=PATIENCE)
    shot(page, "flow_imported")


def test_another_builders_flow_says_what_became_of_it_before_it_is_kept(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("flows")
    page.get_by_role("button", name="Import", exact=True).click()
    file = tmp_path / "greeting.json"
    file.write_text(json.dumps(N8N))
    dialog = page.get_by_role("dialog")
    page.locator('input[type="file"]').set_input_files(file)
    says(page, "greeting.json")
    settled(page)
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(dialog.get_by_text("This is an n8n workflow.")).to_be_visible(timeout=PATIENCE)
    shot(page, "flow_import_report")
    dialog.get_by_role("button", name="Keep it as “Greeting”").click()
    page.wait_for_url("**/flows?*flow=greeting*", timeout=PATIENCE)
    canvas(settled(page))
    expect(page.locator(".card-line").filter(has_text="Good morning")).to_be_visible()


def test_what_cannot_be_read_names_its_place_and_leaves_nothing(open_page: OpenPage) -> None:
    page = open_page("flows")
    before = page.get_by_role("button", name="Open", exact=True).count()
    page.get_by_role("button", name="Import", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Or paste it here").fill(BROKEN)
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(dialog.get_by_text("Where: ")).to_be_visible(timeout=PATIENCE)
    expect(dialog.get_by_text("line 4")).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
    page.reload()
    settled(page)
    assert page.get_by_role("button", name="Open", exact=True).count() == before


def test_a_template_is_started_changed_renamed_copied_and_deleted(open_page: OpenPage) -> None:
    page = open_page("flows?workspace=default")
    press(page, "Start from a template")
    page.get_by_role("dialog").get_by_role("button", name="Use this").first.click()
    page.wait_for_url("**flow=*", timeout=PATIENCE)
    settled(page)
    canvas(page)
    page.get_by_label("Name", exact=True).first.fill("My flow")
    save(page, 2)
    says(page, "version 2")
    settled(page)
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Duplicate").or_(
        page.get_by_role("option", name="Duplicate")
    ).or_(page.get_by_text("Duplicate", exact=True)).first.click()
    says(page, "(copy)")
    settled(page)
    page.get_by_role("button", name="More").click()
    page.get_by_text("Delete", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete", exact=True).click()
    says(page, "1 flow")


@pytest.mark.parametrize(
    ("form", "ending", "begins"),
    [
        ("JSON", ".json", b"{"),
        ("YAML, with comments", ".yaml", b"name: Webinar launch"),
        ("Mermaid", ".mmd", b"---"),
        ("Picture (SVG)", ".svg", b"<"),
        ("Picture (PNG)", ".png", b"\x89PNG"),
    ],
)
def test_exports_are_the_document(
    open_page: OpenPage, form: str, ending: str, begins: bytes
) -> None:
    page = canvas(open_page("flows?flow=webinar_launch"))
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=form).click()
    content = Path(waiting.value.path()).read_bytes()
    assert content.lstrip().startswith(begins)
    assert waiting.value.suggested_filename == f"webinar_launch{ending}"
    if ending == ".json":
        assert json.loads(content)["name"] == "Webinar launch"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_a_flow_fits(open_page: OpenPage, width: int, scheme: str) -> None:
    page = open_page("flows?flow=webinar_launch", width=width, scheme=scheme)
    canvas(page)
    expect(page.locator(".react-flow__node").nth(2)).to_be_visible()
    assert fits(page)
    shot(page, f"flow_{width}_{scheme}")
