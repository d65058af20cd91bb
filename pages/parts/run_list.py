"""Every rehearsal on a row: what was played, with whom, how it went, and what can be done."""

from __future__ import annotations

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.money import money
from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.live import live_progress
from pages.parts.model_words import player_of
from pages.parts.page import (
    ago,
    counted,
    empty_state,
    go,
    guarded,
    page,
    param,
    plain,
    set_params,
    short,
)
from pages.parts.run_budget import at_budget, paused_words, raise_budget
from pages.parts.run_flow import experiment_button, flow_name
from pages.parts.run_state import (
    STATES,
    WORDS,
    is_going_on,
    resume,
    state_badge,
    stop,
)

A_PAGE = 12
MOST_FILTERED = 2_000


def draw_runs() -> None:
    """The page of all rehearsals."""
    here = workspace()
    total = here.rehearsals.count()
    names = {flow.id: flow.name for flow in here.flows.list()}
    page(
        "See what is playing, and read what was found" if total else "Rehearse your first flow",
        ["Rehearse", counted(total, "rehearsal")],
        lambda: _new(bool(total)),
    )
    if not total:
        empty_state(
            "play_circle",
            "Your rehearsals will stand here, each with what it found.",
            "Choose a flow",
            lambda: go("flows"),
        )
        return
    flow, status = _filters(names)
    runs, count = _some(flow, status)
    if not runs:
        st.caption("No rehearsal is like that.")
        return
    _compare_bar(runs)
    people = {one.id: one.name for one in here.populations.list()}
    for run in runs:
        whom = people.get(run.population_id, run.population_id)
        _row(run, flow_name(run, names), whom)
    if count > A_PAGE:
        with st.container(horizontal_alignment="center"):
            st.pagination(-(-count // A_PAGE), key="runs_page")


def _new(some: bool) -> None:
    if some and st.button("Rehearse a flow", type="primary", icon=":material/play_arrow:"):
        go("flows")


def _filters(names: dict[str, str]) -> tuple[str | None, str | None]:
    """Which flow and which state; the address keeps the flow."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        asked = param("flow")
        options = [None, *names]
        flow = st.selectbox(
            "Flow",
            options,
            index=options.index(asked) if asked in names else 0,
            format_func=lambda id: "All flows" if id is None else short(names[id], 50),
            width=320,
            key="runs_flow",
        )
        set_params(flow=flow)
        status = st.selectbox(
            "State",
            [None, *STATES],
            format_func=lambda one: "Any state" if one is None else STATES[one][0],
            width=180,
            key="runs_status",
        )
    return flow, status


def _some(flow: str | None, status: str | None) -> tuple[list[Run], int]:
    """The runs of the page that is shown, and how many match."""
    rehearsals = workspace().rehearsals
    at = max(1, int(st.session_state.get("runs_page") or 1))
    if status is None:
        count = rehearsals.count(flow)
        at = min(at, max(1, -(-count // A_PAGE)))
        return rehearsals.list(flow, A_PAGE, (at - 1) * A_PAGE), count
    every = [run for run in rehearsals.list(flow, MOST_FILTERED) if run.status == status]
    at = min(at, max(1, -(-len(every) // A_PAGE)))
    return every[(at - 1) * A_PAGE : at * A_PAGE], len(every)


def _compare_bar(runs: list[Run]) -> None:
    """Two runs of one flow that were picked below can be laid side by side."""
    picked = [run for run in runs if st.session_state.get(f"pick_{run.id}")]
    if not picked:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        names = " and ".join(f"run {run.number}" for run in reversed(picked))
        same = len({run.flow_id for run in picked}) == 1
        words = f"Picked: {names}."
        if len(picked) != 2:
            words += " Pick two of the same flow to compare them."
        elif not same:
            words += " They are of two flows: pick two of the same."
        st.markdown(words, width="stretch")
        ready = len(picked) == 2 and same
        if st.button("Compare", disabled=not ready, icon=":material/balance:", key="runs_compare"):
            go("report", run=picked[0].id, **{"with": picked[1].id})


def _row(run: Run, flow: str, people: str) -> None:
    with (
        st.container(border=True, key=f"run_{run.id}"),
        st.container(horizontal=True, vertical_alignment="center", gap="medium"),
    ):
        st.checkbox(
            f"Pick run {run.number} to compare", key=f"pick_{run.id}", label_visibility="collapsed"
        )
        with st.container(width=300, gap="xxsmall"):
            st.markdown(f"**{plain(short(flow, 60))}**")
            st.caption(
                f"Run {run.number} · version {run.flow_version} · seed {run.seed}  \n"
                f"{plain(short(people, 40))} · {counted(run.contacts, 'person', 'people')}"
            )
        with st.container(width="stretch", gap="xxsmall"):
            _how_it_went(run)
        with st.container(horizontal=True, gap="xsmall", width="content"):
            _buttons(run, flow)


def _how_it_went(run: Run) -> None:
    if is_going_on(run):
        live_progress(workspace().rehearsals.progress(run.id), key=f"live_{run.id}")
        return
    if run.status == "finished":
        try:
            report = workspace().reports.report(run.id)
        except GreenroomError as error:
            st.markdown(plain(str(error)))
            return
        score = f":gray-badge[score {report.score.value}] " if report.score else ""
        st.markdown(f"{score}{plain(short(_finding(report.headline), 120))}")
        cost = f" · {plain(money(run.cost_usd))}" if run.engine == "language" else ""
        st.caption(f"Finished {ago(run.finished_at)} · {plain(short(player_of(run), 50))}{cost}")
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        state_badge(run)
        words = f"{run.done:,} of {counted(run.contacts, 'person', 'people')}"
        st.markdown(f"{words} · {plain(short(player_of(run), 50))}", width="content")
    if at_budget(run):
        st.markdown(plain(paused_words(run)))
        raise_budget(run, "list")
        return
    reason = f" {plain(short(run.error, 200))}" if run.error and run.status != "paused" else ""
    st.caption(f"{WORDS.get(run.status, '')}{reason}")


def _finding(headline: str) -> str:
    """The headline without the flow's name, which stands beside it."""
    said = headline.partition(": ")[2] or headline
    return said[:1].upper() + said[1:]


def _buttons(run: Run, flow: str) -> None:
    if is_going_on(run):
        if st.button("Stop", icon=":material/stop:", key=f"stop_{run.id}"):
            stop(run)
        return
    if (
        run.status != "finished"
        and not at_budget(run)
        and st.button("Resume", icon=":material/play_arrow:", key=f"resume_{run.id}")
    ):
        resume(run)
    if run.done and st.button("Report", icon=":material/insights:", key=f"report_{run.id}"):
        go("report", run=run.id)
    experiment_button(run.id, run.id)
    if st.button(
        "Delete", icon=":material/delete:", type="tertiary", key=f"delete_{run.id}", help="Delete"
    ):
        delete_dialog(run, flow)


@st.dialog("Delete the rehearsal")
def delete_dialog(run: Run, flow: str) -> None:
    """Ask first."""
    st.markdown(
        f"Run {run.number} of **{plain(flow)}** goes, with its {counted(run.events, 'event')}. "
        "This cannot be undone."
    )
    if st.button("Delete", type="primary", icon=":material/delete:", key="run_delete"):
        with guarded():
            workspace().rehearsals.delete(run.id)
            st.rerun()
