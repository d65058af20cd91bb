"""Replies that are read where there can be none."""

from __future__ import annotations

from typing import Any

import pytest

from core.flows.checks.condition_never_true import ConditionNeverTrue
from core.flows.checks.reply_without_wait import ReplyWithoutWait
from tests.core.flows.logic.flows import ask, assign, findings, flow, sort, step, text, wait

CHECK = ReplyWithoutWait()
THANKS = 'reply.intent == "thanks"'
WRONG: dict[str, dict[str, Any]] = {
    "no wait": flow(text("Hi", next="sort"), sort(THANKS)),
    "after the time-out": flow(wait(reply="done", silence="sort"), sort(THANKS)),
    "one way does not wait": flow(
        sort("contact.visits > 3", id="first", to="wait", other="sort"), wait(), sort(THANKS)
    ),
    "the first time round": flow(
        sort(THANKS, to="done", other="wait"), wait(reply="sort", silence="done")
    ),
    "in a message": flow(text("You said {{ reply.text }}")),
    "in a message after the time-out": flow(
        wait(reply="done", silence="say"), text("You said {{ reply.text }}")
    ),
    "in a value": flow(assign(said="reply.text", next="done")),
    "a twin's answer to nobody": flow(step("twin", "twin_reply", instructions="Help.")),
    "two waits in vain": flow(
        wait(silence="second", reply="done"),
        wait(id="second", reply="done", silence="sort"),
        sort(THANKS),
    ),
    "a lesson does not wait": flow(
        step("learn", "lesson", "sort", body="x", channel="web"), sort(THANKS)
    ),
}
RIGHT: dict[str, dict[str, Any]] = {
    "after a reply": flow(wait(), sort(THANKS)),
    "else takes the silent ones": flow(wait(silence="sort"), sort(THANKS)),
    "after an assessment": flow(ask(), sort(THANKS)),
    "a guard": flow(sort("has(reply.intent) && " + THANKS)),
    "a default": flow(text("You said {{ reply.text | default: 'nothing' }}")),
    "a test": flow(text("{% if reply %}You said {{ reply.text }}{% endif %}")),
    "a test of another field": flow(text("{% if reply.intent %}{{ reply.text }}{% endif %}")),
    "a loop that waits first": flow(
        wait(reply="sort", silence="done"), sort(THANKS, to="done", other="wait")
    ),
    "a twin's answer": flow(wait(reply="twin"), step("twin", "twin_reply", instructions="x")),
    "a twin after silence": flow(
        wait(reply="twin", silence="twin"), step("twin", "twin_reply", instructions="x")
    ),
    "a message to both": flow(wait(reply="say", silence="say"), text("{{ reply.text }}")),
    "an earlier reply": flow(
        wait(reply="second", silence="done"),
        wait(id="second", reply="sort", silence="done"),
        sort(THANKS),
    ),
    "another part decides": flow(sort("contact.visits < 0 && " + THANKS)),
}


@pytest.mark.parametrize("document", WRONG.values(), ids=WRONG)
def test_no_reply_can_be_there(document: dict[str, Any]) -> None:
    assert len(findings(CHECK, document)) == 1
    assert findings(ConditionNeverTrue(), document) == []


@pytest.mark.parametrize("document", RIGHT.values(), ids=RIGHT)
def test_a_reply_may_be_there(document: dict[str, Any]) -> None:
    assert findings(CHECK, document) == []


def test_it_names_the_way() -> None:
    (finding,) = findings(CHECK, WRONG["after the time-out"])
    assert finding.message == (
        "its first branch (intent is thanks) reads the reply, "
        "but after the time-out there is none (on the way wait → sort)"
    )
