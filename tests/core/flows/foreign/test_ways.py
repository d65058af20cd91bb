"""Which way leads where: ports, versions, what runs side by side, cycles by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.flows.foreign.n8n.nodes import read_nodes
from core.flows.foreign.n8n.sequence import Place, in_order
from tests.support.foreign_documents import bot, imported, node, row, says, step, walked, workflow

GO = node("Go", "manualTrigger")


def says_(name: str) -> dict[str, Any]:
    return node(name, "slack", {"text": f"says {name}"})


def rule(left: str, operation: str, right: Any, type: str = "string") -> dict[str, Any]:
    operator = {"type": type, "operation": operation}
    return {"leftValue": left, "operator": operator, "rightValue": right}


STRANGE = rule("={{ $json.when }}", "after", "={{ $now.minus({ days: 1 }) }}", "dateTime")


@pytest.mark.parametrize(("combinator", "sign"), [("and", "&&"), ("or", "||")])
def test_only_what_cel_cannot_say_becomes_a_variable(combinator: str, sign: str) -> None:
    rows = [rule("={{ $json.plan }}", "equals", "pro"), STRANGE]
    rows += [rule("={{ $json.n }}", "gt", 5, "number"), STRANGE]
    given = {"conditions": {"combinator": combinator, "conditions": rows}}
    found = imported(workflow([GO, node("Check", "if", given, 2)], "Go > Check"))
    whens = ['plan == "pro"', "check_holds == true", "n > 5", "check_holds_part2 == true"]
    assert step(found, "check")["config"]["branches"][0]["when"] == f" {sign} ".join(whens)
    assert found.document["variables"]["check_holds_part2"] is False
    assert sum("cannot be said" in one for one in row(found, "Check")["lost"]) == 2


def test_a_typebot_condition_keeps_what_can_be_said() -> None:
    rows = [
        {"variableId": "v-n", "comparisonOperator": "Greater than", "value": "5"},
        {"variableId": "gone", "comparisonOperator": "Equal to", "value": "x"},
    ]
    item = {"id": "i", "content": {"logicalOperator": "OR", "comparisons": rows}}
    blocks = [{"id": "c", "type": "Condition", "items": [item]}, says("t", "hi")]
    found = imported(bot({"one": blocks}, variables=["n"]))
    assert step(found, "one_if")["config"]["branches"][0]["when"] == (
        "double(n) > 5.0 || one_holds == true"
    )


def shared() -> dict[str, Any]:
    """A fan-out whose last node another way leads to as well, and a merge that waits for more."""
    rules = {
        "values": [
            {"conditions": {"conditions": [rule("={{ $json.k }}", "equals", one)]}} for one in "ab"
        ]
    }
    given = {"rules": rules, "options": {"fallbackOutput": "extra"}}
    kinds = [says_(name) for name in ("Fan", "S1", "S3", "Other", "After")]
    return workflow(
        [GO, node("Sw", "switch", given, 3), *kinds, node("Join", "merge", {}, 3)],
        "Go > Sw",
        ("Sw", 0, "Fan"),
        ("Sw", 1, "Other"),
        ("Sw", 2, "S3"),
        "Fan > S1 > Join > After",
        "Fan > S3",
        "Other > Join",
    )


@pytest.mark.parametrize(
    ("value", "steps"),
    [
        ("a", ["sw", "fan", "s1", "s3_2", "after"]),
        ("b", ["sw", "other", "after"]),
        ("c", ["sw", "s3"]),
    ],
)
def test_a_shared_node_leads_on_only_where_it_does(value: str, steps: list[str]) -> None:
    found = imported(shared())
    found.document["variables"]["k"] = value
    assert walked(found) == steps
    assert any("more than once" in one for one in row(found, "S3")["lost"])


def test_a_middle_branch_that_an_earlier_one_shares_is_copied() -> None:
    rules = {"values": [{"conditions": {"conditions": [rule("={{ $json.k }}", "equals", "a")]}}]}
    given = {"rules": rules, "options": {"fallbackOutput": "extra"}}
    document = workflow(
        [GO, node("Sw", "switch", given, 3), *map(says_, ("Fan", "One", "Two", "Three"))],
        "Go > Sw",
        ("Sw", 0, "Fan"),
        ("Sw", 1, "One"),
        "Fan > One > Two",
        "Fan > Two",
        "Fan > Three",
    )
    found = imported(document)
    found.document["variables"]["k"] = "a"
    through = [one.removesuffix("_2") for one in walked(found)]
    found.document["variables"]["k"] = "b"
    assert walked(found) == ["sw", "one", "two"]
    assert through == ["sw", "fan", "one", "two", "three"]


@pytest.mark.parametrize(("version", "loop", "done"), [(1, 0, 1), (2, 0, 1), (3, 1, 0)])
def test_the_ways_out_of_a_loop_by_its_version(version: int, loop: int, done: int) -> None:
    found = imported(
        workflow(
            [GO, node("Loop", "splitInBatches", {}, version), says_("Body"), says_("Done")],
            "Go > Loop",
            ("Loop", loop, "Body"),
            ("Loop", done, "Done"),
            "Body > Loop",
        )
    )
    said = [one for one in walked(found) if one in ("body", "done")]
    assert said == ["body", "done"]


@pytest.mark.parametrize(("age", "says"), [(20, "yes"), (10, "no")])
def test_if_leads_true_then_false(age: int, says: str) -> None:
    rows = [rule("={{ $json.age }}", "gte", 18, "number")]
    given = {"conditions": {"combinator": "and", "conditions": rows}}
    found = imported(
        workflow(
            [GO, node("Old", "if", given, 2.2), says_("Yes"), says_("No")],
            "Go > Old",
            ("Old", 0, "Yes"),
            ("Old", 1, "No"),
        )
    )
    found.document["variables"]["age"] = age
    assert walked(found) == ["old", says]


@pytest.mark.parametrize(("value", "says"), [(1, "one"), (2, "two"), (3, "rest")])
def test_a_switch_of_version_2_takes_its_rules_in_order(value: int, says: str) -> None:
    rules = [{"operation": "equal", "value2": one, "outputKey": f"o{one}"} for one in (1, 2)]
    given = {
        "dataType": "number",
        "value1": "={{ $json.n }}",
        "rules": {"rules": rules},
        "fallbackOutput": "extra",
    }
    found = imported(
        workflow(
            [GO, node("Sort", "switch", given, 2), says_("One"), says_("Two"), says_("Rest")],
            "Go > Sort",
            ("Sort", 0, "One"),
            ("Sort", 1, "Two"),
            ("Sort", 2, "Rest"),
        )
    )
    found.document["variables"]["n"] = value
    assert walked(found) == ["sort", says]


def test_a_way_out_for_errors_is_taken_or_said() -> None:
    rules = {"values": [{"conditions": {"conditions": [rule("={{ $json.k }}", "equals", "a")]}}]}
    call = node("Call", "httpRequest", {"url": "x"}, 4, onError="continueErrorOutput")
    switch = node("Sort", "switch", {"rules": rules}, 3, onError="continueErrorOutput")
    found = imported(
        workflow(
            [GO, call, switch, says_("Fine"), says_("Broken"), says_("Wrong")],
            "Go > Call > Sort > Fine",
            ("Call", 1, "Broken"),
            ("Sort", 1, "Wrong"),
        )
    )
    arms = step(found, "call_works")["config"]["arms"]
    assert [arm["next"] for arm in arms] == ["sort", "broken"]
    assert any("“Wrong”" in one for one in row(found, "Sort")["lost"])


def test_a_node_that_leads_to_itself_ends() -> None:
    found = imported(workflow([GO, says_("Again")], "Go > Again > Again"))
    assert walked(found).count("again") == 4
    assert any("left after 3 turns" in one for one in row(found, "Again")["lost"])


def test_a_guard_leaves_by_the_way_out_of_its_loop() -> None:
    rows = [rule("={{ $json.state }}", "equals", "ready")]
    given = {"conditions": {"combinator": "and", "conditions": rows}}
    found = imported(
        workflow(
            [GO, says_("Ask"), node("Ready", "if", given, 2), says_("Done")],
            "Go > Ask > Ready",
            ("Ready", 0, "Done"),
            ("Ready", 1, "Ask"),
        )
    )
    assert walked(found)[-1] == "done"


def test_a_second_node_of_one_name_is_said() -> None:
    found = imported(workflow([GO, says_("Twin"), {**says_("Twin"), "id": "two"}], "Go > Twin"))
    assert any("same name" in one for one in row(found, "two")["lost"])


def test_a_wait_for_a_form_asks_its_questions() -> None:
    fields = {"values": [{"fieldLabel": "City"}, {"fieldLabel": "Street"}]}
    given = {"resume": "form", "formTitle": "Where to", "formFields": fields}
    found = imported(
        workflow(
            [
                GO,
                node("Ask", "wait", given, 1.1),
                node("Say", "slack", {"text": "={{$json.City}}"}),
            ],
            "Go > Ask > Say",
        )
    )
    assert step(found, "ask")["config"]["title"] == "Where to"
    assert [one["text"] for one in step(found, "ask")["config"]["questions"]] == ["City", "Street"]
    assert step(found, "say")["config"]["body"] == "{{ City }}"


def test_the_heading_of_a_form_is_kept() -> None:
    found = imported(workflow([GO, node("Page", "form", {"formTitle": "Hello"})], "Go > Page"))
    assert step(found, "page")["config"]["title"] == "Hello"


def test_a_wait_until_a_moment_says_so() -> None:
    more = {"limitWaitTime": True, "limitType": "atSpecifiedTime", "maxDateAndTime": "2030-01-01"}
    wait = node("Hold", "wait", {"resume": "webhook", **more}, 1.1)
    found = imported(workflow([GO, wait, says_("Then")], "Go > Hold > Then"))
    assert any("2030-01-01" in one for one in row(found, "Hold")["lost"])


EDGES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 1), st.integers(1, 6)), min_size=4, max_size=14
)


def placed(edges: list[tuple[int, int, int]], merges: set[int]) -> list[Place]:
    """Seven places; the first is where everything begins."""
    nodes = {
        f"n{at}": node(f"n{at}", "merge" if at in merges else "slack", position=[0, at])
        for at in range(7)
    }
    read = read_nodes({"nodes": list(nodes.values())})
    places = [Place(read[name], [[], []]) for name in nodes]
    for start, port, end in edges:
        if places[end] not in places[start].outs[port]:
            places[start].outs[port].append(places[end])
    return places


@settings(max_examples=300, deadline=None)
@given(EDGES, st.sets(st.integers(1, 6), max_size=2), st.lists(st.integers(0, 1), max_size=12))
def test_who_comes_by_no_fork_walks_as_before(
    edges: list[tuple[int, int, int]], merges: set[int], choices: list[int]
) -> None:
    was, now = placed(edges, merges), placed(edges, merges)
    here, there = was[0], in_order(now, [now[0]]).entries[0]
    for port in choices:
        assert here.node.key == there.node.key
        if len(here.outs[port]) > 1:
            return
        assert len(there.outs[port]) == len(here.outs[port])
        if not here.outs[port]:
            return
        here, there = here.outs[port][0], there.outs[port][0]
