"""Two versions with the same people: runs used again, who went another way, and where they part."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from core.domain.errors import BadInput, NotFound
from core.domain.events import Event
from core.domain.versions import Parting, VersionComparison
from core.workbench import Workspace
from tests.conftest import TWO_STEPS


def changed(how: str) -> dict[str, Any]:
    """The second version: it asks for less, leads elsewhere, or has one step more."""
    document = copy.deepcopy(TWO_STEPS)
    steps = {step["id"]: step for step in document["steps"]}
    if how == "condition":
        steps["sort"]["config"]["branches"][0]["when"] = 'reply.intent != "opt_out"'
    elif how == "route":
        steps["wait"]["on_timeout"] = "sort"
    else:
        steps["hello"]["next"] = "mark"
        document["steps"].append({"id": "mark", "type": "tag", "config": {"add": ["a"]}})
        document["steps"][-1]["next"] = "wait"
    return document


@pytest.fixture
def flow(workspace: Workspace) -> str:
    return workspace.flows.create(TWO_STEPS, id="seats").id


def rehearsed(workspace: Workspace, how: str, copies: int = 30) -> VersionComparison:
    workspace.flows.replace("seats", changed(how))
    people = workspace.populations.from_words("all", copies, 7)
    started = workspace.versions.rehearse("seats", 1, 2, people.id)
    for run in (started.a, started.b):
        workspace.rehearsals.wait(run.id)
    return workspace.versions.compared("seats", 1, 2)


def trail(workspace: Workspace, run_id: str, contact: str) -> list[Event]:
    events = workspace.events.of_contact(run_id, contact)
    return [event for event in events if event.kind in ("branched", "ended")]


def moves(events: Sequence[Event], shared: set[str]) -> list[tuple[str | None, str | None]]:
    return [(one.step_id, one.payload.get("way")) for one in events if one.step_id in shared]


def went(workspace: Workspace, run_id: str) -> dict[tuple[str, str | None], set[str]]:
    found: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for event in workspace.events.every(run_id):
        way = event.payload.get("way")
        if event.kind == "stepped" and event.step_id:
            found[event.step_id, None].add(event.contact_id)
        elif event.kind in ("branched", "ended") and event.step_id and way:
            found[event.step_id, way].add(event.contact_id)
    return found


@pytest.mark.parametrize("how", ["condition", "route", "more"])
def test_people_are_counted_as_the_log_has_them(workspace: Workspace, flow: str, how: str) -> None:
    found = rehearsed(workspace, how)
    a, b = (went(workspace, side.run_id) for side in (found.comparison.a, found.comparison.b))
    assert (found.people, found.unsure) == (210, 0)
    for change in (*found.steps, *found.ways):
        place = (change.step_id, change.way)
        assert change.a in (len(a[place]), None) and change.b in (len(b[place]), None)
        assert change.only_a == len(a[place] - b[place])
        assert change.only_b == len(b[place] - a[place])
        assert change.low <= change.difference <= change.high
    if how == "more":
        mark = next(one for one in found.steps if one.step_id == "mark")
        assert (mark.a, mark.b, mark.clear) == (None, 210, True)


@pytest.mark.parametrize("how", ["condition", "route", "more"])
def test_people_part_where_they_first_did_otherwise(
    workspace: Workspace, flow: str, how: str
) -> None:
    found = rehearsed(workspace, how)
    shared = {step["id"] for step in TWO_STEPS["steps"]}
    expected = 0
    contacts = workspace.reports.contacts(found.comparison.a.run_id, limit=1000).rows
    for contact in contacts:
        a, b = (
            moves(trail(workspace, side.run_id, contact.contact_id), shared)
            for side in (found.comparison.a, found.comparison.b)
        )
        expected += a != b
    assert found.parted == expected == sum(place.people for place in found.partings)
    assert (found.parted == 0) == (how == "more")
    for place in found.partings:
        check_examples(workspace, found, place)


def check_examples(workspace: Workspace, found: VersionComparison, place: Parting) -> None:
    assert 1 <= len(place.examples) <= 5
    for example in place.examples:
        for side, seq, way, to in (
            (found.comparison.a, example.a_seq, place.a_way, place.a_to),
            (found.comparison.b, example.b_seq, place.b_way, place.b_to),
        ):
            if seq is None:
                assert to is None
                continue
            event = workspace.events.of_contact(side.run_id, example.contact_id)[seq]
            assert (event.payload.get("way") == way) if way else (event.step_id == to)


def test_a_changed_condition_is_where_people_part(workspace: Workspace, flow: str) -> None:
    (place,) = rehearsed(workspace, "condition").partings
    assert (place.step_id, place.a_way, place.b_way) == ("sort", "else", "branch:0")
    assert place.sentence == (
        f"At “sort” {place.people} people take “intent is not opt_out” instead of “else”"
    )


def test_a_changed_route_is_where_people_part(workspace: Workspace, flow: str) -> None:
    (place,) = rehearsed(workspace, "route").partings
    assert (place.step_id, place.a_to, place.b_to) == ("wait", "done", "sort")
    assert place.sentence.startswith("From “wait” ")
    assert place.sentence.endswith("go to “sort” instead of to “done”")


def test_runs_are_used_again(workspace: Workspace, flow: str) -> None:
    found = rehearsed(workspace, "condition", copies=3)
    people = workspace.populations.from_words("all", 3, 7)
    again = workspace.versions.rehearse("seats", 1, 2, people.id)
    assert again.compared == found
    assert workspace.rehearsals.count("seats") == 2
    other = workspace.versions.rehearse("seats", 1, 2, people.id, seed=8)
    assert other.compared is None and workspace.rehearsals.count("seats") == 4
    for run in (other.a, other.b):
        workspace.rehearsals.wait(run.id)
    assert workspace.versions.compared("seats", 1, 2, seed=7) == found
    assert workspace.versions.compared("seats", 1, 2).comparison.a.seed == 8


def test_what_was_not_rehearsed_cannot_be_compared(workspace: Workspace, flow: str) -> None:
    workspace.flows.replace("seats", changed("route"))
    with pytest.raises(NotFound, match="not rehearsed"):
        workspace.versions.compared("seats", 1, 2)
    people = workspace.populations.from_words("all", 2, 7)
    with pytest.raises(BadInput):
        workspace.versions.rehearse("seats", 1, 1, people.id)
    with pytest.raises(NotFound):
        workspace.versions.rehearse("seats", 1, 3, people.id)
