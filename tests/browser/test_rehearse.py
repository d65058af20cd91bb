"""A rehearsal in a real browser: start, watch, leave, come back, stop, resume, read."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.driving import PATIENCE, fits, press, says, settled, shot


def started(page: Page, copies: int) -> str:
    """Press Rehearse for so many copies of each persona; gives the run's id."""
    field = page.get_by_label("Copies of each")
    field.fill(str(copies))
    field.press("Enter")
    says(page, f"{7 * copies:,} people will play.")
    page.get_by_role("button", name=re.compile("^.*Rehearse( again)?$")).first.click()
    page.wait_for_url("**run=r-*", timeout=PATIENCE)
    found = re.search(r"run=(r-[0-9a-f]+)", page.url)
    assert found
    return found[1]


def test_watch_leave_come_back_stop_and_resume(open_page: OpenPage) -> None:
    page = open_page("flows?flow=webinar_launch")
    run = started(page, 4_000)
    done = page.locator(".done").first
    expect(done).to_contain_text("of 28,000 people", timeout=PATIENCE)
    before = done.inner_text()
    expect(done).not_to_have_text(before, timeout=PATIENCE)
    shot(page, "rehearsing")

    page.get_by_role("link", name="Rehearsals").click()
    settled(page)
    says(page, "See what is playing")
    expect(page.locator(".done").first).to_contain_text("of 28,000 people", timeout=PATIENCE)
    shot(page, "rehearsals_going_on")

    page.goto(page.url.split("/rehearsals")[0] + f"/flows?flow=webinar_launch&run={run}")
    settled(page)
    expect(page.locator(".done").first).to_contain_text("of 28,000 people", timeout=PATIENCE)
    press(page, "Stop", exact=False)
    says(page, "Stopped")
    says(page, "Nothing is lost")
    press(page, "Resume", exact=False)
    expect(page.locator(".done").first).to_contain_text("of 28,000 people", timeout=PATIENCE)
    press(page, "Stop", exact=False)
    says(page, "Stopped")
    press(page, "Read so far", exact=False)
    says(page, "This is what was found so far")


def test_a_short_one_ends_in_its_report(open_page: OpenPage) -> None:
    page = open_page("flows?flow=webinar_launch", width=1024)
    started(page, 3)
    page.get_by_role("button", name="Read the report").click(timeout=60_000)
    page.wait_for_url("**/report?*", timeout=PATIENCE)
    settled(page)
    says(page, "What to change first")
    says(page, "21 people")
    assert fits(page)


def test_rehearsals_fit_and_are_deleted(open_page: OpenPage) -> None:
    page = open_page("rehearsals", width=390, scheme="dark")
    assert fits(page)
    shot(page, "rehearsals_390_dark")
    count = page.get_by_text(re.compile(r"\d+ rehearsals")).first.inner_text()
    page.get_by_role("button", name="Delete").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text(count)).to_have_count(0, timeout=PATIENCE)
