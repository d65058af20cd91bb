"""Home, populations and the behaviour model: no data, some, and what does not exist."""

from __future__ import annotations

from core.domain.populations import CastLine, PopulationDraft
from core.workbench import Workbench, Workspace
from pages.parts.context import provide
from tests.conftest import TWO_STEPS
from tests.pages.conftest import OpenRoom, texts


def rehearsed(workspace: Workspace) -> str:
    flow = workspace.flows.create(TWO_STEPS)
    population = workspace.populations.from_words("all", 3, 7)
    return workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, population.id).id).id


def test_an_empty_home_has_three_steps(open_room: OpenRoom) -> None:
    app = open_room()
    assert not app.exception
    assert [one.value for one in app.subheader] == [
        "Pick a script",
        "Choose the people",
        "Rehearse",
    ]


def test_home_says_what_the_last_rehearsal_found(open_room: OpenRoom, workspace: Workspace) -> None:
    found = workspace.reports.report(rehearsed(workspace))
    app = open_room()
    assert not app.exception
    said = texts(app)
    assert found.headline in said
    assert f"{found.answered.rate.count} of 21" in said


def test_an_interrupted_rehearsal_waits_to_be_resumed(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    run = rehearsed(workspace)
    workspace.store.runs.change(run, "interrupted")
    app = open_room()
    assert "Interrupted" in texts(app)
    assert any(button.label == "Resume" for button in app.button)


def test_a_workspace_that_is_not_there_offers_the_way_back(open_room: OpenRoom) -> None:
    app = open_room("home", workspace="nowhere")
    assert not app.exception
    assert "There is no workspace 'nowhere' here." in texts(app)
    app.button[0].click().run()
    assert "Who goes on stage today?" in texts(app)


def test_the_demo_is_marked_and_workspaces_can_be_chosen(
    workbench: Workbench, open_room: OpenRoom
) -> None:
    workbench.workspace()
    workbench.workspace("demo", create=True).mark_demo()
    provide(workbench)
    app = open_room()
    assert "Demo data" not in texts(app)
    app.selectbox[0].select("demo").run()
    assert "Demo data" in texts(app)
    assert app.query_params["workspace"] == "demo"


def test_populations_none_some_and_one(open_room: OpenRoom, workspace: Workspace) -> None:
    app = open_room("populations")
    assert not app.exception and "Populations stand here" in texts(app)
    population = workspace.populations.from_words("all", 20, 7)
    assert "7 personas × 20, seed 7" in [one.label for one in open_room("populations").button]
    app = open_room("populations", population=population.id)
    assert not app.exception
    assert population.id in texts(app)
    assert len(app.dataframe[0].value) == 100


def test_an_uneven_cast_is_told(open_room: OpenRoom, workspace: Workspace) -> None:
    cast = [CastLine(persona="cold-carl", copies=2), CastLine(persona="busy-bob", copies=1)]
    population = workspace.populations.freeze(PopulationDraft(name="Two", cast=cast))
    assert "2 Cold Carl, 1 Busy Bob" in texts(open_room("populations", population=population.id))


def test_a_population_is_made_from_the_page(open_room: OpenRoom, workspace: Workspace) -> None:
    app = open_room("populations", make="population")
    app.number_input[0].set_value(2).run()
    assert "14 people in all." in texts(app)
    next(button for button in app.button if button.label == "Make it").click().run()
    assert not app.exception
    assert workspace.populations.list()[0].size == 14


def test_too_many_people_are_refused_in_words(open_room: OpenRoom, workspace: Workspace) -> None:
    app = open_room("populations", make="population")
    app.number_input[0].set_value(1_000_000).run()
    next(button for button in app.button if button.label == "Make it").click().run()
    assert "the limit is 1,000,000" in texts(app)
    assert workspace.populations.list() == []


def test_every_number_of_the_model_is_shown(open_room: OpenRoom, workspace: Workspace) -> None:
    app = open_room("behaviour")
    assert not app.exception
    assert "Uncalibrated" in texts(app)
    assert len(app.dataframe[0].value) == len(workspace.parameters.shipped.parameters)
    app.text_input[0].set_value("no such thing").run()
    assert "No number is called or explained like that." in texts(app)


def test_versions_are_compared_and_gone_back_to(open_room: OpenRoom, workspace: Workspace) -> None:
    workspace.parameters.save({"replying.urgency": 0.9}, "louder")
    workspace.parameters.save({"replying.urgency": 0.1}, "quieter")
    app = open_room("behaviour", version="2")
    assert not app.exception
    assert "Rehearsals use version 3." in texts(app)
    next(button for button in app.button if button.label == "Use version 2 again").click().run()
    assert workspace.parameters.newest() == 4
    assert workspace.parameters.changes(4) == {"replying.urgency": 0.9}


def test_a_version_that_is_not_there(open_room: OpenRoom) -> None:
    app = open_room("behaviour", version="99")
    assert not app.exception
    assert "There is no version 99" in texts(app)
