"""Which workbench and which workspace a page is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from core.workbench import Workbench, Workspace

_provided: list[Workbench] = []


def provide(workbench: Workbench) -> None:
    """Hand the workbench to the pages; the door of the house does this once."""
    _provided[:] = [workbench]


def workbench() -> Workbench:
    """The workbench that was handed in."""
    return _provided[0]


def workspace() -> Workspace:
    """The workspace that the address names, else the one chosen last, else the settings' own.

    The address always names it where it is not the settings' own, so that it can be shared.

    Raises:
        NotFound: If there is no such workspace.
    """
    bench = workbench()
    usual = bench.settings.workspace
    name = st.query_params.get("workspace") or st.session_state.get("workspace") or usual
    opened = bench.workspace(name)
    st.session_state["workspace"] = name
    if name != usual and st.query_params.get("workspace") != name:
        st.query_params["workspace"] = name
    return opened


def choose_workspace(name: str) -> None:
    """Turn to another workspace; what the address said about the old one goes."""
    st.session_state["workspace"] = name
    st.query_params.clear()
    if name != workbench().settings.workspace:
        st.query_params["workspace"] = name
