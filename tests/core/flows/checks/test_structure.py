"""The structure family: what it finds agrees with brute force, and what it mends stays mended."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.flows import (
    CHECKS,
    CompiledFlow,
    ValidationConfig,
    compile_flow,
    repair,
    validate_document,
)
from tests.support.flow_documents import flow_documents

STRUCTURE = [check.id for check in CHECKS if check.family == "structure"]
ONLY = ValidationConfig(checks={one.id: "off" for one in CHECKS if one.id not in STRUCTURE})
"""A configuration in which only this family looks."""


def tag(name: str, to: str | None = None, **more: Any) -> dict[str, Any]:
    step = {"id": name, "type": "tag", "config": {"add": ["x"]}, **more}
    return step if to is None else {**step, "next": to}


def found(*steps: Any, **top: Any) -> list[tuple[str, str | None]]:
    document = {"name": "A flow", "steps": list(steps), **top}
    return [(one.type, one.step_id) for one in validate_document(document, ONLY).findings]


# Orphans, loops, ends


def test_orphans_are_named_in_the_order_of_the_document() -> None:
    steps = (tag("a", "end"), tag("lost", "lost2"), tag("lost2", "end"), tag("end"))
    assert found(*steps) == [("orphan_step", "lost"), ("orphan_step", "lost2")]
    assert found(*steps, start="lost") == [("orphan_step", "a")]


def test_a_step_that_cannot_be_read_still_leads_on() -> None:
    broken = {"id": "a", "type": "condition", "config": {"branches": [{"next": "end"}]}}
    assert found(broken, tag("end")) == [("bad_config", "a")]
    assert found(tag("a", "b", type="pigeon"), tag("b"), tag("lost")) == [
        ("unknown_type", "a"),
        ("orphan_step", "lost"),
    ]
    assert found({"id": "a", "next": "b"}, tag("b")) == [("bad_config", "a")]


def test_where_the_start_is_not_known_nothing_is_called_an_orphan() -> None:
    assert found(tag("a", "b"), tag("b"), start="gone") == [("missing_step", None)]
    assert found(tag("a", "b"), tag("b"), start=5) == [("bad_config", None)]
    assert found({"type": "tag", "next": "b"}, tag("a"), tag("b")) == [("bad_config", None)]


def test_a_cycle_that_nothing_leaves() -> None:
    loop = (tag("a", "b"), tag("b", "a"))
    assert found(*loop) == [("infinite_loop", "a")]
    assert found(tag("in", "a"), *loop) == [("no_exit", "in"), ("infinite_loop", "a")]
    assert found(tag("a", "a")) == [("infinite_loop", "a")]


def test_a_cycle_that_only_leads_to_another_is_no_exit() -> None:
    split = {
        "id": "b",
        "type": "split",
        "config": {"arms": [{"name": "x", "next": "a"}, {"name": "y", "next": "c"}]},
    }
    assert found(tag("a", "b"), split, tag("c", "c")) == [
        ("no_exit", "a"),
        ("no_exit", "b"),
        ("infinite_loop", "c"),
    ]


def test_two_loops_are_two_findings() -> None:
    branches = [{"when": "contact.visits > 2", "next": "a"}]
    fork = {"id": "f", "type": "condition", "config": {"branches": branches, "else": "b"}}
    steps = (fork, tag("a", "a"), tag("b", "b"))
    assert found(*steps) == [("no_exit", "f"), ("infinite_loop", "a"), ("infinite_loop", "b")]


def test_a_missing_way_is_a_way_out() -> None:
    wait = {"id": "w", "type": "wait_for_reply", "config": {"timeout": "1d"}, "on_reply": "w"}
    assert found(wait) == []
    assert found({**wait, "on_timeout": "w"}) == [("infinite_loop", "w")]
    assert found(tag("a"), tag("b", "b")) == [("orphan_step", "b")]
    assert found(tag("a", "gone")) == [("missing_step", "a")]


def test_a_goal_inside_a_loop_does_not_end_it() -> None:
    goal = {"id": "g", "type": "goal", "config": {"name": "booked"}, "next": "a"}
    assert found(tag("a", "g"), goal) == [("infinite_loop", "a")]
    assert found(tag("a", "g"), {**goal, "next": "end"}, tag("end")) == []


def test_a_step_that_cannot_be_read_may_be_the_way_out() -> None:
    unknown = {"id": "b", "type": "pigeon", "next": "a"}
    assert found(tag("a", "b"), unknown) == [("unknown_type", "b")]
    assert found(tag("a", "a"), {"id": "a", "type": "end"}) == [("duplicate_id", "a")]


def test_a_loop_is_one_even_where_a_value_in_it_cannot_be_read() -> None:
    pause = {"id": "b", "type": "delay", "config": {"duration": "soon"}, "next": "a"}
    assert found(tag("a", "b"), pause) == [("infinite_loop", "a"), ("bad_config", "b")]
    assert found(tag("a", "b"), {**pause, "next": None}) == [("bad_config", "b")]
    wait = {"id": "b", "type": "wait_for_reply", "on_reply": "a"}
    assert found(tag("a", "b"), wait) == [("bad_config", "b")]
    split = {"id": "b", "type": "split", "config": {"arms": [{"next": "a"}]}}
    assert found(tag("a", "b"), split) == [("bad_config", "b")]


def test_a_long_loop_is_told_shortly_and_at_once() -> None:
    steps = [tag(f"s{number}", f"s{number + 1}") for number in range(4_999)]
    document = {"steps": [*steps, tag("s4999", "s0")]}
    started = perf_counter()
    (one,) = validate_document(document, ONLY).findings
    assert perf_counter() - started < 5
    assert (one.type, one.step_id) == ("infinite_loop", "s0")
    assert one.message.endswith("→ s5 → …: it never ends")


# Brute force


def reaches(flow: CompiledFlow, start: str) -> set[str | None]:
    """Where one can be after any number of steps, ``None`` for an end: found by trying."""
    here: set[str | None] = {start}
    for _ in range(len(flow.steps) + 1):
        for name in list(here):
            step = flow.steps.get(name or "")
            if step is not None:
                here |= {way.to for way in step.ways} or {None}
    return here


@given(flow_documents())
def test_orphans_and_endless_steps_agree_with_brute_force(document: dict[str, Any]) -> None:
    flow = compile_flow(document)
    after = {name: reaches(flow, name) for name in flow.steps}
    met = after[flow.start]
    stuck = {name for name in flow.steps if name in met and None not in after[name]}

    def closed(name: str) -> frozenset[str | None]:
        """The cycle that a step is in, where nothing leads out of it; else nothing."""
        cycle = {to for way in flow.steps[name].ways for to in after[way.to or ""]}
        return frozenset(cycle) if all(name in after[to or ""] for to in cycle) else frozenset()

    loops = {closed(name) for name in stuck} - {frozenset()}
    looping = {name for loop in loops for name in loop}
    order = list(flow.steps)
    wanted = [("orphan_step", name) for name in order if name not in met]
    wanted += [("infinite_loop", min(loop, key=order.index)) for loop in loops]  # type: ignore[arg-type]
    wanted += [("no_exit", name) for name in stuck - looping]
    assert sorted(found(*document["steps"], start=document["start"])) == sorted(wanted)


# Mending


def mended(document: dict[str, Any]) -> dict[str, Any]:
    """The document after its first finding was mended."""
    first = validate_document(document, ONLY).findings[0]
    after = repair(document, first, ONLY)
    assert after is not None
    assert first not in validate_document(after, ONLY).findings
    return after


def test_an_orphan_is_taken_out_with_the_ways_to_it() -> None:
    branches = [{"when": "contact.visits > 1", "next": "lost2"}]
    steps = [
        tag("a", "end"),
        {"id": "lost", "type": "condition", "config": {"branches": branches, "else": "lost2"}},
        tag("lost2", "lost"),
        tag("end"),
    ]
    once = mended({"name": "A flow", "steps": steps})
    assert once["steps"] == [steps[0], tag("lost2"), steps[3]]
    assert mended(once)["steps"] == [steps[0], steps[3]]
    assert steps[1]["config"]["branches"] is branches and branches[0]["next"] == "lost2"


@pytest.mark.parametrize(
    ("step", "place"),
    [
        (tag("a", "finsh"), ("next",)),
        (
            {
                "id": "a",
                "type": "condition",
                "config": {"branches": [{"when": "contact.visits > 1", "next": "finsh"}]},
            },
            ("config", "branches", 0, "next"),
        ),
        (
            {"id": "a", "type": "split", "config": {"arms": [{"name": "x", "next": "finsh"}]}},
            ("config", "arms", 0, "next"),
        ),
        (
            {
                "id": "a",
                "type": "condition",
                "config": {"branches": [{"when": "contact.visits > 1"}], "else": "finsh"},
            },
            ("config", "else"),
        ),
        (
            {
                "id": "a",
                "type": "wait_for_reply",
                "config": {"timeout": "1d"},
                "on_timeout": "finsh",
            },
            ("on_timeout",),
        ),
    ],
)
def test_a_misspelled_way_leads_to_the_nearest_step(
    step: dict[str, Any], place: tuple[str | int, ...]
) -> None:
    start = {
        "id": "s",
        "type": "split",
        "config": {"arms": [{"name": "x", "next": "a"}, {"name": "y", "next": "finish"}]},
    }
    value: Any = mended({"steps": [start, step, tag("finish")]})["steps"][1]
    for part in place:
        value = value[part]
    assert value == "finish"


def test_an_orphan_stays_while_some_way_may_have_been_meant_for_it() -> None:
    document = {"steps": [tag("a", "finsh"), tag("finish")]}
    way, orphan = validate_document(document, ONLY).findings
    assert (orphan.type, orphan.step_id) == ("orphan_step", "finish")
    assert repair(document, orphan, ONLY) is None
    after = repair(document, way, ONLY)
    assert after is not None and validate_document(after, ONLY).findings == []


def test_a_misspelled_start_is_mended() -> None:
    assert mended({"steps": [tag("hello")], "start": "helo"})["start"] == "hello"


def test_a_way_to_nothing_known_is_left_to_a_person() -> None:
    document = {"steps": [tag("a", "somewhere_else")]}
    (finding,) = validate_document(document, ONLY).findings
    assert repair(document, finding, ONLY) is None
    assert not validate_document(document, ONLY).can_mend(finding)


def test_the_later_of_two_equal_ids_is_renamed() -> None:
    document = {"steps": [tag("a", "a_2"), tag("a"), tag("a_2"), tag("a", "a_2")]}
    once = mended(document)
    assert [step["id"] for step in once["steps"]] == ["a", "a_3", "a_2", "a"]
    assert [step["id"] for step in mended(once)["steps"]] == ["a", "a_3", "a_2", "a_4"]


def test_a_misspelled_type_is_corrected_where_its_configuration_fits() -> None:
    step = {"id": "a", "type": "send_sm", "config": {"body": "Hi. Reply STOP to opt out."}}
    assert mended({"steps": [step]})["steps"][0]["type"] == "send_sms"
    for unfit in ({**step, "config": {}}, {**step, "type": "send_pigeon"}):
        (finding,) = validate_document({"steps": [unfit]}, ONLY).findings
        assert finding.type == "unknown_type"
        assert repair({"steps": [unfit]}, finding, ONLY) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (tag("a", config={"ad": ["x"]}), tag("a", config={"add": ["x"]})),
        (
            {"id": "a", "type": "wait_for_reply", "timeout": "2d"},
            {"id": "a", "type": "wait_for_reply", "config": {"timeout": "2d"}},
        ),
        (
            {"id": "a", "type": "split", "config": {"arms": [{"name": "x", "wieght": 2}]}},
            {"id": "a", "type": "split", "config": {"arms": [{"name": "x", "weight": 2}]}},
        ),
    ],
)
def test_a_misspelled_or_misplaced_key_is_mended(before: Any, after: Any) -> None:
    assert mended({"steps": [before]}) == {"steps": [after]}


def test_a_key_of_the_flow_is_mended_and_none_is_lost() -> None:
    assert mended({"steps": [tag("a")], "timezon": "UTC"})["timezone"] == "UTC"
    both = {"steps": [tag("a", config={"ad": ["x"], "add": ["y"]})]}
    (finding,) = validate_document(both, ONLY).findings
    assert repair(both, finding, ONLY) is None


def test_a_finding_that_is_gone_is_not_mended() -> None:
    document = {"steps": [tag("a", "end"), tag("lost"), tag("end")]}
    (finding,) = validate_document(document, ONLY).findings
    assert repair({"steps": [tag("a")]}, finding, ONLY) is None


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A flow in which ids were doubled and ways misspelled."""
    document = draw(flow_documents(max_steps=6))
    steps = document["steps"]
    for step in steps:
        if draw(st.integers(0, 3)) == 0:
            step["next"] = draw(st.sampled_from(["s", "s00", "nowhere_at_all"]))
        if draw(st.integers(0, 4)) == 0:
            step["id"] = draw(st.sampled_from([one["id"] for one in steps]))
    return document


@settings(deadline=None)
@given(damaged())
def test_mending_never_brings_an_error_and_comes_to_an_end(document: dict[str, Any]) -> None:
    for _ in range(40):
        findings = validate_document(document, ONLY).findings
        changes = (repair(document, one, ONLY) for one in findings)
        change = next((one for one in changes if one is not None), None)
        if change is None:
            return
        errors = sum(one.severity == "error" for one in findings)
        after = validate_document(change, ONLY).findings
        assert sum(one.severity == "error" for one in after) <= errors
        document = change
    raise AssertionError("it is never mended")


# What is offered


@pytest.mark.parametrize(
    ("type", "fix"),
    [
        ("send_pigeon", "Choose one of the step types: "),
        ("send_emial", "Did you mean send_email?"),
        ("email", "Did you mean send_email?"),
        ("conditon", "Did you mean condition?"),
    ],
)
def test_a_type_is_offered_for_more_than_that_it_sends(type: str, fix: str) -> None:
    document = {"name": "A flow", "steps": [tag("a", "end", type=type), tag("end")]}
    (finding,) = validate_document(document, ONLY).findings
    assert str(finding.fix).startswith(fix)


def test_a_step_is_not_offered_itself() -> None:
    document = {"name": "A flow", "steps": [tag("s", "s2"), tag("t", "s2")]}
    fixes = [one.fix for one in validate_document(document).findings if one.type == "missing_step"]
    assert fixes == ["Add that step, or choose one that exists.", "Did you mean s?"]
