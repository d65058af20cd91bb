"""Bringing a flow in: one of ours, or one of another builder with what became of each node."""

from __future__ import annotations

import streamlit as st

from core.flows.foreign import Imported, import_flow
from pages.parts.context import workbench, workspace
from pages.parts.page import counted, go, guarded, plain

NAMES = {"n8n": "an n8n workflow", "typebot": "a Typebot export", "greenroom": "a flow of ours"}
READ = "flow_import_read"


@st.dialog("Import a flow", width="large")
def import_dialog() -> None:
    """Choose a file or paste a text; what cannot be read is said, and nothing of it is kept."""
    st.caption("A flow of ours as JSON or YAML, an n8n workflow, or a Typebot export.")
    given = st.file_uploader("A JSON or YAML file", type=["json", "yaml", "yml", "txt"])
    text = st.text_area("Or paste it here", height=160, placeholder="name: …\nsteps:\n  - …")
    data: bytes | str = given.getvalue() if given else text
    if st.button("Import", type="primary", key="import_go"):
        st.session_state.pop(READ, None)
        with guarded(), st.spinner("Reading"):
            _take(data, given.name if given else "text")
    read = st.session_state.get(READ)
    if read is not None and read[0] == data:
        _report(read[1])


def _take(data: bytes | str, source: str) -> None:
    """Keep a flow of ours at once; of another builder's, say first what became of it."""
    flows = workspace().flows
    most = workbench().settings.max_flow_bytes
    found = import_flow(data, source=source, max_bytes=most)
    if found.format == "greenroom":
        go("flows", flow=flows.create(found.document, text=flows.text_in(data)).id)
    st.session_state[READ] = (data, found)


def _report(found: Imported) -> None:
    """What became of each node, and the button that keeps the flow."""
    rows = found.report
    whole = [row for row in rows if row["steps"] and not row["lost"]]
    lost = [row for row in rows if row["lost"]]
    steps = counted(len(found.document.get("steps", [])), "step")
    st.markdown(
        f"**This is {NAMES[found.format]}.** {counted(len(rows), 'node')} became {steps}; "
        f"{len(whole)} of them wholly, and with {len(lost)} something was lost or is different."
    )
    st.dataframe(
        [
            {
                "Node": row["name"],
                "Kind": row["type"],
                "Became": ", ".join(row["steps"]) or "nothing",
                "Lost or different": " ".join(row["lost"]),
            }
            for row in [*lost, *(row for row in rows if not row["lost"])]
        ],
        hide_index=True,
        height=min(320, 60 + 36 * len(rows)),
        column_config={"Lost or different": st.column_config.TextColumn(width="large")},
        alt="What became of each node",
    )
    if st.button(
        f"Keep it as “{plain(str(found.document.get('name', 'a flow')))}”", key="import_keep"
    ):
        with guarded():
            kept = workspace().flows.create(found.document)
            st.session_state.pop(READ, None)
            go("flows", flow=kept.id)
