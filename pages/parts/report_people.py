"""Who took part and what was said: paged, filtered, each row opens a conversation."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.domain.reports import Report, RunFacts
from pages.parts.context import workspace
from pages.parts.debugging import debug
from pages.parts.page import counted, go, short

A_PAGE = 25
DEBUG = ":material/bug_report: Debug"
OUTCOMES = {
    "goal": "reached a goal",
    "no_goal": "reached no goal",
    "answered": "answered",
    "silent": "stayed silent",
    "unanswered": "the model gave no usable answer",
    "clicked": "clicked",
    "opted_out": "opted out",
}
SORTS = {
    "position": "as they were cast",
    "messages": "most messages",
    "replies": "most replies",
    "days": "longest",
    "name": "by name",
}


def draw_contacts(report: Report) -> None:
    """The people of a run, narrowed down; a click opens what one of them met and said."""
    facts = report.facts
    chosen = people_filters(
        {row.id: row.name for row in report.personas}, report, "people", sort=True
    )
    sort = str(st.session_state["people_sort"])
    at = max(1, int(st.session_state.get("people_page") or 1))
    page = workspace().reports.contacts(
        facts.run_id,
        **chosen,
        sort=sort,
        descending=sort in ("messages", "replies", "days"),
        limit=A_PAGE,
        offset=(at - 1) * A_PAGE,
    )
    if not page.total:
        st.caption("Nobody is like that.")
        return
    names = {row.id: row.name for row in report.personas}
    rows = [
        {
            "Open": ":material/forum: Open",
            "Person": row.name,
            "Persona": names.get(row.persona, row.persona),
            "Messages": row.messages,
            "Replies": row.replies,
            "Goals": ", ".join(row.goals),
            "Opted out": row.opted_out,
            "Ended": (row.ended or "").replace("_", " "),
            "Days": row.days,
            "Debug": DEBUG,
        }
        for row in page.rows
    ]
    ids = [row.contact_id for row in page.rows]
    _openable(rows, facts, ids, "people")
    _pages(page.total, A_PAGE, "people", "person", "people")


def people_filters(
    names: dict[str, str], report: Report, key: str, *, sort: bool = False
) -> dict[str, str | None]:
    """Persona, outcome and words, as the core takes them."""
    goals = {figure.name: f"reached “{figure.label}”" for figure in report.goals}
    outcomes = {**OUTCOMES, **(goals if len(goals) > 1 else {})}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        persona = st.selectbox(
            "Persona",
            [None, *names],
            format_func=lambda id: "Everybody" if id is None else short(names[id], 40),
            width=210,
            key=f"{key}_persona",
        )
        outcome = st.selectbox(
            "Outcome",
            [None, *outcomes],
            format_func=lambda one: "Any outcome" if one is None else short(outcomes[one], 40),
            width=210,
            key=f"{key}_outcome",
        )
        text = st.text_input(
            "Words in a name or a reply", width="stretch", key=f"{key}_text", max_chars=200
        )
        if sort:
            st.selectbox(
                "Order", list(SORTS), format_func=SORTS.__getitem__, width=190, key=f"{key}_sort"
            )
    return {"persona": persona, "outcome": outcome, "text": text.strip() or None}


def draw_interactions(report: Report) -> None:
    """Every message with what came of it, in the order of the people."""
    facts = report.facts
    reports = workspace().reports
    size = 100
    at = max(1, int(st.session_state.get("said_page") or 1))
    total = _count(workspace().name, facts.run_id, facts.done)
    if not total:
        st.caption("Nothing was said.")
        return
    some = reports.interactions(facts.run_id, limit=size, offset=(at - 1) * size)
    names = {row.id: row.name for row in report.personas}
    rows = [
        {
            "Open": ":material/forum: Open",
            "Contact": one.contact_id,
            "Persona": names.get(one.persona, one.persona),
            "Step": one.step_id,
            "Message": short(one.message_sent or "", 300),
            "Reply": short(one.ai_response or "", 300),
            "Why": short(one.ai_reasoning or "", 300),
            "Sentiment": one.sentiment,
            "Intent": (one.intent or "").replace("_", " "),
            "Expected": one.expected_outcome,
            "Happened": (one.actual_outcome or "").replace("_", " "),
            "Passed": one.passed,
            "Debug": DEBUG,
        }
        for one in some
    ]
    _openable(rows, facts, [one.contact_id for one in some], "said")
    _pages(total, size, "said", "interaction")


@st.cache_data(max_entries=64, show_spinner=False)
def _count(name: str, run_id: str, done: int) -> int:
    """How many interactions a run has, counted once for as far as it is."""
    return workspace().reports.interaction_count(run_id) if name and done else 0


def _openable(rows: list[dict[str, Any]], facts: RunFacts, ids: list[str], key: str) -> None:
    """A table whose rows open a conversation, or the debugger on that person."""
    st.dataframe(
        rows,
        hide_index=True,
        height="content" if len(rows) <= A_PAGE else 640,
        key=f"{key}_table",
        alt="People and what they did",
        column_config={
            "Open": st.column_config.ButtonColumn(
                "", on_click=partial(_open, facts, ids, key), key=f"{key}_open", width="small"
            ),
            "Debug": st.column_config.ButtonColumn(
                "", on_click=partial(_debug, facts, ids, key), key=f"{key}_debug", width="small"
            ),
            "Days": st.column_config.NumberColumn(format="%.1f"),
        },
    )


def _open(facts: RunFacts, ids: list[str], key: str) -> None:
    click = st.session_state.get(f"{key}_open")
    if click is not None and click.row < len(ids):
        go("conversation", run=facts.run_id, contact=ids[click.row])


def _debug(facts: RunFacts, ids: list[str], key: str) -> None:
    click = st.session_state.get(f"{key}_debug")
    if click is not None and click.row < len(ids):
        debug(facts.flow_id, facts.flow_version, run=facts.run_id, contact=ids[click.row])


def _pages(total: int, size: int, key: str, one: str, many: str | None = None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(counted(total, one, many), width="stretch")
        if total > size:
            st.pagination(-(-total // size), key=f"{key}_page")
