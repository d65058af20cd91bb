"""What stands over every view of a twin, and the way from one view to another."""

from __future__ import annotations

import streamlit as st

from core.domain.twins import Twin
from pages.parts.context import workspace
from pages.parts.page import counted, set_params, short

LONGEST_NAME = 48


def facts(twin: Twin) -> list[str]:
    """The small line over every view: whose, which version, how much it rests on."""
    if twin.version is None:
        return ["Cast", "creator twin", "not trained yet"]
    version = workspace().twins.version(twin.id)
    return [
        "Cast",
        known_as(twin),
        f"version {version.number}",
        counted(len(version.pieces), "piece"),
        counted(version.profile.words, "word"),
        "demo data" if workspace().demo else "",
    ]


def known_as(twin: Twin) -> str:
    """The name as a heading has room for it."""
    return short(twin.name, LONGEST_NAME)


def to_view(view: str) -> None:
    """Turn to another view of the same twin."""
    set_params(view=view, node=None)
    st.rerun()
