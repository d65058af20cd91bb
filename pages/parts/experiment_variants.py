"""What is compared: the variants, their share, and what is different in each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import streamlit as st

from core.domain.experiments import Design, Experiment, Variant
from core.domain.flows import StoredFlow
from pages.parts.context import workspace
from pages.parts.experiment_draft import (
    changed_variant,
    draft,
    free_id,
    not_saved,
    on_field,
    on_press,
    redraw,
    widget,
)
from pages.parts.experiment_played import engine_field, flow_fields
from pages.parts.experiment_templates import message_steps, twins_in
from pages.parts.experiment_twin import twin_fields
from pages.parts.experiment_words_of import words_fields
from pages.parts.page import link, param, set_params, short

PART = "experiment_variants"
KINDS = {
    "words": "Words of a message",
    "twin": "How the twin answers",
    "flow": "The flow",
    "model": "The engine",
}
ABOUT = {
    "words": "Everything stays as it is in the flow but the words of the messages you change.",
    "twin": "Another version of the twin, or other sliders of its voice and personality.",
    "flow": "Another flow, or another version of the same one.",
    "model": "Who plays the people: the behaviour model, or a language model.",
}
PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def draw_variants(id: str) -> None:
    """The variants, and what is different in each."""
    experiment = draft(id)
    design = experiment.design
    flow: StoredFlow | None = None
    kind = ""
    if experiment.source == "rehearsal":
        flow = _flow(experiment)
        kind = _kind(experiment)
        st.caption(ABOUT[kind])
        if kind == "words" and flow is not None and message_steps(flow):
            _step_choice(experiment, flow)
    elif experiment.source == "table":
        st.caption("As your data name them. The first is what the others are held against.")
    else:
        st.caption("What people get is up to you; Greenroom says who gets which.")
    for at, variant in enumerate(design.variants):
        _variant(experiment, variant, at, flow, kind)
    if not design.variants:
        st.markdown("No variants yet.")
    if experiment.source != "table" or experiment.dataset is None:
        st.button(
            "Add a variant",
            icon=":material/add:",
            key=widget(id, "variant_add"),
            on_click=on_press,
            args=(id, PART, _added),
        )
    not_saved(id, PART)


def _added(design: Design) -> dict[str, Any]:
    taken = [one.id for one in design.variants]
    letter = next((one for one in LETTERS if one not in taken), "V")
    new = Variant(id=free_id(taken, letter), name=f"Variant {letter}")
    return {"variants": [*design.variants, new]}


def _removed(gone: str) -> Callable[[Design], dict[str, Any]]:
    def edit(design: Design) -> dict[str, Any]:
        control = None if design.control == gone else design.control
        return {
            "variants": [one for one in design.variants if one.id != gone],
            "control": control,
        }

    return edit


# The flow that variants start from, and what differs


def _flow(experiment: Experiment) -> StoredFlow | None:
    """The flow that is played; without one nothing can be."""
    flows = {flow.id: flow for flow in workspace().flows.list()}
    if not flows:
        st.markdown("There is no flow yet that people could meet.")
        link("flows", "Write a flow", icon=":material/account_tree:")
        return None
    options = list(flows)
    now = experiment.design.flow
    key = widget(experiment, "flow")
    chosen = st.selectbox(
        "The flow that people meet",
        options,
        index=options.index(now) if now in flows else None,
        placeholder="Choose a flow",
        format_func=lambda one: short(flows[one].name, 60),
        key=key,
        on_change=on_field,
        args=(experiment.id, PART, key, _other_flow),
    )
    return flows.get(chosen or "")


def _other_flow(design: Design, flow: str | None) -> dict[str, Any]:
    """Another flow has other messages: what was changed in the old one's goes."""
    variants = [one.model_copy(update={"messages": {}}) for one in design.variants]
    return {"flow": flow, "flow_version": None, "variants": variants}


def _kind(experiment: Experiment) -> str:
    """What differs between the variants; the address keeps what was chosen."""
    asked = param("compare")
    now = asked if asked in KINDS else _differs(experiment.design)
    key = widget(experiment, "kind")
    chosen = st.segmented_control(
        "What differs",
        list(KINDS),
        default=now,
        format_func=lambda one: KINDS[one],
        required=True,
        key=key,
        on_change=_turned,
        args=(key,),
    )
    return chosen or now


def _turned(key: str) -> None:
    set_params(compare=st.session_state[key])
    redraw()


def _differs(design: Design) -> str:
    if any(one.twins or one.personality_config for one in design.variants):
        return "twin"
    if any(one.flow for one in design.variants):
        return "flow"
    if any(one.model for one in design.variants):
        return "model"
    return "words"


def _step_choice(experiment: Experiment, flow: StoredFlow) -> None:
    """Which message is looked at; changes of others are kept."""
    steps = message_steps(flow)
    changed = [step for one in experiment.design.variants for step in one.messages]
    now = next((step for step in changed if step in steps), steps[0])
    types = {str(one.get("id")): str(one.get("type")) for one in flow.document["steps"]}
    st.selectbox(
        "Which message",
        steps,
        index=steps.index(now),
        format_func=lambda one: f"{beginning(flow, one)} · {SENT[types[one]]}",
        key=widget(experiment, "message_step"),
    )


def beginning(flow: StoredFlow, step: str) -> str:
    """A message as people know it: its subject or first words, then its id."""
    found = next((one for one in flow.document["steps"] if one.get("id") == step), {})
    config = found.get("config") or {}
    said = config.get("subject") or config.get("body") or config.get("instructions") or ""
    said = PLACEHOLDER.sub("…", str(said)).lstrip("…,. ")
    id = short(step, 30)
    return f"“{short(said, 44)}” ({id})" if said.strip() else id


SENT = {
    "send_sms": "text message",
    "send_whatsapp": "WhatsApp",
    "send_telegram": "Telegram",
    "send_web": "web chat",
    "send_push": "push",
    "send_email": "e-mail",
    "twin_reply": "the twin’s answer",
}


# One variant


def _variant(
    experiment: Experiment, variant: Variant, at: int, flow: StoredFlow | None, kind: str
) -> None:
    design, id = experiment.design, experiment.id
    control = design.control_id == variant.id
    with st.container(border=True, gap="small", key=f"variant_{id}_{at}"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            name = widget(id, f"variant_name_{variant.id}")
            st.text_input(
                "Name" + (" · the others are held against this one" if control else ""),
                variant.label,
                max_chars=255,
                key=name,
                width="stretch",
                on_change=on_field,
                args=(id, PART, name, _renamed(variant.id)),
            )
            if experiment.source == "live" or design.assignment.how == "hash":
                _weight(experiment, variant)
            _buttons(experiment, variant, control=control)
        if experiment.source != "rehearsal":
            _outside(experiment, variant)
        elif kind == "words":
            _words(experiment, variant, flow, control=control)
        elif kind == "twin":
            _twin(experiment, variant, flow)
        elif kind == "flow":
            flow_fields(experiment, variant, flow)
        else:
            engine_field(experiment, variant)


def _renamed(id: str) -> Callable[[Design, str], dict[str, Any]]:
    return lambda design, name: changed_variant(design, id, name=name)


def _weight(experiment: Experiment, variant: Variant) -> None:
    key = widget(experiment, f"variant_weight_{variant.id}")
    st.number_input(
        "Share",
        min_value=0.0,
        max_value=1_000_000.0,
        value=float(variant.weight),
        step=1.0,
        format="%g",
        width=130,
        key=key,
        help="Relative to the others: 1 and 1 is half and half, 9 and 1 is nine in ten.",
        on_change=on_field,
        args=(
            experiment.id,
            PART,
            key,
            lambda design, value: changed_variant(design, variant.id, weight=value or 0.0),
        ),
    )


def _buttons(experiment: Experiment, variant: Variant, *, control: bool) -> None:
    id = experiment.id
    if not control:
        st.button(
            "Hold others against it",
            icon=":material/flag:",
            key=widget(id, f"variant_control_{variant.id}"),
            help="Make this the one that the others are held against.",
            type="tertiary",
            on_click=on_press,
            args=(id, PART, lambda _: {"control": variant.id}),
        )
    if len(experiment.design.variants) > 2:
        st.button(
            "Remove",
            icon=":material/delete:",
            key=widget(id, f"variant_remove_{variant.id}"),
            type="tertiary",
            on_click=on_press,
            args=(id, PART, _removed(variant.id)),
        )


def _outside(experiment: Experiment, variant: Variant) -> None:
    """A variant that is made elsewhere: what it is, and what data and events call it."""
    id = experiment.id
    note, value = (
        widget(id, f"variant_note_{variant.id}"),
        widget(id, f"variant_value_{variant.id}"),
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.text_input(
            "What people get in it",
            variant.note,
            max_chars=500,
            key=note,
            width="stretch",
            on_change=on_field,
            args=(id, PART, note, lambda d, text: changed_variant(d, variant.id, note=text)),
        )
        if experiment.source == "table":
            st.text_input(
                "In the data",
                variant.in_data,
                max_chars=200,
                key=value,
                width=190,
                help="What the data say for this variant.",
                on_change=on_field,
                args=(id, PART, value, lambda d, text: changed_variant(d, variant.id, value=text)),
            )


def _words(
    experiment: Experiment, variant: Variant, flow: StoredFlow | None, *, control: bool
) -> None:
    step = st.session_state.get(widget(experiment, "message_step"))
    if flow is None or step is None:
        st.caption("Choose a flow with a message first.")
        return
    words_fields(experiment, variant, flow, step, closed=control)


def _twin(experiment: Experiment, variant: Variant, flow: StoredFlow | None) -> None:
    slugs = twins_in(flow)
    if not slugs:
        st.caption("No twin answers in this flow. Choose one with a twin’s answer in it.")
        return
    twin_fields(experiment, variant, slugs[0])
