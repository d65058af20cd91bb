"""A twin in one variant: which version answers, and how its sliders stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.experiments import Design, Experiment, Variant
from core.domain.twins import Twin
from pages.parts.context import workspace
from pages.parts.experiment_draft import changed_variant, on_field, widget
from pages.parts.page import ago, plain
from pages.parts.twin_tune import PERSONALITY, STEPS, VOICE

PART = "experiment_variants"


def twin_fields(experiment: Experiment, variant: Variant, slug: str) -> None:
    """Version, sliders and instructions of the twin that the flow names."""
    twin = next((one for one in workspace().twins.list() if one.slug == slug), None)
    if twin is None:
        st.caption(
            f"The flow’s twin, {plain(slug)}, is not among yours: it answers from the passages "
            "that came with it, which have no versions and no sliders."
        )
        return
    _version(experiment, variant, twin)
    moved = [name for name in (*VOICE, *PERSONALITY) if variant.personality_config.get(name)]
    told = f"{len(moved)} moved" if moved else "as in that version"
    with st.expander(f"Voice and personality · {told}", icon=":material/tune:"):
        for name, ends in (VOICE | PERSONALITY).items():
            _slider(experiment, variant, name, ends)
        key = widget(experiment, f"twin_says_{variant.id}")
        st.text_area(
            "Instructions",
            str(variant.personality_config.get("instructions") or ""),
            max_chars=4_000,
            key=key,
            placeholder="Call people by their first name. Never promise a result.",
            on_change=on_field,
            args=(experiment.id, PART, key, _set(variant.id, "instructions")),
        )


def _version(experiment: Experiment, variant: Variant, twin: Twin) -> None:
    try:
        versions = {one.number: one for one in workspace().twins.versions(twin.id)}
    except GreenroomError:
        versions = {}
    options = [None, *versions]
    now = variant.twins.get(twin.slug)
    key = widget(experiment, f"twin_version_{variant.id}")

    def words(number: int | None) -> str:
        if number is None:
            return f"The version in use ({twin.version})" if twin.version else "The version in use"
        made = versions[number]
        return f"Version {number} · {made.why}, {ago(made.made_at)}"

    st.selectbox(
        f"Version of {plain(twin.name)}",
        options,
        index=options.index(now) if now in options else 0,
        format_func=words,
        key=key,
        on_change=on_field,
        args=(experiment.id, PART, key, _chosen(variant.id, twin.slug)),
    )


def _chosen(id: str, slug: str) -> Callable[[Design, int | None], dict[str, Any]]:
    def edit(design: Design, number: int | None) -> dict[str, Any]:
        variant = design.variant(id)
        twins = {k: v for k, v in (variant.twins if variant else {}).items() if k != slug}
        if number is not None:
            twins[slug] = number
        return changed_variant(design, id, twins=twins)

    return edit


def _slider(experiment: Experiment, variant: Variant, name: str, ends: tuple[str, str]) -> None:
    less, more = ends
    now = float(variant.personality_config.get(name) or 0.0)
    key = widget(experiment, f"twin_{name}_{variant.id}")
    st.select_slider(
        f"{less} … {more}",
        STEPS,
        min(STEPS, key=lambda step: abs(step - now)),
        format_func=lambda step: f"{step:+.1f}" if step else "as it is",
        key=key,
        on_change=on_field,
        args=(experiment.id, PART, key, _set(variant.id, name)),
    )


def _set(id: str, name: str) -> Callable[[Design, Any], dict[str, Any]]:
    """A slider or the instructions; what is as it was is not kept."""

    def edit(design: Design, value: Any) -> dict[str, Any]:
        variant = design.variant(id)
        config = dict(variant.personality_config) if variant else {}
        config.pop(name, None)
        if value:
            config[name] = value
        return changed_variant(design, id, personality_config=config)

    return edit
