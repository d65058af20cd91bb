"""What can be done with a flow as a whole: rename, duplicate, delete."""

from __future__ import annotations

import streamlit as st

from core.domain.flows import StoredFlow
from pages.parts.context import workspace
from pages.parts.page import go, guarded, plain, set_params

RENAME, DUPLICATE, DELETE = "Rename", "Duplicate", "Delete"


def actions(flow: StoredFlow) -> None:
    """The menu beside the title; what the canvas does itself is not in it."""
    chosen = st.menu_button(
        "More", [RENAME, DUPLICATE, DELETE], icon=":material/more_horiz:", key="flow_more"
    )
    if chosen == RENAME:
        rename_dialog(flow)
    elif chosen == DUPLICATE:
        with guarded():
            copy = {**flow.document, "name": f"{flow.name[:248]} (copy)"}
            go("flows", flow=workspace().flows.create(copy).id)
    elif chosen == DELETE:
        delete_dialog(flow)


@st.dialog("Rename the flow")
def rename_dialog(flow: StoredFlow) -> None:
    """Another name is another version; earlier rehearsals keep the one that they played."""
    name = st.text_input("Name", value=flow.name, max_chars=255, key="flow_name")
    if st.button("Rename", type="primary", key="flow_rename"):
        with guarded():
            workspace().flows.replace(flow.id, {**flow.document, "name": name})
            set_params(version=None)
            st.rerun()


@st.dialog("Delete the flow")
def delete_dialog(flow: StoredFlow) -> None:
    """Ask first."""
    st.markdown(f"**{plain(flow.name)}** and all its versions go. This cannot be undone.")
    if st.button("Delete", type="primary", icon=":material/delete:", key="flow_delete"):
        with guarded():
            workspace().flows.delete(flow.id)
            go("flows")
