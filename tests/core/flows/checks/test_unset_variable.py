"""Names that conditions and values read before anything has set them."""

from __future__ import annotations

from typing import Any

import pytest

from core.flows.checks.condition_never_true import ConditionNeverTrue
from core.flows.checks.unset_variable import UnsetVariable
from tests.core.flows.logic.flows import ask, assign, findings, flow, sort, step, wait

CHECK = UnsetVariable()
EITHER = sort("contact.visits > 3", id="first", to="set", other="sort")
UNSET: dict[str, dict[str, Any]] = {
    "nothing sets it": flow(sort("discount > 10")),
    "one way does not set it": flow(EITHER, assign(n="1"), sort("n > 0")),
    "set too late": flow(sort("n > 0", to="set"), assign(n="1", next="done")),
    "its own value": flow(assign(n="n + 1", next="done")),
    "a value of the same step": flow(assign(a="1", b="a + 1", next="done")),
    "a question that is asked later": flow(sort("answers.energy > 3", to="ask"), ask(next="done")),
    "a question that only some are asked": flow(
        sort("contact.visits > 3", id="first", to="ask", other="sort"),
        ask(),
        sort("answers.energy > 3"),
    ),
    "a question that nobody is asked": flow(ask(), sort("answers.energie > 3")),
    "the first time round": flow(sort("n > 3", to="done", other="set"), assign(n="1", next="sort")),
    "a lesson waits for no answers": flow(
        step(
            "ask",
            "lesson",
            "sort",
            body="x",
            channel="web",
            questions=[{"id": "energy", "kind": "scale"}],
        ),
        sort("answers.energy > 3"),
    ),
    "before another reason": flow(sort("discount > 10 && contact.visits > 3")),
}
SET: dict[str, dict[str, Any]] = {
    "a variable of the flow": flow(sort("discount > 10"), variables={"discount": 5}),
    "an earlier step": flow(assign(n="1"), sort("n > 0")),
    "a webhook": flow(
        step("look", "webhook", "sort", url="https://example.org", sample={"stock": 3}),
        sort("stock > 1 && look.stock > 1"),
    ),
    "both ways": flow(
        sort("contact.visits > 3", id="first", to="set", other="other"),
        assign(n="1"),
        assign(id="other", n="2"),
        sort("n > 0"),
    ),
    "a guard": flow(
        sort("contact.visits > 3", id="first", to="ask", other="sort"),
        ask(),
        sort("has(answers.energy) && answers.energy > 3"),
    ),
    "a guard behind": flow(sort("answers.energy > 3 && has(answers.energy)")),
    "a guard around": flow(sort("!has(answers.energy) || answers.energy > 3")),
    "a guard in an earlier branch": flow(sort("!has(answers.energy)", "answers.energy > 3")),
    "only where it was set": flow(
        sort("contact.visits > 3", id="first", to="set", other="sort"),
        assign(n="1"),
        sort("contact.visits > 3 && n > 0"),
    ),
    "names of the contact": flow(sort('contact.company == "x" && contact.plan == "y"')),
    "names of a loop": flow(sort('contact.tags.exists(tag, tag == "vip")')),
    "kinds": flow(sort("type(contact.visits) == int")),
    "an answer that was given or not": flow(ask(), sort("answers.energy > 3")),
    "an orphan": flow(wait(reply="done"), sort("discount > 1", id="lost")),
    "the flow and its links": flow(sort('flow.name == "x" || links.booking == "y"')),
    "after a step that cannot be read": flow(
        step("odd", "send_pigeon", "sort"), sort("discount > 10")
    ),
}


@pytest.mark.parametrize("document", UNSET.values(), ids=UNSET)
def test_a_name_that_may_not_be_set(document: dict[str, Any]) -> None:
    assert len(findings(CHECK, document)) == 1
    assert findings(ConditionNeverTrue(), document) == []


@pytest.mark.parametrize("document", SET.values(), ids=SET)
def test_a_name_that_is_set_or_guarded(document: dict[str, Any]) -> None:
    assert findings(CHECK, document) == []


def test_it_names_the_way() -> None:
    (finding,) = findings(CHECK, UNSET["one way does not set it"])
    assert finding.step_id == "sort"
    assert finding.message == (
        "its first branch (n > 0) reads “n”, but on the way first → sort nothing sets “n”"
    )


def test_it_offers_the_name_that_was_meant() -> None:
    (finding,) = findings(CHECK, UNSET["a question that nobody is asked"])
    assert finding.fix == "Did you mean energy?"


@pytest.mark.parametrize(
    ("field", "near"),
    [("agee", "age"), ("visit", "visits"), ("firstName", "first_name"), ("last_seen", None)],
)
def test_a_contacts_field_that_looks_misspelt_is_a_note(field: str, near: str | None) -> None:
    (finding,) = findings(CHECK, flow(sort(f"contact.{field} > 4")))
    assert finding.severity == "info"
    assert finding.message.endswith(f"reads “contact.{field}”, which not every contact has")
    assert finding.fix == f"Did you mean contact.{near or 'last_seen_days'}?"


@pytest.mark.parametrize(
    "when",
    [
        'contact.plan == "gold"',
        "contact.score > 3",
        'contact.company == "x" || contact.city == "y"',
        "has(contact.agee) && contact.agee > 4",
        "contact.age > 4",
        'contact.last_name == "x" && contact.gender == "y"',
    ],
)
def test_a_field_of_the_populations_own_is_not(when: str) -> None:
    assert not findings(CHECK, flow(sort(when)))


def test_a_value_reads_the_contact_too_and_the_first_step_is_called_so() -> None:
    (note,) = findings(CHECK, flow(assign(n="contact.purchase + 1", next="done")))
    assert (note.severity, note.fix) == ("info", "Did you mean contact.purchases?")
    (early,) = findings(CHECK, flow(sort("n > 0", to="set"), assign(n="1", next="done")))
    assert "but the flow starts here, and nothing has set “n” yet" in early.message
