"""The report in a real browser: light and dark, every tab, compared, exported."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import expect

from tests.browser.canvas import canvas
from tests.browser.conftest import OpenPage
from tests.browser.driving import PATIENCE, SHOTS, fits, press, says, settled, shot

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
TABS = (
    "Way through",
    "Messages",
    "People differ",
    "Everything said",
    "Findings",
    "Compare",
    "Conversations",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_the_report(open_page: OpenPage, width: int, scheme: str) -> None:
    page = open_page("report?run=1", width=width, scheme=scheme)
    says(page, "What to change first")
    says(page, "uncalibrated · demo data")
    expect(page.get_by_role("figure", name="Score").first).to_be_visible(timeout=PATIENCE)
    assert fits(page)
    shot(page, f"report_{width}_{scheme}")


def test_every_tab_shows_its_evidence(open_page: OpenPage) -> None:
    page = open_page("report?run=1")
    for name in TABS:
        page.get_by_role("tab", name=name).click()
        settled(page)
        expect(page.get_by_text("Something went wrong")).to_have_count(0)
        if name == "Way through":
            expect(canvas(page).locator(".react-flow__node").first).to_be_visible(timeout=PATIENCE)
        shot(page, f"report_{name.lower().replace(' ', '_')}")


def test_how_the_score_is_made(open_page: OpenPage) -> None:
    page = open_page("report?run=1")
    page.get_by_role("button", name="How it is made").click()
    says(page, "the sum of its parts")
    says(page, "Soundness")


def test_exports(open_page: OpenPage) -> None:
    page = open_page("report?run=1")
    page.get_by_role("button", name="Export").first.click()
    files: dict[str, bytes] = {}
    for label in (
        "JSON",
        "CSV, one row an interaction",
        "Markdown",
        "JUnit XML",
        "Events as Parquet",
    ):
        with page.expect_download(timeout=60_000) as waiting:
            page.get_by_role("button", name=label, exact=True).click()
        files[label] = Path(waiting.value.path()).read_bytes()
    report = json.loads(files["JSON"])
    rows = list(csv.DictReader(io.StringIO(files["CSV, one row an interaction"].decode())))
    assert len(rows) == len(report["interactions"])
    assert report["headline"] in files["Markdown"].decode()
    cases = ElementTree.fromstring(files["JUnit XML"]).iter("testcase")
    assert len(list(cases)) == len(report["tests"])
    events = pq.read_table(io.BytesIO(files["Events as Parquet"]))
    assert events.num_rows >= report["facts"]["done"]


def test_advice_goes_to_its_step(open_page: OpenPage) -> None:
    page = open_page("report?run=1")
    page.get_by_role("button", name="Open step").first.click()
    page.wait_for_url("**/flows?*step=*", timeout=PATIENCE)
    canvas(settled(page))
    expect(page.locator(".react-flow__node.selected").first).to_be_visible(timeout=PATIENCE)


def test_rehearse_again_brings_the_same_people(open_page: OpenPage) -> None:
    page = open_page("report?run=1")
    press(page, "Rehearse again")
    page.wait_for_url("**/flows?*population=p-*", timeout=PATIENCE)
    settled(page)
    press(page, "Rehearse again", exact=False)
    page.wait_for_url("**run=r-*", timeout=PATIENCE)
    page.get_by_role("button", name="Read the report").click(timeout=60_000)
    page.wait_for_url("**/report?*", timeout=PATIENCE)
    settled(page)
    page.get_by_role("tab", name="Compare").click()
    settled(page)
    says(page, "compared one by one")
    shot(page, "report_compared")


def test_an_unknown_run_is_said_in_words(open_page: OpenPage) -> None:
    page = open_page("report?run=r-none")
    says(page, "There is no rehearsal")
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_the_picture_that_the_readme_shows(open_page: OpenPage) -> None:
    """`make pictures` keeps it in docs/pictures."""
    page = open_page("report?run=5", height=1180)
    says(page, "What to change first")
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE)
    settled(page)
    page.wait_for_timeout(1_000)
    folder = PICTURES if os.environ.get("GREENROOM_PICTURES") else SHOTS
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / "report.png")
    assert (folder / "report.png").stat().st_size > 50_000
