"""What went wrong in a run, each with what was seen there, the fix and a person to look at."""

from __future__ import annotations

import streamlit as st

from core.domain.problems import StepProblem
from core.domain.reports import Report
from pages.parts.context import workspace
from pages.parts.debugging import debug_button
from pages.parts.page import counted, go, plain, section, short

SHOWN = 20
BADGES = {"error": ("red", "✕"), "warning": ("orange", "!"), "info": ("blue", "i")}


def draw_problems(report: Report) -> None:
    """What went wrong, most people first; nothing where nothing did."""
    rows = [
        row
        for row in workspace().reports.steps.problems(report.facts.run_id).rows
        if row.severity != "info"
    ]
    if not rows:
        return
    section(f"{counted(len(rows), 'thing')} went wrong while it was played")
    with st.grid(2, min_column_width=340, gap="small"):
        for number, row in enumerate(rows[:SHOWN]):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _problem(report, number, row)
    if len(rows) > SHOWN:
        st.caption(f"{len(rows) - SHOWN:,} more are told on the steps, under “Way through”.")


def _problem(report: Report, number: int, row: StepProblem) -> None:
    facts = report.facts
    colour, sign = BADGES[row.severity]
    people = counted(row.people, "person", "people")
    st.markdown(
        f":{colour}-badge[{sign} {people}] *{plain(short(row.step_id, 40))}*  \n"
        f"{plain(row.message)}"
    )
    if row.saw:
        saw = ", ".join(f"{name} = {short(value, 60)}" for name, value in row.saw.items())
        st.caption(plain(f"It saw {saw}"))
    st.caption(plain(row.fix))
    with st.container(horizontal=True, gap="small"):
        if st.button("See it", icon=":material/forum:", type="tertiary", key=f"problem_{number}"):
            go("conversation", run=facts.run_id, contact=row.contact_id, event=row.seq)
        debug_button(
            facts.flow_id,
            facts.flow_version,
            key=f"problem_debug_{number}",
            kind="tertiary",
            run=facts.run_id,
            contact=row.contact_id,
        )
