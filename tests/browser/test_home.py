"""Home in a real browser: the demo, an empty workspace, and a rehearsal that goes on."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.driving import fits, press, says, settled, shot


def post(server: str, path: str, document: dict[str, object]) -> dict[str, str]:
    body = json.dumps(document).encode()
    asked = Request(f"{server}/api/v1/{path}", body, {"Content-Type": "application/json"})
    with urlopen(asked, timeout=30) as answer:
        return json.loads(answer.read())


def test_the_demo_says_what_was_found(page_light: Page) -> None:
    says(page_light, "Who goes on stage today?")
    says(page_light, "Demo data")
    says(page_light, "What the last rehearsals found")
    expect(page_light.get_by_role("img", name="Score").first).to_be_visible()
    assert fits(page_light)
    shot(page_light, "home_light")


def test_dark(page_dark: Page) -> None:
    paper = page_dark.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert paper == "rgb(17, 23, 20)"
    shot(page_dark, "home_dark")


@pytest.mark.parametrize("width", [390, 1024])
def test_narrow(open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    assert fits(page)
    shot(page, f"home_{width}")


def test_an_empty_workspace_explains_itself(open_page: OpenPage) -> None:
    page = open_page("?workspace=untouched")
    for step in ("Pick a script", "Choose the people", "Start from a template"):
        says(page, step)
    expect(page.get_by_text("Demo data")).to_have_count(0)
    shot(page, "home_empty")
    press(page, "Make a population")
    says(page, "Who is in it?")
    assert "workspace=untouched" in page.url


def test_a_workspace_that_is_not_there(open_page: OpenPage) -> None:
    page = open_page("?workspace=nowhere")
    says(page, "There is no workspace 'nowhere' here.")
    expect(page.get_by_text("Traceback")).to_have_count(0)
    press(page, "Open demo")
    says(page, "Who goes on stage today?")


def test_progress_is_pushed_and_a_run_can_be_stopped_and_resumed(
    open_page: OpenPage, server: str
) -> None:
    page = open_page()
    with urlopen(f"{server}/api/v1/flows?workspace=demo", timeout=30) as answer:
        flow = json.loads(answer.read())["items"][0]["id"]
    wanted = {"flow_id": flow, "cast": "all", "copies": 3_000, "seed": 3}
    run = post(server, "runs?workspace=demo", wanted)
    page.reload()
    settled(page)
    says(page, "Going on now")
    done = page.locator(".done").first
    expect(done).to_contain_text("of 21,000 people")
    before = done.inner_text()
    expect(done).not_to_have_text(before, timeout=20_000)
    shot(page, "home_going_on")
    press(page, "Stop")
    says(page, "Not finished yet")
    says(page, "Stopped")
    press(page, "Resume")
    says(page, "Going on now")
    post(server, f"runs/{run['id']}/stop?workspace=demo", {})
    says(page, "Not finished yet")
