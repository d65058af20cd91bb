"""The evidence under a report, one kind a tab; only the open one is made."""

from __future__ import annotations

import streamlit as st

from core.domain.reports import Report
from pages.parts.page import param
from pages.parts.report_compare import draw_compare
from pages.parts.report_people import draw_contacts, draw_interactions
from pages.parts.report_tables import draw_findings, draw_messages, draw_spread, draw_way
from pages.parts.report_times import draw_times

TABS = {
    "Conversations": draw_contacts,
    "Way through": draw_way,
    "Messages": draw_messages,
    "People differ": draw_spread,
    "Everything said": draw_interactions,
    "Time and cost": draw_times,
    "Findings": draw_findings,
    "Compare": draw_compare,
}


@st.fragment
def draw_more(report: Report) -> None:
    """Tabs over the run's evidence; a link to a comparison opens that tab."""
    first = "Compare" if param("with") else next(iter(TABS))
    st.space("small")
    tabs = st.tabs(
        list(TABS), default=first, on_change="rerun", key=f"report_tabs_{report.facts.run_id}"
    )
    for tab, draw in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                draw(report)
