"""The debugger in a real browser: stopped, changed, compared, saved as a test that passes."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.canvas import ask, canvas, card, drag_in, flow_of, kept, open_view, pull, save
from tests.browser.conftest import ROOT, OpenPage
from tests.browser.driving import PATIENCE, fits
from tests.support.strips import strip

ENDS: dict[str, Any] = {"name": "A seat for you", "steps": [{"id": "done", "type": "end"}]}
PLACES = {
    "Email": (170, 40),
    "Wait for reply": (170, 190),
    "Condition": (380, 320),
    "SMS": (120, 470),
    "Goal": (440, 470),
}
PULLED = [
    ("email", "next", "wait"),
    ("wait", "on_reply", "sort"),
    ("wait", "on_timeout", "sms"),
    ("sort", "branch:0", "goal"),
    ("sort", "else", "sms"),
    ("goal", "next", "done"),
    ("sms", "next", "done"),
]
FIVE: dict[str, Any] = {
    "name": "Five steps",
    "start": "hello",
    "steps": [
        {"id": "hello", "type": "send_sms", "config": {"body": "Hello. Reply STOP to opt out."},
         "next": "wait"},
        {"id": "wait", "type": "wait_for_reply", "config": {"timeout": "2d"}, "on_reply": "sort",
         "on_timeout": "done"},
        {"id": "sort", "type": "condition",
         "config": {"branches": [{"when": 'reply.sentiment == "negative"', "next": "done"}],
                    "else": "won"}},
        {"id": "won", "type": "goal", "config": {"name": "won"}, "next": "done"},
        {"id": "done", "type": "end"},
    ],
}  # fmt: skip
EAGER = {"persona": "Eager Eddie"}


def opened(open_page: OpenPage, flow: str, view: str = "", **how: Any) -> Page:
    """A flow's page with its canvas, in one of its views."""
    return canvas(open_page(f"flows?flow={flow}{view}", **how))


def where(page: Page) -> Locator:
    """What the debugger says about where the person stands."""
    return page.locator(".dbg-where")


def stands_before(page: Page, step: str) -> None:
    """Expect that the person stands before a step."""
    words = re.compile(rf"\bbefore {step}\.", re.IGNORECASE)
    expect(where(page)).to_contain_text(words, timeout=PATIENCE)


def complete(page: Page, option: str) -> None:
    """Take what is offered first, once it is."""
    offered = page.locator(".cnd-options:not([hidden]) li")
    expect(offered.first).to_contain_text(option, timeout=PATIENCE)
    page.keyboard.press("Enter")


def press(page: Page, name: str) -> None:
    """Press a button of the panel."""
    page.locator(".dock").get_by_role("button", name=name, exact=True).first.click()


def edge(page: Page, start: str, end: str) -> Locator:
    """The line of a way."""
    drawn = page.locator(f'.react-flow__edge[aria-label^="From {start} to {end}"]')
    return drawn.locator("path.way").first


def shows(line: Locator, look: str) -> None:
    """Expect that a line has a class."""
    expect(line).to_have_class(re.compile(rf"(^|\s){look}(\s|$)"), timeout=PATIENCE)


def interested(server: str, flow: str) -> int:
    """The first copy of Eager Eddie whose reply leads to the goal."""
    for copy in range(1, 40):
        draft = {"flow_id": flow, "who": {**EAGER, "copy_number": copy}}
        session = ask(server, "POST", "/debug-sessions", draft)["session"]["id"]
        path = f"/debug-sessions/{session}"
        reached = ask(server, "POST", f"{path}/moves", {"move": "end"})
        ask(server, "DELETE", path)
        if "goal" in [visit["step_id"] for visit in reached["trail"]]:
            return copy
    raise AssertionError("nobody of forty is interested")


class Story:
    """Pictures of the moments of a story; kept where ``GREENROOM_PICTURES`` says so."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder, self.pictures = page, folder, list[Path]()

    def take(self) -> None:
        """One picture of the drawing with its panel."""
        path = self.folder / f"{len(self.pictures)}.png"
        self.page.wait_for_timeout(350)
        self.page.locator(".gr").first.screenshot(path=path)
        self.pictures.append(path)

    def keep(self) -> None:
        """All of them in one picture, for the guide."""
        if os.environ.get("GREENROOM_PICTURES"):
            strip(self.pictures, ROOT / "docs" / "pictures" / "debugging.png")


def drawn_by_hand(page: Page) -> None:
    """Six steps, dragged in and connected."""
    page.get_by_role("button", name="See everything").click()
    for kind, (x, y) in PLACES.items():
        drag_in(page, kind, x, y)
    page.get_by_role("button", name="See everything").click()
    page.wait_for_timeout(400)
    for start, way, end in PULLED:
        pull(page, start, way, end)
    expect(page.locator(".react-flow__edge")).to_have_count(len(PULLED))
    page.keyboard.press("Escape")
    page.get_by_label("First step").select_option("email")
    page.get_by_role("button", name="Tidy up").click()
    page.get_by_role("button", name="See everything").click()


def test_a_flow_is_drawn_stopped_changed_tested_and_passes(
    server: str, open_page: OpenPage, tmp_path: Path
) -> None:
    flow = kept(server, ENDS)
    page = opened(open_page, flow, width=1600, height=1050)
    story = Story(page, tmp_path)
    drawn_by_hand(page)
    story.take()
    save(page, 2)
    copy = interested(server, flow)

    open_view(page, "Debug")
    page.get_by_label("Persona", exact=True).select_option("Eager Eddie")
    page.get_by_label("Copy", exact=True).fill(str(copy))
    stop = page.get_by_role("combobox", name="Stop when")
    stop.press_sequentially("reply.in")
    complete(page, "reply.intent")
    page.keyboard.type(' == "inter')
    complete(page, "interested")
    expect(stop).to_have_value('reply.intent == "interested"')
    press(page, "Stop then")
    press(page, "Start")
    stands_before(page, "email")
    press(page, "Go on")
    expect(where(page)).to_contain_text('when reply.intent == "interested"', timeout=PATIENCE)
    expect(where(page)).to_contain_text("Next: goal")
    shows(edge(page, "sort", "goal"), "next")
    story.take()

    press(page, "What is known")
    press(page, "Back to before they replied, to change it")
    expect(where(page)).to_contain_text("Inside wait", timeout=PATIENCE)
    expect(page.get_by_label("What if they reply")).not_to_have_value("")
    page.get_by_label("What if they reply").fill("No thanks, this is not for me")
    press(page, "They reply this")
    expect(page.get_by_label("Which course to look at")).to_contain_text("What if 1")
    story.take()
    press(page, "Step over")
    expect(where(page)).to_contain_text("Next: sms", timeout=PATIENCE)
    shows(edge(page, "sort", "sms"), "next")
    story.take()
    press(page, "To the end")
    expect(where(page)).to_contain_text("ended", timeout=PATIENCE)
    shows(edge(page, "sort", "sms"), "tone-green")
    press(page, "Compare with what happened")
    shows(edge(page, "sort", "goal"), "tone-slate")
    shows(edge(page, "sort", "sms"), "tone-plum")
    story.take()

    press(page, "Save as a test")
    expect(page.get_by_text("Saved as a test")).to_be_visible(timeout=PATIENCE)
    press(page, "See the tests")
    press(page, "Run all")
    expect(page.get_by_role("heading", name="The test passed.")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".tst-badge")).to_contain_text("passed")
    story.take()
    save(page, 3)
    (row,) = flow_of(server, flow)["document"]["tests"]
    assert "sms" in str(row["expect"]) or "done" in str(row["expect"])
    story.keep()


def test_the_keyboard_alone_debugs_five_steps(server: str, open_page: OpenPage) -> None:
    page = opened(open_page, kept(server, FIVE))
    page.get_by_role("tab", name="Debug").focus()
    page.keyboard.press("Enter")
    reach(page, "A persona")
    page.keyboard.press("ArrowDown")
    reach(page, "Start")
    page.keyboard.press("Enter")
    stands_before(page, "hello")
    page.keyboard.press("F10")
    stands_before(page, "wait")
    page.keyboard.press("F9")
    stands_before(page, "hello")
    reach(page, "What if they reply")
    page.keyboard.type("Wonderful, I am glad")
    page.keyboard.press("Tab")
    reach(page, "They reply this")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Which course to look at")).to_contain_text("What if 1")
    page.keyboard.press("Escape")
    page.keyboard.press("F10")
    page.keyboard.press("Shift+F10")
    stands_before(page, "sort")
    expect(where(page)).to_contain_text("Next: won")
    page.keyboard.press("F8")
    expect(where(page)).to_contain_text("ended", timeout=PATIENCE)
    page.keyboard.press("Shift+F9")
    stands_before(page, "done")
    reach(page, "To the start", back=True)
    page.keyboard.press("Shift+Home")
    stands_before(page, "hello")


def test_b_stops_at_the_chosen_step(server: str, open_page: OpenPage) -> None:
    page = opened(open_page, kept(server, FIVE), "&view=debug")
    card(page, "wait").click()
    page.keyboard.press("b")
    expect(card(page, "wait").get_by_role("button", name="Do not stop here")).to_be_visible()
    press(page, "Start")
    stands_before(page, "hello")
    page.keyboard.press("F8")
    expect(where(page)).to_contain_text("Stopped at wait: at wait", timeout=PATIENCE)
    expect(card(page, "wait").locator(".card")).to_have_class(re.compile(r"\bcurrent\b"))
    card(page, "wait").click()
    page.keyboard.press("b")
    expect(card(page, "wait").get_by_role("button", name="Stop here")).to_be_visible()


def test_a_session_survives_a_reload(server: str, open_page: OpenPage) -> None:
    page = opened(open_page, kept(server, FIVE), "&view=debug")
    press(page, "Start")
    stands_before(page, "hello")
    press(page, "Step")
    stands_before(page, "wait")
    press(page, "What is known")
    page.get_by_label("They reply this")
    said = where(page).inner_text()
    page.wait_for_url(re.compile(r"debug=d-"), timeout=PATIENCE)
    page.reload()
    canvas(page)
    expect(where(page)).to_have_text(said, use_inner_text=True, timeout=PATIENCE)
    page.goto(re.sub(r"[?&]debug=[^&]+", "", page.url))
    canvas(page)
    expect(where(page)).to_have_text(said, use_inner_text=True, timeout=PATIENCE)


def test_a_variable_changed_by_hand_is_another_course(server: str, open_page: OpenPage) -> None:
    document = {
        "name": "Two prices",
        "variables": {"price": 49},
        "steps": [
            {"id": "ask", "type": "condition", "config": {
                "branches": [{"when": "price > 40", "next": "dear"}], "else": "cheap"}},
            {"id": "dear", "type": "tag", "config": {"add": "dear"}},
            {"id": "cheap", "type": "tag", "config": {"add": "cheap"}},
        ],
    }  # fmt: skip
    page = opened(open_page, kept(server, document), "&view=debug")
    press(page, "Start")
    expect(where(page)).to_contain_text("Next: dear", timeout=PATIENCE)
    press(page, "What is known")
    price = page.get_by_label("price", exact=True)
    price.fill("19")
    price.press("Enter")
    expect(where(page)).to_contain_text("Next: cheap", timeout=PATIENCE)
    page.get_by_label("What happens", exact=True).click()
    expect(where(page)).to_contain_text("Next: dear", timeout=PATIENCE)


def test_a_condition_is_tried_on_personas_and_samples(server: str, open_page: OpenPage) -> None:
    flow = kept(server, FIVE)
    page = opened(open_page, flow, "&step=sort")
    page.get_by_role("button", name="Try it on people").click()
    samples = page.get_by_role("region", name="Samples")
    row = samples.get_by_role("row")
    expect(row.nth(1)).to_contain_text("holds", timeout=PATIENCE)
    expect(row.nth(2)).to_contain_text("does not")
    page.get_by_label("reply.sentiment of sample 2").fill("negative")
    expect(row.nth(2)).to_contain_text("holds", timeout=PATIENCE)
    count = row.count()
    page.get_by_role("button", name="+ a sample").click()
    expect(row).to_have_count(count + 1)
    page.get_by_label("Add a column").select_option("contact.visits")
    page.get_by_label("contact.visits of sample 1", exact=True).fill("9")

    page.get_by_role("button", name="Write it").click()
    written = page.get_by_label("Condition", exact=True)
    written.fill("")
    written.press_sequentially("contact.vis")
    page.keyboard.press("Tab")
    page.keyboard.type(" > 5")
    page.keyboard.press("Escape")
    expect(written).to_have_value("contact.visits > 5")
    expect(row.nth(1)).to_contain_text("holds", timeout=PATIENCE)
    expect(page.get_by_text(re.compile(r"Holds for \d+ of \d+ personas"))).to_be_visible()
    people = page.get_by_label("How it comes out for each persona")
    expect(people).to_contain_text("Cold Carl")
    written.fill("contact.visits >")
    expect(page.locator(".cnd-error").first).to_contain_text("line 1", timeout=PATIENCE)
    written.fill("contact.visits > 7")
    page.get_by_role("button", name="Use rows").click()
    expect(page.get_by_label("Comparison 1")).to_have_value("more")
    expect(page.get_by_label("Value 1")).to_have_value("7")


def test_who_would_take_a_grey_way_becomes_a_test(server: str, open_page: OpenPage) -> None:
    page = opened(open_page, kept(server, FIVE), "&view=coverage")
    page.get_by_role("button", name="Who would take the grey ways?").click()
    grey = page.get_by_label("Ways that nobody took")
    expect(grey).to_contain_text("can be taken", timeout=PATIENCE)
    page.get_by_role("button", name="Add to the tests").first.click()
    expect(page.get_by_text("Added to the tests.")).to_be_visible()
    page.get_by_role("tab", name="Tests").click()
    press(page, "Run all")
    expect(page.get_by_role("heading", name="The test passed.")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1024, "light")])
def test_the_panels_fit(server: str, open_page: OpenPage, width: int, scheme: str) -> None:
    flow = kept(server, FIVE)
    for view in ("debug", "tests", "coverage", "times"):
        page = opened(open_page, flow, f"&view={view}", width=width, scheme=scheme)
        expect(page.locator(".dock h3").first).to_be_visible(timeout=PATIENCE)
        assert fits(page), view


def reach(page: Page, name: str, *, back: bool = False) -> None:
    """With Tab alone, to the control of this name."""
    for _ in range(120):
        if focused(page) == name:
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab does not lead to “{name}”")


def focused(page: Page) -> str:
    """What a screen reader calls the control that has the focus."""
    return str(
        page.evaluate(
            """() => {
                let at = document.activeElement
                while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
                const words = at?.getAttribute('aria-label')
                    ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? ''
                return words.trim()
            }"""
        )
    )
