"""The messages page in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.driving import fits, press, says, settled, shot

PRIZE = "WIN CASH NOW!!! Claim your FREE £1000 prize, call 09061701461 now!!!"


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1024, "light"), (1440, "dark")])
def test_a_message_is_looked_at(open_page: OpenPage, width: int, scheme: str) -> None:
    page = open_page("messages?channel=sms", width=width, scheme=scheme)
    page.get_by_label("Message", exact=True).fill(f"{PRIZE} {'a' * 120}")
    press(page, "Check", exact=False)
    says(page, "This looks like spam")
    says(page, "2 segments of 153 characters")
    expect(page.locator("mark").nth(2)).to_be_visible()
    line = page.locator("mark").first.evaluate("one => getComputedStyle(one).textDecorationLine")
    assert line == "underline"
    assert fits(page)
    shot(page, f"messages_{width}_{scheme}")


def test_a_file_is_checked_and_given_back(open_page: OpenPage, tmp_path: Path) -> None:
    rows = [{"id": 1, "channel": "sms", "body": PRIZE}, {"id": 2, "channel": "web", "body": "Hi"}]
    given = tmp_path / "some.jsonl"
    given.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    page = open_page("messages")
    page.get_by_role("tab", name="A whole file").click()
    page.locator("input[type=file]").set_input_files(given)
    says(page, "2 messages, 1 called spam")
    settled(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download the result", exact=False).click()
    assert saved.value.suggested_filename == "some-checked.jsonl"
    found = [json.loads(line) for line in saved.value.path().read_text("utf-8").splitlines()]
    assert [(one["id"], one["is_spam"]) for one in found] == [(1, True), (2, False)]


def test_a_bad_file_is_told_in_words(open_page: OpenPage, tmp_path: Path) -> None:
    given = tmp_path / "bad.jsonl"
    given.write_text('{"channel": "sms"}\n', "utf-8")
    page = open_page("messages")
    page.get_by_role("tab", name="A whole file").click()
    page.locator("input[type=file]").set_input_files(given)
    says(page, "line 1, body")
    expect(page.get_by_role("button", name="Download the result")).to_have_count(0)
