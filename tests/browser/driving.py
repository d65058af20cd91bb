"""What every browser test does: open an address, wait until Streamlit rests, keep a picture."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

SHOTS = Path(os.environ.get("GREENROOM_SHOTS") or tempfile.mkdtemp(prefix="greenroom-shots-"))
PATIENCE = 20_000
RESTS = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TALLEST = 4_000


def settled(page: Page) -> Page:
    """Wait until the page has a heading and Streamlit has stopped running for a moment."""
    page.wait_for_selector(RESTS, timeout=PATIENCE)
    page.locator('[data-testid="stHeading"], [data-testid="stAlert"]').first.wait_for(
        timeout=PATIENCE
    )
    page.wait_for_timeout(150)
    page.wait_for_selector(RESTS, timeout=PATIENCE)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0, timeout=PATIENCE)
    return page


def press(page: Page, name: str, *, exact: bool = True) -> Page:
    """Press a button by what is written on it once the page rests; wait for what comes of it."""
    settled(page)
    page.get_by_role("button", name=name, exact=exact).first.click()
    return settled(page)


def shot(page: Page, name: str) -> Path:
    """Keep a picture of the whole page, however long it is."""
    settled(page)
    size = page.viewport_size or {"width": 1440, "height": 1000}
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size(
        {"width": size["width"], "height": max(size["height"], min(height, TALLEST))}
    )
    page.wait_for_timeout(300)
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path)
    page.set_viewport_size(size)
    return path


def fits(page: Page) -> bool:
    """Whether nothing sticks out at the right."""
    return bool(
        page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]');"
            " return m.scrollWidth <= m.clientWidth + 1; })()"
        )
    )


def says(page: Page, text: str) -> None:
    """Expect a text to be seen."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)
