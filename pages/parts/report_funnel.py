"""How far people came, and how the personas differ."""

from __future__ import annotations

import streamlit as st

from core.domain.reports import PersonaRow, Rate, Report, percent
from pages.parts.charts import bars, show
from pages.parts.page import counted, section


def draw_funnel(report: Report) -> None:
    """People by stage; the largest drop in ochre, and in the title."""
    stages = report.funnel.stages
    if not stages:
        return
    texts = [
        f"{stage.people.count:,} · {percent(stage.people.rate)} %"
        if stage.people.rate is not None
        else f"{stage.people.count:,}"
        for stage in stages
    ]
    largest = next((at for at, stage in enumerate(stages) if stage.largest_drop), None)
    with st.container(border=True, gap="small"):
        section(report.funnel.title)
        show(
            bars(
                [stage.label for stage in stages],
                [stage.people.count for stage in stages],
                texts,
                highlight=largest,
            ),
            key="report_funnel",
            alt=f"{report.funnel.title}. "
            + ", ".join(f"{stage.label} {stage.people.count}" for stage in stages),
            name="funnel",
        )


def _shares(rates: list[Rate]) -> list[float | None]:
    return [None if rate.rate is None else round(100 * rate.rate, 1) for rate in rates]


def draw_personas(report: Report) -> None:
    """One row a persona; the numbers behind the bars stand under People."""
    rows = report.personas
    if not rows:
        return
    kinds = "One persona" if len(rows) == 1 else f"{_number(len(rows))} personas"
    ways = "one way through" if len(rows) == 1 else f"{_number(len(rows)).lower()} ways through"
    with st.container(border=True, gap="small"):
        section(f"{kinds}, {ways}")
        st.dataframe(
            _table(rows),
            hide_index=True,
            height="content",
            alt="What each persona did",
            column_config={
                "People": st.column_config.NumberColumn(width=65),
                "Answered": _bar("Answered"),
                "Reached a goal": _bar("Reached a goal"),
                "Opted out": _bar("Opted out", color="red"),
            },
        )


def _table(rows: list[PersonaRow]) -> dict[str, list[object]]:
    return {
        "Persona": [row.name for row in rows],
        "People": [row.people for row in rows],
        "Answered": [*_shares([row.answered for row in rows])],
        "Reached a goal": [*_shares([row.goal for row in rows])],
        "Opted out": [*_shares([row.opted_out for row in rows])],
    }


def _bar(label: str, color: str = "auto") -> object:
    shade = {} if color == "auto" else {"color": color}
    return st.column_config.ProgressColumn(
        label, width=122, min_value=0, max_value=100, format="%.0f%%", **shade
    )


def _number(count: int) -> str:
    words = "Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split()
    return words[count] if count < len(words) else counted(count, "").strip()
