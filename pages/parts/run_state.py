"""Where a run is: live while it plays, else in words, with what can be done about it."""

from __future__ import annotations

import streamlit as st

from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.live import live_progress
from pages.parts.model_words import player_of
from pages.parts.page import counted, go, guarded, plain
from pages.parts.report_engine import spending_words
from pages.parts.run_budget import at_budget, paused_words, raise_budget

STATES = {
    "pending": ("Waiting", "gray", "schedule"),
    "running": ("Playing", "green", "play_circle"),
    "paused": ("Stopped", "orange", "pause_circle"),
    "interrupted": ("Interrupted", "orange", "warning"),
    "finished": ("Finished", "green", "check_circle"),
    "failed": ("Failed", "red", "error"),
}
WORDS = {
    "pending": "It has not started yet.",
    "paused": "It was stopped here. Nothing is lost: it goes on from where it is.",
    "interrupted": "It was interrupted here. Nothing is lost: it goes on from where it is.",
    "failed": "It did not finish. What was played until then is kept.",
}
ALL_PLAYED = "Everybody was played, and the rehearsal has failed all the same."


def state_badge(run: Run) -> None:
    """A run's state as a sign and a word."""
    words, colour, icon = STATES[run.status]
    if at_budget(run):
        words, icon = "Budget spent", "savings"
    st.badge(words, icon=f":material/{icon}:", color=colour)


def is_going_on(run: Run) -> bool:
    """Whether something more will come by itself."""
    return run.status in ("pending", "running")


def draw_state(run: Run, *, key: str, report: bool = True) -> None:
    """How far a run is, pushed while it plays, and its one next thing to do."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="medium", key=f"{key}_state"
    ):
        with st.container(width="stretch", gap="xxsmall"):
            if is_going_on(run):
                live_progress(workspace().rehearsals.progress(run.id), key=f"{key}_live_{run.id}")
            else:
                _at_rest(run)
        _next_thing(run, key, report=report)
    if at_budget(run):
        raise_budget(run, key, first=True)


def _at_rest(run: Run) -> None:
    done = f"{run.done:,} of {counted(run.contacts, 'person', 'people')}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        state_badge(run)
        facts = [f"Run {run.number}", done, counted(run.events, "event"), player_of(run)]
        st.markdown(" · ".join(plain(fact) for fact in facts), width="content")
    if at_budget(run):
        st.markdown(f"**{plain(paused_words(run))}**")
        return
    if run.engine == "language":
        spent = spending_words(workspace().rehearsals.spending(run), run.budget_usd)
        st.caption(" · ".join(plain(word) for word in spent))
    if run.status in WORDS:
        reason = f" {plain(run.error)}" if run.error and run.status != "paused" else ""
        st.caption(f"{ALL_PLAYED if run.over else WORDS[run.status]}{reason}")


def _next_thing(run: Run, key: str, *, report: bool) -> None:
    if is_going_on(run):
        if st.button("Stop", icon=":material/stop:", key=f"{key}_stop_{run.id}"):
            stop(run)
    elif run.status in ("paused", "interrupted", "failed"):
        if (
            not run.over
            and not at_budget(run)
            and st.button("Resume", icon=":material/play_arrow:", key=f"{key}_resume_{run.id}")
        ):
            resume(run)
        if report and run.done and st.button("Read so far", key=f"{key}_read_{run.id}"):
            go("report", run=run.id)
    elif report and st.button(
        "Read the report", icon=":material/insights:", key=f"{key}_report_{run.id}"
    ):
        go("report", run=run.id)


def stop(run: Run) -> None:
    """Ask a run to stop, and show the page again when it has."""
    with guarded(), st.spinner("Stopping at the next checkpoint"):
        workspace().rehearsals.stop(run.id)
        st.rerun()


def resume(run: Run) -> None:
    """Let a run go on from where it is."""
    with guarded():
        workspace().rehearsals.start(run.id)
        st.rerun()
