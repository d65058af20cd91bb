"""What must be known before the figures are believed; a stop covers the top of the page."""

from __future__ import annotations

import streamlit as st

from core.domain.experiment_results import Analysis, Warned
from pages.parts.page import counted, plain

OPEN = 3


def stops(analysis: Analysis) -> list[Warned]:
    """Warnings that say: do not believe these figures."""
    return [one for one in analysis.warnings if one.severity == "stop"]


def draw_stops(analysis: Analysis) -> bool:
    """What is broken, with what to do; gives whether the figures shall be shown all the same."""
    found = stops(analysis)
    if not found:
        return True
    for one in found:
        fix = f"  \n**What to do:** {plain(one.fix)}" if one.fix else ""
        st.error(
            f"**{plain(one.title)}.** {plain(one.text)}{fix}",
            icon=":material/report:",
        )
    return st.toggle(
        "Show the figures all the same; they cannot be believed",
        key=f"experiment_broken_{analysis.experiment_id}_{analysis.number}",
    )


def draw_warnings(analysis: Analysis) -> None:
    """Warnings, the worst first; what is only good to know is folded."""
    loud = [one for one in analysis.warnings if one.severity == "warning"]
    quiet = [one for one in analysis.warnings if one.severity == "info"]
    for one in loud[:OPEN]:
        st.warning(_words(one), icon=":material/warning:")
    folded = [*loud[OPEN:], *quiet]
    if not folded:
        return
    with st.expander(f"{counted(len(folded), 'thing')} more to know", icon=":material/info:"):
        for one in folded:
            st.markdown(_words(one))


def _words(one: Warned) -> str:
    fix = f" {plain(one.fix)}" if one.fix else ""
    return f"**{plain(one.title)}.** {plain(one.text)}{fix}"
