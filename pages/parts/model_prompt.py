"""The text of a prompt's version, behind a button."""

from __future__ import annotations

import streamlit as st

from core.minds import prompt_texts
from pages.parts.page import plain

PARTS = {
    "system": "What the model is told once for each kind of person",
    "user": "What it is told of each message",
    "answers": "What it is told besides, where a message asks questions",
}


def prompt_popover(version: str, key: str) -> None:
    """Every text of a prompt, as it is sent; gaps stand in braces."""
    texts = prompt_texts(version)
    with st.popover(f"Prompt {plain(version)}", icon=":material/description:", key=key):
        if not texts:
            st.caption("This version is not here any more.")
        for name, text in texts.items():
            st.caption(PARTS.get(name, "What the model is told"))
            st.code(text, language=None, wrap_lines=True)
        if texts:
            st.caption("What stands in braces is filled in for each person and message.")
