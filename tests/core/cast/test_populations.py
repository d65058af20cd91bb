"""Populations: frozen, seeded, named by their content, reused where equal."""

from __future__ import annotations

import statistics

import pytest

from core.domain.errors import BadInput, Conflict, NotFound, TooLarge
from core.domain.personas import PersonaDraft
from core.domain.populations import CastLine, PopulationDraft
from core.workbench import Workspace
from tests.conftest import TWO_STEPS


def cast(*personas: str, copies: int = 5) -> list[CastLine]:
    return [CastLine(persona=persona, copies=copies) for persona in personas]


def test_the_same_recipe_is_the_same_population(workspace: Workspace) -> None:
    draft = PopulationDraft(cast=cast("busy-bob", "cold-carl"), seed=7)
    one = workspace.populations.freeze(draft)
    again = workspace.populations.freeze(draft.model_copy(update={"name": "Another name"}))
    assert one == again
    assert one.id == f"p-{one.content_hash[:12]}"
    assert len(workspace.populations.list()) == 1
    for other in (
        draft.model_copy(update={"seed": 8}),
        draft.model_copy(update={"cast": cast("busy-bob")}),
        draft.model_copy(update={"cast": cast("busy-bob", "cold-carl", copies=6)}),
    ):
        assert workspace.populations.freeze(other).id != one.id


def test_it_stays_as_it_was_when_a_persona_changes(workspace: Workspace) -> None:
    lena = workspace.personas.create(PersonaDraft(name="Lena", description="before"))
    frozen = workspace.populations.freeze(PopulationDraft(cast=cast(lena.id)))
    workspace.personas.update(lena.id, PersonaDraft(name="Lena", description="after"))
    assert workspace.populations.personas(frozen.id)[lena.id].description == "before"
    assert workspace.populations.freeze(PopulationDraft(cast=cast(lena.id))).id != frozen.id
    workspace.personas.delete(lena.id)
    assert len(workspace.populations.people(frozen.id)) == 5


def test_people_have_what_flows_may_read(workspace: Workspace) -> None:
    population = workspace.populations.from_words("Eager Eddie, busy-bob", 3, 7)
    people = workspace.populations.people(population.id)
    assert [person.id for person in people[:4]] == [
        "eager-eddie-0001",
        "eager-eddie-0002",
        "eager-eddie-0003",
        "busy-bob-0001",
    ]
    fields = (
        "name first_name email phone timezone language persona age visits purchases "
        "last_seen_days tags"
    )
    for person in people:
        assert set(fields.split()) <= set(person.attributes)
    assert len({person.attributes["email"] for person in people}) == len(people)


def test_copies_differ_as_people_do(workspace: Workspace) -> None:
    population = workspace.populations.from_words("Busy Bob", 400, 7)
    people = workspace.populations.people(population.id)
    for trait in people[0].traits:
        values = [person.traits[trait] for person in people]
        assert abs(statistics.mean(values)) < 0.2
        assert 0.85 < statistics.stdev(values) < 1.15
    assert len({person.attributes["name"] for person in people}) > 50


def test_a_persons_copy_does_not_depend_on_who_else_is_cast(workspace: Workspace) -> None:
    alone = workspace.populations.from_words("busy-bob", 5, 7)
    among = workspace.populations.from_words("all", 5, 7)
    bob = workspace.populations.people(alone.id)
    assert bob == [p for p in workspace.populations.people(among.id) if p.persona == "busy-bob"]


def test_all_means_the_seven(workspace: Workspace) -> None:
    workspace.personas.create(PersonaDraft(name="Lena"))
    assert workspace.populations.from_words("all", 2, 7).size == 14


def test_what_cannot_be_cast_is_said(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="Nobody"):
        workspace.populations.from_words("Nobody", 5, 7)
    with pytest.raises(BadInput, match="empty"):
        workspace.populations.from_words(" , ", 5, 7)
    with pytest.raises(TooLarge, match="1,000,001"):
        workspace.populations.freeze(
            PopulationDraft(
                cast=[*cast("busy-bob", copies=1_000_000), *cast("cold-carl", copies=1)]
            )
        )


def test_one_in_use_cannot_be_deleted(workspace: Workspace) -> None:
    population = workspace.populations.from_words("busy-bob", 2, 7)
    flow = workspace.flows.create(TWO_STEPS)
    run = workspace.rehearsals.prepare(flow.id, population.id)
    with pytest.raises(Conflict, match="1 rehearsal"):
        workspace.populations.delete(population.id)
    workspace.rehearsals.delete(run.id)
    workspace.populations.delete(population.id)
    assert workspace.populations.list() == []


def test_export_holds_everything(workspace: Workspace) -> None:
    population = workspace.populations.from_words("all", 2, 7)
    document = workspace.populations.export(population.id)
    assert (len(document["people"]), len(document["personas"])) == (14, 7)
    assert document["content_hash"] == population.content_hash
    renamed = workspace.populations.rename(population.id, "Spring")
    assert workspace.populations.get("Spring") == renamed
