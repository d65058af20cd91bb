"""Loops that count are left by what they count; others get a number of turns."""

from __future__ import annotations

from typing import Any

import pytest

from core.flows.foreign.counting import counters, reached, reaching, way_out
from tests.support.foreign_documents import bot, imported, says, walked


def counting(when: dict[str, Any], change: str = "{{n}} + 1", first: str = "0") -> dict[str, Any]:
    """A bot that says something, counts, and may say it again."""
    begin = {"variableId": "v-n", "expressionToEvaluate": first}
    again = {"variableId": "v-n", "expressionToEvaluate": change}
    item = {"id": "i", "content": {"comparisons": [{"variableId": "v-n", **when}]}}
    return bot(
        {
            "begin": [{"id": "b", "type": "Set variable", "options": begin}],
            "loop": [
                says("t", "round {{n}}"),
                {"id": "s", "type": "Set variable", "options": again},
                {"id": "c", "type": "Condition", "items": [item]},
                says("d", "done"),
            ],
        },
        [("b", "loop"), ("c/i", "loop")],
        ["n"],
    )


@pytest.mark.parametrize("limit", [2, 5, 9])
def test_a_loop_that_counts_needs_no_guard(limit: int) -> None:
    found = imported(counting({"comparisonOperator": "Less than", "value": str(limit)}))
    steps = walked(found)
    assert steps.count("loop_text") == limit
    assert steps[-1] == "loop_text_2"
    assert not any(one["id"].startswith("again") for one in found.document["steps"])


@pytest.mark.parametrize(
    ("operator", "change"), [("Greater than", "{{n}} + 1"), ("Less than", "{{n}} - 1")]
)
def test_a_loop_that_counts_away_from_its_end_is_left(operator: str, change: str) -> None:
    value = "-1" if operator == "Greater than" else "5"
    found = imported(counting({"comparisonOperator": operator, "value": value}, change))
    steps = walked(found)
    assert steps[-1] == "loop_text_2"
    assert "again_loop_text" in steps


def condition(when: str, to: str | None, otherwise: str | None) -> dict[str, Any]:
    row = {"when": when, **({"next": to} if to else {})}
    return {
        "type": "condition",
        "config": {"branches": [row], **({"else": otherwise} if otherwise else {})},
    }


def test_a_counter_that_a_loop_can_pass_by_is_none() -> None:
    steps = {
        "say": {"type": "send_web", "config": {}, "next": "count"},
        "count": {"type": "set", "config": {"values": {"n": "n + 1"}}, "next": "check"},
        "check": condition("n < 3", "say", "out"),
        "out": {"type": "end", "config": {}},
    }
    assert counters(steps, "say", {"n": 0}) == {"count"}
    steps["count"]["next"] = "maybe"
    steps["maybe"] = condition("other == 1", "say", "check")
    assert counters(steps, "say", {"n": 0}) == set()


def test_a_counter_that_something_else_sets_back_is_none() -> None:
    steps = {
        "say": {"type": "set", "config": {"values": {"n": 0}}, "next": "count"},
        "count": {"type": "set", "config": {"values": {"n": "n + 1"}}, "next": "check"},
        "check": condition("n < 3", "say", None),
    }
    assert counters(steps, "say", {"n": 0}) == set()


def test_a_loop_that_leaves_at_a_number_needs_one_to_begin_with() -> None:
    steps = {
        "count": {"type": "set", "config": {"values": {"n": "n + 1"}}, "next": "check"},
        "check": condition("n >= 3", None, "count"),
    }
    assert counters(steps, "count", {"n": 0}) == {"count"}
    assert counters(steps, "count", {}) == set()


def test_what_leads_where() -> None:
    steps = {
        "a": {"type": "end", "config": {}, "next": "b"},
        "b": condition("x", "a", "c"),
        "c": {"type": "end", "config": {}},
    }
    assert reached(steps, ["b"], but="c") == {"a", "b"}
    assert reaching(steps, "b") == {"a", "b"}
    assert way_out(steps, ["a", "b"]) == "c"
    assert way_out(steps, ["c"]) is None
