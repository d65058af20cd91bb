"""A language model in a real browser: add, try, estimate, pause at the budget, raise, read who."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, attempts_log
from tests.browser.driving import PATIENCE, fits, press, says, settled, shot
from tests.support.model_stub import Stub, model_stub

LONG = 90_000
"""The first call waits until the model connection has been started."""
NAME = "Stand-in"


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with model_stub(delay=0.02) as running:
        yield running


@pytest.fixture(scope="module")
def slow(server: str, stub: Stub) -> str:
    """A model of the demo workspace that takes its time; gives its id."""
    prices = {"input_price": 1.0, "output_price": 3.0}
    model = {"name": "Slow one", "model": "openai/stub-slow", "address": stub.openai, **prices}
    request = Request(
        f"{server}/api/v1/models", json.dumps(model).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=30) as answer:
        return str(json.loads(answer.read())["id"])


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select box by its words."""
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=re.compile(re.escape(option))).first.click()
    settled(page)


def fill(page: Page, label: str, value: str) -> None:
    """Write into a field and leave it."""
    field = page.get_by_label(label, exact=True).first
    field.fill(value)
    field.press("Tab")


def add_stand_in(page: Page, stub: Stub) -> None:
    """Add the stub as an OpenAI-compatible address, with a price and a key."""
    says(page, "Add a language model")
    fill(page, "Name", NAME)
    fill(page, "Model", "openai/stub")
    fill(page, "Address", stub.openai)
    fill(page, "Key", "a-secret-that-nobody-sees")
    page.get_by_text("Limits and price").click()
    fill(page, "Prompts", "1")
    fill(page, "Answers", "3")
    shot(page, "model_form")
    press(page, "Add the model", exact=False)


def test_from_adding_a_model_to_who_said_what(open_page: OpenPage, stub: Stub, home: Path) -> None:
    page = open_page("models?make=OpenAI-compatible address")
    add_stand_in(page, stub)
    says(page, "saved, encrypted")
    says(page, "$1.00 in, $3.00 out")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("Starting the model connection").first).to_be_visible()
    expect(page.get_by_text("It works.").first).to_be_visible(timeout=LONG)
    assert "a-secret-that-nobody-sees" not in page.content()
    shot(page, "models")

    page.goto(page.url.split("/models")[0] + "/flows?flow=webinar_launch")
    settled(page)
    fill(page, "Copies of each", "3")
    says(page, "21 people will play.")
    choose(page, "Engine", NAME)
    expect(page.get_by_text(re.compile(r"About \$.* calls · ")).first).to_be_visible(timeout=LONG)
    settled(page)
    fill(page, "Budget (USD)", "0.008")
    shot(page, "estimate")
    press(page, f"Rehearse with {NAME}", exact=False)
    paused = page.get_by_text(re.compile(r"Paused at its budget of \$0.008: \d+ of 21 people"))
    expect(paused.first).to_be_visible(timeout=LONG)
    shot(page, "paused_at_budget")
    assert fits(page)

    fill(page, "Raise to (USD)", "5")
    press(page, "Raise and go on", exact=False)
    page.get_by_role("button", name="Read the report").click(timeout=LONG)
    page.wait_for_url("**/report?*", timeout=PATIENCE)
    settled(page)
    says(page, f"{NAME} (openai/stub)")
    says(page, "reaction 1")
    says(page, "Who answered")
    says(page, "of $5.00")
    run = re.search(r"run=(r-[0-9a-f]+)", page.url)
    assert run
    shot(page, "report_of_a_model")

    page.goto(page.url.split("/report")[0] + f"/conversation?run={run[1]}")
    settled(page)
    says(page, "by openai/stub, uncalibrated")
    press(page, "Who said this", exact=False)
    says(page, "Address of the answer")
    shot(page, "who_said_this")
    page.keyboard.press("Escape")
    press(page, "Prompt reaction-1", exact=False)
    says(page, "You play one real person")
    assert not attempts_log(home).exists(), attempts_log(home).read_text("utf-8")


def test_nothing_is_needed(open_page: OpenPage) -> None:
    page = open_page("models?workspace=untouched")
    says(page, "Nothing here is needed")
    shot(page, "models_empty")
    press(page, "Ollama", exact=False)
    says(page, "Ollama running on this machine")
    expect(page.get_by_label("Address", exact=True)).to_have_value("http://localhost:11434")


def test_money_is_pushed_while_it_runs(open_page: OpenPage, slow: str, stub: Stub) -> None:
    stub.delay = 0.5
    try:
        page = open_page(f"flows?flow=webinar_launch&model={slow}")
        expect(page.get_by_text(re.compile(r"About \$.* calls · ")).first).to_be_visible(
            timeout=LONG
        )
        press(page, "Rehearse with Slow one", exact=False)
        money = page.locator(".money").first
        expect(money).to_contain_text(re.compile(r"\$0\.\d+ of \$\d.* · \d+ calls"), timeout=LONG)
        before = money.inner_text()
        expect(money).not_to_have_text(before, timeout=PATIENCE)
        shot(page, "money_while_it_runs")
        press(page, "Stop", exact=False)
        says(page, "It was stopped here")
        says(page, "fresh calls")
    finally:
        stub.delay = 0.02


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (390, "dark"), (1024, "light"), (1440, "dark")]
)
def test_every_width_and_both_schemes(
    open_page: OpenPage, slow: str, width: int, scheme: str
) -> None:
    for path in ("models", "models?make=Ollama", f"models?edit={slow}", "rehearsals"):
        page = open_page(path, width=width, scheme=scheme)
        assert fits(page), path
        shot(page, f"{re.sub('[^a-z]+', '_', path.lower())}_{width}_{scheme}")
