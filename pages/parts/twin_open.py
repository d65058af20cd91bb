"""One twin: its head, and the view that the address names."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.domain.twins import Twin
from pages.parts.context import workspace
from pages.parts.page import empty_state, page, param, set_params, turn
from pages.parts.twin_content import draw_content
from pages.parts.twin_head import facts, known_as, to_view
from pages.parts.twin_method import draw_method
from pages.parts.twin_progress import draw_progress
from pages.parts.twin_talk import draw_talk
from pages.parts.twin_tune import draw_tune
from pages.parts.twin_voice import draw_voice
from pages.parts.twin_who import draw_who
from pages.parts.twin_words import VIEWS

DRAWN: dict[str, Callable[[Twin], None]] = {
    "content": draw_content,
    "who": draw_who,
    "method": draw_method,
    "talk": draw_talk,
    "voice": draw_voice,
    "tune": draw_tune,
    "progress": draw_progress,
}


def draw_twin(ref: str) -> None:
    """The twin of the address."""
    twin = workspace().twins.get(ref)
    view = param("view") or ("talk" if twin.version is not None else "content")
    if view not in DRAWN:
        view = "content"
    _views(view)
    if view != "content" and twin.version is None:
        page(f"{known_as(twin)} has not learned anything yet", facts(twin))
        empty_state(
            "upload_file",
            "Once it has read some of the creator's texts, this will be filled.",
            "Give it content",
            lambda: to_view("content"),
        )
        return
    DRAWN[view](twin)


def _views(view: str) -> None:
    """The way to the other views, each an address of its own."""
    key = f"view_{param('twin')}"
    st.session_state[key] = view
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        turn("All twins", key="all_twins", icon=":material/arrow_back:")
        st.segmented_control(
            "View",
            list(VIEWS),
            required=True,
            format_func=lambda name: VIEWS[name],
            label_visibility="collapsed",
            key=key,
            on_change=_turn_to,
            args=(key,),
        )


def _turn_to(key: str) -> None:
    """Turn to the view that was just chosen."""
    set_params(view=st.session_state[key], node=None)
