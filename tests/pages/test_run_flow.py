"""Runs of an experiment's variants: called by name, and with a way to the experiment."""

from __future__ import annotations

from core.domain.experiments import Design
from core.workbench import Workspace
from tests.conftest import TWO_STEPS
from tests.pages.conftest import OpenRoom, texts


def test_a_variants_run_has_a_name_and_leads_to_its_experiment(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    flow = workspace.flows.create(TWO_STEPS)
    people = workspace.populations.from_words("Eager Eddie", 5, 7)
    loud = {"id": "loud", "messages": {"hello": {"body": "NOW"}}}
    design = Design.model_validate(
        {
            "name": "Two wordings",
            "variants": [{"id": "calm"}, loud],
            "metrics": [{"id": "clicked", "role": "primary", "value": "clicked"}],
            "flow": flow.id,
            "population": people.id,
        }
    )
    experiments = workspace.experiments
    made = experiments.start(experiments.create(design, "rehearsal").id, wait=True)
    run = workspace.rehearsals.get(made.runs["loud"])
    app = open_room("rehearsals")
    assert not app.exception
    assert f"{flow.name} · loud" in texts(app)
    assert run.flow_id not in texts(app)
    app.button(key=f"experiment_{run.id}").click().run()
    assert not app.exception
    assert app.query_params["experiment"] == made.id
    report = open_room("report", run=run.id)
    assert not report.exception
    assert not [one for one in report.button if one.key == "rehearse_again"]
    gone = open_room("flows", flow=run.flow_id, version="1", run=run.id)
    assert not gone.exception
    assert "This flow is not here" in texts(gone)
    assert [one for one in gone.button if one.key == "experiment_flow"]
