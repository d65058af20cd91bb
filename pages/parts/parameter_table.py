"""The behaviour model's numbers as a table: grouped, searched, edited, compared."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.minds import BehaviourParameters, Parameter

GROUPS = {
    "delivery": "Arriving",
    "reading": "Reading",
    "waking": "Waking hours",
    "clicking": "Clicking",
    "replying": "Replying",
    "intent": "What replies are about",
    "interest": "Interest",
    "price": "Price",
    "specification": "Specifications",
    "question": "Questions",
    "objection": "Objections",
    "not_interested": "Turning down",
    "opt_out": "Opting out",
    "thanks": "Thanks",
    "answer": "Answering",
    "positive": "Positive tone",
    "negative": "Negative tone",
    "words": "Length of replies",
    "tone": "A persona's tone",
    "response_length": "A persona's length of replies",
    "decision_speed": "A persona's speed of decisions",
    "objection_likelihood": "A persona's objections",
    "trait": "A persona's traits",
    "spread": "How copies differ",
}
"""What each group of parameters is about, by the first part of their names."""


def group_of(parameter: Parameter) -> str:
    """The group of one parameter."""
    first = parameter.name.split(".")[0]
    return GROUPS.get(first, first.replace("_", " ").capitalize())


def filters(now: BehaviourParameters, number: int) -> tuple[str, str | None]:
    """What is looked for, and in which group."""
    counts: dict[str, int] = {}
    for parameter in now.parameters.values():
        group = group_of(parameter)
        counts[group] = counts.get(group, 0) + 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.text_input(
            "Search",
            type="search",
            live=True,
            placeholder="urgency, price, night …",
            icon=":material/search:",
            on_change=_keep_changes,
            key=f"behaviour-search-{number}",
        )
        group = st.selectbox(
            "Group",
            list(counts),
            index=None,
            placeholder="All groups",
            format_func=lambda one: f"{one} ({counts[one]})",
            on_change=_keep_changes,
            key=f"behaviour-group-{number}",
        )
    return wanted or "", group


def shown(now: BehaviourParameters, wanted: str, group: str | None) -> list[Parameter]:
    """The parameters of a group that have every word that is looked for."""
    words = wanted.casefold().split()
    return [
        p
        for p in now.parameters.values()
        if group in (None, group_of(p))
        and all(word in f"{p.name} {p.help} {p.source} {group_of(p)}".casefold() for word in words)
    ]


def _keep_changes() -> None:
    """Another part of the table is shown: what was changed so far becomes its start."""
    state = st.session_state
    state["behaviour-start"] = dict(state.get("behaviour-pending", {}))
    state["behaviour-round"] = state.get("behaviour-round", 0) + 1


def editor(rows: list[Parameter], shipped: BehaviourParameters, number: int) -> dict[str, float]:
    """Draw the table; gives every value that was changed and is not saved."""
    state = st.session_state
    start: dict[str, float] = state.get("behaviour-start", {})
    before = [start.get(p.name, p.value) for p in rows]
    edited = st.data_editor(
        {
            "name": [p.name for p in rows],
            "value": before,
            "unit": [p.unit for p in rows],
            "range": [f"{p.min:g} to {p.max:g}" for p in rows],
            "shipped": [shipped[p.name] for p in rows],
            "help": [p.help for p in rows],
            "source": [p.source for p in rows],
        },
        hide_index=True,
        disabled=["name", "unit", "range", "shipped", "help", "source"],
        height=560 if len(rows) > 14 else "auto",
        key=f"behaviour-table-{number}-{state.get('behaviour-round', 0)}",
        alt="The numbers of the behaviour model",
        column_config=_columns(),
    )
    pending = dict(start)
    for parameter, value in zip(rows, edited["value"], strict=True):
        pending.pop(parameter.name, None)
        if value is not None and float(value) != parameter.value:
            pending[parameter.name] = float(value)
    state["behaviour-pending"] = pending
    return pending


def _columns() -> dict[str, Any]:
    """How each column looks."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "name": text("Name", width="medium", pinned=True),
        "value": number("Value", width="small", required=True, format="%.4g"),
        "unit": text("Unit", width="small"),
        "range": text("Range", width="small"),
        "shipped": number("Shipped", width="small", format="%.4g"),
        "help": text("What it does", width="large"),
        "source": text("Source", width="medium"),
    }


def changed(
    one: BehaviourParameters, other: BehaviourParameters
) -> list[tuple[Parameter, Parameter]]:
    """The parameters that differ, in both versions."""
    pairs = ((p, other.parameters.get(name)) for name, p in one.parameters.items())
    return [(p, q) for p, q in pairs if q is not None and p.value != q.value]


def table_of(rows: list[tuple[Parameter, Parameter]], one: str, other: str) -> dict[str, list[Any]]:
    """What differs as columns."""
    return {
        "name": [p.name for p, _ in rows],
        one: [p.value for p, _ in rows],
        other: [q.value for _, q in rows],
        "what it does": [p.help for p, _ in rows],
    }
