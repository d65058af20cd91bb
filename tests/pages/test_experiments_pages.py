"""Experiments before their results: none, some, many; designed, refused, started, brought in."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from api.experiment_models import EventsIn, PeopleIn
from core.domain.experiment_results import Plan, PlanPoint
from core.domain.experiments import Design, Experiment, Metric, SourceKind, Variant
from core.workbench import Workspace
from pages.parts.experiment_draft import free_id
from pages.parts.experiment_list import whole_figures
from pages.parts.experiment_measures import fitting, words_of
from pages.parts.experiment_plan import curve
from pages.parts.experiment_rule import times_in
from pages.parts.experiment_templates import TEMPLATES
from pages.parts.experiment_variants import beginning
from tests.conftest import TWO_STEPS
from tests.pages.conftest import OpenRoom, texts

NASTY = "<img src=x onerror=alert(1)> **شركة** $x$ :smile:"


def begun(workspace: Workspace, source: SourceKind = "rehearsal", **changes: Any) -> Experiment:
    given = {
        "name": "Question or not",
        "variants": (Variant(id="A", name="As it is"), Variant(id="B", name="A question")),
        "metrics": (Metric(id="answered", value="replied", role="primary"),),
    }
    return workspace.experiments.create(Design(**{**given, **changes}), source)


def message_test(workspace: Workspace) -> Experiment:
    flow = workspace.flows.create(TWO_STEPS)
    people = workspace.populations.from_words("all", 3, 7)
    return begun(workspace, flow=flow.id, population=people.id)


def table(workspace: Workspace, folder: Path) -> Experiment:
    path = folder / "results.csv"
    with path.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["user", "arm", "bought", "spent"])
        rows.writerows([f"u{n}", "ab"[n % 2], n % 3 == 0, n % 7] for n in range(120))
    dataset = workspace.datasets.add_file(path, "results.csv", "csv")
    made = begun(workspace, "table", variants=(), metrics=())
    workspace.experiments.attach(made.id, dataset.id)
    workspace.experiments.change(made.id, workspace.experiments.suggest(dataset.id))
    return workspace.experiments.get(made.id)


def field(app: AppTest, kind: str, label: str, at: int = 0) -> Any:
    found = [one for one in app.get(kind) if one.label.partition(" · ")[0] == label]
    assert found, f"{label!r} is not among {[one.label for one in app.get(kind)]}"
    return found[at]


def opened(open_room: OpenRoom, experiment: Experiment, **params: str) -> AppTest:
    app = open_room("experiments", experiment=experiment.id, **params)
    assert not app.exception
    return app


def heads(app: AppTest) -> list[str]:
    """What the steps say while they are folded, in their order."""
    labels = [one.label for one in app.expander if re.match(r"\*\*\d\. ", one.label)]
    return [re.sub(r":(?:gray|red)\[(.*)\]$", r"\1", one).replace("**", "") for one in labels]


def step_to(app: AppTest, place: str) -> None:
    """Another step, as the address opens it."""
    app.query_params["part"] = place
    app.run()
    assert not app.exception


# The list


def test_none_yet_offers_three_ways_to_begin(open_room: OpenRoom, workspace: Workspace) -> None:
    app = open_room("experiments")
    assert not app.exception
    assert [one.label for one in app.button if str(one.key).startswith("begin_")] == [
        "Compare two wordings on simulated people",
        "Analyse data you have",
        "Set up a real test",
    ]
    app.button(key="begin_table").click().run()
    assert not app.exception
    (made,) = workspace.experiments.list()
    assert (made.source, made.status) == ("table", "draft")
    assert app.query_params["experiment"] == made.id


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.id)
@pytest.mark.parametrize("full", [False, True])
def test_every_template_opens_as_a_draft(
    open_room: OpenRoom, workspace: Workspace, template: Any, full: bool
) -> None:
    """Also where there is no flow, no people, no twin and no model."""
    if full:
        workspace.flows.create(TWO_STEPS)
        workspace.populations.from_words("all", 2, 7)
    open_room()
    made = workspace.experiments.create(template.design(), template.source)
    app = opened(open_room, made, compare=template.id)
    assert heads(app)[0].startswith("1. What do you want to know?")
    for place in ("question", "data", "variants", "metrics", "people", "rule", "plan"):
        app.query_params["part"] = place
        app.run()
        assert not app.exception, place


def test_many_are_on_pages_and_names_are_shown_as_written(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    for number in range(14):
        begun(workspace, name=f"{NASTY} {number}", hypothesis=NASTY)
    app = open_room("experiments")
    assert not app.exception
    assert "14 experiments" in texts(app)
    raw = "\n".join(str(one.value) for one in app.markdown)
    assert "<img" not in raw.replace("\\<", "")
    assert len([one for one in app.button if one.label == "Go on"]) == 12


def test_the_list_says_what_a_person_decided_and_what_was_advised(
    open_room: OpenRoom, workspace: Workspace, tmp_path: Path
) -> None:
    """Nothing goes on in data that are there: they wait for a decision."""
    made = table(workspace, tmp_path)
    workspace.experiments.start(made.id)
    advised = workspace.experiments.look(made.id).advice
    assert advised.outcome != "winner"
    app = open_room("experiments")
    assert "Not decided yet" in texts(app)
    assert "Going on" not in texts(app)
    workspace.experiments.decide(
        made.id, outcome="winner", variant="b", note="It reads better", by="person"
    )
    said = texts(open_room("experiments"))
    assert "A winner" in said
    assert "b was taken. The advice was: " in said


def test_one_that_is_not_there_says_so(open_room: OpenRoom) -> None:
    app = open_room("experiments", experiment="x-nowhere")
    assert not app.exception
    assert app.title[0].value == "This experiment is not here"


def test_a_copy_is_a_draft_of_its_own(open_room: OpenRoom, workspace: Workspace) -> None:
    made = begun(workspace)
    app = open_room("experiments")
    app.button(key=f"copy_{made.id}").click().run()
    assert not app.exception
    assert workspace.experiments.count() == 2
    assert app.query_params["experiment"] != made.id


# The design


def test_what_is_written_is_saved_as_one_goes(open_room: OpenRoom, workspace: Workspace) -> None:
    made = message_test(workspace)
    app = opened(open_room, made)
    field(app, "text_area", "What do you expect, and why?").set_value("Questions help").run()
    assert workspace.experiments.get(made.id).design.hypothesis == "Questions help"
    step_to(app, "variants")
    field(app, "text_input", "Subject").set_value("Shall I?").run()
    design = workspace.experiments.get(made.id).design
    assert design.variant("B").messages["hello"].subject == "Shall I?"  # type: ignore[union-attr]
    assert not design.variant("A").messages  # type: ignore[union-attr]


def test_one_step_is_open_and_the_others_say_what_was_decided(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    """What is needed first is open; the address, the head and “Next” open others."""
    made = message_test(workspace)
    app = opened(open_room, made)
    assert field(app, "text_area", "What do you expect, and why?")
    assert "Which message" not in [one.label for one in app.selectbox]
    assert heads(app)[1] == "2. What is compared · “A question” against “As it is”"
    assert heads(app)[2] == "3. What counts · “answered” decides"
    app.button(key="next_question").click().run()
    assert not app.exception
    assert app.query_params["part"] == "variants"
    app.run()
    assert field(app, "selectbox", "Which message")
    assert not app.text_area.values or "expect" not in app.text_area[0].label
    step_to(app, "none")
    assert not app.selectbox.values
    assert [one.partition(" · ")[0] for one in heads(app)] == [
        "1. What do you want to know?",
        "2. What is compared",
        "3. What counts",
        "4. Who takes part",
        "5. How it is decided",
        "6. How many people",
    ]


def test_what_is_missing_opens_its_step(open_room: OpenRoom, workspace: Workspace) -> None:
    made = begun(workspace, hypothesis="More answer", flow=workspace.flows.create(TWO_STEPS).id)
    app = opened(open_room, made, part="rule")
    assert heads(app)[3] == "4. Who takes part · Nobody takes part yet."
    (mend,) = [one for one in app.button if one.label == "Who takes part"]
    mend.click().run()
    assert app.query_params["part"] == "people"


def test_the_flows_own_words_are_no_change(open_room: OpenRoom, workspace: Workspace) -> None:
    made = message_test(workspace)
    app = opened(open_room, made, part="variants")
    for words in ("Other", "A seat"):
        field(app, "text_input", "Subject").set_value(words).run()
        app.run()
    assert not workspace.experiments.get(made.id).design.variant("B").messages  # type: ignore[union-attr]


def test_variants_are_added_and_removed(open_room: OpenRoom, workspace: Workspace) -> None:
    made = message_test(workspace)
    app = opened(open_room, made, part="variants")
    field(app, "button", "Add a variant").click().run()
    app.run()
    ids = [one.id for one in workspace.experiments.get(made.id).design.variants]
    assert ids == ["A", "B", "C"]
    field(app, "button", "Remove", 1).click().run()
    ids = [one.id for one in workspace.experiments.get(made.id).design.variants]
    assert ids == ["A", "C"]


def test_one_metric_decides(open_room: OpenRoom, workspace: Workspace) -> None:
    made = message_test(workspace)
    app = opened(open_room, made, part="metrics")
    field(app, "button", "Add a metric").click().run()
    app.run()
    field(app, "selectbox", "What it is for", 1).set_value("primary").run()
    roles = [one.role for one in workspace.experiments.get(made.id).design.metrics]
    assert roles == ["secondary", "primary"]
    app.run()
    assert not app.exception
    field(app, "selectbox", "Kind", 0).set_value("ratio").run()
    metric = workspace.experiments.get(made.id).design.metrics[0]
    assert (metric.kind, metric.per) == ("ratio", "replied")
    app.run()
    for kind in ("mean", "revenue", "quantile", "retention", "proportion"):
        field(app, "selectbox", "Kind", 0).set_value(kind).run()
        app.run()
        assert not app.exception
        assert workspace.experiments.get(made.id).design.metrics[0].kind == kind


def test_what_cannot_be_saved_is_said_in_place(open_room: OpenRoom, workspace: Workspace) -> None:
    made = message_test(workspace)
    app = opened(open_room, made, part="question")
    field(app, "text_input", "Name", 0).set_value("  ").run()
    assert not app.exception
    app.run()
    assert "This is not saved yet." in texts(app)
    assert workspace.experiments.get(made.id).design.name == "Question or not"


def test_each_rule_shows_its_measured_error(open_room: OpenRoom, workspace: Workspace) -> None:
    made = message_test(workspace)
    app = opened(open_room, made, part="rule")
    shown = "".join(str(one.proto.body) for one in app.get("html"))
    assert "Wrong where nothing differs" in shown
    for rule in ("fixed", "group_sequential", "expected_loss"):
        field(app, "radio", "The rule").set_value(rule).run()
        app.run()
        assert not app.exception
        assert workspace.experiments.get(made.id).design.rule.kind == rule


def test_the_plan_moves_with_its_inputs(open_room: OpenRoom, workspace: Workspace) -> None:
    made = begun(workspace, "live")
    app = opened(open_room, made, part="plan")
    field(app, "number_input", "answered now, in %").set_value(10.0).run()
    app.run()
    assert workspace.experiments.get(made.id).design.planned.baseline == 0.1
    before = field(app, "metric", "People in all").value
    step_to(app, "rule")
    field(app, "number_input", "Worth having from, in %").set_value(50.0).run()
    step_to(app, "plan")
    after = field(app, "metric", "People in all").value
    assert int(after.replace(",", "")) < int(before.replace(",", ""))


# Starting


def test_a_rehearsal_is_frozen_and_started(open_room: OpenRoom, workspace: Workspace) -> None:
    made = message_test(workspace)
    app = opened(open_room, made, step="start")
    said = texts(app)
    assert "none of this can be changed" in said
    assert "Everybody meets every variant" in said
    app.button(key="experiment_start").click().run()
    assert not app.exception
    started = workspace.experiments.get(made.id)
    assert started.status == "running"
    assert started.registered is not None
    app = opened(open_room, made)
    assert "What was decided before the start" in [one.label for one in app.expander]


def test_one_that_was_stopped_goes_on_and_is_read(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    made = message_test(workspace)
    workspace.experiments.start(made.id)
    workspace.experiments.stop(made.id)
    app = opened(open_room, made)
    if not workspace.experiments.ready(made.id):  # it may have been played before it was stopped
        assert "Stopped with" in app.title[0].value
        app.button(key="experiment_resume").click().run()
        assert not app.exception
        workspace.experiments.wait(made.id)
        app = opened(open_room, made)
    assert app.title[0].value == "Everybody has met every variant"
    app.button(key="experiment_read").click().run()
    assert not app.exception
    assert workspace.experiments.get(made.id).looks == 1


def test_what_is_missing_keeps_the_start_shut(open_room: OpenRoom, workspace: Workspace) -> None:
    made = begun(workspace)
    app = opened(open_room, made)
    assert app.button(key="experiment_on").disabled
    assert "Before it can start" in texts(app)
    app = opened(open_room, made, step="start")
    assert app.button(key="experiment_start").disabled


def test_a_live_one_says_how_to_send(open_room: OpenRoom, workspace: Workspace) -> None:
    """What is printed is what the API takes."""
    made = begun(workspace, "live", hypothesis="More answer", segments=("country",))
    workspace.experiments.start(made.id)
    app = opened(open_room, made)
    asked, told = (one.value for one in app.code)
    assert f"/api/v1/experiments/{made.id}/assign" in asked
    assert f"/api/v1/experiments/{made.id}/events" in told
    (person,) = PeopleIn.model_validate_json(asked.split("-d '")[1][:-1]).participants
    assert list(person.attributes) == ["country"]
    (event,) = EventsIn.model_validate_json(told.split("-d '")[1][:-1]).events
    assert (event.contact_id, event.kind) == (person.id, "replied")


# Data


def test_a_table_suggests_its_variants_and_metrics(
    open_room: OpenRoom, workspace: Workspace, tmp_path: Path
) -> None:
    made = table(workspace, tmp_path)
    assert [one.in_data for one in made.design.variants] == ["a", "b"]
    kinds = {one.value: one.kind for one in made.design.metrics}
    assert kinds["bought"] == "proportion"
    app = opened(open_room, made, part="data")
    assert "120 rows" in texts(app)
    assert field(app, "selectbox", "Who").value == "user"
    assert field(app, "selectbox", "Which variant").value == "arm"
    field(app, "selectbox", "Which variant").set_value("spent").run()
    app.run()
    assert not app.exception
    variants = workspace.experiments.get(made.id).design.variants
    assert {one.in_data for one in variants} <= {str(n) for n in range(7)}


# Small things


def test_shares_are_said_as_people_say_them() -> None:
    assert times_in(0.91) == "9 times in 10"
    assert times_in(0.049) == "5 times in 100"
    assert times_in(0.012) == "1 time in 100"
    assert times_in(0.002) == "2 times in 1,000"
    assert times_in(0.0) == "never seen"
    assert times_in(0.00001) == "less than once in 1,000"


def test_names_that_are_taken_are_numbered() -> None:
    assert free_id([], "a") == "a"
    assert free_id(["a", "a_2"], "a") == "a_3"


def test_measures_that_fit_come_first_and_none_is_lost() -> None:
    measures = ["goal:booked", "replied", "revenue", "messages"]
    assert fitting("revenue", measures, None)[0] == "revenue"
    assert fitting("proportion", measures, "own")[:2] == ["goal:booked", "replied"]
    assert set(fitting("mean", measures, "own")) == {*measures, "own"}
    assert words_of("goal:call_booked") == "Reached “call booked”"


def test_no_line_breaks_between_a_figure_and_its_sign() -> None:
    assert whole_figures("A wins: +7.5 % (1 to 9 %).") == "A wins: +7.5\u00a0% (1 to 9\u00a0%)."


def test_messages_are_called_by_their_first_words(workspace: Workspace) -> None:
    flow = workspace.flows.create(TWO_STEPS)
    assert beginning(flow, "hello") == "“A seat” (hello)"
    assert beginning(flow, "nowhere") == "nowhere"


def test_the_curve_marks_what_was_chosen() -> None:
    points = tuple(
        PlanPoint(people=n, days=None, least=1 / n, always_least=2 / n) for n in (10, 100)
    )
    plan = Plan(
        people=100, per_variant={}, days=None, least=0.01, least_absolute=0.001, baseline=0.1,
        sd=None, curve=points, sentence="", source="",
    )  # fmt: skip
    fixed, always, chosen = curve(plan).data
    assert list(fixed.y) == [0.1, 0.01]
    assert list(always.y) == [0.2, 0.02]
    assert (list(chosen.x), list(chosen.y)) == ([100], [0.01])
