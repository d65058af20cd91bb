"""How far people came, and how the personas differ."""

from __future__ import annotations

import streamlit as st

from core.domain.reports import FunnelStage, PersonaRow, Rate, Report, percent
from pages.parts.charts import bars, show
from pages.parts.page import counted, section


def draw_funnel(report: Report) -> None:
    """People by stage; the largest drop in ochre, and in the title."""
    stages = report.funnel.stages
    if not stages:
        return
    texts = [_people(stage) for stage in stages]
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
            + ", ".join(f"{stage.label} {text}" for stage, text in zip(stages, texts, strict=True)),
            name="funnel",
        )


def _people(stage: FunnelStage) -> str:
    """How many came this far, and of how many it cannot be said."""
    count = stage.people.count
    unknown = f"{stage.unknown:,} not known" if stage.unknown else ""
    if stage.people.rate is None:
        return unknown or ("not known" if stage.after else f"{count:,}")
    return " · ".join(filter(None, [f"{count:,}", f"{percent(stage.people.rate)} %", unknown]))


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
                "Persona": st.column_config.TextColumn(width=140),
                "Goal": st.column_config.ProgressColumn(
                    "Goal", width=64, min_value=0, max_value=100, format=" "
                ),
                **{name: st.column_config.TextColumn(width=138) for name in TEXTS},
            },
        )
        st.caption("Of how many people, the share, and its 95 % interval.")


TEXTS = ("Reached a goal", "Answered", "Opted out")


def _table(rows: list[PersonaRow]) -> dict[str, list[object]]:
    return {
        "Persona": [row.name for row in rows],
        "Goal": [*_shares([row.goal for row in rows])],
        "Reached a goal": [row.goal.text for row in rows],
        "Answered": [row.answered.text for row in rows],
        "Opted out": [row.opted_out.text for row in rows],
    }


def _number(count: int) -> str:
    words = "Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split()
    return words[count] if count < len(words) else counted(count, "").strip()
