"""Which flow a run played, by name, and the experiment that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.domain.errors import NotFound
from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.page import go


def flow_name(run: Run, names: Mapping[str, str]) -> str:
    """What a run's flow is called, also where it is in no list: a variant, or a deleted one."""
    if run.flow_id in names:
        return names[run.flow_id]
    try:
        return workspace().flows.get(run.flow_id, run.flow_version).name
    except NotFound:
        return run.flow_id


def experiment_button(run_id: str, key: str) -> bool:
    """A button to the experiment that a run belongs to; nothing, and False, if it is in none."""
    found = workspace().experiments.of_run(run_id)
    if found is None:
        return False
    if st.button("Experiment", icon=":material/science:", key=f"experiment_{key}"):
        go("experiment", experiment=found.id)
    return True
