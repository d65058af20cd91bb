"""Runs: prepared, played, stopped, resumed, recovered; and what a run points at stays."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from core.domain.errors import BadInput, Conflict, HomeHeld, InvalidFlow, NotFound
from core.domain.runs import Run
from core.rehearsal import Progress
from core.settings import Settings
from core.workbench import Workbench, Workspace
from tests.conftest import TWO_STEPS


def prepared(workspace: Workspace, copies: int = 3, **more: Any) -> Run:
    flow = workspace.flows.keep({**TWO_STEPS, **more})
    population = workspace.populations.from_words("all", copies, 7)
    return workspace.rehearsals.prepare(flow.id, population.id)


def test_a_run_is_played_and_its_events_are_kept(workspace: Workspace) -> None:
    run = workspace.rehearsals.play(prepared(workspace).id)
    assert (run.status, run.done, run.contacts, run.number) == ("finished", 21, 21, 1)
    assert run.events == workspace.events.table(run.id).num_rows > 21
    assert run.started_at and run.finished_at
    assert workspace.rehearsals.play(run.id) == run, "a finished run stays as it is"


def test_the_same_again_is_the_same(workspace: Workspace) -> None:
    columns = ["contact_id", "seq", "simulated_at", "kind", "body", "payload"]
    one, two = (workspace.rehearsals.play(prepared(workspace).id) for _ in range(2))
    assert one.id != two.id
    first, second = (workspace.events.table(run.id).select(columns) for run in (one, two))
    assert first.equals(second)


def test_stopped_between_checkpoints_and_resumed(workspace: Workspace) -> None:
    reference = workspace.rehearsals.play(prepared(workspace, copies=150).id)
    run = workspace.rehearsals.start(prepared(workspace, copies=150).id)
    paused = workspace.rehearsals.stop(run.id)
    assert paused.status in ("paused", "finished")
    assert paused.done < paused.contacts or paused.status == "finished"
    finished = workspace.rehearsals.play(run.id)
    assert (finished.status, finished.events) == ("finished", reference.events)
    assert workspace.events.counts(run.id) == workspace.events.counts(reference.id)


def test_watching_ends_with_the_run(workspace: Workspace) -> None:
    async def watch() -> list[Progress]:
        run = workspace.rehearsals.start(prepared(workspace, copies=40).id)
        return [progress async for progress in workspace.rehearsals.watch(run.id)]

    seen = asyncio.run(watch())
    assert seen[-1].status == "finished"
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert workspace.rehearsals.progress(seen[-1].run_id).done == 280


def test_what_a_process_left_is_found_interrupted(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, workers=0)
    first = Workbench(settings)
    run = prepared(first.workspace())
    first.workspace().store.runs.change(run.id, "running")
    first.close()
    second = Workbench(settings)
    found = second.workspace().rehearsals.get(run.id)
    assert (found.status, found.error) == ("interrupted", "The process that played it ended.")
    assert second.workspace().rehearsals.play(run.id).status == "finished"
    second.close()


def test_a_test_brings_its_own_people(workspace: Workspace) -> None:
    tests = [{"persona": "Cold Carl", "copies": 4, "expect": {"never": ["book"]}}]
    flow = workspace.flows.create({**TWO_STEPS, "tests": tests})
    population = workspace.populations.from_words("Eager Eddie", 5, 7)
    run = workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, population.id).id)
    assert run.contacts == run.done == 5
    (child,) = workspace.store.runs.children(run.id)
    assert (child.contacts, child.status) == (4, "finished")
    assert [listed.id for listed in workspace.rehearsals.list()] == [run.id]
    workspace.rehearsals.delete(run.id)
    assert workspace.store.database.rows("SELECT count(*) FROM events") == [(0,)]


def test_a_flow_that_cannot_be_compiled_is_not_rehearsed(workspace: Workspace) -> None:
    flow = workspace.flows.create({"name": "Broken", "steps": [{"id": "a", "type": "nonsense"}]})
    population = workspace.populations.from_words("busy-bob", 1, 7)
    with pytest.raises(InvalidFlow) as caught:
        workspace.rehearsals.prepare(flow.id, population.id)
    assert [finding.type for finding in caught.value.findings] == ["unknown_type"]
    assert workspace.rehearsals.list() == []


def test_a_run_points_at_the_version_that_it_played(workspace: Workspace) -> None:
    run = prepared(workspace)
    changed = workspace.flows.replace(run.flow_id, {**TWO_STEPS, "description": "New"})
    assert (run.flow_version, changed.version) == (1, 2)
    assert workspace.rehearsals.play(run.id).flow_version == 1
    with pytest.raises(Conflict, match="rehearsal"):
        workspace.flows.delete(run.flow_id)


def test_parameters_have_versions_and_a_run_names_one(workspace: Workspace) -> None:
    name = next(iter(workspace.parameters.shipped.parameters))
    low = workspace.parameters.shipped.parameters[name].min
    with pytest.raises(BadInput, match=name):
        workspace.parameters.save({name: 1e9}, "too much")
    with pytest.raises(BadInput):
        workspace.parameters.save({"nonsense": 1.0}, "unknown")
    assert workspace.parameters.newest() == 1
    number = workspace.parameters.save({name: low}, "lower")
    assert (number, workspace.parameters.newest()) == (2, 2)
    assert workspace.parameters.get()[name] == low
    run = prepared(workspace)
    assert run.parameters_version == 2
    with pytest.raises(NotFound):
        workspace.rehearsals.prepare(run.flow_id, run.population_id, parameters_version=9)


def test_a_home_has_one_owner(workbench: Workbench) -> None:
    with pytest.raises(HomeHeld) as caught:
        Workbench(workbench.settings)
    assert str(workbench.settings.home) in str(caught.value)


def test_workspaces_are_apart_and_can_be_erased(workbench: Workbench) -> None:
    other = workbench.workspace("other", create=True)
    other.flows.create(TWO_STEPS)
    assert workbench.workspace().flows.list() == []
    assert workbench.workspaces() == ["default", "other"]
    workbench.erase("other")
    assert workbench.workspaces() == ["default"]
    assert not workbench.settings.workspace_folder("other").exists()
    with pytest.raises(Conflict):
        workbench.erase("default")
    for name in ("../evil", "", "UPPER", "a" * 61):
        with pytest.raises((BadInput, NotFound)):
            workbench.workspace(name or " ")
