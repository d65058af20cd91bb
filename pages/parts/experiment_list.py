"""Every experiment on a row: how far it is, and what it has answered so far."""

from __future__ import annotations

import re

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.experiment_results import Analysis
from core.domain.experiments import Experiment
from pages.parts.context import workspace
from pages.parts.experiment_templates import TEMPLATES, begin, choose_dialog
from pages.parts.page import ago, counted, go, guarded, page, plain, short, turn

A_PAGE = 12
BEFORE_SIGN = re.compile(r"(?<=\d) (?=[%€$])")
STATES = {
    "draft": ("Draft", "gray", "edit"),
    "running": ("Going on", "green", "play_circle"),
    "undecided": ("Not decided yet", "gray", "balance"),
    "stopped": ("Stopped", "orange", "pause_circle"),
    "decided": ("Decided", "blue", "gavel"),
}
SOURCES = {"rehearsal": "rehearsal", "live": "real people", "table": "imported data"}
OUTCOMES = {
    "winner": ("A winner", "green", "trophy"),
    "keep_going": ("Keep going", "gray", "hourglass_top"),
    "no_difference": ("No difference worth having", "gray", "drag_handle"),
    "harm": ("Stop: harm", "red", "block"),
    "broken": ("Cannot be believed", "red", "report"),
}
FIRST = ("words", "table", "live")
"""The ways to begin that an empty page offers."""


def draw_list() -> None:
    """The page of all experiments."""
    experiments = workspace().experiments
    total = experiments.count()
    page(
        "Find out which of two things is better" if total else "Prove that a change is better",
        ["Prove", counted(total, "experiment")],
        _new if total else None,
    )
    if not total:
        _nothing()
        return
    at = max(1, int(st.session_state.get("experiments_page") or 1))
    at = min(at, -(-total // A_PAGE))
    for one in experiments.list(A_PAGE, (at - 1) * A_PAGE):
        _row(one)
    if total > A_PAGE:
        with st.container(horizontal_alignment="center"):
            st.pagination(-(-total // A_PAGE), key="experiments_page")


def _new() -> None:
    if st.button("New experiment", type="primary", icon=":material/add:", key="experiment_new"):
        choose_dialog()


def _nothing() -> None:
    """What will be here, and three ways to begin."""
    st.markdown(
        "An experiment says beforehand what would count as better, then looks, and does not fool "
        "itself. Its answer stands here in one sentence."
    )
    ways = [one for id in FIRST for one in TEMPLATES if one.id == id]
    with st.grid(3, min_column_width=250, gap="medium"):
        for at, one in enumerate(ways):
            with st.container(border=True, height="stretch", vertical_alignment="distribute"):
                with st.container(gap="small"):
                    st.subheader(one.title, icon=f":material/{one.icon}:", anchor=False)
                    st.markdown(one.text)
                kind = "secondary" if at else "primary"
                if st.button(one.button, type=kind, key=f"begin_{one.id}", width="stretch"):
                    begin(one)
    with st.container(horizontal=True, horizontal_alignment="center"):
        if st.button("More ways to begin", type="tertiary", key="more_ways"):
            choose_dialog()


def _row(one: Experiment) -> None:
    with st.container(border=True, key=f"experiment_{one.id}"):
        name, answer, buttons = st.columns([4, 5, 3], vertical_alignment="center", gap="medium")
        with name, st.container(gap="xxsmall"):
            st.markdown(f"**{plain(short(one.design.name, 70))}**")
            st.caption(" · ".join(plain(fact) for fact in _facts(one)))
        with answer, st.container(gap="xxsmall"):
            _answer(one)
        with buttons, st.container(horizontal=True, gap="xsmall", horizontal_alignment="right"):
            _buttons(one)


def _facts(one: Experiment) -> list[str]:
    facts = [SOURCES[one.source], counted(len(one.design.variants), "variant")]
    if one.status != "draft" and one.looks:
        facts.append(counted(one.looks, "look"))
    return [*facts, ago(one.finished_at or one.created_at)]


def _answer(one: Experiment) -> None:
    """How far it is, and what is known."""
    words, colour, icon = STATES[_state(one)]
    badge = f":{colour}-badge[:material/{icon}: {words}]"
    if one.status == "draft":
        asked = plain(short(one.design.hypothesis, 120)) or "Its question is not written yet."
        st.markdown(f"{badge} {asked}")
        return
    try:
        newest: Analysis | None = workspace().experiments.newest(one.id)
    except GreenroomError as error:
        st.markdown(f"{badge} {plain(error.message)}")
        return
    if newest is None:
        ready = one.source != "live" and not _to_watch(one)
        badge = ":green-badge[:material/balance: Ready to read]" if ready else badge
        st.markdown(f"{badge} Nobody has looked yet.")
        return
    told, shade, sign = OUTCOMES[one.decided.outcome if one.decided else newest.advice.outcome]
    st.markdown(f"{badge} :{shade}-badge[:material/{sign}: {told}]")
    st.markdown(plain(whole_figures(short(_said(one, newest), 200))))


def _state(one: Experiment) -> str:
    """How far it is; nothing goes on in data that are there, or once everybody has played."""
    over = one.source != "live" and one.status == "running" and not _to_watch(one)
    return "undecided" if over else one.status


def _said(one: Experiment, newest: Analysis) -> str:
    """What was found; where a person decided otherwise than advised, what they decided."""
    decided = one.decided
    if decided is None or decided.outcome == newest.advice.outcome:
        return newest.advice.headline
    variant = one.design.variant(decided.variant) if decided.variant else None
    taken = f"{variant.label} was taken" if variant else OUTCOMES[decided.outcome][0]
    return f"{taken}. The advice was: {newest.advice.headline}"


def whole_figures(text: str) -> str:
    """The text with no line broken between a figure and its sign: ``+7.5 %``."""
    return BEFORE_SIGN.sub("\u00a0", text)


def _buttons(one: Experiment) -> None:
    if one.status == "draft":
        turn("Go on", key=f"open_{one.id}", kind="secondary", experiment=one.id)
    elif _to_watch(one):
        turn("Watch", key=f"open_{one.id}", kind="secondary", experiment=one.id)
    elif st.button("Read", key=f"open_{one.id}"):
        go("experiment", experiment=one.id)
    with st.popover("More", type="tertiary", key=f"more_{one.id}"):
        if st.button("Copy", key=f"copy_{one.id}", icon=":material/content_copy:", type="tertiary"):
            with guarded():
                go("experiments", experiment=workspace().experiments.copy(one.id).id)
        if st.button("Delete", key=f"delete_{one.id}", icon=":material/delete:", type="tertiary"):
            delete_dialog(one)


def _to_watch(one: Experiment) -> bool:
    """Whether there is nothing to read yet: people still play, or none have come."""
    if one.status == "decided":
        return False
    return not workspace().experiments.ready(one.id)


@st.dialog("Delete the experiment")
def delete_dialog(one: Experiment) -> None:
    """Ask first."""
    looks = f", with {counted(one.looks, 'look')}" if one.looks else ""
    st.markdown(f"**{plain(one.design.name)}** goes{looks}. This cannot be undone.")
    with st.container(horizontal=True, gap="small"):
        if st.button("Delete", type="primary", icon=":material/delete:", key="experiment_delete"):
            with guarded():
                workspace().experiments.delete(one.id)
                st.rerun()
        if st.button("Keep it", key="experiment_keep"):
            st.rerun()
