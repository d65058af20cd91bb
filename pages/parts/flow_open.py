"""One flow: its drawing, what the last rehearsal did there, its text, and the next rehearsal."""

from __future__ import annotations

import streamlit as st

from core.domain.errors import NotFound
from core.domain.flows import StoredFlow
from core.domain.reports import Report
from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.flow_actions import actions
from pages.parts.flow_drawing import Happened, draw_flow
from pages.parts.flow_findings import draw_findings_of, fixer, say_what_was_done
from pages.parts.flow_step import draw_step
from pages.parts.flow_tables import draw_steps, draw_text, draw_versions
from pages.parts.flow_text import Reading, newest_or, read, step_count
from pages.parts.page import ago, counted, page, param, set_params, show_error, turn
from pages.parts.rehearse import rehearse_bar
from pages.parts.run_state import draw_state, is_going_on


def draw_open(id: str) -> None:
    """The page of one flow, or where to find the others."""
    try:
        flow = newest_or(id, param("version"))
    except NotFound as error:
        _not_found(error)
        return
    reading = read(flow)
    say_what_was_done()
    newest = workspace().flows.get(id).version
    old = "" if newest == flow.version else f"newest is {newest}"
    facts = ["Script", f"version {flow.version}", old, f"saved {ago(flow.created_at)}"]
    page(flow.name, [*facts, counted(step_count(flow), "step")], lambda: actions(flow))
    runs = workspace().rehearsals.list(flow.id, limit=20)
    asked = param("run")
    current = next((run for run in runs if asked in (run.id, str(run.number))), None)
    if reading.compiled is not None:
        rehearse_bar(flow.id, flow.version, again=bool(runs))
    if current is not None:
        with st.container(border=True):
            draw_state(current, key="flow")
    _body(flow, reading, newest, current, runs)


def _not_found(error: NotFound) -> None:
    """An address that leads to no flow: what is wrong, and the way back."""
    page("This flow is not here", ["Script"])
    show_error(error)
    turn("See all flows", key="all_flows", icon=":material/account_tree:", kind="secondary")


def _body(
    flow: StoredFlow, reading: Reading, newest: int, current: Run | None, runs: list[Run]
) -> None:
    played = [run for run in runs if run.flow_version == flow.version and run.done]
    shown = current if current in played else next(iter(played), None)
    report = None
    if shown is not None and not is_going_on(shown):
        report = workspace().reports.report(shown.id)
    _drawing(flow, reading, newest, report)
    draw_findings_of(flow, reading, newest)
    drawn, text, versions = st.tabs(
        ["Steps in a table", "Text", "Versions"], key=f"flow_tabs_{flow.id}", on_change="rerun"
    )
    if drawn.open:
        with drawn:
            draw_steps(flow, reading, report)
    if text.open:
        with text:
            draw_text(flow)
    if versions.open:
        with versions:
            draw_versions(flow)


@st.fragment
def _drawing(flow: StoredFlow, reading: Reading, newest: int, report: Report | None) -> None:
    """The drawing, and beside it the step that was clicked."""
    with st.grid(3, min_column_width=270, gap="medium") as grid:
        with grid.cell(column_span=2):
            clicked = None
            if reading.compiled is None:
                _cannot_be_drawn()
            else:
                clicked = draw_flow(
                    reading.compiled,
                    reading.places,
                    Happened.of(report),
                    reading.findings,
                    key=f"drawing_{flow.id}",
                )
                _legend(report)
        with grid.cell():
            if clicked and clicked != st.session_state.get(f"clicked_{flow.id}"):
                st.session_state[f"clicked_{flow.id}"] = clicked
                set_params(step=clicked)
            chosen = param("step")
            if reading.compiled is not None and chosen in reading.compiled.steps:
                draw_step(
                    reading.compiled,
                    chosen,
                    report,
                    reading.findings,
                    fixer(flow, reading, newest, "step"),
                )
            _score(reading)


def _score(reading: Reading) -> None:
    found = reading.validation
    st.metric(
        "Soundness",
        f"{found.score} of 100",
        help="It falls with every finding: an error leaves 60 %, a warning 92 %, a note 99 %.",
        border=True,
    )


def _cannot_be_drawn() -> None:
    with st.container(border=True):
        st.markdown("**This flow cannot be drawn or rehearsed yet.**")
        st.caption(
            "What stands in the way is listed below. Mend it with a button there, or correct it in "
            "the text and save it as a new version; nothing is lost."
        )


def _legend(report: Report | None) -> None:
    if report is None:
        st.caption("Click a step to read it. After a rehearsal you see here how people went.")
        return
    facts = report.facts
    st.caption(
        f"Lines are as thick as the people of run {facts.number} who went that way; dashed: "
        f"nobody did. {counted(facts.done, 'person', 'people')} played. Click a step to read it."
    )
