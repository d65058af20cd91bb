"""Debugging the contacts of runs: the same events, at the step that failed; models asked once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from core.domain.debugging import ChangeDraft, DebugState, SessionDraft, Who
from core.domain.errors import NotFound
from core.domain.flow_tests import ScriptedReply
from core.domain.models import ModelDraft
from core.domain.runs import Run
from core.settings import Settings
from core.workbench import Workbench, Workspace
from tests.conftest import TWO_STEPS
from tests.support.model_stub import Question, Stub, model_stub

FAILING: dict[str, Any] = {
    "name": "Failing",
    "steps": [
        {"id": "hi", "type": "send_sms", "config": {"body": "Well? Reply STOP."}, "next": "wait"},
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
                "branches": [{"when": "reply.hours < limit", "next": "more"}],
                "else": "more",
            },
        },
        {"id": "more", "type": "send_sms", "config": {"body": "More?"}, "next": "done"},
        {"id": "done", "type": "end"},
    ],
}


def person(question: Question) -> str:
    chance = Random(question.words)
    act = chance.choice(["ignore", "read", "reply", "reply", "unsubscribe"])
    reply = act == "reply"
    return json.dumps(
        {
            "action": act,
            "delay_hours": chance.choice([0.2, 3, 20]),
            "text": "That sounds good to me, tell me more please." if reply else None,
            "intent": chance.choice(["interested", "question"]) if reply else None,
            "sentiment": "positive" if reply else None,
            "why": "It fits.",
        }
    )


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with model_stub(answer=person) as stub:
        yield stub


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    bench = Workbench(Settings(home=tmp_path_factory.mktemp("home"), workers=0))
    yield bench.workspace()
    bench.close()


def modelled(space: Workspace, stub: Stub, name: str) -> str:
    draft = ModelDraft(
        name=name,
        model=f"openai/{name}",
        address=stub.openai,
        input_price=1.0,
        output_price=4.0,
    )
    return space.models.add(draft).id


def played(space: Workspace, document: dict[str, Any], model: str | None = None) -> Run:
    flow = space.flows.keep(document)
    people = space.populations.from_words("Eager Eddie, Cold Carl", 4, 11)
    run = space.rehearsals.prepare(
        flow.id,
        people.id,
        seed=5,
        engine="language" if model else "behaviour",
        model=space.models.get(model) if model else None,
    )
    return space.rehearsals.play(run.id)


def contacts(space: Workspace, run: Run) -> list[str]:
    return [person.id for person in space.populations.people(run.population_id)]


def opened(space: Workspace, run: Run, contact: str) -> DebugState:
    return space.debugger.start(SessionDraft(who=Who(run_id=run.id, contact_id=contact)))


def as_shown(space: Workspace, run: Run, contact: str) -> list[dict[str, Any]]:
    outside = {"run_id", "contact_id", "occurred_at", "variant"}
    events = space.events.of_contact(run.id, contact)
    return [event.model_dump(exclude=outside) for event in events]


def shown(state: DebugState) -> list[dict[str, Any]]:
    return [event.model_dump() for event in state.events]


@pytest.mark.parametrize("document", [TWO_STEPS, FAILING], ids=["two steps", "failing"])
def test_a_contact_of_a_run_is_played_as_it_was(space: Workspace, document: dict[str, Any]) -> None:
    run = played(space, document)
    for contact in contacts(space, run):
        state = opened(space, run, contact)
        end = space.debugger.move(state.session.id, "end")
        assert shown(end) == as_shown(space, run, contact)
        assert (state.session.seed, state.session.flow_version) == (5, run.flow_version)


def test_it_opens_at_the_step_that_failed(space: Workspace) -> None:
    run = played(space, FAILING)
    states = [opened(space, run, contact) for contact in contacts(space, run)]
    at = {state.step_id for state in states if state.stop == "problem"}
    assert "sort" in at
    for state in states:
        if state.step_id == "sort":
            assert state.events[-1].kind == "stepped"
            after = space.debugger.move(state.session.id, "over")
            assert "limit" in after.problems[0].saw


def test_what_changes_later_does_not_change_a_session(space: Workspace) -> None:
    run = played(space, TWO_STEPS)
    contact = contacts(space, run)[0]
    state = opened(space, run, contact)
    space.flows.replace(run.flow_id, {**TWO_STEPS, "steps": [{"id": "x", "type": "end"}]})
    space.parameters.save({}, "another")
    again = opened(space, run, contact)
    assert again.digest == state.digest
    space.flows.replace(run.flow_id, TWO_STEPS)


def test_a_contact_that_a_run_does_not_have_is_not_found(space: Workspace) -> None:
    run = played(space, TWO_STEPS)
    with pytest.raises(NotFound) as missing:
        opened(space, run, "nobody-0001")
    assert missing.value.place == "contact_id"


def test_a_contact_of_a_languages_run_is_played_without_asking(
    space: Workspace, stub: Stub
) -> None:
    run = played(space, TWO_STEPS, modelled(space, stub, "told"))
    space.models.forget_answers()
    asked = len(stub.requests)
    for contact in contacts(space, run):
        state = opened(space, run, contact)
        end = space.debugger.move(state.session.id, "end")
        assert shown(end) == as_shown(space, run, contact)
    assert len(stub.requests) == asked > 0


def test_a_model_is_asked_once_and_never_when_played_again(space: Workspace, stub: Stub) -> None:
    debugger = space.debugger
    draft = SessionDraft(
        document=TWO_STEPS,
        who=Who(persona="Eager Eddie"),
        engine="language",
        model=modelled(space, stub, "once"),
    )
    stub.forget()
    first = debugger.start(draft)
    id = first.session.id
    assert stub.requests == []
    assert first.next is not None
    assert first.next.to == "wait"
    states = [first]
    while states[-1].status == "paused":
        states.append(debugger.move(id, "step"))
    asked = len(stub.requests)
    assert asked == 1
    space.models.forget_answers()
    debugger._close(id)
    for state in reversed(states[:-1]):
        assert debugger.move(id, "back").digest == state.digest
    assert len(stub.requests) == asked
    debugger.move(id, "start")
    debugger.change(id, ChangeDraft(kind="reply", reply=ScriptedReply(text="No.", after="1h")))
    assert debugger.move(id, "end").status == "ended"
    assert len(stub.requests) == asked
    debugger.choose(id, "original")
    debugger.move(id, "start")
    debugger.step_again(id)
    assert len(stub.requests) == asked
    debugger.step_again(id, draw=2)
    assert len(stub.requests) == asked + 1


def test_a_pause_does_not_wait_for_the_model(space: Workspace, stub: Stub) -> None:
    debugger = space.debugger
    draft = SessionDraft(
        document=TWO_STEPS,
        who=Who(persona="Eager Eddie"),
        engine="language",
        model=modelled(space, stub, "slow"),
    )
    id = debugger.start(draft).session.id
    stub.forget()
    stub.delay = 2.0
    found: list[DebugState] = []
    thread = threading.Thread(target=lambda: found.append(debugger.move(id, "end")))
    thread.start()
    while not stub.requests:
        time.sleep(0.01)
    begun = time.monotonic()
    paused = debugger.pause(id)
    thread.join()
    assert time.monotonic() - begun < 1.5
    assert (paused.status, found[0].stop, found[0].step_id) == ("paused", "pause", "hello")
    end = debugger.move(id, "end")
    assert end.status == "ended"
    assert len(stub.requests) == 1
    stub.delay = 0.0
