"""Every flow as a card, and the ways to get another one."""

from __future__ import annotations

import streamlit as st

from core.domain.flows import StoredFlow
from pages.parts.context import workspace
from pages.parts.flow_import import import_dialog
from pages.parts.flow_text import read, step_count, worst
from pages.parts.flow_words import LOOKS
from pages.parts.page import (
    ago,
    counted,
    empty_state,
    go,
    guarded,
    page,
    plain,
    short,
    turn,
)
from pages.parts.run_state import STATES

A_PAGE = 30


def draw_list() -> None:
    """All flows, newest rehearsal and findings beside each."""
    flows = workspace().flows.list()
    page(
        "Write what people will meet, then rehearse it",
        ["Script", counted(len(flows), "flow")],
        lambda: _actions(primary=bool(flows)),
    )
    if not flows:
        empty_state(
            "account_tree",
            "Your flows will stand here, each with its last rehearsal.",
            "Start from a template",
            templates_dialog,
            hint="Or import one that you have: from a file of ours, of n8n or of Typebot.",
        )
        return
    shown = flows
    if len(flows) > A_PAGE:
        words = st.text_input(
            "Find a flow", placeholder="Find a flow", label_visibility="collapsed"
        )
        shown = [flow for flow in flows if words.casefold() in flow.name.casefold()]
        pages = -(-len(shown) // A_PAGE) or 1
        at = st.pagination(pages, key="flows_page") if pages > 1 else 1
        shown = shown[(at - 1) * A_PAGE : at * A_PAGE]
    with st.grid(3, min_column_width=270, gap="medium"):
        for flow in shown:
            _card(flow)


def _actions(*, primary: bool) -> None:
    if st.button("Import", icon=":material/upload:", key="flows_import"):
        import_dialog()
    kind = "primary" if primary else "secondary"
    if primary and st.button("New flow", icon=":material/add:", type=kind, key="flows_new"):
        templates_dialog()


def _card(flow: StoredFlow) -> None:
    here = workspace()
    with st.container(border=True, height="stretch", gap="small", key=f"flow_card_{flow.id}"):
        st.markdown(f"**{plain(short(flow.name, 70))}**")
        st.caption(
            f"{counted(step_count(flow), 'step')} · version {flow.version} · {ago(flow.created_at)}"
        )
        last = next(iter(here.rehearsals.list(flow.id, limit=1)), None)
        with st.container(horizontal=True, gap="xsmall"):
            for severity, count in worst(read(flow).findings).items():
                look = LOOKS[severity]
                st.badge(f"{look.sign} {counted(count, look.word.lower())}", color=look.colour)
            if last is None:
                st.badge("never rehearsed", color="gray")
            else:
                words, colour, icon = STATES[last.status]
                st.badge(
                    f"Run {last.number} {words.lower()} {ago(last.finished_at or last.created_at)}",
                    icon=f":material/{icon}:",
                    color=colour,
                )
        st.space("stretch")
        with st.container(horizontal=True, gap="small"):
            turn("Open", key=f"open_{flow.id}", kind="secondary", flow=flow.id)
            if last and last.done and st.button("Last report", key=f"report_{flow.id}"):
                go("report", run=last.id)


@st.dialog("Start a flow", width="medium")
def templates_dialog() -> None:
    """Begin with nothing, or choose a flow to start from."""
    flows = workspace().flows
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown("**New flow**  \n:small[:gray[One message and an end, to build on.]]")
        st.space("stretch")
        if st.button("Start empty", key="template_empty", type="primary"):
            with guarded():
                go("flows", flow=flows.create(EMPTY).id)
    st.caption("Or start from one that is there:")
    for template in flows.templates():
        with (
            st.container(border=True),
            st.container(horizontal=True, vertical_alignment="center", gap="medium"),
        ):
            with st.container(width="stretch", gap="xxsmall"):
                st.markdown(f"**{plain(template.name)}**")
                about = plain(template.description) if template.description else ""
                steps = counted(len(template.document.get("steps", [])), "step")
                st.caption(" · ".join(filter(None, [steps, about])))
            if st.button("Use this", key=f"template_{template.id}"):
                with guarded():
                    go("flows", flow=flows.create(template.document).id)


EMPTY = {
    "name": "New flow",
    "steps": [
        {
            "id": "hello",
            "type": "send_email",
            "config": {
                "subject": "Hello {{ contact.first_name }}",
                "body": "Write what you want to say. Unsubscribe: {{ links.unsubscribe }}",
            },
            "next": "done",
        },
        {"id": "done", "type": "end"},
    ],
}
