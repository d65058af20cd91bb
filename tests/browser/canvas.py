"""Driving the canvas as a person does: drag from the palette, pull ways, type, press keys."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import PATIENCE


def ask(server: str, method: str, path: str, body: Any = None, workspace: str = "demo") -> Any:
    """Ask the API; what is text goes as YAML."""
    kind = "application/yaml" if isinstance(body, str) else "application/json"
    data = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body)
    data = data.encode() if isinstance(data, str) else data
    headers = {"Content-Type": kind, "Greenroom-Workspace": workspace}
    request = Request(f"{server}/api/v1{path}", data, headers, method=method)
    with urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or "null")


def kept(server: str, document: dict[str, Any] | str) -> str:
    """Keep a flow; gives its id."""
    return str(ask(server, "POST", "/flows", document)["id"])


def flow_of(server: str, id: str) -> dict[str, Any]:
    """The newest version of a flow."""
    found: dict[str, Any] = ask(server, "GET", f"/flows/{quote(id)}")
    return found


def canvas(page: Page) -> Page:
    """Wait until the canvas stands."""
    page.locator(".gr .react-flow__pane").wait_for(timeout=PATIENCE)
    page.wait_for_timeout(300)
    return page


def card(page: Page, id: str) -> Locator:
    """The card of a step."""
    exact = page.locator(".card-id").get_by_text(id, exact=True)
    return page.locator(".react-flow__node").filter(has=exact).first


def drawn(page: Page, *ids: str) -> None:
    """Expect exactly these steps on the canvas."""
    cards = page.locator(".react-flow__node .card-id")
    expect(cards).to_have_count(len(ids), timeout=PATIENCE)
    assert sorted(cards.all_inner_texts()) == sorted(ids)


def ways(page: Page) -> set[str]:
    """The ways that are drawn, as a screen reader hears them."""
    edges = page.locator(".react-flow__edge")
    return {str(edges.nth(at).get_attribute("aria-label")) for at in range(edges.count())}


def drag_in(page: Page, kind: str, x: float, y: float) -> None:
    """Drag a kind of step from the palette to a place of the drawing."""
    page.get_by_role("button", name=f"Add {kind}", exact=True).drag_to(
        page.locator(".drawing"), target_position={"x": x, "y": y}
    )


def pull(page: Page, start: str, way: str, end: str) -> None:
    """Pull a way from a step's handle to another step."""
    source = card(page, start).locator(f'.react-flow__handle[data-handleid="{way}"]').bounding_box()
    target = card(page, end).locator('.react-flow__handle[data-handleid="in"]').bounding_box()
    assert source is not None and target is not None
    page.mouse.move(source["x"] + source["width"] / 2, source["y"] + source["height"] / 2)
    page.mouse.down()
    page.mouse.move(target["x"] + 20, target["y"] - 20, steps=6)
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + target["height"] / 2, steps=4)
    page.mouse.up()


def save(page: Page, version: int) -> None:
    """Save with the keyboard; expect that version."""
    page.keyboard.press("Control+s")
    expect(page.get_by_text(f"Saved as version {version}.")).to_be_visible(timeout=PATIENCE)


def open_view(page: Page, name: str) -> None:
    """Turn to a view of the flow."""
    page.get_by_role("tab", name=name, exact=True).click()
