"""Other words for one message of a flow: what the flow says, and what this variant says instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.domain.experiments import Design, Experiment, MessageChange, Variant
from core.domain.flows import StoredFlow
from pages.parts.experiment_draft import changed_variant, on_field, on_press, widget
from pages.parts.page import plain, short

PART = "experiment_variants"
FIELDS = {
    "send_email": ("subject", "preheader", "body"),
    "twin_reply": ("instructions",),
}
NAMES = {
    "subject": "Subject",
    "preheader": "Preheader",
    "body": "Message",
    "instructions": "Instructions to the twin",
}
LONG = ("body", "instructions")


def words_fields(
    experiment: Experiment, variant: Variant, flow: StoredFlow, step: str, *, closed: bool
) -> None:
    """The words of a message as this variant has them; those of the flow where nothing differs."""
    found = next((one for one in flow.document["steps"] if one.get("id") == step), None)
    if found is None:
        st.caption(f"The flow has no message {plain(step)} any more.")
        return
    config = found.get("config") or {}
    change = variant.messages.get(step)
    if closed and not variant.messages:
        with st.expander("The words as they are in the flow", icon=":material/visibility:"):
            for field in FIELDS.get(str(found.get("type")), ("body",)):
                st.caption(NAMES[field])
                st.markdown(plain(config.get(field) or "–"))
        return
    for field in FIELDS.get(str(found.get("type")), ("body",)):
        _field(experiment, variant, step, field, str(config.get(field) or ""), change)
    _changes(experiment, variant, step)


def _field(
    experiment: Experiment,
    variant: Variant,
    step: str,
    field: str,
    original: str,
    change: MessageChange | None,
) -> None:
    key = widget(experiment, f"words_{variant.id}_{step}_{field}")
    written = getattr(change, field) if change else None
    draw = st.text_area if field in LONG else st.text_input
    more = {"height": 220} if field in LONG else {}
    differs = written is not None and written != original
    draw(
        NAMES[field] + (" · changed" if differs else ""),
        original if written is None else written,
        key=key,
        max_chars=100_000 if field in LONG else 1_000,
        on_change=on_field,
        args=(experiment.id, PART, key, _written(variant.id, step, field, original)),
        **more,
    )


def _written(
    id: str, step: str, field: str, original: str
) -> Callable[[Design, str], dict[str, Any]]:
    """Keep other words; the flow's own are no change."""

    def edit(design: Design, text: str) -> dict[str, Any]:
        variant = design.variant(id)
        messages = dict(variant.messages) if variant else {}
        now = messages.get(step, MessageChange()).model_dump()
        now[field] = None if text == original else text
        messages[step] = MessageChange(**now)
        if messages[step] == MessageChange():
            del messages[step]
        return changed_variant(design, id, messages=messages)

    return edit


def _changes(experiment: Experiment, variant: Variant, step: str) -> None:
    """What else this variant changes, and the way back."""
    others = [one for one in variant.messages if one != step]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if step not in variant.messages:
            st.caption(":material/edit: Nothing is different yet. Change a word above.")
        if others:
            named = ", ".join(plain(short(one, 40)) for one in others)
            st.caption(f"Other words in {named} too.")
        if variant.messages:
            st.button(
                "Take the changes back",
                type="tertiary",
                icon=":material/undo:",
                key=widget(experiment, f"words_back_{variant.id}"),
                on_click=_back,
                args=(experiment.id, variant),
            )


def _back(id: str, variant: Variant) -> None:
    """The flow's own words again, in the fields too."""
    beginning = widget(id, f"words_{variant.id}_")
    for key in [one for one in st.session_state if str(one).startswith(beginning)]:
        del st.session_state[key]
    on_press(id, PART, lambda design: changed_variant(design, variant.id, messages={}))
