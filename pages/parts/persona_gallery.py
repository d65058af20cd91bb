"""The gallery: every persona as a card, searched, filtered, a page at a time."""

from __future__ import annotations

import streamlit as st

from core.domain.personas import Persona
from pages.parts.page import empty_state, go
from pages.parts.persona_card import card, said

A_PAGE = 24


def shelves(everyone: list[Persona]) -> None:
    """The cards that match what is looked for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.text_input(
            "Search",
            type="search",
            live=True,
            placeholder="Name, trait, occupation …",
            label_visibility="collapsed",
            icon=":material/search:",
        )
        kind = st.segmented_control(
            "Show",
            ["All", "Built in", "Your own"],
            default="All",
            required=True,
            label_visibility="collapsed",
        )
    found = [one for one in everyone if matches(one, wanted or "", kind)]
    if not found:
        mine = kind == "Your own" and not wanted
        empty_state(
            "person_search",
            "People that you make stand here." if mine else "Nobody is like that.",
            "New person",
            lambda: go("people", make="person"),
            hint="Start from nothing, or copy a built-in one." if mine else "Try another word.",
        )
        return
    pages = -(-len(found) // A_PAGE)
    space = st.container()
    at = st.pagination(pages, key=f"people-{wanted}-{kind}") if pages > 1 else 1
    with space, st.grid(3, min_column_width=290, gap="medium"):
        for one in found[(at - 1) * A_PAGE : at * A_PAGE]:
            card(one)


def matches(persona: Persona, wanted: str, kind: str | None) -> bool:
    """Whether a persona is of this kind and has every word that is looked for."""
    if kind != "All" and persona.built_in != (kind == "Built in"):
        return False
    text = f"{persona.name} {persona.description} {persona.personality.model_dump()} "
    text += f"{persona.demographics} {persona.behavior_traits}"
    text = said(text).casefold()
    return all(word in text for word in said(wanted).casefold().split())
