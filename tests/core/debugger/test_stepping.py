"""Stepping forward and back: the same state, bit for bit, whatever was done in between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.debugger import Debugger
from core.domain.debugging import Breakpoint, ChangeDraft, DebugState, Move, SessionDraft, Who
from core.domain.flow_tests import ScriptedReply
from core.flows import Player, compile_flow
from core.settings import Settings
from core.workbench import Workbench, Workspace
from tests.conftest import TWO_STEPS
from tests.support.flow_documents import flow_documents

PERSONAS = ("Eager Eddie", "Cold Carl", "Price-Conscious Pam")
GENERATED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
MOST = 40


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    bench = Workbench(Settings(home=tmp_path_factory.mktemp("home"), workers=0))
    yield bench.workspace()
    bench.close()


def started(debugger: Debugger, document: dict[str, Any], persona: str = PERSONAS[0]) -> DebugState:
    return debugger.start(SessionDraft(document=document, who=Who(persona=persona)))


def walk(debugger: Debugger, id: str, move: Move) -> list[DebugState]:
    """Every state on the way, at most so many."""
    states = [debugger.state(id)]
    while len(states) < MOST:
        state = debugger.move(id, move)
        if state.position == states[-1].position:
            break
        states.append(state)
    return states


def seen(state: DebugState) -> dict[str, Any]:
    """All that is shown of a state but how it was come by and how long it took."""
    shown = state.model_dump(exclude={"session", "branch", "stop", "stopped_by"})
    for visit in shown["trail"]:
        del visit["execution_ms"]
    return shown


@GENERATED
@given(document=flow_documents(), persona=st.sampled_from(PERSONAS))
def test_back_and_forward_again_is_the_same_bit_for_bit(
    space: Workspace, document: dict[str, Any], persona: str
) -> None:
    debugger = space.debugger
    id = started(debugger, document, persona).session.id
    there = walk(debugger, id, "step")
    back = walk(debugger, id, "back")
    again = walk(debugger, id, "step")
    assert [seen(one) for one in reversed(back)] == [seen(one) for one in there]
    assert [seen(one) for one in again] == [seen(one) for one in there]
    assert len({one.digest for one in there}) == len(there)
    debugger.delete(id)


@GENERATED
@given(document=flow_documents(), persona=st.sampled_from(PERSONAS), seed=st.integers(0, 99))
def test_what_is_debugged_is_what_is_played(
    space: Workspace, document: dict[str, Any], persona: str, seed: int
) -> None:
    draft = SessionDraft(document=document, who=Who(persona=persona), seed=seed)
    state = space.debugger.start(draft)
    live = space.debugger._live(state.session.id)
    stage = live.scene.stage
    player = Player(
        compile_flow(document),
        live.scene.person,
        live.scene.persona,
        mind=stage.mind,
        twin=stage.twin,
        seed=seed,
        grounding=stage.grounding,
    )
    rows = asyncio.run(player.play())
    end = space.debugger.move(state.session.id, "end")
    assert live.tape(live.branch).rows == rows
    assert end.status == "ended"
    assert end.position == len(end.events) == len(rows)
    space.debugger.delete(state.session.id)


@settings(GENERATED, max_examples=5, phases=[Phase.generate])
@given(document=flow_documents(), value=st.integers(0, 9))
def test_a_session_survives_a_restart(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any], value: int
) -> None:
    home = tmp_path_factory.mktemp("kept")
    bench = Workbench(Settings(home=home, workers=0))
    debugger = bench.workspace().debugger
    id = started(debugger, document).session.id
    debugger.move(id, "step")
    debugger.change(id, ChangeDraft(kind="variable", name="score", value=value))
    there = walk(debugger, id, "step")
    before = debugger.state(id)
    bench.close()

    bench = Workbench(Settings(home=home, workers=0))
    debugger = bench.workspace().debugger
    after = debugger.state(id)
    assert seen(after) == seen(before)
    assert (after.stop, after.branch, after.session) == (before.stop, before.branch, before.session)
    for _ in there[1:]:
        debugger.move(id, "back")
    assert [seen(one) for one in walk(debugger, id, "step")] == [seen(one) for one in there]
    bench.close()


def test_each_stop_is_before_a_step_or_after_a_happening(space: Workspace) -> None:
    state = started(space.debugger, TWO_STEPS)
    assert (state.stop, state.step_id, state.position) == ("start", "hello", 2)
    states = walk(space.debugger, state.session.id, "step")
    told = [(one.step_id, one.inside, one.events[-1].kind) for one in states]
    assert told == [
        ("hello", False, "stepped"),
        ("wait", False, "stepped"),
        ("wait", True, "delivered"),
        ("wait", True, "read"),
        ("wait", True, "replied"),
        ("sort", False, "stepped"),
        ("book", False, "stepped"),
        ("done", False, "stepped"),
        ("done", False, "ended"),
    ]
    assert states[-1].status == "ended"
    assert states[-1].next is None
    assert space.debugger.move(state.session.id, "step").stop == "end"


def test_the_state_at_a_reply_is_whole(space: Workspace) -> None:
    """The reply is in the event, and in what the contact knows."""
    id = started(space.debugger, TWO_STEPS).session.id
    state = next(
        one for one in walk(space.debugger, id, "step") if one.events[-1].kind == "replied"
    )
    live = space.debugger._live(id)
    playing = live.playing(live.branch)
    asyncio.run(playing.show(state.position))
    contact = playing.player.contact
    assert contact.history[-1].text == state.events[-1].body
    assert contact.last_channel == "email"
    assert "hello" not in contact.outstanding


def test_over_goes_past_a_wait_and_back_over_before_it(space: Workspace) -> None:
    debugger = space.debugger
    id = started(debugger, TWO_STEPS).session.id
    steps = [debugger.move(id, "over").step_id for _ in range(4)]
    assert steps == ["wait", "sort", "book", "done"]
    assert debugger.move(id, "over").status == "ended"
    assert [debugger.move(id, "back_over").step_id for _ in range(3)] == ["done", "book", "sort"]
    debugger.move(id, "back_over")
    debugger.move(id, "step")
    inside = debugger.move(id, "step")
    assert (inside.step_id, inside.inside) == ("wait", True)
    assert debugger.move(id, "back_over").events[-1].kind == "stepped"


def test_a_jump_lands_at_the_last_stop_before(space: Workspace) -> None:
    debugger = space.debugger
    id = started(debugger, TWO_STEPS).session.id
    end = debugger.move(id, "end")
    for to in (0, 1, 3, 4, 9, 10_000):
        state = debugger.move(id, "step", to)
        assert state.position <= max(2, min(to, end.position))
        assert debugger.move(id, "step", state.position).digest == state.digest
    assert state.status == "ended"


def test_what_comes_next_is_said_in_words(space: Workspace) -> None:
    debugger = space.debugger
    replies = [ScriptedReply(to="hello", text="No.", intent="not_interested", after="3h")]
    who = Who(contact={"first_name": "Ada"}, replies=replies)
    id = debugger.start(SessionDraft(document=TWO_STEPS, who=who)).session.id
    assert debugger.state(id).next.to == "wait"  # type: ignore[union-attr]
    wait = debugger.move(id, "over")
    assert wait.next is not None
    assert (wait.next.way, wait.next.to) == ("on_reply", "sort")
    assert "3 hours" in wait.next.why
    assert [one.kind for one in wait.pending] == ["delivered", "read", "replied"]
    sort = debugger.move(id, "over")
    assert sort.next is not None
    assert (sort.next.way, sort.next.to) == ("else", "done")
    assert "reply.intent is “not_interested”" in sort.next.why
    assert sort.reply is not None
    assert sort.reply["text"] == "No."


def test_silence_and_chance_are_said_in_words(space: Workspace) -> None:
    arms = [{"name": "a", "weight": 1, "next": "end"}, {"name": "b", "weight": 3, "next": "end"}]
    document = {
        "name": "Chance",
        "steps": [
            {"id": "hi", "type": "send_web", "config": {"body": "Hi"}, "next": "wait"},
            {
                "id": "wait",
                "type": "wait_for_reply",
                "config": {"timeout": "2d"},
                "on_reply": "end",
                "on_timeout": "toss",
            },
            {"id": "toss", "type": "split", "config": {"arms": arms}},
            {"id": "end", "type": "end"},
        ],
    }
    id = space.debugger.start(SessionDraft(document=document, who=Who(contact={}))).session.id
    wait = space.debugger.move(id, "over")
    assert wait.next is not None
    assert wait.next.why == "No reply comes within 2 days."
    toss = space.debugger.move(id, "over")
    assert toss.next is not None
    assert "By chance" in toss.next.why
    taken = space.debugger.move(id, "over").trail[-2].way
    assert taken == toss.next.way


def test_a_loop_stops_at_its_limit(space: Workspace) -> None:
    document = {
        "name": "Around",
        "steps": [
            {"id": "a", "type": "tag", "config": {"add": ["x"]}, "next": "b"},
            {"id": "b", "type": "tag", "config": {"add": ["y"]}, "next": "a"},
        ],
    }
    id = space.debugger.start(SessionDraft(document=document, who=Who(contact={}))).session.id
    state = space.debugger.move(id, "end")
    assert (state.status, state.stop) == ("ended", "limit")
    assert len(state.trail) == 1_000
    breakpoints = [Breakpoint(kind="step", step_id="b")]
    space.debugger.set_breakpoints(id, breakpoints)
    space.debugger.move(id, "start")
    assert space.debugger.move(id, "resume").step_id == "b"


def test_only_the_newest_sessions_are_kept(space: Workspace, tmp_path: Path) -> None:
    table = space.store.debug_sessions
    first = started(space.debugger, TWO_STEPS).session.id
    second = started(space.debugger, TWO_STEPS).session.id
    assert [one.id for one in space.debugger.list(limit=2)] == [second, first]
    space.debugger.move(first, "step")
    assert [one.id for one in space.debugger.list(limit=2)] == [first, second]
    gone = table.delete_oldest(keep=1)
    assert second in gone
    assert table.count() == 1
