"""Validation in a real browser: findings beside their steps, a fix by its button, the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.flows import CHECKS
from tests.browser.canvas import canvas, save
from tests.browser.conftest import OpenPage
from tests.browser.driving import PATIENCE, fits, press, says, settled, shot

FLAWED = """name: A flow with flaws
steps:
  - {id: hello, type: tag, config: {add: [new]}, next: pause}
  - {id: pause, type: delay, config: {duration: 2d}, next: farewel}
  - {id: forgotten, type: tag, config: {add: [warm]}, next: farewell}
  - {id: farewell, type: end}
"""


def imported(open_page: OpenPage, tmp_path: Path, name: str, width: int = 1440, **more: str):
    """The page of a flow that was just imported, in a workspace of the usual kind."""
    page = open_page("flows", width=width, **more)
    page.get_by_role("button", name="Import", exact=True).click()
    file = tmp_path / "flawed.yaml"
    file.write_text(FLAWED.replace("A flow with flaws", name))
    page.locator('input[type="file"]').set_input_files(file)
    says(page, "flawed.yaml")
    page.get_by_role("dialog").get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**flow=*", timeout=PATIENCE)
    return canvas(settled(page))


def test_findings_are_shown_and_mended_by_their_buttons(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = imported(open_page, tmp_path, "Mended by buttons")
    says(page, "Next of “pause” leads to “farewel”, which does not exist")
    says(page, "Did you mean farewell?")
    shot(page, "validation_findings")
    page.get_by_role("button", name="Lead it to “farewell”").click()
    expect(page.get_by_text("which does not exist")).to_have_count(0, timeout=PATIENCE)
    page.get_by_role("button", name="Take the step out").click()
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible(timeout=PATIENCE)
    shot(page, "validation_nothing")
    save(page, 2)


def test_a_finding_leads_to_its_check_and_that_to_all_of_them(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = imported(open_page, tmp_path, "Led to a check")
    page.get_by_role("button", name="The rule").first.click()
    page.wait_for_url("**/checks?*check=missing_step*", timeout=PATIENCE)
    settled(page)
    expect(page.get_by_role("heading", name="Every way leads to a step that exists")).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.locator('[data-testid="stCode"]').first).to_be_visible(timeout=PATIENCE)
    shot(page, "check_one")
    press(page, "See all checks")
    says(page, "See what is looked at in a flow, and why")
    expect(page.locator('[class*="st-key-check_"][class*="stVerticalBlock"]')).to_have_count(
        len(CHECKS), timeout=PATIENCE
    )
    page.get_by_role("radio", name="Structure").or_(
        page.get_by_role("button", name="Structure", exact=True)
    ).first.click()
    settled(page)
    expect(page.get_by_text("condition_error", exact=True)).to_have_count(0)
    says(page, "missing_step")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024])
def test_the_catalogue_fits(open_page: OpenPage, width: int, scheme: str) -> None:
    page = open_page("checks", width=width, scheme=scheme)
    says(page, "See what is looked at in a flow, and why")
    assert fits(page)
    shot(page, f"checks_{width}_{scheme}")


def test_findings_fit_a_phone(open_page: OpenPage, tmp_path: Path) -> None:
    page = imported(open_page, tmp_path, "On a phone", width=390, scheme="dark")
    says(page, "Next of “pause” leads to “farewel”, which does not exist")
    assert fits(page)
    shot(page, "validation_390_dark")
