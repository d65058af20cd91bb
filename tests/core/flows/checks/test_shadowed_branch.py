"""Branches that earlier ones leave nobody for."""

from __future__ import annotations

from typing import Any

import pytest

from core.flows.checks import FlowView
from core.flows.checks.condition_never_true import ConditionNeverTrue
from core.flows.checks.shadowed_branch import ShadowedBranch
from core.flows.compiling import read_document
from tests.core.flows.logic.flows import ask, assign, findings, flow, sort, wait

CHECK = ShadowedBranch()
SHADOWED: dict[str, dict[str, Any]] = {
    "the wrong order": flow(assign(score="contact.visits * 2"), sort("score > 10", "score > 20")),
    "the same twice": flow(wait(), sort('reply.intent == "thanks"', 'reply.intent == "thanks"')),
    "one of many": flow(
        wait(), sort('reply.intent in ["thanks", "other"]', 'reply.intent == "other"')
    ),
    "two together": flow(
        sort("contact.age > 30", "contact.age <= 30", "contact.age == 18"),
    ),
    "a narrower one": flow(
        sort("contact.visits > 3", "contact.visits > 3 && contact.purchases > 1")
    ),
    "after what always holds": flow(sort("contact.visits >= 0", "contact.visits > 3")),
    "sums": flow(
        sort("contact.visits + contact.purchases > 3", "contact.visits + contact.purchases > 5")
    ),
    "other words": flow(ask(), sort("answers.energy >= 5", "answers.energy > 4")),
}
OPEN: dict[str, dict[str, Any]] = {
    "the right order": flow(assign(score="contact.visits * 2"), sort("score > 20", "score > 10")),
    "they overlap": flow(wait(), sort('reply.intent == "thanks"', 'reply.sentiment == "negative"')),
    "fractions between": flow(
        ask({"id": "rate", "kind": "number", "min": 1, "max": 10}),
        sort("answers.rate >= 5", "answers.rate > 4"),
    ),
    "what the first cannot compare": flow(
        ask(), sort("answers.energy > 3 || answers.energy <= 3", "answers.energy == null")
    ),
    "a silent one": flow(
        wait(silence="sort"), sort('reply.intent != "thanks"', "contact.visits > 3")
    ),
    "a pattern": flow(
        wait(), sort('reply.text.matches("(?i)yes")', 'reply.text.matches("(?i)yes please")')
    ),
    "never true is told elsewhere": flow(sort("contact.visits > 3", "contact.visits < 0")),
    "a wider one": flow(sort("contact.visits > 3 && contact.purchases > 1", "contact.visits > 3")),
}


@pytest.mark.parametrize("document", SHADOWED.values(), ids=SHADOWED)
def test_a_branch_that_nobody_comes_to(document: dict[str, Any]) -> None:
    assert len(findings(CHECK, document)) == 1
    assert findings(ConditionNeverTrue(), document) == []


@pytest.mark.parametrize("document", OPEN.values(), ids=OPEN)
def test_a_branch_that_somebody_comes_to(document: dict[str, Any]) -> None:
    assert findings(CHECK, document) == []


def test_it_names_the_branch_that_hides_it() -> None:
    (finding,) = findings(CHECK, SHADOWED["one of many"])
    assert finding.message.endswith(
        "is never taken: whoever fulfils it has left by the first one "
        '(reply.intent in ["thanks", "other"])'
    )


def test_the_branch_is_taken_out() -> None:
    view = FlowView.of(read_document(SHADOWED["the wrong order"]))
    mended = CHECK.repair(view, next(CHECK.find(view)))
    assert mended is not None
    assert mended["steps"][1]["config"]["branches"] == [{"when": "score > 10", "next": "done"}]
