"""Breakpoints, what-if branches, one step again, and a branch as a test."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from core.debugger import Debugger
from core.domain.debugging import Breakpoint, ChangeDraft, DebugState, SessionDraft, Who
from core.domain.errors import BadInput, Conflict, InvalidFlow, NotFound
from core.domain.flow_tests import FlowTest, ScriptedReply
from core.flows import compile_flow, play_scripted
from core.settings import Settings
from core.workbench import Workbench, Workspace
from tests.conftest import TWO_STEPS

YES = ScriptedReply(text="Yes, I am in.", intent="interested", sentiment="positive", after="3h")
NO = ScriptedReply(text="No.", intent="not_interested", sentiment="negative", after="5h")
ROUTED: dict[str, Any] = {
    "name": "Routed",
    "variables": {"score": 1},
    "steps": [
        {"id": "hi", "type": "send_sms", "config": {"body": "Shall I book?"}, "next": "wait"},
        {
            "id": "wait",
            "type": "wait_for_reply",
            "config": {"timeout": "2d"},
            "on_reply": "sort",
            "on_timeout": "sort",
        },
        {
            "id": "sort",
            "type": "condition",
            "config": {
                "branches": [
                    {"when": 'reply.sentiment == "negative"', "next": "person"},
                    {"when": "contact.age > 60", "next": "old"},
                    {"when": "score > 5", "next": "book"},
                ],
                "else": "check",
            },
        },
        {"id": "old", "type": "goal", "config": {"name": "old"}},
        {"id": "book", "type": "goal", "config": {"name": "booked"}},
        {"id": "person", "type": "handoff", "config": {"to": "support"}},
        {
            "id": "check",
            "type": "assessment",
            "config": {
                "title": "Well",
                "body": "Well?",
                "channel": "sms",
                "questions": [{"id": "energy", "text": "Energy?", "kind": "scale"}],
            },
            "next": "done",
        },
        {"id": "done", "type": "end"},
    ],
}


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    bench = Workbench(Settings(home=tmp_path_factory.mktemp("home"), workers=0))
    yield bench.workspace()
    bench.close()


@pytest.fixture
def debugger(space: Workspace) -> Debugger:
    return space.debugger


def started(debugger: Debugger, *replies: ScriptedReply, **contact: Any) -> str:
    who = Who(contact={"age": 30, **contact}, replies=list(replies))
    return debugger.start(SessionDraft(document=ROUTED, who=who)).session.id


def steps(state: DebugState) -> list[str]:
    return [visit.step_id for visit in state.trail]


# Breakpoints


def test_it_stops_at_a_step_and_goes_on_from_there(debugger: Debugger) -> None:
    id = started(debugger, NO)
    debugger.set_breakpoints(id, [Breakpoint(kind="step", step_id="sort")])
    state = debugger.move(id, "resume")
    assert (state.step_id, state.stop, state.stopped_by) == ("sort", "breakpoint", "b1")
    assert state.inside is False
    assert debugger.move(id, "resume").status == "ended"


def test_it_stops_where_a_condition_comes_to_hold(debugger: Debugger) -> None:
    id = started(debugger, NO)
    when = Breakpoint(kind="condition", when='reply.sentiment == "negative"')
    debugger.set_breakpoints(id, [when])
    state = debugger.move(id, "resume")
    assert (state.step_id, state.stop) == ("sort", "breakpoint")
    assert debugger.move(id, "resume").stop == "end"


def test_a_condition_that_raises_does_not_hold(debugger: Debugger) -> None:
    id = started(debugger)
    debugger.set_breakpoints(id, [Breakpoint(kind="condition", when="reply.hours > nothing")])
    assert debugger.move(id, "resume").status == "ended"


def test_it_stops_at_findings_and_at_problems(debugger: Debugger) -> None:
    id = started(debugger)
    types = {one.type for one in debugger._live(id).findings if one.step_id == "sort"}
    debugger.set_breakpoints(id, [Breakpoint(kind="finding", type=type) for type in types])
    state = debugger.move(id, "resume")
    assert (state.step_id, state.stop) == ("sort", "breakpoint")
    debugger.set_breakpoints(id, [Breakpoint(id="wrong", kind="problem")])
    debugger.move(id, "start")
    state = debugger.move(id, "resume")
    assert (state.step_id, state.stopped_by) == ("sort", "wrong")
    after = debugger.move(id, "over")
    problem = after.problems[0]
    assert problem.step_id == "sort"
    assert problem.saw == {"reply.sentiment": "no value"}
    assert problem.fix
    assert after.trail[2].problem == problem.message


def test_a_breakpoint_that_cannot_be_used_is_refused_with_its_place(debugger: Debugger) -> None:
    id = started(debugger)
    with pytest.raises(BadInput) as refused:
        debugger.set_breakpoints(
            id,
            [
                Breakpoint(kind="step", step_id="sort"),
                Breakpoint(kind="condition", when="contact.age = 3"),
            ],
        )
    assert refused.value.place == "breakpoints[1].when"
    assert "column 13" in refused.value.message
    with pytest.raises(BadInput, match="no step") as refused:
        debugger.set_breakpoints(id, [Breakpoint(kind="step", step_id="nowhere")])
    assert refused.value.place == "breakpoints[0].step_id"
    with pytest.raises(ValueError, match="step_id"):
        Breakpoint(kind="step")


# What if


def test_a_changed_reply_makes_another_branch_and_keeps_the_first(debugger: Debugger) -> None:
    id = started(debugger, YES)
    first = debugger.move(id, "end")
    debugger.move(id, "start")
    wait = debugger.move(id, "over")
    what_if = debugger.change(id, ChangeDraft(kind="reply", reply=NO))
    assert (what_if.branch.parent, what_if.branch.forked_at) == ("original", wait.position)
    end = debugger.move(id, "end")
    assert steps(first)[-1] == "done"
    assert steps(end)[-1] == "person"
    assert debugger.choose(id, "original").branch.id == "original"
    assert debugger.move(id, "end").digest == first.digest
    differences = debugger.differences(id, "original", "what-if-1")
    assert differences.same_until >= wait.position
    assert "interested" in differences.first
    assert "“What if 1”" in differences.first
    assert steps(first)[-1] in [visit.step_id for visit in differences.a_trail]
    assert [visit.step_id for visit in differences.b_trail][-1] == "person"


@pytest.mark.parametrize("where", ["before it is sent", "in the wait", "after it was read"])
def test_a_reply_is_added_edited_and_removed(debugger: Debugger, where: str) -> None:
    moves = {"before it is sent": 0, "in the wait": 1, "after it was read": 3}[where]
    for replies in ((), (YES,)):
        id = started(debugger, *replies)
        for _ in range(moves if replies else min(moves, 1)):
            debugger.move(id, "step")
        debugger.change(id, ChangeDraft(kind="reply", reply=NO))
        state = debugger.move(id, "end")
        assert steps(state)[3] == "person"
        replied = next(one for one in state.events if one.kind == "replied")
        assert replied.body == "No."
        assert replied.payload["hours"] == 5.0
        kinds = [one.kind for one in state.events if one.step_id == "hi"]
        assert kinds.count("delivered") == kinds.count("read") == kinds.count("replied") == 1
        debugger.move(id, "step", state.branch.forked_at)
        debugger.change(id, ChangeDraft(kind="reply"))
        silent = debugger.move(id, "end")
        assert "replied" not in [one.kind for one in silent.events if one.step_id == "hi"]


def test_a_variable_a_field_and_a_way_are_changed(debugger: Debugger) -> None:
    id = started(debugger, YES)
    debugger.set_breakpoints(id, [Breakpoint(kind="step", step_id="sort")])
    debugger.move(id, "resume")
    state = debugger.change(id, ChangeDraft(kind="variable", name="score", value=9))
    assert state.variables["score"] == 9
    assert state.next is not None
    assert state.next.to == "book"
    same = debugger.change(id, ChangeDraft(kind="contact", name="age", value=70))
    assert same.branch.id == state.branch.id
    assert same.next is not None
    assert same.next.to == "old"
    assert steps(debugger.move(id, "end"))[-1] == "old"
    debugger.choose(id, "original")
    forced = debugger.change(id, ChangeDraft(kind="way", name="branch:0"))
    assert forced.branch.id == "what-if-2"
    assert forced.next is not None
    assert (forced.next.to, forced.next.why) == ("person", "You chose this way.")
    assert steps(debugger.move(id, "over"))[-1] == "person"


def test_a_change_after_going_on_is_another_branch(debugger: Debugger) -> None:
    id = started(debugger, YES)
    debugger.change(id, ChangeDraft(kind="variable", name="score", value=9))
    debugger.move(id, "step")
    debugger.move(id, "back")
    state = debugger.change(id, ChangeDraft(kind="variable", name="score", value=2))
    assert (state.branch.id, state.branch.parent) == ("what-if-2", "what-if-1")
    assert [one.value for one in state.branch.changes] == [9, 2]


def test_another_draw_is_another_sample(space: Workspace) -> None:
    debugger = space.debugger
    arms = [{"name": name, "weight": 1, "next": "end"} for name in "abcdefgh"]
    document = {
        "name": "Toss",
        "steps": [
            {"id": "toss", "type": "split", "config": {"arms": arms}},
            {"id": "end", "type": "end"},
        ],
    }
    id = debugger.start(SessionDraft(document=document, who=Who(contact={}))).session.id
    ways = set()
    for draw in range(1, 12):
        debugger.choose(id, "original")
        ways.add(debugger.change(id, ChangeDraft(kind="draw", value=draw)).next.way)  # type: ignore[union-attr]
    assert len(ways) > 2


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (ChangeDraft(kind="variable", name="contact", value=1), "name"),
        (ChangeDraft(kind="variable", name="a b", value=1), "name"),
        (ChangeDraft(kind="contact", name="id", value="x"), "name"),
        (ChangeDraft(kind="contact", name="tags", value=1), "value"),
        (ChangeDraft(kind="contact", name="email", value=1), "value"),
        (ChangeDraft(kind="contact", name="timezone", value="Nowhere"), "value"),
        (ChangeDraft(kind="way", name="branch:7"), "name"),
        (ChangeDraft(kind="draw", value="x"), "value"),
        (ChangeDraft(kind="reply", name="nowhere"), "name"),
    ],
)
def test_what_cannot_be_changed_is_refused_and_nothing_is_kept(
    debugger: Debugger, change: ChangeDraft, place: str
) -> None:
    id = started(debugger, YES)
    before = debugger.state(id)
    with pytest.raises(BadInput) as refused:
        debugger.change(id, change)
    assert refused.value.place == place
    after = debugger.state(id)
    assert (after.digest, after.session.branches) == (before.digest, before.session.branches)


# One step again, and tests


def test_one_step_again_does_the_same_unless_it_is_another_one(debugger: Debugger) -> None:
    id = started(debugger, NO)
    debugger.set_breakpoints(id, [Breakpoint(kind="step", step_id="sort")])
    debugger.move(id, "resume")
    again = debugger.step_again(id)
    assert again.same
    assert (again.way, again.to) == ("branch:0", "person")
    newer = {
        **ROUTED,
        "steps": [
            {**step, "config": {"branches": [{"when": "true", "next": "old"}]}}
            if step["id"] == "sort"
            else step
            for step in ROUTED["steps"]
        ],
    }
    other = debugger.step_again(id, newer)
    assert not other.same
    assert (other.way, other.to) == ("branch:0", "old")
    assert other.recorded == again.recorded
    with pytest.raises(BadInput, match="no step"):
        debugger.step_again(id, TWO_STEPS | {"steps": [{"id": "x", "type": "end"}]})
    with pytest.raises(InvalidFlow):
        debugger.step_again(id, {"steps": [{"id": "x", "type": "nothing"}]})


async def reaches(test: FlowTest, document: dict[str, Any]) -> set[str]:
    flow = compile_flow(document)
    rows = await play_scripted(flow, test.contact or {}, test.replies or [], test.seed or 7)
    return {row[4] or "" for row in rows if row[3] == "stepped"}


@pytest.mark.parametrize("reply", [YES, NO, None])
def test_a_branch_becomes_a_test_that_passes(space: Workspace, reply: ScriptedReply | None) -> None:
    debugger = space.debugger
    draft = SessionDraft(document=ROUTED, who=Who(persona="Eager Eddie", copy_number=3))
    id = debugger.start(draft).session.id
    debugger.move(id, "over")
    debugger.change(id, ChangeDraft(kind="reply", reply=reply))
    debugger.change(id, ChangeDraft(kind="contact", name="age", value=61))
    end = debugger.move(id, "end")
    test = debugger.to_test(id, "Mine")
    assert test.name == "Mine"
    assert steps(end)[-1] in test.expect.reaches
    found = asyncio.run(reaches(test, ROUTED))
    assert set(test.expect.reaches) <= found
    kept = {**ROUTED, "tests": [test.model_dump(mode="json", exclude_none=True)]}
    flow = space.flows.create({**kept, "name": f"Tested by {reply}"})
    (row,) = space.flow_tests.try_flow(flow.id).results
    assert row.status == "passed"


def test_what_a_test_cannot_say_is_said(debugger: Debugger) -> None:
    id = started(debugger)
    debugger.set_breakpoints(id, [Breakpoint(kind="step", step_id="sort")])
    debugger.move(id, "resume")
    debugger.change(id, ChangeDraft(kind="way", name="branch:2"))
    debugger.move(id, "end")
    with pytest.raises(Conflict, match="by hand"):
        debugger.to_test(id)


# Sessions


def test_who_and_what_must_be_there(debugger: Debugger) -> None:
    with pytest.raises(NotFound):
        debugger.state("d-none")
    with pytest.raises(NotFound):
        debugger.start(SessionDraft(document=ROUTED, who=Who(persona="Nobody")))
    with pytest.raises(NotFound):
        debugger.start(SessionDraft(flow_id="nothing", who=Who(contact={})))
    with pytest.raises(BadInput):
        debugger.start(SessionDraft(document=ROUTED, who=Who(contact={}), engine="language"))
    for wrong in ({}, {"run_id": "r"}, {"run_id": "r", "contact_id": "c", "persona": "p"}):
        with pytest.raises(ValueError, match=r"say who|belong together|not both"):
            Who(**wrong)


def test_what_is_drawn_of_a_kept_flow_is_played(space: Workspace) -> None:
    """A browser writes 2.0 as 2; the kept flow knows which it was."""
    kept = space.flows.create({**ROUTED, "name": "Drawn", "variables": {"score": 2.0}})
    drawn = {**ROUTED, "name": "Drawn", "variables": {"score": 2}}
    draft = SessionDraft(flow_id=kept.id, document=drawn, who=Who(contact={}))
    same = space.debugger.start(draft).session
    assert (same.flow_id, same.flow_version, same.document) == (kept.id, 1, kept.document)
    assert isinstance(same.document["variables"]["score"], float)
    newer = draft.model_copy(update={"document": {**drawn, "variables": {"score": 7}}})
    assert space.debugger.start(newer).session.flow_version is None


def test_a_session_that_is_deleted_is_gone(debugger: Debugger) -> None:
    id = started(debugger)
    debugger.delete(id)
    with pytest.raises(NotFound):
        debugger.move(id, "step")


def test_two_at_once_do_not_harm_a_session(debugger: Debugger) -> None:
    """Ten moves from ten threads end where ten moves in a row do."""
    one, other = started(debugger, YES), started(debugger, YES)
    moves = ("step", "step", "back", "step", "step", "step", "over", "step", "step", "step")
    threads = [threading.Thread(target=debugger.move, args=(one, "step")) for _ in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _ in moves:
        debugger.move(other, "step")
    assert debugger.state(one).position == debugger.state(other).position
    assert [e.model_dump() for e in debugger.state(one).events] == [
        e.model_dump() for e in debugger.state(other).events
    ]
