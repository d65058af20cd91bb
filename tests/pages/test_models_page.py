"""Language models: none, some, added, tried, chosen, paused at a budget, read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.models import CallRecord, Model, ModelDraft, ModelFacts, Spending, Trial
from core.domain.runs import Run
from core.workbench import Workspace
from pages.parts.later import later
from pages.parts.model_form import read_form
from pages.parts.model_said import price
from pages.parts.model_words import limit_words, price_words, provider_of, spent_words
from tests.conftest import TWO_STEPS
from tests.pages.conftest import OpenRoom, texts
from tests.pages.test_flow_page import button
from tests.support.model_bench import service, workbench
from tests.support.model_stub import Stub, model_stub

__all__ = ["service", "workbench"]

KEY = "sk-nobody-may-see-this-0123456789"


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with model_stub() as running:
        yield running


def draft(stub: Stub, name: str = "Stand-in", **more: object) -> ModelDraft:
    prices = {"input_price": 1.0, "output_price": 3.0}
    given = {"name": name, "model": "openai/stub", "address": stub.openai, **prices, **more}
    return ModelDraft.model_validate(given)


def played(workspace: Workspace, model: Model, budget_usd: float | None = None) -> Run:
    flow = workspace.flows.create(TWO_STEPS)
    population = workspace.populations.from_words("all", 2, 7)
    run = workspace.rehearsals.prepare(
        flow.id, population.id, engine="language", model=model, budget_usd=budget_usd
    )
    return workspace.rehearsals.play(run.id)


def record(**changes: object) -> CallRecord:
    fields: dict[str, object] = {
        "account": "r-1",
        "contact_id": "a-0001",
        "step_id": "hello",
        "visit": 1,
        "key": "k",
        "model": "openai/stub",
        "prompt": "reaction-1",
        "status": "answered",
        "cached": False,
        "prompt_tokens": 500,
        "completion_tokens": 40,
        "cost_usd": 0.001,
        "seconds": 0.4,
        "attempts": 1,
    }
    return CallRecord(**{**fields, **changes})  # type: ignore[arg-type]


def test_none_yet_says_that_nothing_is_needed_and_where_to_begin(open_room: OpenRoom) -> None:
    app = open_room("models")
    assert not app.exception
    assert "Nothing here is needed" in texts(app)
    app.button(key="preset_2").click().run()
    assert not app.exception
    assert app.query_params["make"] == "Ollama"
    field = app.text_input(key="model_new_Ollama_address")
    assert field.value == "http://localhost:11434"


def test_a_model_is_added_and_its_key_is_never_shown(
    open_room: OpenRoom, workspace: Workspace, stub: Stub
) -> None:
    app = open_room("models", make="OpenAI-compatible address")
    key = "model_new_OpenAI-compatible address"
    app.text_input(key=f"{key}_name").set_value("Stand-in")
    app.text_input(key=f"{key}_model").set_value("openai/stub")
    app.text_input(key=f"{key}_address").set_value("nowhere")
    app.text_input(key=f"{key}_key").set_value(KEY)
    app.number_input(key=f"{key}_input_price").set_value(1.0)
    button(app, "Add the model").click().run()
    assert not app.exception
    assert "http:// or https://" in texts(app)
    assert "Give both prices, or none." in texts(app)
    assert workspace.models.list() == []
    app.text_input(key=f"{key}_address").set_value(stub.openai)
    app.number_input(key=f"{key}_output_price").set_value(3.0)
    button(app, "Add the model").click().run()
    assert not app.exception
    model = workspace.models.get("Stand-in")
    assert workspace.models.key_source(model) == "saved"
    for room in (open_room("models"), open_room("models", edit=model.id)):
        assert not room.exception
        assert KEY not in texts(room) + str(room.main)
    assert "One is saved, encrypted" in texts(open_room("models", edit=model.id))


def test_models_for_other_purposes_are_added_and_tried(
    open_room: OpenRoom, workspace: Workspace, stub: Stub
) -> None:
    for preset, purpose in (("Embedding server", "embedding"), ("Transcription server", None)):
        app = open_room("models", make=preset)
        key = f"model_new_{preset}"
        labels = {one.label for one in app.number_input}
        assert not {"Temperature", "Longest answer, in tokens", "Answers"} & labels
        assert ("Texts" in labels) == (purpose == "embedding")
        app.text_input(key=f"{key}_name").set_value(preset)
        app.text_input(key=f"{key}_model").set_value("openai/stub")
        app.text_input(key=f"{key}_address").set_value(stub.openai)
        button(app, "Add the model").click().run()
        assert not app.exception
    finder = workspace.models.get("Embedding server")
    assert [finder.purpose, workspace.models.get("Transcription server").purpose] == [
        "embedding",
        "transcription",
    ]
    app = open_room("models")
    app.button(key="try_embedding-server").click().run()
    assert "made a vector of 8 numbers" in texts(app)
    app.button(key="try_transcription-server").click().run()
    assert "Small steps, taken every day." in texts(app)
    app = open_room("models", edit=finder.id)
    app.number_input(key=f"model_{finder.id}_1_input_price").set_value(0.5)
    button(app, "Save").click().run()
    assert not app.exception
    changed = workspace.models.get(finder.id)
    assert (changed.version, changed.purpose, changed.input_price) == (2, "embedding", 0.5)


def test_another_purpose_begins_with_its_own_providers(open_room: OpenRoom) -> None:
    app = open_room("models", make="OpenAI")
    assert app.segmented_control(key="model_preset_chat").value == "OpenAI"
    app.segmented_control(key="model_purpose").set_value("embedding").run()
    assert not app.exception
    assert app.query_params["make"] == "OpenAI embeddings"
    field = app.text_input(key="model_new_OpenAI embeddings_model")
    assert field.value == "openai/text-embedding-3-small"
    app.segmented_control(key="model_preset_embedding").set_value("Ollama embeddings").run()
    field = app.text_input(key="model_new_Ollama embeddings_address")
    assert field.value == "http://localhost:11434"


def test_only_chat_models_may_rehearse(
    open_room: OpenRoom, workspace: Workspace, stub: Stub
) -> None:
    workspace.models.add(draft(stub))
    bare = {"input_price": None, "output_price": None, "purpose": "embedding"}
    workspace.models.add(draft(stub, "Finder", **bare))
    flow = workspace.flows.create(TWO_STEPS)
    app = open_room("flows", flow=flow.id)
    engine = next(one for one in app.selectbox if one.label == "Engine")
    assert any("Stand-in" in one for one in engine.options)
    assert not any("Finder" in one for one in engine.options)


def test_try_it_says_what_works_and_what_to_do(
    open_room: OpenRoom, workspace: Workspace, stub: Stub
) -> None:
    workspace.models.add(draft(stub))
    workspace.models.add(draft(stub, "Unknown there", model="openai/stub-no_model"))
    workspace.models.add(draft(stub, "Talks", model="openai/stub-prose"))
    app = open_room("models")
    app.button(key="try_talks").click().run()
    assert "It said: Well, honestly" in texts(app)
    app.button(key="try_stand-in").click().run()
    assert not app.exception
    assert "It works." in texts(app)
    assert "first word after" in texts(app)
    app.button(key="try_unknown-there").click().run()
    trial: Trial = app.session_state["trial_default_unknown-there_1"]
    assert trial.fix and trial.fix in texts(app)


def test_the_estimate_comes_before_the_start_and_the_budget_holds(
    open_room: OpenRoom, workspace: Workspace, stub: Stub
) -> None:
    model = workspace.models.add(draft(stub))
    flow = workspace.flows.create(TWO_STEPS)
    app = open_room("flows", flow=flow.id, model=model.id)
    app.number_input(key="rehearse_copies").set_value(2).run()
    app = estimated(app)
    assert "About $" in texts(app)
    assert app.button(key="rehearse_go").label == "Rehearse with Stand-in"
    field = next(one for one in app.number_input if one.label == "Budget (USD)")
    assert field.value > 0
    field.set_value(0.001)
    app.button(key="rehearse_go").click().run()
    assert not app.exception
    run = workspace.rehearsals.wait(workspace.rehearsals.list()[0].id, 60)
    assert (run.status, run.engine, run.budget_usd) == ("paused", "language", 0.001)
    app = open_room("flows", flow=flow.id, run=run.id)
    said = texts(app)
    assert f"Paused at its budget of $0.001: {run.done} of 14 people have played." in said
    assert "Budget spent" in str(app.main) or "Budget spent" in said
    app.number_input(key=f"flow_raise_{run.id}").set_value(5.0)
    app.button(key=f"flow_go_on_{run.id}").click().run()
    assert not app.exception
    run = workspace.rehearsals.wait(run.id, 60)
    assert (run.status, run.budget_usd) == ("finished", 5.0)


def estimated(app: AppTest) -> AppTest:
    """The page, once the estimate that it asked for is there."""
    for _ in range(60):
        if not app.button(key="rehearse_go").disabled:
            return app
        later(("rest", object()), lambda: None).result()
        app.run()
    raise AssertionError("no estimate came")


def test_without_a_price_there_is_no_budget(
    open_room: OpenRoom, workspace: Workspace, stub: Stub
) -> None:
    model = workspace.models.add(draft(stub, input_price=None, output_price=None))
    flow = workspace.flows.create(TWO_STEPS)
    app = estimated(open_room("flows", flow=flow.id, model=model.id))
    assert "A budget cannot be kept without a price." in texts(app)
    field = next(one for one in app.number_input if one.label == "Budget (USD)")
    assert field.disabled


def test_a_run_says_who_answered_wherever_it_is_shown(
    open_room: OpenRoom, workspace: Workspace, stub: Stub
) -> None:
    run = played(workspace, workspace.models.add(draft(stub)))
    report = texts(open_room("report", run=run.id))
    assert "Stand-in (openai/stub)" in report
    assert "prompt reaction 1" in report
    assert "Who answered" in report
    assert "fresh call" in report
    assert "Stand-in" in texts(open_room("rehearsals"))
    assert "Stand-in" in texts(open_room("home"))
    contact = workspace.reports.contacts(run.id).rows[0].contact_id
    talk = open_room("conversation", run=run.id, contact=contact)
    assert not talk.exception
    said = texts(talk)
    assert "by openai/stub, uncalibrated" in said
    assert any("You play one real person" in one.value for one in talk.code)


def test_a_failed_run_says_why(open_room: OpenRoom, workspace: Workspace, stub: Stub) -> None:
    model = workspace.models.add(draft(stub, model="openai/stub-prose"))
    flow = workspace.flows.create(TWO_STEPS)
    population = workspace.populations.from_words("all", 1, 7)
    run = workspace.rehearsals.prepare(flow.id, population.id, engine="language", model=model)
    run = workspace.rehearsals.wait(workspace.rehearsals.start(run.id).id, 60)
    assert run.status == "failed"
    app = open_room("rehearsals")
    assert "have no usable answer (7 invalid)" in texts(app)
    assert app.button(key=f"resume_{run.id}")


def test_what_is_wrong_with_a_form_is_said_by_field() -> None:
    model, problems = read_form({"name": "", "model": "two words", "address": "ftp://x"})
    assert model is None
    assert set(problems) == {"name", "model", "address"}
    assert "http://" in problems["address"]
    secret = {"name": "A", "model": "openai/a", "address": "http://me:pw@host"}
    assert "no password" in read_form(secret)[1]["address"]
    one_price = {"name": "A", "model": "openai/a", "purpose": "embedding", "input_price": 1.0}
    assert read_form(one_price)[0] is not None
    assert read_form(one_price | {"purpose": "chat"})[1] == {
        "output_price": "Give both prices, or none."
    }
    model, problems = read_form(
        {"name": "A", "model": "openai/a", "address": " ", "in_flight": None}
    )
    assert model is not None and model.address is None and model.in_flight == 20


def test_words_of_a_model(stub: Stub) -> None:
    model = Model(**draft(stub, requests_per_minute=60).model_dump(), id="a")
    assert provider_of(model) == "OpenAI-compatible"
    assert price_words(model, None) == "$1.00 in, $3.00 out a million tokens (your own price)"
    bare = model.model_copy(update={"input_price": None})
    assert "a budget cannot be kept" in price_words(bare, None)
    assert "60 requests a minute" in limit_words(model)
    assert "answers up to 400 tokens" in limit_words(model)
    finder = bare.model_copy(update={"purpose": "embedding"})
    facts = ModelFacts(provider="openai", input_price=0.02, minute_price=0.006)
    assert price_words(finder, facts) == "$0.02 a million tokens (price list)"
    assert "a budget cannot be kept" in price_words(finder, None)
    free = finder.model_copy(update={"input_price": 0.0})
    assert price_words(free, facts) == "free"
    listener = bare.model_copy(update={"purpose": "transcription"})
    assert price_words(listener, facts) == "$0.006 a minute (price list)"
    assert "a budget cannot be kept" in price_words(listener, None)
    assert "answers up to" not in limit_words(listener)
    spent = Spending(fresh=1, cached=12, cost_usd=0.21)
    assert spent_words(spent, 0.5) == ["$0.21 of $0.50", "1 fresh call", "12 from the cache"]


def test_a_price_that_is_not_known_is_not_nothing() -> None:
    assert price([record()]) == "$0.001"
    assert price([record(cost_usd=None)]) == "no price known"
    assert price([record(), record(cost_usd=None)]).startswith("at least $0.001")
