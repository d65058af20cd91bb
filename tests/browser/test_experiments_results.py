"""An experiment's results in a real browser: read, looked at, decided, put to use, exported."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.driving import PATIENCE, fits, press, says, settled, shot

Document = dict[str, Any]
REHEARSED, LIVE = "A link in the invitation", "Invite on Thursday or on Sunday"
LONGEST = 120
EXPORTS = (
    "One HTML file, reads without Greenroom",
    "Markdown",
    "CSV, one row a figure",
    "JSON",
    "The design (YAML), to run again",
)
WIDTHS = (390, 1024, 1440)
TABS = {
    "Over time": "The light band may be looked at every day",
    "Segments": "For ideas, not for decisions",
    "Rules": "▶ yours",
    "Decided beforehand": "Fingerprint (SHA-256)",
    "Every figure": "Each variant against the control",
}


def ask(address: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data, {"Content-Type": "application/json"})
    with urlopen(request, timeout=LONGEST) as answer:
        return json.loads(answer.read())


def named(server: str, name: str) -> Document:
    """The demo's experiment of this name."""
    items = ask(f"{server}/api/v1/experiments?limit=100")["items"]
    found: Document = next(one for one in items if one["design"]["name"] == name)
    return found


@pytest.fixture(scope="module")
def rehearsed(server: str) -> Document:
    return named(server, REHEARSED)


@pytest.fixture(scope="module")
def live(server: str) -> Document:
    return named(server, LIVE)


@pytest.fixture(scope="module")
def mine(server: str, rehearsed: Document) -> Iterator[Document]:
    """The demo's rehearsal once more, over a flow of its own, played and not looked at."""
    design = rehearsed["design"]
    flow = ask(f"{server}/api/v1/flows/{design['flow']}?version={design['flow_version']}")
    document = {**flow["document"], "name": "An invitation of mine"}
    made = ask(f"{server}/api/v1/flows", document)
    wanted = {**design, "name": "A link, once more", "flow": made["id"], "flow_version": 1}
    experiment = ask(f"{server}/api/v1/experiments", {"design": wanted, "source": "rehearsal"})
    address = f"{server}/api/v1/experiments/{experiment['id']}"
    ask(f"{address}/start", {})
    until = time.monotonic() + LONGEST
    while any(one["status"] != "finished" for one in ask(f"{address}/progress").values()):
        assert time.monotonic() < until
        time.sleep(0.3)
    yield ask(address)


def results(open_page: OpenPage, experiment: Document, tab: str = "", **more: Any) -> Page:
    where = f"experiment?experiment={experiment['id']}" + (f"&tab={tab}" if tab else "")
    page = open_page(where, **more)
    says(page, "What this does not mean")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_answer_comes_first(open_page: OpenPage, rehearsed: Document, scheme: str) -> None:
    page = results(open_page, rehearsed, width=WIDTHS[0], scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Links to the page")
    for words in ("uncalibrated", "What this does not mean", "How often it errs", "▲ better"):
        says(page, words)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        shot(page, f"experiment_{width}_{scheme}")
        assert fits(page)


def test_every_tab_shows_its_evidence_and_the_address_names_it(
    open_page: OpenPage, live: Document
) -> None:
    page = results(open_page, live, tab="rules")
    says(page, "rules are wrong in")
    for name, words in TABS.items():
        page.get_by_role("tab", name=name).click()
        says(page, words)
        settled(page)
        expect(page.get_by_text("Something went wrong")).to_have_count(0)
        shot(page, f"experiment_{name.lower().replace(' ', '_')}")
    page.get_by_role("tab", name="Over time").click()
    page.wait_for_url("**tab=time*", timeout=PATIENCE)
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE)
    says(page, "times as wide as read once")
    once = page.get_by_role("radio", name="Read once")
    once.or_(page.get_by_role("button", name="Read once")).first.click()
    says(page, "It holds for one look at the end")
    says(page, "p-value, one look")


def test_looking_again_counts_only_what_is_new(
    open_page: OpenPage, server: str, live: Document
) -> None:
    page = results(open_page, live)
    before = len(ask(f"{server}/api/v1/experiments/{live['id']}/looks")["items"])
    press(page, "Look now")
    says(page, "so no look was counted")
    address = f"{server}/api/v1/experiments/{live['id']}"
    who = [{"id": f"late-{at}", "attributes": {"channel": "email"}} for at in range(40)]
    sent = ask(f"{address}/assign", {"participants": who})["items"]
    events = [
        {"contact_id": one["contact_id"], "kind": "goal_reached", "name": "seat_saved"}
        for one in sent[::5]
    ]
    ask(f"{address}/events", {"events": events})
    press(page, "Look now")
    says(page, f"This is look {before + 1}, and it was counted.")
    says(page, "2,740 people")
    page.get_by_role("combobox", name="Look").click()
    page.get_by_role("option", name=f"Look 1 of {before + 1}", exact=False).click()
    says(page, "This is an earlier look")
    expect(page.get_by_role("button", name="Record the decision")).to_have_count(0)
    press(page, "Back to the newest look")
    says(page, "2,740 people")


def test_a_rehearsal_is_looked_at_decided_and_put_to_use(
    open_page: OpenPage, server: str, mine: Document
) -> None:
    page = open_page(f"experiment?experiment={mine['id']}")
    says(page, "What the rule says")
    press(page, "Record the decision", exact=False)
    says(page, "Recorded by the rule")
    press(page, "Apply the winner", exact=False)
    says(page, "is in use.")
    shot(page, "experiment_applied")
    after = ask(f"{server}/api/v1/experiments/{mine['id']}")
    assert after["decided"]["outcome"] == "winner"
    assert after["applied"]["variant"] == after["decided"]["variant"]
    flow = ask(f"{server}/api/v1/flows/{mine['design']['flow']}")
    assert flow["version"] == 2
    assert "links.booking" in json.dumps(flow["document"])
    press(page, "Plan the real test", exact=False)
    page.wait_for_url("**/experiments?*experiment=*", timeout=PATIENCE)


def test_two_variants_beside_each_other(open_page: OpenPage, rehearsed: Document) -> None:
    page = results(open_page, rehearsed, tab="beside", width=1440)
    says(page, "It made a difference to")
    says(page, "what differs is marked")
    talks = page.locator(".talk")
    expect(talks).to_have_count(2, timeout=PATIENCE)
    expect(page.locator(".turn.differs, .note.differs").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("mark").first).to_be_visible(timeout=PATIENCE)
    shot(page, "experiment_beside")
    first = page.url
    press(page, "Next")
    page.wait_for_function("address => location.href !== address", arg=first, timeout=PATIENCE)
    assert "contact=" in page.url


def test_the_exports_read_without_the_workbench(
    open_page: OpenPage, browser: Browser, rehearsed: Document
) -> None:
    page = results(open_page, rehearsed)
    title = page.get_by_role("heading", level=1).inner_text().replace("\u00a0", " ")
    page.get_by_role("button", name="Export").first.click()
    files = {label: downloaded(page, label) for label in EXPORTS}
    html, markdown, table, document, design = files.values()
    assert title[:20] in markdown.read_text("utf-8").replace("\u00a0", " ").replace("\\", "")
    assert len(table.read_text("utf-8").splitlines()) > 10
    assert json.loads(document.read_text("utf-8"))
    assert REHEARSED in design.read_text("utf-8")
    for scheme in ("light", "dark"):
        assert title[:20] in read_alone(browser, html, scheme)


def downloaded(page: Page, label: str) -> Path:
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name=label, exact=True).click()
    return Path(waiting.value.path())


def read_alone(browser: Browser, file: Path, scheme: str) -> str:
    """What a file says that is opened by itself; nothing is asked of any host."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1024, "height": 900})
    asked: list[str] = []
    errors: list[str] = []
    alone = context.new_page()
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("pageerror", lambda error: errors.append(str(error)))
    alone.set_content(file.read_text("utf-8"))
    expect(alone.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    text = str(alone.locator("body").inner_text()).replace("\u00a0", " ")
    assert alone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert alone.pdf()[:4] == b"%PDF"
    assert [url for url in asked if not url.startswith(("about:", "data:"))] == []
    assert errors == []
    context.close()
    return text


def test_an_unknown_experiment_is_said_in_words(open_page: OpenPage) -> None:
    page = open_page("experiment?experiment=x-none")
    says(page, "There is no experiment")
    expect(page.get_by_text("Traceback")).to_have_count(0)
