"""Experiments in a real browser: designed from nothing, started, brought in from a file."""

from __future__ import annotations

import random
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.driving import PATIENCE, RESTS, fits, press, says, settled, shot

LONGEST = 120_000


def begin(open_page: OpenPage, way: str, **more: object) -> Page:
    """Begin one of the six ways from the list; gives the page of the draft."""
    page = open_page("experiments", **more)
    ways = page.get_by_role("button", name=re.compile("New experiment|More ways to begin"))
    ways.first.click()
    page.locator(f".st-key-dialog_{way} button").click()
    page.wait_for_url("**experiment=*", timeout=PATIENCE)
    settled(page)
    says(page, "What do you want to know?")
    return page


def field_of(page: Page, label: str | re.Pattern[str]) -> Locator:
    """The fields of this label, without the buttons that explain them."""
    return page.locator("input, textarea").and_(page.get_by_label(label))


def write(page: Page, label: str | re.Pattern[str], text: str, at: int = 0) -> None:
    """Fill a field and leave it, so that it is saved."""
    field = field_of(page, label).nth(at)
    field.fill(text)
    field.press("Tab")
    page.wait_for_selector(RESTS, timeout=PATIENCE)
    page.wait_for_timeout(150)
    page.wait_for_selector(RESTS, timeout=PATIENCE)


def test_a_message_test_from_nothing_to_its_results(open_page: OpenPage) -> None:
    page = begin(open_page, "words")
    write(page, "What do you expect, and why?", "A question in the subject is answered more often.")
    write(page, "Name", "A question in the subject")
    write(page, re.compile("^Subject"), "May I ask you one thing?")
    says(page, "Subject · changed")
    shot(page, "experiment_design")
    assert fits(page)

    page.reload()
    settled(page)
    expect(page.get_by_label(re.compile("^Subject")).first).to_have_value(
        "May I ask you one thing?"
    )
    says(page, "A question in the subject is answered more often.")

    press(page, "Look it over", exact=False)
    page.wait_for_url("**step=start*", timeout=PATIENCE)
    says(page, "none of this can be changed")
    says(page, "A question in the subject is answered more often.")
    shot(page, "experiment_start")
    page.get_by_role("button", name="Freeze it and rehearse").click()
    expect(page.get_by_text("Everybody has met every variant")).to_be_visible(timeout=LONGEST)
    shot(page, "experiment_played")
    page.get_by_text("What was decided before the start").click()
    says(page, "A question in the subject is answered more often.")
    read = page.get_by_role("button", name="Read the results")
    expect(read).to_be_visible()
    read.click()
    page.wait_for_url("**/experiment?experiment=*", timeout=PATIENCE)
    settled(page)


def results_file(folder: Path) -> Path:
    """A made-up test: b is bought from more often."""
    chance = random.Random(7)
    lines = ["customer,version,came_at,bought,amount"]
    for number in range(1_200):
        arm = "ab"[number % 2]
        bought = chance.random() < (0.1 if arm == "a" else 0.25)
        amount = round(chance.expovariate(1 / 40), 2) if bought else 0
        day = f"2026-03-{1 + number % 20:02d}T10:00:00"
        lines.append(f"c{number},{arm},{day},{int(bought)},{amount}")
    path = folder / "spring_test.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_a_file_is_read_understood_and_analysed(open_page: OpenPage, tmp_path: Path) -> None:
    page = begin(open_page, "table")
    says(page, "No table is attached yet.")
    page.locator('input[type="file"]').set_input_files(results_file(tmp_path))
    says(page, "1,200 rows")
    settled(page)
    says(page, "What counts")
    expect(field_of(page, "Which variant")).to_have_value("version")
    write(page, "What do you expect, and why?", "Version b sells more.")
    shot(page, "experiment_data")
    assert fits(page)
    press(page, "Look it over", exact=False)
    says(page, "The data are then read against this")
    page.get_by_role("button", name="Freeze it and read the results").click()
    page.wait_for_url("**/experiment?experiment=*", timeout=PATIENCE)
    settled(page)


def test_a_rule_is_chosen_by_what_it_was_measured_to_do(open_page: OpenPage) -> None:
    page = begin(open_page, "live")
    says(page, "Wrong where nothing differs")
    says(page, "times in 10")
    page.get_by_text("A few planned looks").first.click()
    expect(field_of(page, re.compile("^Looks"))).to_be_visible(timeout=PATIENCE)
    write(page, re.compile("^Answered now, in %"), "10")
    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=PATIENCE)
    before = page.get_by_test_id("stMetricValue").first.inner_text()
    write(page, re.compile("^Worth having from"), "40")
    expect(page.get_by_test_id("stMetricValue").first).not_to_have_text(before, timeout=PATIENCE)
    shot(page, "experiment_rule")


def test_it_fits_narrow_and_dark(open_page: OpenPage) -> None:
    page = begin(open_page, "twin", width=390, scheme="dark")
    assert fits(page)
    shot(page, "experiment_390_dark")
    page.get_by_text(re.compile("^Voice and personality")).first.click()
    page.wait_for_timeout(300)
    assert fits(page)
    wide = open_page(page.url.split("/", 3)[3], width=1024, scheme="dark")
    assert fits(wide)
    shot(wide, "experiment_1024_dark")
    list_page = open_page("experiments", width=390, scheme="dark")
    assert fits(list_page)
    shot(list_page, "experiments_390_dark")
