"""What is known at a step, and what is not."""

from __future__ import annotations

from typing import Any

from core.flows.checks import FlowView
from core.flows.compiling import read_document
from core.flows.logic.flowing import Knowledge, known
from core.flows.logic.sources import GONE, NEVER, THERE
from core.flows.logic.values import MISSING, Value
from core.flows.logic.values import NOTHING as IMPOSSIBLE
from tests.core.flows.logic.flows import ask, assign, flow, sort, step, wait


def knowledge(document: dict[str, Any]) -> Knowledge:
    return known(FlowView.of(read_document(document)))


def value_at(document: dict[str, Any], step_id: str, *names: str) -> Value:
    found = IMPOSSIBLE
    for scene in knowledge(document).scenes.get(step_id, {}).values():
        found = found.join(scene.names.read(names))
    return found


def waited(document: dict[str, Any], step_id: str) -> set[str]:
    return {one for scene in knowledge(document).scenes[step_id].values() for one in scene.waited}


def test_a_variable_is_what_it_was_set_to() -> None:
    document = flow(assign(n="2 * 3"), sort("n > 1"))
    assert value_at(document, "sort", "n").admits(6)
    assert not value_at(document, "sort", "n").admits(5)
    assert value_at(document, "set", "n").admits(MISSING)


def test_a_value_that_cannot_be_computed_is_null() -> None:
    assert value_at(flow(assign(n="contact.name * 2"), sort("true")), "sort", "n").admits(None)


def test_values_of_one_step_do_not_see_each_other() -> None:
    document = flow(assign(a="b", b="a"), sort("true"), variables={"a": 1, "b": 2})
    assert value_at(document, "sort", "a").admits(2)
    assert value_at(document, "sort", "b").admits(1)


def test_a_counter_goes_on_without_end() -> None:
    document = flow(
        assign(n="n + 1"), sort("contact.visits > n", to="done", other="set"), variables={"n": 0}
    )
    value = value_at(document, "sort", "n")
    assert value.admits(1) and value.admits(1_000_000)
    assert not value.admits(0) and not value.admits(1.5)


def test_a_branch_tells_what_its_condition_says() -> None:
    document = flow(
        sort("contact.visits > 3", id="first", to="high", other="low"),
        step("high", "tag", add=["x"]),
        step("low", "tag", add=["y"]),
    )
    assert not value_at(document, "high", "contact", "visits").admits(3)
    assert not value_at(document, "low", "contact", "visits").admits(4)


def test_a_time_out_clears_the_reply_and_a_reply_sets_it() -> None:
    document = flow(wait(reply="sort", silence="other"), sort("true"), sort("true", id="other"))
    assert not value_at(document, "sort", "reply").absent
    assert value_at(document, "other", "reply").admits(MISSING)
    assert value_at(document, "other", "reply").fields is None
    assert (waited(document, "sort"), waited(document, "other")) == ({THERE}, {GONE})
    assert waited(document, "wait") == {NEVER}


def test_an_assessment_may_be_answered_or_not() -> None:
    document = flow(ask(), sort("true"))
    value = value_at(document, "sort", "answers", "energy")
    assert value.admits(1) and value.admits(10) and value.admits(None)
    assert not any(value.admits(one) for one in (0, 11, 4.5, "5", MISSING))
    assert value_at(document, "sort", "reply").absent


def test_a_late_reply_brings_answers_that_were_given_up() -> None:
    document = flow(
        ask(next="none"),
        sort("answers.energy == null", id="none", to="wait", other="done"),
        wait(reply="sort"),
        sort("true"),
    )
    assert not value_at(document, "wait", "answers", "energy").admits(5)
    assert value_at(document, "sort", "answers", "energy").admits(5)


def test_a_webhook_brings_what_looks_like_its_sample() -> None:
    sample = {"stock": 3, "state": "new", "when": None, "from": {"city": "Rome"}}
    document = flow(
        step("look", "webhook", "sort", url="https://example.org", sample=sample), sort("true")
    )
    assert value_at(document, "sort", "stock").admits(99)
    assert value_at(document, "sort", "look", "state").admits("old")
    assert not value_at(document, "sort", "state").admits(3)
    assert value_at(document, "sort", "from", "city").admits("Oslo")


def test_tags_come_and_go() -> None:
    document = flow(
        step("one", "tag", "two", add=["warm", "new"]),
        step("two", "tag", "sort", remove=["warm"]),
        sort("true"),
    )
    tags = value_at(document, "sort", "contact", "tags")
    assert tags.admits(["new", "other"])
    assert not tags.admits(["new", "warm"]) and not tags.admits(["other"])


def test_ways_that_set_a_name_are_kept_apart_from_those_that_do_not() -> None:
    document = flow(
        sort("contact.visits > 3", id="first", to="set", other="sort"),
        assign(n="1"),
        sort("n > 0"),
    )
    scenes = knowledge(document).scenes["sort"].values()
    visits = {
        scene.names.get("n").absent: scene.names.read(("contact", "visits")) for scene in scenes
    }
    assert visits[True].admits(3) and not visits[True].admits(4)
    assert visits[False].admits(4) and not visits[False].admits(3)


def test_a_step_that_cannot_be_read_may_do_anything() -> None:
    document = flow(step("odd", "send_pigeon", "sort"), sort("true"), variables={"n": 1})
    assert value_at(document, "sort", "n").admits("anything")


def test_a_large_flow_is_still_known() -> None:
    steps = [assign(id=f"s{n}", next=f"s{n + 1}", **{f"n{n}": "1"}) for n in range(300)]
    document = flow(*steps, sort("n1 == 1", id="s300"))
    assert value_at(document, "s300", "n1").admits(1)
    assert not value_at(document, "s300", "n299").absent
