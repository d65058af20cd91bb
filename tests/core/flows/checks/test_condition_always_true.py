"""Conditions that everybody fulfils, and conditions that nearly everybody does."""

from __future__ import annotations

from typing import Any

import pytest

from core.flows.checks.condition_always_true import ConditionAlwaysTrue
from tests.core.flows.logic.flows import ask, assign, findings, flow, sort, step, wait

CHECK = ConditionAlwaysTrue()
ALWAYS: dict[str, dict[str, Any]] = {
    "a count": flow(sort("contact.visits >= 0")),
    "true": flow(sort("true")),
    "a constant": flow(sort("price < 100"), variables={"price": 49}),
    "one or the other": flow(sort("contact.visits > 3 || contact.visits <= 3")),
    "a reply has an intent": flow(wait(), sort("has(reply.intent)")),
    "a tag that was given": flow(
        step("tag", "tag", "sort", add=["vip"]), sort('"vip" in contact.tags')
    ),
    "what follows from a sum": flow(
        assign(score="contact.visits * 2"), sort("score >= contact.visits")
    ),
    "what an earlier step has asked": flow(
        sort("contact.visits > 3", id="first", to="second"),
        sort("contact.visits > 1", id="second"),
    ),
    "an error that is forgotten": flow(ask(), sort("answers.energy > 3 || true")),
}
NOT_ALWAYS: dict[str, dict[str, Any]] = {
    "an answer may be missing": flow(ask(), sort("answers.energy >= 1")),
    "a branch that all the rest take": flow(
        wait(), sort('reply.intent == "thanks"', 'reply.intent != "thanks"')
    ),
    "a silent one": flow(wait(silence="sort"), sort('reply.intent != "x"')),
    "a population without the field": flow(sort("contact.plan == contact.plan")),
    "anybody may have opted out": flow(sort("contact.opted_out == false")),
    "what a webhook may bring": flow(
        step("look", "webhook", "sort", url="https://example.org", sample={"stock": 3}),
        sort("stock == 3"),
    ),
    "a name that one way does not set": flow(
        sort("contact.visits > 3", id="first", to="set", other="sort"),
        assign(n="1"),
        sort("n == 1"),
    ),
    "a tag that one way gives": flow(
        sort("contact.visits > 3", id="first", to="tag", other="sort"),
        step("tag", "tag", "sort", add=["vip"]),
        sort('"vip" in contact.tags'),
    ),
    "a division by nothing": flow(sort("contact.visits / contact.purchases >= 0")),
}


@pytest.mark.parametrize("document", ALWAYS.values(), ids=ALWAYS)
def test_what_everybody_fulfils(document: dict[str, Any]) -> None:
    assert len(findings(CHECK, document)) == 1


@pytest.mark.parametrize("document", NOT_ALWAYS.values(), ids=NOT_ALWAYS)
def test_what_somebody_does_not(document: dict[str, Any]) -> None:
    assert findings(CHECK, document) == []


def test_it_says_what_is_lost_by_it() -> None:
    (finding,) = findings(CHECK, flow(sort("contact.visits >= 0")))
    assert finding.message == (
        "the first branch of “sort” (visits ≥ 0) always holds, so else is never used: "
        "visits is a whole number, 0 or more"
    )
