"""Every creator twin of the workspace, and how to begin where there is none."""

from __future__ import annotations

import streamlit as st

from core.domain.twins import Twin
from pages.parts.context import workspace
from pages.parts.page import counted, empty_state, go, guarded, page, plain, short, turn
from pages.parts.twin_words import STATES

WHAT = (
    "A twin learns from what a creator has written and said. It answers in their words with the "
    "passage beside it, knows what it does not know, and can be told from an imitation."
)


def draw_twins() -> None:
    """The page of all twins."""
    twins = workspace().twins.list()
    page(
        "Choose a twin, or make one" if twins else "Make a twin of a creator",
        ["Cast", counted(len(twins), "creator twin") if twins else "creator twins"],
        _new if twins else None,
    )
    if not twins:
        st.markdown(WHAT)
        empty_state(
            "person_book",
            "Your twins will stand here: what they learned, how they sound, what they can answer.",
            "Make a twin",
            make_twin,
            hint="You need some of the creator's own texts, talks or recordings. 5,000 words are a "
            "good beginning.",
        )
        return
    with st.grid(2, min_column_width=330, gap="medium") as grid:
        for twin in twins:
            with grid.cell():
                _card(twin)


def _new() -> None:
    if st.button("New twin", type="primary", icon=":material/add:", key="new_twin"):
        make_twin()


@st.dialog("Make a twin")
def make_twin() -> None:
    """Ask for a name; content comes on the next page."""
    with st.form("make_twin", border=False):
        name = st.text_input("The creator's name", max_chars=120, placeholder="Maya Okafor")
        about = st.text_area(
            "Who they are, in a sentence",
            max_chars=300,
            placeholder="A coach who helps freelancers to calm, focused work.",
        )
        if st.form_submit_button("Make it", type="primary"):
            with guarded():
                twin = workspace().twins.create(name, about)
                go("twins", twin=twin.slug, view="content")


def _card(twin: Twin) -> None:
    """One twin: its name, what it knows, and the way in."""
    twins = workspace().twins
    with st.container(border=True, height="stretch", gap="small", key=f"twin_{twin.id}"):
        st.subheader(plain(short(twin.name, 60)), anchor=False)
        if twin.about:
            st.markdown(plain(short(twin.about, 220)))
        st.caption(" · ".join(_facts(twin)))
        state = twins.training(twin.id)
        if state.going_on:
            st.progress(state.share, text=f"Learning · {plain(short(state.piece or '', 40))}")
        with st.container(horizontal=True, gap="small"):
            trained = twin.version is not None
            first = "talk" if trained else "content"
            label = "Talk to the twin" if trained else "Give it content"
            turn(label, key=f"open_{twin.id}", kind="secondary", twin=twin.slug, view=first)
            if trained:
                turn("What it learned", key=f"content_{twin.id}", twin=twin.slug, view="content")


def _facts(twin: Twin) -> list[str]:
    """What is known of a twin, in a few words."""
    if twin.version is None:
        return ["has not learned anything yet"]
    version = workspace().twins.version(twin.id)
    waiting = [piece for piece in workspace().twins.pieces(twin.id) if piece.state == "asking"]
    facts = [
        f"version {version.number}",
        counted(len(version.pieces), "piece"),
        counted(version.profile.words, "word"),
    ]
    return [*facts, f"{counted(len(waiting), 'piece')} {STATES['asking']}"] if waiting else facts
