"""People, populations and the behaviour model in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.driving import fits, press, says, settled, shot

ADDRESSES = {
    "people": "people",
    "person": "people?persona=skeptical-sarah",
    "new_person": "people?make=person",
    "populations": "populations",
    "new_population": "populations?make=population",
    "behaviour": "behaviour",
}


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1024, "light"), (1440, "dark")])
@pytest.mark.parametrize("name", ADDRESSES)
def test_every_page_fits(open_page: OpenPage, name: str, width: int, scheme: str) -> None:
    page = open_page(ADDRESSES[name], width=width, scheme=scheme)
    expect(page.get_by_text("Something went wrong")).to_have_count(0)
    assert fits(page)
    shot(page, f"{name}_{width}_{scheme}")


def fill_name(page: Page, name: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)


def test_a_person_is_made_changed_copied_and_deleted(open_page: OpenPage) -> None:
    page = open_page("people")
    press(page, "New person")
    fill_name(page, "")
    press(page, "Save")
    says(page, "This cannot be empty.")
    fill_name(page, "eager eddie")
    press(page, "Save")
    says(page, "There is already a persona called 'eager eddie'.")
    fill_name(page, "Patient Paula")
    press(page, "Save")
    expect(page.get_by_role("heading", name="Patient Paula")).to_be_visible()
    press(page, "Edit")
    page.get_by_label("Description").fill("Waits, and then decides.")
    press(page, "Save")
    says(page, "Waits, and then decides.")
    says(page, "version 2")
    press(page, "Make a copy")
    press(page, "Leave without saving")
    expect(page.get_by_role("heading", name="Patient Paula (copy)")).to_be_visible()
    press(page, "Delete")
    says(page, "Delete this person?")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    says(page, "Meet the people")
    settled(page)
    expect(page.get_by_text("Patient Paula (copy)")).to_have_count(0)


def test_a_built_in_one_can_only_be_copied(open_page: OpenPage) -> None:
    page = open_page("people?persona=cold-carl&edit=1")
    expect(page.get_by_role("button", name="Make a copy")).to_be_visible()
    for name in ("Edit", "Delete", "Save"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=alert(1)><b>bold</b>",
        "**bold** $x^2$ :smile: [a](http://evil.example)",
        "مريم بنت عبد الله",
        "Theophilus Chrysostomus " * 10,
    ],
)
def test_any_name_is_shown_as_it_is_written(open_page: OpenPage, name: str) -> None:
    page = open_page("people?make=person")
    fill_name(page, name)
    press(page, "Save")
    press(page, "Edit")
    press(page, "Leave without saving")
    heading = page.locator("h1").inner_text().translate(dict.fromkeys([0x2060, 0x2068, 0x2069]))
    assert heading.strip() == name.strip() or name.startswith(heading.strip(" …"))
    assert fits(page)
    shot(page, f"person_named_{len(name)}")
    press(page, "All people")
    assert page.locator("[data-testid=stMain] img").count() == 0
    shot(page, f"people_with_{len(name)}")


def test_people_are_searched_as_one_types(open_page: OpenPage) -> None:
    page = open_page("people")
    page.get_by_placeholder("Name, trait, occupation").type("opts out")
    expect(page.get_by_text("Busy Bob")).to_have_count(0)
    says(page, "Cold Carl")


def test_a_population_is_made_looked_into_renamed_and_deleted(open_page: OpenPage) -> None:
    page = open_page("populations?make=population")
    seed = page.get_by_role("spinbutton", name="Seed")
    seed.fill("41")
    seed.press("Enter")
    settled(page)
    press(page, "Make it")
    says(page, "seed 41")
    says(page, "years old")
    shot(page, "population")
    with page.expect_download() as csv:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert csv.value.suggested_filename.endswith(".csv")
    assert len(csv.value.path().read_text("utf-8").splitlines()) == 141
    press(page, "Rename")
    page.get_by_role("dialog").get_by_label("Name").fill("Forty-one <b>")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Forty-one <b>")).to_be_visible()
    press(page, "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    says(page, "New population")
    settled(page)
    expect(page.get_by_text("Forty-one")).to_have_count(0)


def test_a_number_is_changed_saved_and_compared(open_page: OpenPage) -> None:
    page = open_page("behaviour?workspace=default")
    says(page, "Uncalibrated")
    page.get_by_placeholder("urgency, price, night").fill("replying.urgency")
    says(page, "1 number.")
    table = page.locator("[data-testid=stDataFrame]").first
    box = table.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + 240, box["y"] + 52)
    page.wait_for_timeout(300)
    page.keyboard.type("0.9", delay=80)  # the table's editor takes in a key at a time
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    says(page, "1 change:")
    page.get_by_label("Why").fill("urgency works here")
    page.get_by_label("Why").press("Tab")
    press(page, "Save as a new version", exact=False)
    says(page, "version 2 of 2")
    shot(page, "behaviour_versions")
