"""Replies that were used already, answers that nobody asked for, and stops that never stop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.debugger import Debugger
from core.domain.debugging import Breakpoint, ChangeDraft
from core.domain.errors import BadInput
from core.domain.flow_tests import ScriptedReply
from core.settings import Settings
from core.workbench import Workbench
from tests.core.debugger.test_changing import NO, YES, started, steps


@pytest.fixture(scope="module")
def debugger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debugger]:
    bench = Workbench(Settings(home=tmp_path_factory.mktemp("home"), workers=0))
    yield bench.workspace().debugger
    bench.close()


@pytest.mark.parametrize("name", ["", "hi"])
def test_a_reply_that_was_used_is_changed_where_it_came(debugger: Debugger, name: str) -> None:
    """Break at a condition, change the reply, watch the other branch light up."""
    id = started(debugger, YES)
    debugger.set_breakpoints(id, [Breakpoint(kind="step", step_id="sort")])
    first = debugger.move(id, "resume")
    state = debugger.change(id, ChangeDraft(kind="reply", name=name, reply=NO))
    assert (state.step_id, state.stop, state.stopped_by) == ("sort", "breakpoint", "b1")
    assert (state.branch.id, state.branch.parent) == ("what-if-1", "original")
    assert state.branch.forked_at < first.position
    assert state.reply is not None
    assert (state.reply["text"], state.reply["hours"]) == ("No.", 5.0)
    assert state.next is not None
    assert state.next.to == "person"
    assert [one.kind for one in state.events].count("replied") == 1
    assert steps(debugger.move(id, "end"))[-1] == "person"
    test = debugger.to_test(id)
    assert test.expect.reaches == ["person"]
    assert [one.text for one in test.replies or ()] == ["No."]
    debugger.choose(id, "original")
    assert debugger.state(id).digest == first.digest


def test_another_reply_comes_when_the_first_one_did_unless_it_is_said(debugger: Debugger) -> None:
    id = started(debugger, YES)
    debugger.set_breakpoints(id, [Breakpoint(kind="step", step_id="sort")])
    debugger.move(id, "resume")
    at = {}
    for after in (None, "1h", "30h"):
        debugger.choose(id, "original")
        said = {"text": "Hm.", **({"after": after} if after else {})}
        reply = ScriptedReply.model_validate(said)
        state = debugger.change(id, ChangeDraft(kind="reply", reply=reply))
        assert state.reply is not None
        at[after] = state.reply["hours"]
    assert at == {None: 3.0, "1h": 1.0, "30h": 30.0}


def test_who_was_silent_replies_in_time(debugger: Debugger) -> None:
    """The wait is over: a reply from now on would change nothing, so it comes when it says."""
    id = started(debugger)
    debugger.set_breakpoints(id, [Breakpoint(kind="step", step_id="sort")])
    late = debugger.move(id, "resume")
    assert late.reply is None
    state = debugger.change(id, ChangeDraft(kind="reply", reply=NO))
    assert (state.step_id, state.branch.forked_at < late.position) == ("sort", True)
    assert state.reply is not None
    assert state.reply["hours"] == 5.0
    debugger.choose(id, "original")
    debugger.set_breakpoints(id, [])
    debugger.move(id, "end")
    ended = debugger.change(id, ChangeDraft(kind="reply", name="hi", reply=NO))
    assert steps(debugger.move(id, "end"))[-1] == "person"
    assert ended.branch.parent == "original"
    debugger.choose(id, "original")
    debugger.move(id, "step", late.position)
    later = NO.model_copy(update={"after": "60h"})
    state = debugger.change(id, ChangeDraft(kind="reply", reply=later))
    assert state.position == late.position
    assert [one.kind for one in state.pending] == ["read", "replied"]


def test_a_reply_is_taken_back_and_the_next_step_is_where_it_stands(debugger: Debugger) -> None:
    id = started(debugger, YES)
    debugger.move(id, "over")
    while debugger.state(id).events[-1].kind != "replied":
        debugger.move(id, "step")
    inside = debugger.state(id)
    other = debugger.change(id, ChangeDraft(kind="reply", reply=NO))
    assert (other.step_id, other.inside, other.events[-1].kind) == ("wait", True, "replied")
    assert other.events[-1].body == "No."
    debugger.choose(id, "original")
    assert debugger.state(id).digest == inside.digest
    silent = debugger.change(id, ChangeDraft(kind="reply"))
    assert (silent.step_id, silent.inside, silent.reply) == ("sort", False, None)
    assert silent.trail[-2].way == "on_timeout"


def test_what_else_was_changed_stays_changed_with_another_reply(debugger: Debugger) -> None:
    id = started(debugger, YES)
    debugger.set_breakpoints(id, [Breakpoint(kind="step", step_id="sort")])
    debugger.move(id, "resume")
    debugger.change(id, ChangeDraft(kind="variable", name="score", value=9))
    maybe = ScriptedReply(text="Maybe.", intent="other", sentiment="neutral")
    state = debugger.change(id, ChangeDraft(kind="reply", reply=maybe))
    assert (state.step_id, state.variables["score"], state.branch.parent) == (
        "sort",
        9,
        "what-if-1",
    )
    assert steps(debugger.move(id, "end"))[-1] == "book"
    again = debugger.change(id, ChangeDraft(kind="reply", reply=NO))
    assert [one.kind for one in again.branch.changes].count("reply") == 1
    assert steps(debugger.move(id, "end"))[-1] == "person"


def test_who_opted_out_by_a_reply_can_reply_something_else(debugger: Debugger) -> None:
    stop = ScriptedReply(text="STOP", intent="opt_out", sentiment="negative", after="2h")
    id = started(debugger, stop)
    assert debugger.move(id, "end").contact["opted_out"] is True
    state = debugger.change(id, ChangeDraft(kind="reply", reply=YES))
    assert state.contact["opted_out"] is False
    assert "check" in steps(debugger.move(id, "end"))


@pytest.mark.parametrize(
    ("step", "answers", "refused"),
    [
        ("hi", {"energy": 3}, "asks no question"),
        ("check", {"sleep": 3}, "does not ask “sleep”"),
        ("check", {"energy": 3}, None),
    ],
)
def test_only_what_is_asked_is_answered(
    debugger: Debugger, step: str, answers: dict[str, Any], refused: str | None
) -> None:
    id = started(debugger, YES)
    change = ChangeDraft(kind="reply", name=step, reply=ScriptedReply(answers=answers))
    if refused is None:
        assert debugger.change(id, change).branch.id == "what-if-1"
        assert debugger.move(id, "end").answers["energy"] == 3
        return
    with pytest.raises(BadInput, match=refused) as error:
        debugger.change(id, change)
    assert error.value.place == "reply.answers"
    assert len(debugger.state(id).session.branches) == 1


@pytest.mark.parametrize(
    ("stop", "note"),
    [
        ({"kind": "condition", "when": "zzz > 3 && contact.shoe == 4"}, "“zzz”, “contact.shoe”"),
        ({"kind": "condition", "when": "answers.sleep > 3"}, "“answers.sleep”"),
        ({"kind": "condition", "when": "has(contact.shoe) || score > 5"}, ""),
        ({"kind": "condition", "when": 'contact.tags.exists(t, t == "x")'}, ""),
        ({"kind": "condition", "when": "answers.energy > 3 && reply.hours > 1"}, ""),
        ({"kind": "finding", "type": "infinite_loop"}, "no such finding"),
        ({"kind": "finding", "type": "unset_variable", "step_id": "done"}, "no such finding"),
        ({"kind": "step", "step_id": "sort"}, ""),
    ],
)
def test_a_breakpoint_at_which_nothing_can_stop_says_so(
    debugger: Debugger, stop: dict[str, Any], note: str
) -> None:
    id = started(debugger, YES)
    found = debugger.set_breakpoints(id, [Breakpoint(**stop)]).session.breakpoints[0].note
    assert note in found
    assert bool(found) is bool(note)
    again = debugger.set_breakpoints(id, debugger.state(id).session.breakpoints)
    assert again.session.breakpoints[0].note == found


def test_unknown_findings_and_too_many_breakpoints_are_refused(debugger: Debugger) -> None:
    id = started(debugger)
    with pytest.raises(BadInput, match="infinite_lop") as refused:
        debugger.set_breakpoints(id, [Breakpoint(kind="finding", type="infinite_lop")])
    assert (refused.value.place, refused.value.fix) == (
        "breakpoints[0].type",
        "Did you mean infinite_loop?",
    )
    with pytest.raises(BadInput, match="200"):
        debugger.set_breakpoints(id, [Breakpoint(kind="problem")] * 201)
