"""What never ends is harmless when it is played; what else reading finds."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest

from core.flows import compile_flow
from core.flows.compiling import read_document
from tests.core.flows.test_machine import play


def tag(name: str, to: str | None) -> dict[str, Any]:
    return {"id": name, "type": "tag", "config": {"add": "x"}, "next": to}


def test_an_endless_flow_compiles() -> None:
    assert list(compile_flow({"steps": [tag("a", "b"), tag("b", "a")]}).steps) == ["a", "b"]


@pytest.mark.parametrize(
    ("kind", "config", "variables"),
    [
        ("set", {"values": {"s": "[s, s]"}}, {"s": 1}),
        ("set", {"values": {"s": "s + s"}}, {"s": ["x"]}),
        ("set", {"values": {f"s{n}": "t.map(x, x + 1)" for n in range(50)}}, {"t": [1] * 499}),
        ("tag", {"add": [f"t{n}" for n in range(100)], "remove": "no"}, {}),
        ("send_sms", {"body": "{% for i in (1..900) %}{{ i }} words{% endfor %}"}, {}),
        ("webhook", {"sample": {"rows": ["x" * 99] * 9_000}}, {}),
    ],
)
def test_a_hostile_loop_stays_small(kind: str, config: Any, variables: Any) -> None:
    step = {"id": "a", "type": kind, "config": config, "next": "a"}
    started = perf_counter()
    events = play({"steps": [step], "variables": variables})
    assert perf_counter() - started < 5
    assert events[-1].payload["reason"] == "too_long"
    assert sum(len(str(event.payload)) + len(event.body or "") for event in events) < 15_000_000


def test_what_grows_too_large_is_null() -> None:
    step = {"id": "a", "type": "set", "config": {"values": {"s": "[s, s]"}}, "next": "a"}
    noted = [one.payload for one in play({"steps": [step], "variables": {"s": 1}})]
    first = next(one for one in noted if one.get("error"))
    assert first["values"] == {"s": None}
    assert "nests deeper than 5" in first["error"]["s"]


def test_a_webhook_names_what_it_cannot_set() -> None:
    config = {"url": "https://x.test/{{ contact.id }}", "sample": {"reply": 1, "plan": "pro"}}
    step = {"id": "hook", "type": "webhook", "config": config}
    noted = next(one.payload for one in play({"steps": [step]}) if one.kind == "set")
    assert noted["url"] == "https://x.test/eager-eddie-0001"
    assert noted["values"] == {"hook": config["sample"], "plan": "pro"}
    assert list(noted["error"]) == ["reply"]


def words(kind: str, config: dict[str, Any]) -> tuple[str, str]:
    step = {"id": "a", "type": kind, "config": config}
    one = read_document({"steps": [step]}).findings[0]
    return one.severity, one.message


def ask(**question: Any) -> dict[str, Any]:
    return {"questions": [{"id": "q", "text": "?", **question}]}


@pytest.mark.parametrize(
    ("kind", "config", "severity", "part"),
    [
        ("check_in", ask(kind="scale", min=-1e308, max=1e308), "error", "questions[0].min"),
        ("check_in", ask(kind="scale", min=9, max=2), "error", "questions[0]: min (9) is larger"),
        ("check_in", ask(kind="choice"), "error", "questions[0]: a choice needs choices"),
        ("send_sms", {"body": "{{ x.__class__ }}"}, "warning", "body: “x.__class__” will be empty"),
        ("send_sms", {"body": " "}, "warning", "body: it is empty"),
        ("send_sms", {"body": "x" * 100_001}, "error", "has 100,001 characters; at most 100,000"),
        ("set", {"values": {"true": 1}}, "warning", "values.true: nothing can read"),
        ("set", {"values": {"_x": 1}}, "warning", "values._x: nothing can read"),
        ("set", {"values": {"x": '"a".matches("(((")'}}, "error", "the pattern of “matches”"),
    ],
)
def test_what_else_is_found(kind: str, config: Any, severity: str, part: str) -> None:
    found_severity, message = words(kind, config)
    assert (found_severity, part in message) == (severity, True), message


def test_expect_may_be_a_list() -> None:
    (one,) = read_document({"steps": [{"id": "a", "type": "end", "expect": 5}]}).findings
    assert one.message == "steps[0].expect: must be a text or a list of texts"
