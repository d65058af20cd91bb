"""A conversation in a real browser: letters and bubbles, why, the next person."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.driving import PATIENCE, fits, press, says, settled, shot


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_a_conversation(open_page: OpenPage, width: int, scheme: str) -> None:
    page = open_page("conversation?run=1&contact=chatty-cathy-0001", width=width, scheme=scheme)
    says(page, "Why Cathy did that")
    expect(page.locator(".letter, .bubble").first).to_be_visible(timeout=PATIENCE)
    assert fits(page)
    shot(page, f"conversation_{width}_{scheme}")


def test_a_click_says_why(open_page: OpenPage) -> None:
    page = open_page("conversation?run=1&contact=chatty-cathy-0001")
    turns = page.locator(".turn")
    expect(turns.first).to_be_visible(timeout=PATIENCE)
    turns.first.click()
    expect(turns.first).to_have_class(re.compile("chosen"))
    settled(page)
    step = page.get_by_text(re.compile(r"^Monday, \d+:\d\d · ")).first
    expect(step).to_be_visible(timeout=PATIENCE)


def test_next_previous_and_narrowed(open_page: OpenPage) -> None:
    page = open_page("conversation?run=1&contact=eager-eddie-0001")
    press(page, "Next", exact=False)
    page.wait_for_url("**contact=eager-eddie-0002*", timeout=PATIENCE)
    settled(page)
    press(page, "Previous", exact=False)
    page.wait_for_url("**contact=eager-eddie-0001*", timeout=PATIENCE)
    settled(page)
    page.get_by_label("Words in a name or a reply").fill("zzz-nobody-says-this")
    page.keyboard.press("Enter")
    says(page, "0 people are like that")


def test_a_row_of_the_report_opens_one(open_page: OpenPage) -> None:
    page = open_page("report?run=1")
    table = page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.wait_for_timeout(500)
    page.mouse.click(box["x"] + 50, box["y"] + 54)
    page.wait_for_url("**/conversation?*contact=*", timeout=PATIENCE)
    settled(page)
    says(page, "contact ")
