"""Experiments in a real browser: designed from nothing, started, brought in from a file."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

from playwright.sync_api import Locator, Page, expect

from core.domain.experiments import Design
from tests.browser.conftest import OpenPage
from tests.browser.driving import PATIENCE, fits, press, says, settled, shot

LONGEST = 120_000


def begin(open_page: OpenPage, way: str, **more: object) -> Page:
    """Begin one of the six ways from the list; gives the page of the draft."""
    page = open_page("experiments", **more)
    ways = page.get_by_role("button", name=re.compile("New experiment|More ways to begin"))
    ways.first.click()
    page.locator(f".st-key-dialog_{way} button").click()
    page.wait_for_url("**experiment=*", timeout=PATIENCE)
    expect(head(page, "What do you want to know?")).to_be_visible(timeout=PATIENCE)
    return settled(page)


def head(page: Page, title: str) -> Locator:
    """What opens and folds a step."""
    return page.locator("summary").filter(has_text=re.compile(rf"\d\. {re.escape(title)}"))


def fields(page: Page, place: str) -> Locator:
    """The fields of a step, there while it is open."""
    return page.locator(f".st-key-fields_{place}")


def unfold(page: Page, title: str, place: str) -> Page:
    """Open a step by its head; the others fold."""
    if f"part={place}" not in page.url:
        head(page, title).click()
    expect(fields(page, place)).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[class*='st-key-fields_']")).to_have_count(1, timeout=PATIENCE)
    return settled(page)


def field_of(page: Page, label: str | re.Pattern[str]) -> Locator:
    """The fields of this label, without the buttons that explain them."""
    return page.locator("input, textarea").and_(page.get_by_label(label))


def write(page: Page, label: str | re.Pattern[str], text: str, at: int = 0) -> None:
    """Fill a field and leave it, so that it is saved; nothing is under way afterwards."""
    field = field_of(page, label).nth(at)
    field.fill(text)
    field.press("Tab")
    settled(page)


def design_of(page: Page) -> Design:
    """The draft of this page, as the workspace keeps it."""
    (id,) = parse_qs(urlsplit(page.url).query)["experiment"]
    answer = page.request.get(urljoin(page.url, f"/api/v1/experiments/{id}"))
    assert answer.ok, answer.text()
    return Design.model_validate(answer.json()["design"])


def test_a_message_test_from_nothing_to_its_results(open_page: OpenPage) -> None:
    page = begin(open_page, "words")
    write(page, "Name", "A question in the subject")
    write(page, "What do you expect, and why?", "A question in the subject is answered more often.")
    page.get_by_role("button", name="Next: what is compared").click()
    expect(fields(page, "variants")).to_be_visible(timeout=PATIENCE)
    expect(fields(page, "question")).to_have_count(0, timeout=PATIENCE)
    expect(head(page, "What is compared")).to_be_focused(timeout=PATIENCE)
    says(page, "A question in the subject is answered more often.")
    write(page, re.compile("^Subject"), "May I ask you one thing?")
    says(page, "Subject · changed")
    shot(page, "experiment_design")
    assert fits(page)

    page.reload()
    settled(page)
    subject = page.get_by_label(re.compile("^Subject")).first
    expect(subject).to_have_value("May I ask you one thing?", timeout=PATIENCE)

    press(page, "Look it over", exact=False)
    page.wait_for_url("**step=start*", timeout=PATIENCE)
    says(page, "none of this can be changed")
    says(page, "A question in the subject is answered more often.")
    says(page, "“May I ask you one thing?”")
    shot(page, "experiment_start")
    page.get_by_role("button", name="Freeze it and rehearse").click()
    says(page, "Being rehearsed:")
    page.get_by_role("button", name="Stop", exact=True).click()
    on = page.get_by_role("button", name="Go on")
    expect(on).to_be_visible(timeout=LONGEST)
    says(page, "Nothing is lost: it goes on from where it is.")
    shot(page, "experiment_stopped")
    on.click()
    expect(page.get_by_text("Everybody has met every variant")).to_be_visible(timeout=LONGEST)
    shot(page, "experiment_played")
    page.get_by_text("What was decided before the start").click()
    says(page, "A question in the subject is answered more often.")
    page.get_by_role("button", name="Read the results").click()
    page.wait_for_url("**/experiment?experiment=*", timeout=LONGEST)
    settled(page)


def test_steps_open_by_keyboard_and_address(open_page: OpenPage) -> None:
    """One at a time, and going back opens the one before."""
    page = begin(open_page, "live")
    for title, place in (("What counts", "metrics"), ("How it is decided", "rule")):
        settled(page)
        head(page, title).press("Enter")
        expect(fields(page, place)).to_be_visible(timeout=PATIENCE)
        expect(page.locator("[class*='st-key-fields_']")).to_have_count(1, timeout=PATIENCE)
        expect(page).to_have_url(re.compile(f"part={place}"), timeout=PATIENCE)
    page.go_back()
    expect(fields(page, "metrics")).to_be_visible(timeout=PATIENCE)
    settled(page)
    head(page, "What counts").press("Enter")
    expect(page).to_have_url(re.compile("part=none"), timeout=PATIENCE)
    expect(page.locator("[class*='st-key-fields_']")).to_have_count(0, timeout=PATIENCE)
    page.reload()
    settled(page)
    expect(page.locator("[class*='st-key-fields_']")).to_have_count(0, timeout=PATIENCE)
    shot(page, "experiment_folded")


def shop(folder: Path) -> str:
    """A database with the results of a test; its address."""
    path = folder / "shop.db"
    made = sqlite3.connect(path)
    with made:
        made.execute("CREATE TABLE results (customer TEXT, version TEXT, bought INT, amount REAL)")
        rows = ((f"c{n}", "ab"[n % 2], int(n % 5 == 0), float(n % 9)) for n in range(600))
        made.executemany("INSERT INTO results VALUES (?, ?, ?, ?)", rows)
    made.close()
    return f"sqlite:///{path}"


def test_a_query_only_reads(open_page: OpenPage, tmp_path: Path) -> None:
    address = shop(tmp_path)
    page = begin(open_page, "table")
    says(page, "Comes with the data")
    page.get_by_role("tab", name="A query").click()
    field_of(page, "Database").fill(address)
    field_of(page, "Query").fill("DELETE FROM results")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_test_id("stAlert").first).to_be_visible(timeout=PATIENCE)
    settled(page)
    field_of(page, "Query").fill("SELECT * FROM results")
    page.get_by_role("button", name="Read it").click()
    says(page, "600 rows")
    says(page, "“b” against “a”")
    shot(page, "experiment_query")
    assert fits(page)
    assert {one.in_data for one in design_of(page).variants} == {"a", "b"}


def test_flow_engine_and_bandit_are_chosen(open_page: OpenPage) -> None:
    page = begin(open_page, "flow")
    unfold(page, "What is compared", "variants")
    page.get_by_role("combobox", name="Version").nth(1).click()
    page.get_by_role("option", name="1", exact=True).click()
    saved(page, lambda design: design.variants[1].flow_version == 1)
    page.get_by_text("The engine", exact=True).click()
    says(page, "Who plays the people")
    shot(page, "experiment_engine")
    unfold(page, "Who takes part", "people")
    page.get_by_text("Let it choose", exact=True).click()
    saved(page, lambda design: design.assignment.how == "bandit")
    unfold(page, "What is compared", "variants")
    says(page, "Let it choose")
    assert fits(page)


def saved(page: Page, holds: Callable[[Design], bool]) -> None:
    """Expect the workspace to keep this, within the usual patience."""
    settled(page)
    assert holds(design_of(page)), design_of(page)


def test_a_copy_is_made_and_deleted(open_page: OpenPage) -> None:
    page = begin(open_page, "live")
    name = "نسخة " + "a name that never ends " * 8
    write(page, "Name", name)
    page.goto(urljoin(page.url, "/experiments"))
    settled(page)
    rows = page.get_by_text(re.compile("a name that never ends"))
    before = rows.count()
    assert fits(page)
    shot(page, "experiments_long_name")
    page.get_by_role("button", name="More", exact=True).first.click()
    page.get_by_role("button", name="Copy").click()
    page.wait_for_url("**experiment=*", timeout=PATIENCE)
    expect(head(page, "What do you want to know?")).to_be_visible(timeout=PATIENCE)
    page.goto(urljoin(page.url, "/experiments"))
    expect(rows).to_have_count(before + 1, timeout=PATIENCE)
    settled(page)
    page.get_by_role("button", name="More", exact=True).first.click()
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog").filter(has_text="This cannot be undone")
    dialog.get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(before, timeout=PATIENCE)


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
    says(page, "Comes with the data")
    page.locator('input[type="file"]').set_input_files(results_file(tmp_path))
    says(page, "1,200 rows")
    settled(page)
    says(page, "“b” against “a”")
    expect(field_of(page, "Which variant")).to_have_value("version", timeout=PATIENCE)
    unfold(page, "What do you want to know?", "question")
    write(page, "What do you expect, and why?", "Version b sells more.")
    shot(page, "experiment_data")
    assert fits(page)
    press(page, "Look it over", exact=False)
    says(page, "The data are then read against this")
    page.get_by_role("button", name="Freeze it and read the results").click()
    page.wait_for_url("**/experiment?experiment=*", timeout=LONGEST)
    settled(page)


def test_a_rule_is_chosen_by_what_it_was_measured_to_do(open_page: OpenPage) -> None:
    page = begin(open_page, "live")
    unfold(page, "How it is decided", "rule")
    says(page, "Wrong where nothing differs")
    says(page, "times in 10")
    page.get_by_text("A few planned looks").first.click()
    expect(field_of(page, re.compile("^Looks"))).to_be_visible(timeout=PATIENCE)
    shot(page, "experiment_rule")
    unfold(page, "How many people", "plan")
    write(page, re.compile("^Answered now, in %"), "10")
    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=PATIENCE)
    says(page, "Ready to start")
    expect(head(page, "How it is decided")).not_to_contain_text("nothing is planned")
    before = page.get_by_test_id("stMetricValue").first.inner_text()
    shot(page, "experiment_plan")
    unfold(page, "How it is decided", "rule")
    write(page, re.compile("^Worth having from"), "40")
    expect(head(page, "How many people")).not_to_contain_text(f"· {before} people")
    unfold(page, "How many people", "plan")
    expect(page.get_by_test_id("stMetricValue").first).not_to_have_text(before, timeout=PATIENCE)


def test_it_fits_narrow_and_dark(open_page: OpenPage) -> None:
    page = begin(open_page, "twin", width=390, scheme="dark")
    assert fits(page)
    shot(page, "experiment_390_dark")
    unfold(page, "What is compared", "variants")
    page.get_by_text(re.compile("^Voice and personality")).first.click()
    expect(page.get_by_label("Instructions").first).to_be_visible(timeout=PATIENCE)
    assert fits(page)
    wide = open_page(page.url.split("/", 3)[3], width=1024, scheme="dark")
    assert fits(wide)
    shot(wide, "experiment_1024_dark")
    list_page = open_page("experiments", width=390, scheme="dark")
    assert fits(list_page)
    shot(list_page, "experiments_390_dark")
