"""Which look is shown: the newest one, or an earlier one as it was."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.domain.experiment_results import Analysis
from core.domain.experiments import Experiment
from pages.parts.context import workspace
from pages.parts.page import counted, param, plain, set_params


def chosen_look(experiment: Experiment, newest: Analysis) -> Analysis:
    """The look that the address names; the newest where it names none that there was."""
    asked = param("look") or ""
    if not asked.isdecimal() or not 0 < int(asked[:9]) < newest.number:
        return newest
    at = int(asked[:9])
    return _seen((workspace().name, experiment.id, str(experiment.created_at), at))


@st.cache_resource(max_entries=32, show_spinner=False)
def _seen(key: tuple[str, str, str, int]) -> Analysis:
    """An earlier look never changes."""
    return workspace().experiments.seen(key[1], key[3])


def draw_looks(experiment: Experiment, analysis: Analysis) -> None:
    """How many looks there were and what they cost; with several, which of them to see."""
    total = max(experiment.looks, analysis.number)
    if experiment.source == "rehearsal" and total == 1:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        said = f"{counted(total, 'look')} so far; {_cost(experiment)}."
        st.caption(plain(said), width="stretch")
        if total > 1:
            _choose(experiment, analysis, total)
    if analysis.number < total:
        _earlier(analysis, total)


def _cost(experiment: Experiment) -> str:
    if experiment.design.rule.kind == "always_valid":
        return "looking costs nothing under its rule"
    return "each look costs certainty under its rule; what that is stands under “Rules”"


def _choose(experiment: Experiment, analysis: Analysis, total: int) -> None:
    found = dict(workspace().experiments.looks(experiment.id))
    numbers = sorted(found, reverse=True)
    key = f"experiment_looks_{experiment.id}_{total}_{analysis.number}"
    st.selectbox(
        "Look",
        numbers,
        index=numbers.index(analysis.number) if analysis.number in numbers else 0,
        format_func=lambda number: _named(number, total, found[number]),
        key=key,
        label_visibility="collapsed",
        width=290,
        on_change=_go_to,
        args=(key, total),
    )


def _named(number: int, total: int, at: datetime) -> str:
    return f"Look {number} of {total}, on {at:%-d %b %Y, %H:%M}"


def _go_to(key: str, total: int) -> None:
    number = st.session_state[key]
    set_params(look=number if number != total else None)


def _earlier(analysis: Analysis, total: int) -> None:
    """It is said loudly, so that nobody takes old figures for the result."""
    st.warning(
        f"**This is an earlier look**, number {analysis.number} of {total}, as it was on "
        f"{analysis.at:%-d %B %Y, %H:%M}. More has come in since.",
        icon=":material/history:",
    )
    st.button(
        "Back to the newest look",
        icon=":material/update:",
        key="experiment_newest",
        on_click=set_params,
        kwargs={"look": None},
    )
