"""What two documents differ by."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.flows import differences
from core.flows.differences import StepDifference
from tests.conftest import TWO_STEPS
from tests.support.flow_edits import documents, edited


def other() -> dict[str, Any]:
    return copy.deepcopy(TWO_STEPS)


def step(found: Any, id: str) -> StepDifference:
    return next(one for one in found.steps if one.id == id)


def test_a_step_is_added_removed_changed_moved_or_the_same() -> None:
    old, new = other(), other()
    old["canvas"] = {"positions": {"wait": [0, 0], "book": [1, 1]}}
    new["canvas"] = {"positions": {"wait": [0, 9], "book": [1, 1]}}
    new["steps"][0]["config"]["body"] = "Another"
    new["steps"] = [one for one in new["steps"] if one["id"] != "sort"]
    new["steps"].append({"id": "new", "type": "end"})
    found = differences(old, new)
    assert {one.id: one.change for one in found.steps} == {
        "hello": "changed",
        "wait": "moved",
        "book": "same",
        "done": "same",
        "new": "added",
        "sort": "removed",
    }
    assert [(one.path, one.b) for one in step(found, "hello").fields] == [
        ("config.body", "Another")
    ]
    assert found.more == []
    assert "“hello” says something else." in found.words and "“new” was added." in found.words


def test_every_way_is_compared() -> None:
    new = other()
    new["steps"][1]["on_timeout"] = "book"
    new["steps"][2]["config"]["branches"].append({"when": "true", "next": "book"})
    del new["steps"][2]["config"]["else"]
    ways = {
        (one.step, one.way): (one.change, one.a_to, one.b_to)
        for one in differences(TWO_STEPS, new).ways
    }
    assert ways["wait", "on_timeout"] == ("changed", "done", "book")
    assert ways["sort", "branch:0"] == ("same", "book", "book")
    assert ways["sort", "branch:1"] == ("added", None, "book")
    assert ways["sort", "else"] == ("removed", "done", None)


def test_the_rest_and_the_first_step_count() -> None:
    new = other()
    new["variables"] = {"price": 1}
    new["steps"].insert(0, {"id": "first", "type": "end"})
    more = {one.path: (one.a, one.b) for one in differences(TWO_STEPS, new).more}
    assert more == {"variables": (None, {"price": 1}), "start": ("hello", "first")}


def test_half_drawn_flows_are_compared() -> None:
    steps: list[Any] = [{"id": "a"}, {"id": "a", "next": 3}, 7, {"config": []}]
    found = differences({"steps": steps}, {"steps": None, "canvas": 3})
    assert [one.change for one in found.steps] == ["removed"] * 4


@settings(deadline=None)
@given(documents(), st.data())
def test_nothing_differs_from_itself_and_what_differs_is_told(
    document: dict[str, Any], data: st.DataObject
) -> None:
    same = differences(document, copy.deepcopy(document))
    assert not same.more and not same.words
    assert {one.change for one in same.steps} == {"same"}
    changed = data.draw(edited(document))
    there = differences(document, changed)
    back = differences(changed, document)
    opposite = {"added": "removed", "removed": "added"}
    assert {one.id: one.change for one in back.steps} == {
        one.id: opposite.get(one.change, one.change) for one in there.steps
    }
