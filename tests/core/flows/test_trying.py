"""Conditions tried on samples."""

from __future__ import annotations

import time

from core.flows import Sample, try_conditions

ANN = Sample("Ann", {"contact": {"age": 30, "tags": ["vip"]}, "reply": {"sentiment": "negative"}})
BEN = Sample("Ben", {"contact": {"age": 12, "tags": []}, "price": 7})
DOCUMENT = {"name": "Spring", "variables": {"price": 49, "contact": "mine"}, "steps": []}


def test_each_condition_on_each_sample() -> None:
    tried = try_conditions(["contact.age >= 18", '"vip" in contact.tags'], [ANN, BEN])
    assert [[row.holds for row in one.results] for one in tried] == [[True, False]] * 2
    assert [row.name for row in tried[0].results] == ["Ann", "Ben"]


def test_what_cannot_be_worked_out_is_said_and_does_not_hold() -> None:
    (tried,) = try_conditions(['reply.sentiment == "negative"'], [ANN, BEN])
    assert [row.holds for row in tried.results] == [True, False]
    assert tried.results[0].error is None and "reply" in (tried.results[1].error or "")


def test_the_value_is_given_where_it_is_no_yes_or_no() -> None:
    (tried,) = try_conditions(["contact.age * 2"], [ANN])
    assert (tried.results[0].value, tried.results[0].holds) == (60, False)
    assert tried.results[0].error == "it gives no yes or no"


def test_a_condition_that_cannot_be_read_names_its_place() -> None:
    tried = try_conditions(["contact.age >", "true"], [ANN])
    assert tried[0].error is not None and tried[0].error.place == "line 1, column 14"
    assert tried[0].results == [] and tried[1].results[0].holds


def test_the_flow_gives_what_the_sample_does_not() -> None:
    (tried,) = try_conditions(["price > 10"], [ANN, BEN], DOCUMENT)
    assert [row.holds for row in tried.results] == [True, False]
    (named,) = try_conditions(['flow.name == "Spring" && contact.age == 30'], [ANN], DOCUMENT)
    assert named.results[0].holds
    assert try_conditions(["true"], [Sample("x", {})], {"variables": 3, "links": 4})[0].results


def test_no_reply_is_no_reply() -> None:
    (tried,) = try_conditions(['reply.text == "x"'], [Sample("x", {"reply": None})])
    assert tried.results[0].error == "“reply” has no value"


def test_a_thousand_are_tried_soon() -> None:
    samples = [Sample(str(n), {"contact": {"age": n, "tags": ["vip"]}}) for n in range(100)]
    conditions = [f'contact.age > {n} && "vip" in contact.tags' for n in range(10)]
    started = time.perf_counter()
    tried = try_conditions(conditions, samples)
    assert sum(len(one.results) for one in tried) == 1_000
    assert time.perf_counter() - started < 1
