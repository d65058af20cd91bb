"""People: the gallery of personas; one of them opened, made or changed."""

from __future__ import annotations

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.personas import Persona
from pages.parts.context import workspace
from pages.parts.page import counted, go, guarded, page, param, show_error, turn
from pages.parts.persona_form import persona_form, read_form, show_problems
from pages.parts.persona_gallery import shelves
from pages.parts.persona_page import one_person

people = workspace().personas


def gallery() -> None:
    """Everybody, searched and filtered."""
    everyone = people.list()
    own = sum(not one.built_in for one in everyone)

    def actions() -> None:
        icon = ":material/person_add:"
        turn("New person", key="new-person", icon=icon, kind="primary", make="person")

    page(
        "Meet the people",
        ["Cast", counted(len(everyone), "person", "people"), f"{own} of your own"],
        actions,
    )
    shelves(everyone)


def edit(persona: Persona | None) -> None:
    """Make a persona, or change one."""
    title = f"Change {persona.name}" if persona else "Who is this person?"
    page(title, ["Cast", f"version {persona.version}" if persona else "new"])
    key = f"persona-form-{persona.id if persona else 'new'}"
    with st.container(width=860):
        written, places = persona_form(persona, workspace().parameters.get(), key)
        back = {"persona": persona.id} if persona else {}
        turn("Leave without saving", key="back", icon=":material/arrow_back:", **back)
    if written is None:
        return
    draft, problems = read_form(written)
    show_problems(problems, places)
    if draft is None:
        return
    try:
        saved = people.update(persona.id, draft) if persona else people.create(draft)
    except GreenroomError as error:
        if error.place in places:
            show_problems({error.place: error.message}, places)
        else:
            show_error(error)
        return
    go("people", persona=saved.id)


wanted_id = param("persona")
if param("make"):
    edit(None)
elif wanted_id is None:
    gallery()
else:
    chosen: Persona | None = None
    with guarded():
        chosen = people.get(wanted_id)
    if chosen is None:
        turn("All people", key="back", icon=":material/arrow_back:")
    elif param("edit") and not chosen.built_in:
        edit(chosen)
    else:
        one_person(chosen)
