"""Where the people of two runs did otherwise: per persona and step, spread beside every mean."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.comparisons import Comparison, ReactionComparison, ReactionDifference
from core.domain.errors import GreenroomError
from pages.parts.context import workspace
from pages.parts.page import counted, plain, section, show_error

FIRST = 5
WHOLE_RUN = "whole run"


def draw_reactions(comparison: Comparison) -> None:
    """The differences, most first; at once where two engines played, else when asked for."""
    a, b = comparison.a, comparison.b
    if a.population_id != b.population_id or a.run_id == b.run_id:
        return
    section("Each persona and step")
    engines_differ = (a.engine, a.model) != (b.engine, b.model)
    if not st.toggle(
        "Compare what people did with each message", value=engines_differ, key="reactions_shown"
    ):
        return
    try:
        found = workspace().reports.reactions(a.run_id, b.run_id)
    except GreenroomError as error:
        show_error(error)
        return
    _draw(found)


def _draw(found: ReactionComparison) -> None:
    clear = [one for one in found.differences if one.clear]
    st.markdown(f"**{plain(found.headline)}**")
    rest = [one for one in clear if one.sentence != found.headline][: FIRST - 1]
    if rest:
        st.markdown("\n".join(f"- {plain(one.sentence)}" for one in rest))
    st.caption("  \n".join(plain(note) for note in found.notes))
    if not found.differences:
        return
    rows = _chosen(found.differences)
    st.caption(plain(counted(len(rows), "comparison")))
    st.dataframe(
        [_row(one, found) for one in rows],
        hide_index=True,
        height=420 if len(rows) > 11 else "content",
        alt="What people did with each message in both runs",
        column_config={
            name: st.column_config.NumberColumn(format="%.2f", help=help)
            for name, help in _numbers(found).items()
        },
    )


def _chosen(differences: list[ReactionDifference]) -> list[ReactionDifference]:
    """The rows of one persona, of one measure, or the clear ones alone."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        names = sorted({one.persona_name for one in differences})
        persona = st.selectbox(
            "Who", ["All", *names], format_func=plain, key="reactions_persona", width=220
        )
        labels = list(dict.fromkeys(one.label for one in differences))
        label = st.selectbox("What", ["All", *labels], key="reactions_measure", width=220)
        sure = st.checkbox(
            "Only clear differences",
            value=any(one.clear for one in differences),
            key="reactions_clear",
        )
    return [
        one
        for one in differences
        if persona in ("All", one.persona_name)
        and label in ("All", one.label)
        and (one.clear or not sure)
    ]


def _row(one: ReactionDifference, found: ReactionComparison) -> dict[str, Any]:
    a, b = f"Run {found.a.number}", f"Run {found.b.number}"
    return {
        "Who": one.persona_name,
        "Step": one.step_id or WHOLE_RUN,
        "What": one.label,
        a: one.a.text,
        f"{a} SD": one.a_sd,
        b: one.b.text,
        f"{b} SD": one.b_sd,
        "Difference": one.difference,
        "Low": one.low,
        "High": one.high,
        "Clear": one.clear,
        "Method": one.method,
    }


def _numbers(found: ReactionComparison) -> dict[str, str]:
    """The columns of numbers, with what they mean."""
    second = f"run {found.b.number}"
    differ = "How much people differ; of a yes or no, the standard deviation of 0 and 1"
    return {
        f"Run {found.a.number} SD": differ,
        f"Run {found.b.number} SD": differ,
        "Difference": f"How much more it is in {second}; a share of 0.10 is 10 points",
        "Low": "The lower end of its 95 % interval",
        "High": "The upper end of its 95 % interval",
    }
