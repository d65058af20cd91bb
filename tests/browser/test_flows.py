"""Flows in a real browser: import one, see it drawn, click a step, change it, take it away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.driving import PATIENCE, fits, press, says, settled, shot
from tests.conftest import TWO_STEPS

BROKEN = "name: Broken\nsteps:\n  - {id: a, type: send_sms\n"


def drawing(page: Page) -> Frame:
    """The drawing's own frame, once it has drawn."""
    frame = page.locator('iframe[title*="agraph"]').first
    frame.scroll_into_view_if_needed(timeout=PATIENCE)
    handle = frame.element_handle(timeout=PATIENCE)
    assert handle is not None
    inside = handle.content_frame()
    assert inside is not None
    inside.wait_for_selector("canvas", timeout=PATIENCE)
    page.wait_for_timeout(400)
    return inside


def inked(frame: Frame) -> float:
    """The share of the canvas that was painted."""
    return float(
        frame.evaluate(
            """() => {
                const c = document.querySelector('canvas')
                const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data
                let n = 0
                for (let i = 3; i < d.length; i += 4) n += d[i] > 0
                return n / (d.length / 4)
            }"""
        )
    )


def click_steps(page: Page, frame: Frame, until: str) -> None:
    """Click down the middle of the drawing until a step answers."""
    box = frame.frame_element().bounding_box()
    assert box is not None
    for share in (0.08, 0.1, 0.12, 0.15, 0.18, 0.22):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + share * box["height"])
        page.wait_for_timeout(600)
        if until in page.url:
            break
    settled(page)


def test_a_file_is_imported_drawn_and_told(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("flows")
    says(page, "Write what people will meet")
    page.get_by_role("button", name="Import", exact=True).click()
    file = tmp_path / "two.json"
    file.write_text(json.dumps({**TWO_STEPS, "name": "Two <b>steps</b>"}))
    page.locator('input[type="file"]').set_input_files(file)
    says(page, "two.json")
    page.get_by_role("dialog").get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/flows?*flow=two-b-steps-b*", timeout=PATIENCE)
    settled(page)
    says(page, "Two <b>steps</b>")
    frame = drawing(page)
    assert inked(frame) > 0.05
    click_steps(page, frame, "step=")
    assert "step=hello" in page.url
    says(page, "Sends an email.")
    says(page, "Shall I keep a seat for you?")
    shot(page, "flow_imported")


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
    page.get_by_role("tab", name="Text").click()
    text = page.get_by_label("The flow as YAML")
    text.fill(text.input_value().replace("name: ", "name: My ", 1))
    text.blur()
    press(page, "Save as a new version")
    says(page, "version 2")
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


def test_downloads_are_the_document(open_page: OpenPage) -> None:
    page = open_page("flows?flow=webinar_launch")
    page.get_by_role("button", name="Download").first.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="As JSON").click()
    path = waiting.value.path()
    assert json.loads(Path(path).read_text("utf-8"))["name"] == "Webinar launch"
    assert waiting.value.suggested_filename.endswith(".json")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_a_flow_fits(open_page: OpenPage, width: int, scheme: str) -> None:
    page = open_page("flows?flow=webinar_launch", width=width, scheme=scheme)
    says(page, "Lines are as thick as the people")
    assert inked(drawing(page)) > 0.02
    assert fits(page)
    shot(page, f"flow_{width}_{scheme}")
