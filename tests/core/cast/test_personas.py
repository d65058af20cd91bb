"""The persona gallery: built-in ones stay, own ones come and go."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from core.domain.errors import Conflict, NotFound
from core.domain.personas import PersonaDraft, slug
from core.workbench import Workspace

SEVEN = {
    "Eager Eddie",
    "Skeptical Sarah",
    "Busy Bob",
    "Chatty Cathy",
    "Cold Carl",
    "Price-Conscious Pam",
    "Technical Tim",
}


def test_seven_are_built_in_with_their_whole_definition(workspace: Workspace) -> None:
    built_in = [persona for persona in workspace.personas.list() if persona.built_in]
    assert {persona.name for persona in built_in} == SEVEN
    for persona in built_in:
        assert persona.description
        assert len(persona.behavior_traits) >= 3
        assert {"age_range", "occupation", "location", "income"} <= set(persona.demographics)


def test_sarah_is_the_source_documents(workspace: Workspace) -> None:
    sarah = workspace.personas.get("skeptical-sarah")
    assert sarah.description == "A busy professional who needs convincing"
    assert sarah.personality.model_dump() == {
        "tone": "skeptical",
        "response_length": "short",
        "decision_speed": "slow",
        "objection_likelihood": "high",
    }
    assert sarah.demographics["occupation"] == "Marketing Manager"
    assert sarah.behavior_traits == [
        "asks_questions_before_buying",
        "compares_competitors",
        "values_reviews",
        "responds_slowly",
    ]


def test_create_edit_copy_delete(workspace: Workspace) -> None:
    personas = workspace.personas
    made = personas.create(PersonaDraft(name="Late Lena", behavior_traits=["responds_slowly"]))
    assert (made.id, made.version, made.built_in) == ("late-lena", 1, False)
    edited = personas.update(made.id, PersonaDraft(name="Late Lena", description="Busy evenings"))
    assert (edited.version, edited.description) == (2, "Busy evenings")
    copied = personas.copy(made.id)
    assert copied.name == "Late Lena (copy)"
    assert personas.copy(made.id).name == "Late Lena (copy 2)"
    personas.delete(made.id)
    with pytest.raises(NotFound):
        personas.get(made.id)
    assert personas.create(PersonaDraft(name="Late Lena")).id == "late-lena-2", "ids do not return"


@pytest.mark.parametrize("act", ["update", "delete"])
def test_built_in_ones_cannot_be_lost(workspace: Workspace, act: str) -> None:
    with pytest.raises(Conflict, match="built in"):
        if act == "update":
            workspace.personas.update("cold-carl", PersonaDraft(name="Warm Carl"))
        else:
            workspace.personas.delete("cold-carl")
    assert workspace.personas.copy("cold-carl").built_in is False


def test_a_name_is_taken_once(workspace: Workspace) -> None:
    with pytest.raises(Conflict, match="already"):
        workspace.personas.create(PersonaDraft(name="cold carl"))


def test_found_by_name_whatever_its_capitals(workspace: Workspace) -> None:
    assert workspace.personas.find("COLD carl").id == "cold-carl"
    assert workspace.personas.find("price-conscious-pam").name == "Price-Conscious Pam"
    with pytest.raises(NotFound, match="Eager Eddie"):
        workspace.personas.find("Nobody")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 256),
        ("name", "bell\x07"),
        ("name", "two\nlines"),
        ("description", "x" * 1_000_000),
        ("behavior_traits", ["x"] * 51),
        ("demographics", {"age_range": 3}),
        ("personality", {"tone": "x" * 81}),
        ("nonsense", 1),
        ("name", "All"),
        ("name", "Eddie, Sarah"),
        ("name", "left\u202eright"),
        ("name", "\u200dedge"),
        ("name", "\u3164"),
        ("demographics", {f"key {n}": "x" for n in range(51)}),
        ("personality", {f"key {n}": "x" for n in range(51)}),
        ("personality", {"x" * 81: "x"}),
        ("personality", {"bell\x07": "x"}),
        ("personality", {"more": "x" * 4_001}),
        ("personality", {"more": {"deep": 1}}),
        ("personality", {"more": float("nan")}),
    ],
)
def test_what_is_no_persona_is_refused_by_its_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        PersonaDraft.model_validate({"name": "Lena", field: value})
    assert caught.value.errors()[0]["loc"][0] == field


def test_names_of_every_kind_are_kept_as_they_are(workspace: Workspace) -> None:
    for name in ("<b>Bold</b>", "ليلى الحسن", "王小明", "O'Neil & Sons", "{{ 7 * 7 }}"):
        assert workspace.personas.create(PersonaDraft(name=name)).name == name
    assert slug("ليلى") == "person-48e536"
    assert slug("王") == "person-3399a0"
    assert slug("Ænne Größe!") == "nne-groe"
