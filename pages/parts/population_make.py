"""Making a population: personas, copies of each, a seed."""

from __future__ import annotations

import streamlit as st

from core.domain.populations import CastLine, PopulationDraft
from pages.parts.context import workbench, workspace
from pages.parts.page import counted, go, guarded, page, param, short, turn


def make_population() -> None:
    """Choose personas, copies and a seed."""
    page("Who is in it?", ["Cast", "a new population"])
    everyone = {one.id: one for one in workspace().personas.list()}
    with st.container(width=860, border=True):
        built_in = [id for id, one in everyone.items() if one.built_in]
        chosen = st.multiselect(
            "People",
            list(everyone),
            default=[param("persona")] if param("persona") in everyone else built_in,
            format_func=lambda id: short(everyone[id].name, 50),
            placeholder="Choose one or more",
        )
        with st.container(horizontal=True):
            copies = st.number_input(
                "Copies of each",
                1,
                workbench().settings.max_people,
                20,
                help="People differ: play several.",
            )
            seed = st.number_input(
                "Seed", 0, 2**53 - 1, 7, help="The same seed always gives the same people."
            )
        cast = [CastLine(persona=id, copies=int(copies)) for id in chosen]
        if len(chosen) > 1 and st.toggle("A different number of each"):
            cast = different(chosen, int(copies))
        total = sum(line.copies for line in cast)
        name = st.text_input("Name", placeholder="Made from who is in it", max_chars=255)
        st.caption(f"{counted(total, 'person', 'people')} in all.")
        pressed = st.button("Make it", type="primary", icon=":material/check:", disabled=not cast)
    turn("All populations", key="back", icon=":material/arrow_back:")
    if pressed:
        with guarded():
            draft = PopulationDraft(name=name.strip() or None, cast=cast, seed=int(seed))
            go("populations", population=workspace().populations.freeze(draft).id)


def different(chosen: list[str], copies: int) -> list[CastLine]:
    """A small table with a number for each persona; 0 leaves one out."""
    names = {one.id: one.name for one in workspace().personas.list()}
    edited = st.data_editor(
        {"person": [names[id] for id in chosen], "copies": [copies] * len(chosen)},
        hide_index=True,
        disabled=["person"],
        key=f"copies-{copies}-{'-'.join(chosen)}",
        column_config={
            "person": st.column_config.TextColumn("Person"),
            "copies": st.column_config.NumberColumn("Copies", min_value=0, step=1, required=True),
        },
    )
    lines = zip(chosen, edited["copies"], strict=True)
    return [CastLine(persona=id, copies=int(count)) for id, count in lines if count]
