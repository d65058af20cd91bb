"""A rehearsal on one line or one card: going on, resting, or with what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.reports import Figure, Report
from core.domain.runs import Run
from pages.parts.charts import draw_ring
from pages.parts.live import live_progress
from pages.parts.model_words import player_of
from pages.parts.page import (
    ago,
    count_text,
    counted,
    go,
    guarded,
    interval_text,
    plain,
    short,
    show_error,
)
from pages.parts.run_budget import at_budget, paused_words

if TYPE_CHECKING:
    from core.workbench import Workspace

LATEST = 3
SHORT = 0.2


def going_row(workspace: Workspace, run: Run, flow: str) -> None:
    """A run that is being played: a live bar and Stop."""
    with st.container(border=True):
        name, bar, button = st.columns([4, 6, 1.4], vertical_alignment="center")
        who = f"{counted(run.contacts, 'person', 'people')} · {short(player_of(run), 40)}"
        name.markdown(_named(flow, who))
        with bar:
            live_progress(workspace.rehearsals.progress(run.id))
        button.button(
            "Stop",
            key=f"stop-{run.id}",
            width="stretch",
            icon=":material/stop:",
            on_click=_stop,
            args=(workspace, run),
        )


def resting_row(workspace: Workspace, run: Run, flow: str) -> None:
    """A run that stopped half-way: how far it came, and Resume."""
    with st.container(border=True):
        name, told, button = st.columns([4, 6, 1.4], vertical_alignment="center")
        when = f"rehearsal {run.number} · {ago(run.finished_at or run.created_at)}"
        name.markdown(_named(flow, when))
        why = {"paused": "Stopped", "interrupted": "Interrupted"}[run.status]
        people = f"{run.done:,} of {counted(run.contacts, 'person', 'people')}"
        if at_budget(run):
            why, people = "Budget spent", plain(paused_words(run))
        told.markdown(
            f":orange-badge[:material/pause: {why}] {people}  \n"
            ":small[:gray[What they did is kept; it goes on from there.]]"
        )
        if at_budget(run):
            if button.button("Raise", key=f"raise-{run.id}", width="stretch"):
                go("report", run=run.id)
            return
        button.button(
            "Resume",
            key=f"resume-{run.id}",
            width="stretch",
            icon=":material/play_arrow:",
            on_click=_resume,
            args=(workspace, run),
        )


def _stop(workspace: Workspace, run: Run) -> None:
    """Ask a run to stop; its bar says when it has."""
    with guarded():
        workspace.rehearsals.stop(run.id, timeout=SHORT)
        st.toast("Stopping at the next checkpoint", icon=":material/stop:")


def _resume(workspace: Workspace, run: Run) -> None:
    """Let a run go on from where it is."""
    with guarded():
        workspace.rehearsals.start(run.id)


def found_card(workspace: Workspace, run: Run) -> None:
    """What a finished run found: a sentence, the score, the rates that matter."""
    with st.container(border=True, height="stretch", vertical_alignment="distribute"):
        try:
            report = workspace.reports.report(run.id)
        except GreenroomError as error:
            show_error(error)
            return
        with st.container(gap="small"):
            st.caption(
                f"Rehearsal {run.number} · {counted(run.contacts, 'person', 'people')} · "
                f"{plain(short(player_of(run), 40))} · {ago(run.finished_at)}"
            )
            st.subheader(plain(report.headline), anchor=False)
        with st.container(gap="small"):
            _numbers(report)
            if st.button("Read the report", key=f"read-{run.id}", width="stretch"):
                go("report", run=run.id)


def _named(flow: str, facts: str) -> str:
    """A flow's name with one quiet line under it."""
    return f"**{plain(short(flow, 60))}**  \n:small[:gray[{plain(facts)}]]"


def _numbers(report: Report) -> None:
    """The score as a ring, and beside it the rates with their counts and intervals."""
    score = report.score.value if report.score else None
    figures = [report.answered, *([report.goal] if report.goal else []), report.opted_out]
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        draw_ring(score, size=92)
        st.markdown("  \n".join(_line(figure) for figure in figures))
    met = report.facts.reactions
    without = met.refused + met.invalid + met.unavailable + met.skipped
    notes = [report.no_score or "", f"{counted(without, 'reaction')} without a usable answer"]
    if report.unanswered:
        st.caption(plain(" · ".join(filter(None, notes))))


def _line(figure: Figure) -> str:
    """``58 of 140``, what they did, and the interval below."""
    return (
        f"**{count_text(figure.rate)}** {plain(figure.label).lower()}  \n"
        f":small[:gray[{interval_text(figure.rate)}]]"
    )
