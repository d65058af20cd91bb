"""What is played in one variant: another flow or version, another engine."""

from __future__ import annotations

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.experiments import Experiment, Variant
from core.domain.flows import StoredFlow
from pages.parts.context import workspace
from pages.parts.experiment_draft import changed_variant, on_field, widget
from pages.parts.page import link, short

PART = "experiment_variants"


def flow_fields(experiment: Experiment, variant: Variant, flow: StoredFlow | None) -> None:
    """Another flow or version; the design's own where none is chosen."""
    id = experiment.id
    flows = {one.id: one for one in workspace().flows.list()}
    options = [None, *flows]
    key, number = (
        widget(id, f"variant_flow_{variant.id}"),
        widget(id, f"variant_version_{variant.id}"),
    )
    own = short(flow.name, 50) if flow else "none"
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Flow",
            options,
            index=options.index(variant.flow) if variant.flow in flows else 0,
            format_func=lambda one: f"As above: {own}" if one is None else short(flows[one].name),
            key=key,
            width="stretch",
            on_change=on_field,
            args=(
                id,
                PART,
                key,
                lambda d, value: changed_variant(d, variant.id, flow=value, flow_version=None),
            ),
        )
        source = flows.get(chosen or "") or flow
        if source is None:
            return
        newest = source.version
        versions = [None, *range(newest, 0, -1)]
        st.selectbox(
            "Version",
            versions,
            index=versions.index(variant.flow_version) if variant.flow_version in versions else 0,
            format_func=lambda one: f"newest ({newest})" if one is None else str(one),
            key=number,
            width=160,
            on_change=on_field,
            args=(
                id,
                PART,
                number,
                lambda d, value: changed_variant(d, variant.id, flow=source.id, flow_version=value),
            ),
        )


def engine_field(experiment: Experiment, variant: Variant) -> None:
    """Who plays the people in this variant."""
    id = experiment.id
    try:
        models = {one.id: one for one in workspace().models.list("chat")}
    except GreenroomError:
        models = {}
    options = [None, *models]
    now = next((m.id for m in models.values() if variant.model in (m.id, m.name)), None)
    key = widget(id, f"variant_model_{variant.id}")
    st.selectbox(
        "Who plays the people",
        options,
        index=options.index(now),
        format_func=lambda one: "Behaviour model" if one is None else short(models[one].name, 50),
        key=key,
        on_change=on_field,
        args=(id, PART, key, lambda d, value: changed_variant(d, variant.id, model=value)),
    )
    if not models:
        st.caption("There is no language model in this workspace yet.")
        link("models", "Add a language model", icon=":material/psychology:")
