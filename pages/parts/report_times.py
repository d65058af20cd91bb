"""Where time and money went in a run, a step a row."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.reports import Report
from core.domain.times import MOST_OFF, StepTime
from pages.parts.context import workspace
from pages.parts.page import counted

HOUR = 3_600


def draw_times(report: Report) -> None:
    """Simulated waiting, real time, and what language models were asked and cost."""
    rows = workspace().reports.steps.times(report.facts.run_id)
    if not rows:
        st.caption("Nobody has played yet.")
        return
    st.dataframe(
        [_row(row, asked=report.facts.engine == "language") for row in rows],
        hide_index=True,
        height="content" if len(rows) <= 20 else 640,
        alt="Simulated waiting, real time and money by step",
        column_config={
            "Step": st.column_config.TextColumn(pinned=True),
            **{
                name: st.column_config.NumberColumn(format=format)
                for name, format in (
                    ("Waited, h", "%.1f"),
                    ("median h", "%.2f"),
                    ("95 % within h", "%.2f"),
                    ("Real, s", "%.3f"),
                    ("median ms", "%.3f"),
                    ("95 % within ms", "%.3f"),
                    ("Cost, $", "%.4f"),
                )
            },
        },
    )
    if all(row.execution_seconds is None for row in rows):
        st.caption("This rehearsal was played before real time was measured. Rehearse it again.")
        return
    st.caption(
        "Waited: simulated time from coming to a step to leaving it. Real: the time that the "
        f"rehearsal itself needed there, at most {100 * MOST_OFF:.1f} % off."
    )
    cost = sum(row.cost_usd for row in rows)
    if cost:
        calls = counted(sum(row.calls for row in rows), "call")
        st.caption(f"{calls} for ${cost:.4f}, with the people of the flow's own tests.")


def _row(row: StepTime, *, asked: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "Step": row.step_id,
        "Visits": row.visits,
        "Waited, h": row.waited_seconds / HOUR,
        "median h": None if row.waited_p50 is None else row.waited_p50 / HOUR,
        "95 % within h": None if row.waited_p95 is None else row.waited_p95 / HOUR,
        "Real, s": row.execution_seconds,
        "median ms": None if row.execution_p50 is None else row.execution_p50 * 1_000,
        "95 % within ms": None if row.execution_p95 is None else row.execution_p95 * 1_000,
    }
    if asked:
        tokens = row.prompt_tokens + row.completion_tokens
        shown |= {"Calls": row.calls, "Tokens": tokens, "Cost, $": row.cost_usd}
    return shown
