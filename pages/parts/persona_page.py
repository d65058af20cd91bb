"""One persona, whole: who it is, what the model makes of it, what can be done with it."""

from __future__ import annotations

import streamlit as st

from core.domain.personas import Persona
from pages.parts.context import workspace
from pages.parts.page import go, guarded, page, plain, section, short, turn
from pages.parts.persona_card import WORDS, badges, model_view, said, sign

LONGEST_TITLE = 80


def one_person(persona: Persona) -> None:
    """One persona, whole."""
    facts = ["Cast", "Built in" if persona.built_in else f"Your own · version {persona.version}"]
    title = short(persona.name, LONGEST_TITLE)
    page(title, facts, lambda: person_actions(persona))
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True):
        if title != persona.name:
            st.markdown(f"**{plain(persona.name)}**")
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            sign(persona.name, size=64)
            st.markdown(plain(persona.description) or ":gray[No description yet]")
        with st.grid(4, min_column_width=120):
            for field, title in WORDS.items():
                told = plain(said(getattr(persona.personality, field)))
                st.markdown(f":small[:gray[{title}]]  \n{told}")
        if persona.behavior_traits:
            st.markdown(badges(persona.behavior_traits, "green"))
        if persona.demographics:
            st.table(
                {
                    plain(said(key)).capitalize(): plain(v)
                    for key, v in persona.demographics.items()
                },
                border="horizontal",
            )
    with right, st.container(border=True):
        section("What the model makes of it")
        model_view(persona, workspace().parameters.get())
    turn("All people", key="back", icon=":material/arrow_back:")


def person_actions(persona: Persona) -> None:
    """What can be done with a persona."""
    kind = "primary" if persona.built_in else "secondary"
    if st.button("Make a copy", icon=":material/content_copy:", type=kind):
        with guarded():
            go("people", persona=workspace().personas.copy(persona.id).id, edit=1)
    if st.button("Play with this person", icon=":material/group_add:"):
        go("populations", make="population", persona=persona.id)
    if persona.built_in:
        return
    if st.button("Delete", icon=":material/delete:"):
        confirm_delete(persona)
    turn(
        "Edit",
        key="edit",
        icon=":material/edit:",
        kind="primary",
        persona=persona.id,
        edit=1,
    )


@st.dialog("Delete this person?")
def confirm_delete(persona: Persona) -> None:
    """Ask before a persona goes."""
    st.markdown(
        f"**{plain(persona.name)}** leaves the gallery. Populations and rehearsals that "
        "have this person keep it."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep"):
            st.rerun()
        if st.button("Delete", type="primary", key="delete-for-good"):
            with guarded():
                workspace().personas.delete(persona.id)
                go("people")
