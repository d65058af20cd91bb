"""Runs with a language model, over the real gateway to a local stand-in for a provider."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from core.domain.errors import BadInput, MindUnavailable
from core.domain.models import Model, ModelDraft
from core.domain.runs import Run
from core.settings import Settings
from core.workbench import Workbench, Workspace
from tests.conftest import TWO_STEPS
from tests.support.model_stub import Question, Stub, model_stub


def person(question: Question) -> str:
    """What somebody does, by chance that hangs on the question: most read, some answer."""
    chance = Random(question.words)
    act = chance.choices(["ignore", "read", "reply", "unsubscribe"], [20, 50, 28, 2])[0]
    reply = act == "reply"
    answer = {
        "action": act,
        "delay_hours": chance.choice([0.2, 3, 20]),
        "text": "That sounds good to me, tell me more please." if reply else None,
        "intent": chance.choice(["interested", "question", "thanks"]) if reply else None,
        "sentiment": "positive" if reply else None,
        **({"answers": None} if "answers" in (question.schema or {}).get("properties", {}) else {}),
        "why": "It fits what this person needs at the moment.",
    }
    return json.dumps(answer)


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with model_stub(answer=person) as stub:
        yield stub


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One workspace for all: the wire's process takes seconds to start."""
    bench = Workbench(Settings(home=tmp_path_factory.mktemp("home"), workers=0))
    yield bench.workspace()
    bench.close()


@pytest.fixture
def model(space: Workspace, stub: Stub, request: pytest.FixtureRequest) -> Model:
    """A priced model of its own for each test, so that no answer is kept from another one."""
    stub.forget()
    return add(space, stub, request.node.name)


def add(space: Workspace, stub: Stub, name: str, **more: Any) -> Model:
    draft = {"input_price": 1.0, "output_price": 4.0, "address": stub.openai, **more}
    wire = more.get("model", f"openai/{name.replace('_', '')[:60]}")
    return space.models.add(ModelDraft(**{**draft, "name": name, "model": wire}))


def prepare(space: Workspace, model: Model | None, *, copies: int = 3, **more: Any) -> Run:
    flow = space.flows.keep({**TWO_STEPS, **more.pop("flow", {})})
    people = space.populations.from_words("all", copies, 7)
    engine = "language" if model else "behaviour"
    return space.rehearsals.prepare(flow.id, people.id, engine=engine, model=model, **more)  # type: ignore[arg-type]


def events(space: Workspace, run: Run) -> pa.Table:
    return space.events.table(run.id).drop_columns(["run_id", "occurred_at"])


def test_a_run_says_who_answered_and_what_it_cost(
    space: Workspace, stub: Stub, model: Model
) -> None:
    run = space.rehearsals.play(prepare(space, model).id)
    assert (run.status, run.done, run.model) == ("finished", 21, model)
    spending = space.rehearsals.spending(run)
    assert spending.fresh == len(stub.requests) > 0
    priced = spending.prompt_tokens / 1e6 + spending.completion_tokens * 4 / 1e6
    assert run.cost_usd == spending.cost_usd == pytest.approx(priced)
    for event in space.events.every(run.id):
        if event.kind in ("replied", "clicked", "ignored", "engine_failed"):
            source = event.payload["source"]
            assert source["model"] == model.model
            assert source["prompt"] in ("reaction-1", "repair-1")
            assert len(source["call"]) == 32


def test_a_repeated_run_makes_no_call_and_has_the_same_events(
    space: Workspace, stub: Stub, model: Model
) -> None:
    first = space.rehearsals.play(prepare(space, model).id)
    asked = len(stub.requests)
    again = space.rehearsals.play(prepare(space, model).id)
    assert len(stub.requests) == asked
    assert again.cost_usd == 0
    assert space.rehearsals.spending(again).cached == asked
    assert events(space, first).equals(events(space, again))


def test_forgotten_answers_are_asked_for_again(space: Workspace, stub: Stub, model: Model) -> None:
    space.rehearsals.play(prepare(space, model).id)
    asked = len(stub.requests)
    assert space.models.kept_answers().answers >= asked
    space.models.forget_answers()
    assert space.models.kept_answers().answers == 0
    again = space.rehearsals.play(prepare(space, model).id)
    assert len(stub.requests) == 2 * asked
    assert space.rehearsals.spending(again).cached == 0


def test_another_seed_asks_anew(space: Workspace, stub: Stub, model: Model) -> None:
    space.rehearsals.play(prepare(space, model).id)
    asked = len(stub.requests)
    space.rehearsals.play(prepare(space, model, seed=8).id)
    assert len(stub.requests) >= 2 * asked - 2


def test_at_its_budget_a_run_pauses_and_goes_on_when_it_is_raised(
    space: Workspace, stub: Stub, model: Model
) -> None:
    whole = add(space, stub, "whole", model=model.model)
    budget = 0.004
    run = space.rehearsals.play(prepare(space, model, budget_usd=budget).id)
    assert run.status == "paused"
    assert run.error is not None and "budget of $0.004" in run.error
    assert run.cost_usd <= budget
    assert run.done < run.contacts
    with pytest.raises(BadInput, match="already"):
        space.rehearsals.allow(run.id, run.cost_usd / 2)
    space.rehearsals.allow(run.id, 1.0)
    run = space.rehearsals.play(run.id)
    assert (run.status, run.error, run.budget_usd) == ("finished", None, 1.0)
    undisturbed = space.rehearsals.play(prepare(space, whole).id)
    assert undisturbed.cost_usd == 0
    assert events(space, run).equals(events(space, undisturbed))


def test_a_stopped_run_rests_between_two_calls_and_resumes(
    space: Workspace, stub: Stub, model: Model
) -> None:
    slow = add(space, stub, "slow", model=f"{model.model}slow", in_flight=2)
    run = prepare(space, slow)
    stub.delay = 0.05
    try:
        space.rehearsals.start(run.id)
        while len(stub.requests) < 4:
            time.sleep(0.01)
        run = space.rehearsals.stop(run.id)
        stopped_at = len(stub.requests)
        assert run.status == "paused"
        assert stopped_at < 21
    finally:
        stub.delay = 0.0
    run = space.rehearsals.play(run.id)
    assert (run.status, run.done) == ("finished", 21)
    assert space.rehearsals.spending(run).fresh == len(stub.requests)


def test_a_run_with_too_many_failed_reactions_has_failed(
    space: Workspace, stub: Stub, model: Model
) -> None:
    prose = add(space, stub, "prose", model="openai/stub-prose")
    run = prepare(space, prose, copies=1)
    with pytest.raises(MindUnavailable, match="7 of 7 reactions have no usable answer"):
        space.rehearsals.play(run.id)
    run = space.rehearsals.get(run.id)
    assert run.status == "failed"
    assert run.error is not None and "7 invalid" in run.error
    assert len(stub.requests) == 14
    assert space.reports.report(run.id).verdict == "unfinished"


def test_a_hopeless_run_goes_no_further(space: Workspace, stub: Stub, model: Model) -> None:
    refused = add(space, stub, "refused", model="openai/stub-refusal")
    run = prepare(space, refused, copies=40)
    with pytest.raises(MindUnavailable, match="refused"):
        space.rehearsals.play(run.id)
    assert space.rehearsals.get(run.id).done < 280


def test_a_few_failed_reactions_do_not_fail_a_run(
    space: Workspace, stub: Stub, model: Model
) -> None:
    stub.script("prose", "prose", *["normal"] * 60)
    run = space.rehearsals.play(prepare(space, model, copies=6).id)
    stub.queue.clear()
    assert run.status == "finished"
    reactions = space.reports.report(run.id).facts.reactions
    assert reactions.answered + reactions.ignored >= 40


def test_without_a_right_key_the_run_fails_at_once_and_goes_on_with_one(
    space: Workspace, stub: Stub, model: Model
) -> None:
    stub.key = "right"
    try:
        run = prepare(space, model)
        with pytest.raises(MindUnavailable):
            space.rehearsals.play(run.id)
        failed = space.rehearsals.get(run.id)
        assert (failed.status, failed.done, failed.events) == ("failed", 0, 0)
        assert len(stub.requests) <= model.in_flight
        same = ModelDraft(**model.model_dump(exclude={"id", "version"}))
        space.models.change(model.id, same, "right")
        assert space.rehearsals.play(run.id).status == "finished"
    finally:
        stub.key = None


def test_the_people_of_tests_are_paid_from_the_same_budget(
    space: Workspace, stub: Stub, model: Model
) -> None:
    tests = [{"persona": "Cold Carl", "copies": 5, "expect": {"max_messages": 3}}]
    flow = space.flows.create({**TWO_STEPS, "name": "With tests", "tests": tests})
    people = space.populations.from_words("eager-eddie", 2, 7)
    run = space.rehearsals.prepare(flow.id, people.id, engine="language", model=model)
    run = space.rehearsals.play(run.id)
    assert run.status == "finished"
    spending = space.rehearsals.spending(run)
    assert spending.fresh == len(stub.requests) >= 7
    assert run.cost_usd == spending.cost_usd


def test_the_money_is_told_while_it_runs(space: Workspace, stub: Stub, model: Model) -> None:
    run = prepare(space, model, budget_usd=5.0)
    space.rehearsals.play(run.id)
    progress = space.rehearsals.progress(run.id)
    assert progress.spending is not None
    assert progress.spending.cost_usd > 0
    assert progress.budget_usd == 5.0
    assert space.rehearsals.progress(prepare(space, None).id).spending is None


def test_an_estimate_holds_what_the_run_then_costs(
    space: Workspace, stub: Stub, model: Model
) -> None:
    for template in space.flows.templates():
        flow = space.flows.keep(template.document)
        people = space.populations.from_words("all", 4, 7)
        guess = space.rehearsals.estimate(flow.id, people.id, model)
        run = space.rehearsals.prepare(flow.id, people.id, engine="language", model=model)
        run = space.rehearsals.play(run.id)
        calls = space.rehearsals.spending(run).fresh
        assert guess.usd is not None
        assert guess.calls.low <= calls <= guess.calls.high, template.name
        assert guess.usd.low <= run.cost_usd <= guess.usd.high, template.name


def test_a_model_and_its_engine_belong_together(space: Workspace, model: Model) -> None:
    flow, people = space.flows.keep(TWO_STEPS), space.populations.from_words("all", 1, 7)
    with pytest.raises(BadInput, match="language model"):
        space.rehearsals.prepare(flow.id, people.id, engine="language")
    with pytest.raises(BadInput, match="language model"):
        space.rehearsals.prepare(flow.id, people.id, model=model)
    run = prepare(space, None)
    with pytest.raises(BadInput, match="costs nothing"):
        space.rehearsals.allow(run.id, 1.0)


def test_a_budget_raised_while_it_plays_counts_at_once(
    space: Workspace, stub: Stub, model: Model
) -> None:
    run = prepare(space, model, budget_usd=0.5)
    raised = threading.Event()

    def raise_it() -> None:
        space.rehearsals.allow(run.id, 0.8)
        raised.set()

    stub.delay = 0.02
    try:
        space.rehearsals.start(run.id)
        raise_it()
        run = space.rehearsals.wait(run.id, 30)
    finally:
        stub.delay = 0.0
    assert raised.is_set()
    assert (run.status, run.budget_usd) == ("finished", 0.8)


def test_money_stands_at_the_step_that_asked(space: Workspace, model: Model) -> None:
    run = space.rehearsals.play(prepare(space, model).id)
    rows = {row.step_id: row for row in space.reports.steps.times(run.id)}
    spending = space.rehearsals.spending(run)
    assert sum(row.calls for row in rows.values()) == spending.fresh > 0
    assert sum(row.prompt_tokens for row in rows.values()) == spending.prompt_tokens
    assert sum(row.completion_tokens for row in rows.values()) == spending.completion_tokens
    assert sum(row.cost_usd for row in rows.values()) == pytest.approx(spending.cost_usd)
    assert rows["hello"].calls == spending.fresh, "nothing else asks anybody"
    assert rows["sort"].cost_usd == 0
