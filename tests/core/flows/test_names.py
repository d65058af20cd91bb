"""What can be read at a step."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from core.domain.debugging import NameAtStep
from core.domain.words import INTENTS, SENTIMENTS
from core.flows import names_at
from tests.support.flow_edits import documents

FLOW: dict[str, Any] = {
    "variables": {"price": 49, "plan": "basic"},
    "links": {"shop": "https://example.org"},
    "steps": [
        {"id": "ask", "type": "send_sms", "config": {"body": "Hi"}, "next": "wait"},
        {
            "id": "wait",
            "type": "wait_for_reply",
            "config": {"timeout": "1d"},
            "on_reply": "heard",
            "on_timeout": "silent",
        },
        {
            "id": "heard",
            "type": "set",
            "config": {"values": {"plan": '"gold"', "score": "contact.visits + 1"}},
            "next": "check",
        },
        {"id": "silent", "type": "tag", "config": {"add": ["quiet"]}, "next": "check"},
        {
            "id": "check",
            "type": "check_in",
            "config": {
                "questions": [
                    {"id": "mood", "kind": "choice", "choices": ["good", "bad"], "text": "How?"},
                    {"id": "calm", "kind": "scale", "min": 1, "max": 3},
                ]
            },
            "next": "call",
        },
        {"id": "call", "type": "webhook", "config": {"sample": {"credit": 3.5}}, "next": "last"},
        {"id": "last", "type": "end"},
        {"id": "loose", "type": "end"},
    ],
}


def at(step_id: str, **more: Any) -> dict[str, NameAtStep]:
    return {one.name: one for one in names_at(FLOW, step_id, **more)}


def test_a_reply_is_there_where_a_wait_came_before() -> None:
    assert not any(name.startswith("reply.") for name in at("ask"))
    assert not any(name.startswith("reply.") for name in at("silent"))
    heard = at("heard")
    assert heard["reply.intent"].values == list(INTENTS) and heard["reply.intent"].sure
    assert heard["reply.sentiment"].values == list(SENTIMENTS)
    assert heard["reply.channel"].values == ["sms", "email"]
    assert not at("check")["reply.intent"].sure


def test_variables_have_the_values_that_they_can_have() -> None:
    assert at("ask")["plan"].values == ["basic"] and at("ask")["price"].values == [49]
    check = at("check")
    assert check["plan"].values == ["basic", "gold"] and check["plan"].sure
    assert not check["score"].sure and check["score"].type == "whole number"
    assert at("heard").get("score") is None
    assert check["score"].about == "Set at heard."


def test_answers_know_their_choices() -> None:
    assert "answers.mood" not in at("check")
    last = at("last")
    assert last["answers.mood"].values == ["bad", "good"]
    assert last["answers.calm"].values == [1, 2, 3]
    assert last["answers.mood"].about == "Answered at check: How?"


def test_a_webhook_brings_names_of_its_samples_kinds() -> None:
    last = at("last")
    assert (last["credit"].type, last["credit"].values) == ("number", [])
    assert last["call"].type == "group" and last["call.credit"].type == "number"


def test_a_step_that_is_not_connected_knows_every_name_and_is_sure_of_few() -> None:
    for id in ("loose", "not there"):
        names = at(id)
        assert names["price"].sure and not names["score"].sure and not names["reply.text"].sure
        assert not names["answers.mood"].sure and names["links.shop"].sure


def test_what_personas_carry_comes_too() -> None:
    names = at("ask", contact={"city": "Berlin", "shoe size": 41, "age": 3})
    assert names["contact.city"].about.endswith("as in Berlin.")
    assert names['contact["shoe size"]'].type == "number"
    assert names["contact.age"].sure and names["contact.age"].type == "whole number"


def test_functions_come_last() -> None:
    names = list(at("ask").values())
    functions = [one for one in names if one.type == "function"]
    assert names[-len(functions) :] == functions
    assert {"has", "size", "contains", "matches"} <= {one.name for one in functions}


def test_a_broken_flow_still_has_names() -> None:
    steps: list[Any] = [{"id": "a", "type": "what", "next": "b"}, {"id": "b", "type": "end"}, 3]
    broken = {"variables": {"x": 1}, "steps": steps}
    assert {one.name for one in names_at(broken, "b")} >= {"contact.name", "reply.text"}
    assert {one.name for one in names_at(broken, "a")} >= {"contact.name", "x"}
    assert names_at({}, "a") and names_at({"steps": 3, "variables": []}, "a")


@settings(deadline=None)
@given(documents())
def test_every_generated_flow_has_names(document: dict[str, Any]) -> None:
    for step in document["steps"]:
        names = [one.name for one in names_at(document, step["id"])]
        assert len(names) == len(set(names)) > 20
