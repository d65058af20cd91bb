"""How soon the canvas opens, shows findings and steps, and how long it ever pauses."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.measuring import middle
from benchmarks.pages import ask, served, timed
from tests.browser.canvas import canvas, card
from tests.browser.conftest import ARGUMENTS, CHROMIUMS
from tests.browser.test_canvas import WATCH, long_flow

TIMES = 7


def gestures(page: Page) -> float:
    """The longest pause, in seconds, while a large flow is zoomed, moved, and a step is dragged."""
    page.get_by_role("button", name="See everything").click()
    page.wait_for_timeout(1_500)
    page.evaluate(WATCH)
    box = page.locator(".drawing").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    for turn in (-240, -240, 240, -240, -240):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(60)
    page.mouse.down()
    page.mouse.move(x + 120, y + 90, steps=12)
    page.mouse.up()
    step = card(page, "say_248").bounding_box()
    assert step is not None
    page.mouse.move(step["x"] + 20, step["y"] + 10)
    page.mouse.down()
    page.mouse.move(step["x"] + 90, step["y"] + 60, steps=12)
    page.mouse.up()
    page.wait_for_timeout(2_000)
    return max((float(pause) / 1000 for pause in page.evaluate("window.pauses")), default=0.0)


CHANGE = """async (to) => {
    const roots = [...document.querySelectorAll('*')].map((one) => one.shadowRoot)
    const root = roots.find((one) => one && one.querySelector('.gr'))
    const choice = [...root.querySelectorAll('.inspector select')].at(-1)
    const shown = () => root.querySelector('.findings').innerText
    const before = shown(), begun = performance.now()
    Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(choice, to)
    choice.dispatchEvent(new Event('change', { bubbles: true }))
    while (shown() === before) {
        if (performance.now() - begun > 10_000) return null
        await new Promise((done) => setTimeout(done, 5))
    }
    return (performance.now() - begun) / 1000
}"""
"""Leads the chosen step to another one, and waits until the findings have changed."""


def findings(page: Page, repeats: int) -> list[float]:
    """Seconds from a change until what the checks find of it is shown."""
    card(page, "say_0").click()
    page.wait_for_timeout(1_000)
    seconds = []
    for turn in range(repeats):
        seconds.append(float(page.evaluate(CHANGE, "" if turn % 2 == 0 else "wait_0")))
        page.wait_for_timeout(400)
    return seconds


def steps(address: str, repeats: int) -> list[float]:
    """Seconds that one step of the debugger takes over HTTP, in a flow of 100 steps."""
    draft = {"document": long_flow(100), "who": {"persona": "Eager Eddie"}}
    session = ask(f"{address}/api/v1/debug-sessions", draft)["session"]["id"]
    moves = f"{address}/api/v1/debug-sessions/{session}/moves"
    return timed(lambda: ask(moves, {"move": "step"}), repeats)


def measure() -> str:
    """The section of RESULTS.md."""
    chromium = next(path for name in CHROMIUMS if (path := shutil.which(name)))
    with (
        tempfile.TemporaryDirectory() as home,
        served(Path(home)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
        large, middling = (
            f"{address}/flows?flow={ask(f'{address}/api/v1/flows', long_flow(count))['id']}"
            for count in (500, 100)
        )

        def opens() -> None:
            page.goto(large)
            canvas(page)

        timed(opens, 2)
        rows = [("a flow of 500 steps opens, the whole page", middle(timed(opens, TIMES)), "2 s")]
        pauses = []
        for _ in range(3):
            opens()
            pauses.append(gestures(page))
        rows.append(("longest pause: zoom, move, drag; 500 steps", middle(pauses), "0.3 s"))
        page.goto(middling)
        canvas(page)
        rows.append(("findings after a change, 100 steps", middle(findings(page, 8)), "0.3 s"))
        browser.close()
        rows.append(("a step of the debugger over HTTP", middle(steps(address, 40)), "0.1 s"))
    table = "\n".join(f"| {name} | {seconds} | {bar} |" for name, seconds, bar in rows)
    return (
        "Chromium, 1440 × 1000, warm (two visits first); the browser and the workbench share the "
        "same cores.\n\n"
        f"| what | seconds, median (least–most) | bar |\n| --- | --- | --- |\n{table}"
    )
