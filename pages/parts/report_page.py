"""One run's report from top to bottom."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.domain.reports import Report
from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.model_words import player
from pages.parts.page import counted, empty_state, go, page, param, plain, set_params
from pages.parts.report_engine import draw_engine, money_facts
from pages.parts.report_exports import export_menu
from pages.parts.report_figures import draw_figures
from pages.parts.report_funnel import draw_funnel, draw_personas
from pages.parts.report_more import draw_more
from pages.parts.report_side import draw_advice, draw_not_reached, draw_tests
from pages.parts.run_budget import at_budget
from pages.parts.run_flow import experiment_button
from pages.parts.run_state import draw_state, is_going_on

FINISHED_LATELY = 30


def draw_report() -> None:
    """The run that the address names, else the newest that finished."""
    run = _chosen()
    if run is None:
        page("Read what a rehearsal found", ["Read"])
        empty_state(
            "insights",
            "A report will stand here: what was found, what to change first, and the evidence.",
            "Rehearse a flow",
            lambda: go("flows"),
        )
        return
    if not run.done:
        _nothing_yet(run)
        return
    report = workspace().reports.report(run.id)
    page(report.headline, _facts(report), lambda: _actions(report, run))
    if run.status != "finished":
        with st.container(border=True):
            draw_state(run, key="report", report=False)
            if run.done < run.contacts:
                st.caption(
                    "This is what was found so far; the rest of the people have not played yet."
                )
    for sentence in report.summary[:1]:
        st.markdown(plain(sentence))
    if report.unanswered:
        st.warning(plain(report.unanswered), icon=":material/sms_failed:")
    draw_figures(report)
    _body(report)
    draw_more(report)


def _chosen() -> Run | None:
    asked = param("run")
    rehearsals = workspace().rehearsals
    if asked:
        return rehearsals.get(asked)
    lately = rehearsals.list(limit=FINISHED_LATELY)
    run = next((one for one in lately if one.status == "finished"), next(iter(lately), None))
    if run is not None:
        set_params(run=run.id)
    return run


def _nothing_yet(run: Run) -> None:
    """A run of which nothing was committed yet."""
    words = "is playing" if is_going_on(run) else "has found nothing yet"
    flow = workspace().flows.get(run.flow_id, run.flow_version)
    page(f"{flow.name}: run {run.number} {words}", ["Read", f"run {run.number}"])
    with st.container(border=True):
        draw_state(run, key="report", report=False)
    if st.button("Open the flow", icon=":material/account_tree:"):
        go("flows", flow=run.flow_id, run=run.id)


def _facts(report: Report) -> list[str]:
    facts = report.facts
    played = counted(facts.done, "person", "people")
    if facts.done < facts.contacts:
        played = f"{facts.done:,} of {counted(facts.contacts, 'person', 'people')}"
    return [
        "Read",
        f"run {facts.number}",
        f"version {facts.flow_version}",
        player(facts.engine, facts.model_name, facts.model),
        f"seed {facts.seed}",
        played,
        facts.calibration,
        *money_facts(facts),
        "demo data" if workspace().demo else "",
    ]


def _actions(report: Report, run: Run) -> None:
    export_menu(report)
    if experiment_button(run.id, "report") and _aside(run):
        return
    kind: Literal["primary", "secondary"] = "secondary" if at_budget(run) else "primary"
    if st.button("Rehearse again", type=kind, key="rehearse_again"):
        facts = report.facts
        go(
            "flows",
            flow=facts.flow_id,
            population=facts.population_id,
            seed=facts.seed,
            model=run.model.id if run.model else None,
        )


def _aside(run: Run) -> bool:
    """Whether the flow is in no list: it cannot be rehearsed by itself."""
    return run.flow_id not in {flow.id for flow in workspace().flows.list()}


def _body(report: Report) -> None:
    with st.grid(3, min_column_width=290, gap="medium") as grid:
        with grid.cell(column_span=2):
            draw_funnel(report)
            draw_personas(report)
            draw_tests(report)
        with grid.cell():
            draw_advice(report)
            if report.facts.status != "failed":
                draw_not_reached(report)
            draw_engine(report)
