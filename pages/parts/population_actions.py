"""What can be done with a population: rename, delete, rehearse with it."""

from __future__ import annotations

import streamlit as st

from core.domain.populations import Population
from pages.parts.context import workspace
from pages.parts.page import counted, go, guarded, plain


def population_actions(population: Population, used: int) -> None:
    """What can be done with a population."""
    if st.button("Rename", icon=":material/edit:"):
        rename(population)
    why = f"{counted(used, 'rehearsal')} played with it: delete those first." if used else None
    if st.button("Delete", icon=":material/delete:", disabled=bool(used), help=why):
        confirm_delete(population)
    if st.button("Rehearse with it", type="primary", icon=":material/play_arrow:"):
        go("rehearsals", population=population.id)


@st.dialog("Rename this population")
def rename(population: Population) -> None:
    """Give it another name; its people stay as they are."""
    name = st.text_input("Name", population.name, max_chars=255)
    if st.button("Save", type="primary"):
        if not name.strip():
            st.markdown(":red[:material/error: This cannot be empty.]")
            return
        with guarded():
            workspace().populations.rename(population.id, name.strip())
            st.rerun()


@st.dialog("Delete this population?")
def confirm_delete(population: Population) -> None:
    """Ask before a population goes."""
    st.markdown(f"**{plain(population.name)}** and its people go. No rehearsal uses them.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep"):
            st.rerun()
        if st.button("Delete", type="primary", key="delete-for-good"):
            with guarded():
                workspace().populations.delete(population.id)
                go("populations")
