"""People: the gallery, one of them, and the form."""

from __future__ import annotations

import pytest

from core.domain.personas import PersonaDraft, Personality
from core.workbench import Workspace
from pages.parts.persona_form import read_form
from tests.pages.conftest import OpenRoom, texts

WRITTEN = {
    "name": "Paula",
    "description": "",
    "personality": {"tone": "calm"},
    "demographics": [{"what": "occupation", "value": "Baker"}, {"what": "", "value": ""}],
    "behavior_traits": ["loyal"],
}


def test_the_gallery_has_the_seven(open_room: OpenRoom) -> None:
    app = open_room("people")
    assert not app.exception
    names = [button.label for button in app.button if (button.key or "").startswith("open-")]
    assert "**Cold Carl**" in names and len(names) == 7


def test_a_full_gallery_has_pages(open_room: OpenRoom, workspace: Workspace) -> None:
    for number in range(60):
        workspace.personas.create(PersonaDraft(name=f"Person {number}"))
    app = open_room("people")
    assert not app.exception
    assert len([one for one in app.button if (one.key or "").startswith("open-")]) == 24
    assert "67 people" in texts(app)


def test_own_ones_alone_and_none_yet(open_room: OpenRoom) -> None:
    app = open_room("people")
    app.segmented_control[0].set_value("Your own").run()
    assert "People that you make stand here." in texts(app)
    assert any(button.label == "New person" for button in app.button)


def test_one_person_with_words_that_the_model_does_not_know(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    draft = PersonaDraft(
        name="<b>Odd</b>",
        personality=Personality(tone="sarcastic"),
        behavior_traits=["eats_cake", "loyal"],
    )
    made = workspace.personas.create(draft)
    app = open_room("people", persona=made.id)
    assert not app.exception
    assert app.title[0].value == "\\<b\\>Odd\\</b\\>"
    assert "does not know eats cake, sarcastic" in app.warning[0].value
    assert "Trait: loyal" in texts(app)


def test_a_built_in_one_cannot_be_edited(open_room: OpenRoom) -> None:
    app = open_room("people", persona="cold-carl", edit="1")
    labels = [button.label for button in app.button]
    assert "Make a copy" in labels and "Edit" not in labels and "Save" not in labels


def test_nobody_of_that_name(open_room: OpenRoom) -> None:
    app = open_room("people", persona="nobody")
    assert not app.exception
    assert "There is no persona 'nobody' here." in texts(app)


def test_a_copy_opens_to_be_edited(open_room: OpenRoom, workspace: Workspace) -> None:
    app = open_room("people", persona="cold-carl")
    next(button for button in app.button if button.label == "Make a copy").click().run()
    assert [one.name for one in workspace.personas.list() if not one.built_in] == [
        "Cold Carl (copy)"
    ]
    assert app.title[0].value == "Change Cold Carl (copy)"


def test_what_is_written_becomes_a_draft() -> None:
    draft, problems = read_form(WRITTEN)
    assert problems == {}
    assert draft is not None
    assert draft.demographics == {"occupation": "Baker"}
    assert draft.personality.tone == "calm"


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"name": "  "}, "name", "This cannot be empty."),
        ({"name": "a\x00b"}, "name", "This has a control character at position 1."),
        ({"description": "x" * 4_001}, "description", "At most 4,000 characters."),
        ({"personality": {"tone": "x" * 81}}, "tone", "At most 80 characters."),
        ({"behavior_traits": ["x"] * 51}, "behavior_traits", "At most 50."),
        (
            {"demographics": [{"what": "", "value": "x"}]},
            "demographics",
            "Give every line a name, such as occupation.",
        ),
        (
            {"demographics": [{"what": "a", "value": "x"}, {"what": "a", "value": "y"}]},
            "demographics",
            "Two lines have the same name.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    change: dict[str, object], field: str, told: str
) -> None:
    draft, problems = read_form({**WRITTEN, **change})
    assert draft is None
    assert problems == {field: told}
