"""Conditions that nobody can fulfil, and conditions that only look like it."""

from __future__ import annotations

from typing import Any

import pytest

from core.flows.checks import FlowView
from core.flows.checks.condition_never_true import ConditionNeverTrue
from core.flows.compiling import read_document
from tests.core.flows.logic.flows import ask, assign, findings, flow, sort, step, text, wait

CHECK = ConditionNeverTrue()
CHOICE = {"id": "go_on", "text": "Go on?", "kind": "choice", "choices": ["Yes", "No"]}
LOOP = (
    assign(n="n + 1", next="sort"),
    {
        "id": "sort",
        "type": "condition",
        "config": {"branches": [{"when": "n > 5", "next": "done"}], "else": "set"},
    },
)
NEVER: dict[str, dict[str, Any]] = {
    "a contradiction": flow(ask(), sort("answers.energy > 8 && answers.energy < 3")),
    "beyond the scale": flow(ask(), sort("answers.energy > 10")),
    "no whole number between": flow(ask(), sort("answers.energy > 4 && answers.energy < 5")),
    "no such choice": flow(ask(CHOICE), sort('answers.go_on == "Maybe"')),
    "no such intent": flow(text("Hi"), wait(), sort('reply.intent == "intrested"'))
    | {"start": "wait"},
    "a channel that is not used": flow(
        text("Hi", next="wait"), wait(), sort('reply.channel == "email"')
    ),
    "no such field": flow(wait(), sort('reply.mood == "good"')),
    "a constant": flow(sort("price > 100"), variables={"price": 49}),
    "never negative": flow(sort("contact.visits < 0")),
    "kinds that never add up": flow(sort("contact.visits * 1.5 > 3.0")),
    "a text is no number": flow(sort("contact.name > 3 || contact.name == 4")),
    "two names that exclude each other": flow(
        assign(score="contact.visits * 2"), sort("score > 10 && contact.visits < 3")
    ),
    "a path that has decided": flow(
        sort("contact.visits > 3", to="second", other="done", id="first"),
        sort("contact.visits < 2", id="second"),
    ),
    "both ways of it": flow(sort("contact.age > contact.visits && contact.visits > contact.age")),
    "a tag that was taken": flow(
        step("tag", "tag", "sort", remove=["vip"]), sort('"vip" in contact.tags')
    ),
    "false": flow(sort("false")),
    "what it is not": flow(ask(), sort('answers.energy == "high"')),
    "or of two": flow(
        ask(), sort("(answers.energy > 8 || answers.energy == 8) && answers.energy < 3")
    ),
    "after a time-out, guarded": flow(
        wait(reply="done", silence="sort"), sort('has(reply.intent) && reply.intent == "thanks"')
    ),
}
POSSIBLE: dict[str, dict[str, Any]] = {
    "an answer": flow(ask(), sort("answers.energy > 8 && answers.energy < 10")),
    "unanswered": flow(ask(), sort("answers.energy == null")),
    "half a number": flow(
        ask({"id": "rate", "kind": "number", "min": 1, "max": 10}), sort("answers.rate == 4.5")
    ),
    "any text": flow(wait(), sort('reply.text.contains("price") && reply.text.startsWith("What")')),
    "a pattern": flow(wait(), sort('reply.text.matches("^[0-9]+$")')),
    "an unknown field": flow(sort('contact.plan == "gold" && contact.plan != "silver"')),
    "what a webhook may bring": flow(
        step("look", "webhook", "sort", url="https://example.org", sample={"stock": 3}),
        sort("stock > 100", 'look.state == "new"'),
    ),
    "a counter": flow(*LOOP, variables={"n": 0}, start="set"),
    "either way": flow(
        sort("contact.visits > 3", id="first", to="low", other="high"),
        assign(id="low", n="1"),
        assign(id="high", n="2"),
        sort("n == 1", "n == 2"),
    ),
    "an unset name, told elsewhere": flow(sort("discount > 10")),
    "a reply without a wait, told elsewhere": flow(sort('reply.intent == "thanks"')),
    "after a late answer": flow(
        ask(next="wait"), wait(reply="sort"), sort("answers.energy > 3", id="sort")
    ),
    "fast replies": flow(wait(), sort("reply.hours < 1 && reply.hours > 0.5")),
    "two numbers": flow(sort("contact.purchases * 3 == contact.visits + 1")),
    "tags": flow(
        sort('"vip" in contact.tags && !("cold" in contact.tags)', "size(contact.tags) > 2")
    ),
    "a list": flow(sort("contact.tags.exists(tag, tag.startsWith('a'))")),
}


@pytest.mark.parametrize("document", NEVER.values(), ids=NEVER)
def test_what_nobody_can_fulfil(document: dict[str, Any]) -> None:
    assert len(findings(CHECK, document)) == 1


@pytest.mark.parametrize("document", POSSIBLE.values(), ids=POSSIBLE)
def test_what_somebody_can(document: dict[str, Any]) -> None:
    assert findings(CHECK, document) == []


def test_it_names_the_branch_and_says_why() -> None:
    document = flow(ask(), sort("answers.energy > 5", "answers.energy > 8 && answers.energy < 3"))
    (finding,) = findings(CHECK, document)
    assert finding.message == (
        "the second branch of “sort” (energy > 8 and energy < 3) can never hold: "
        "energy is a whole number from 1 to 10 or unanswered"
    )


def test_what_is_behind_it_is_not_judged() -> None:
    document = flow(
        sort("contact.visits < 0", id="first", to="second"), sort("contact.age < 0", id="second")
    )
    assert [one.step_id for one in findings(CHECK, document)] == ["first"]


def test_the_branch_is_taken_out() -> None:
    document = flow(ask(), sort("answers.energy > 10", "answers.energy > 5"))
    view = FlowView.of(read_document(document))
    mended = CHECK.repair(view, next(CHECK.find(view)))
    assert mended is not None
    assert mended["steps"][1]["config"]["branches"] == [
        {"when": "answers.energy > 5", "next": "done"}
    ]
    assert findings(CHECK, mended) == []


def test_the_only_branch_is_left_to_a_person() -> None:
    view = FlowView.of(read_document(flow(sort("false"))))
    assert CHECK.repair(view, next(CHECK.find(view))) is None


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ('contact.age > "40"', 'it compares a number (age) with a text ("40")'),
        ('"40" <= contact.age', 'it compares a text ("40") with a number (age)'),
        ("contact.name == 5", "it compares a text (name) with a number (5)"),
        ('answers.energy == "5"', 'it compares a number (energy) with a text ("5")'),
        ('!(contact.age > "40")', 'it compares a number (age) with a text ("40")'),
        ('size(contact.tags) > "2"', 'it compares a number (size(…)) with a text ("2")'),
        ("1 + 1", "it gives a number, not yes or no"),
        ("contact.age", "it gives a number, not yes or no"),
        ('"yes"', "it gives a text, not yes or no"),
    ],
)
def test_values_that_cannot_be_compared_are_named_as_they_are_written(when: str, why: str) -> None:
    (finding,) = findings(CHECK, flow(ask(), sort(when)))
    assert finding.message == f"the first branch of “sort” ({when}) can never hold: {why}"


@pytest.mark.parametrize(
    "when",
    [
        'contact.age != "40" && contact.visits < 0',
        '!(contact.age == "40") && contact.visits < 0',
        "answers.energy > 8 && answers.energy < 3",
    ],
)
def test_a_comparison_that_is_not_to_blame_is_not_blamed(when: str) -> None:
    (finding,) = findings(CHECK, flow(ask(), sort(when)))
    assert "compares" not in finding.message
