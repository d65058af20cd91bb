"""Two people change one flow."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.flows import merge
from core.flows.writing import same
from tests.conftest import TWO_STEPS
from tests.support.flow_edits import documents, edited


def other() -> dict[str, Any]:
    return copy.deepcopy(TWO_STEPS)


def test_both_changes_are_taken() -> None:
    mine, theirs = other(), other()
    mine["steps"][0]["config"]["body"] = "Mine"
    mine["variables"] = {"a": 1}
    theirs["steps"][0]["config"]["subject"] = "Theirs"
    theirs["steps"].insert(1, {"id": "new", "type": "end"})
    theirs["variables"] = {"b": 2}
    found = merge(TWO_STEPS, mine, theirs)
    assert found.conflicts == []
    assert found.document["steps"][0]["config"] == {"subject": "Theirs", "body": "Mine"}
    assert [one["id"] for one in found.document["steps"]][:3] == ["hello", "new", "wait"]
    assert found.document["variables"] == {"a": 1, "b": 2}


def test_the_same_value_changed_twice_is_a_conflict_and_mine_is_taken() -> None:
    mine, theirs = other(), other()
    mine["steps"][0]["next"], theirs["steps"][0]["next"] = "sort", "done"
    found = merge(TWO_STEPS, mine, theirs)
    assert [one.model_dump() for one in found.conflicts] == [
        {"path": "next", "step_id": "hello", "mine": "sort", "theirs": "done"}
    ]
    assert found.document["steps"][0]["next"] == "sort"


def test_a_step_that_one_took_away_and_the_other_edited_stays_and_is_told() -> None:
    edited_one, without = other(), other()
    edited_one["steps"][3]["config"]["name"] = "sold"
    del without["steps"][3]
    for mine, theirs in ((edited_one, without), (without, edited_one)):
        found = merge(TWO_STEPS, mine, theirs)
        assert [(one.path, one.step_id) for one in found.conflicts] == [("", "book")]
        assert edited_one["steps"][3] in found.document["steps"]


def test_a_step_that_one_took_away_is_gone() -> None:
    mine, theirs = other(), other()
    del mine["steps"][3]
    theirs["steps"][0]["config"]["body"] = "Theirs"
    found = merge(TWO_STEPS, mine, theirs)
    assert not found.conflicts
    assert [one["id"] for one in found.document["steps"]] == ["hello", "wait", "sort", "done"]


def test_who_moved_steps_decides_their_order() -> None:
    mine, theirs = other(), other()
    theirs["steps"].reverse()
    mine["steps"].append({"id": "last", "type": "end"})
    found = merge(TWO_STEPS, mine, theirs)
    order = [one["id"] for one in found.document["steps"]]
    assert order == ["done", "last", "book", "sort", "wait", "hello"]


LAWS = settings(max_examples=120, deadline=None)


@LAWS
@given(documents(), st.data())
def test_one_side_alone_is_taken_as_it_is(base: dict[str, Any], data: st.DataObject) -> None:
    changed = data.draw(edited(base))
    assert merge(base, changed, base) == (changed, [])
    assert merge(base, base, changed) == (changed, [])
    assert merge(base, changed, copy.deepcopy(changed)) == (changed, [])


@LAWS
@given(documents(), st.data())
def test_no_step_is_lost_that_somebody_wrote(base: dict[str, Any], data: st.DataObject) -> None:
    mine, theirs = data.draw(edited(base)), data.draw(edited(base))
    found = merge(base, mine, theirs)
    ids = {one.get("id") for one in found.document["steps"]}
    for side, across in ((mine, theirs), (theirs, mine)):
        across_ids = {one.get("id") for one in across["steps"]}
        for step in side["steps"]:
            untouched = any(same(step, one) for one in base["steps"])
            if step.get("id") in across_ids or not untouched:
                assert step.get("id") in ids


@LAWS
@given(documents(), st.data())
def test_where_nothing_is_in_conflict_the_sides_may_be_swapped(
    base: dict[str, Any], data: st.DataObject
) -> None:
    mine, theirs = data.draw(edited(base)), data.draw(edited(base))
    one, two = merge(base, mine, theirs), merge(base, theirs, mine)
    assert len(one.conflicts) == len(two.conflicts)
