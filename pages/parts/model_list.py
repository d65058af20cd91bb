"""Every language model of the workspace, and how to begin where there is none."""

from __future__ import annotations

import streamlit as st

from core.domain.models import Model, ModelFacts, Purpose
from core.minds import PRESETS
from pages.parts.context import workbench, workspace
from pages.parts.later import later, soon, wait_for
from pages.parts.model_trial import draw_trial, ran_trial
from pages.parts.model_words import PURPOSES, key_words, limit_words, price_words, provider_of
from pages.parts.page import counted, guarded, link, page, plain, section, short, turn

NOT_NEEDED = (
    "Nothing here is needed: the behaviour model rehearses without a key, without a network, "
    "and costs nothing."
)


def draw_models() -> None:
    """The page of all models."""
    models = workspace().models.list()
    page(
        "Choose who may answer" if models else "Let a language model play your people",
        ["Rehearse", counted(len(models), "language model") if models else "language models"],
        _add if models else None,
    )
    st.markdown(
        "Add a model, try it, then choose it beside **Rehearse** on a flow’s page. You see what a "
        "rehearsal will cost before it starts, and it pauses at the budget that you set. Creator "
        "twins may use models of two more kinds: one that helps them find passages, and one that "
        "writes down recordings."
    )
    if not models:
        _empty()
        return
    facts = _facts(models)
    with st.grid(2, min_column_width=330, gap="medium") as grid:
        for model in models:
            with grid.cell():
                _card(model, facts.get(model.model))
    _kept()
    st.caption(NOT_NEEDED)
    link("flows", "Choose a flow to rehearse", icon=":material/account_tree:")


def _add() -> None:
    turn(
        "Add a model", key="add_model", icon=":material/add:", kind="primary", make=PRESETS[0].name
    )


def _empty() -> None:
    """Where to begin: one button for each kind of provider."""
    with st.container(border=True, gap="small"):
        section("Your language models will stand here")
        st.caption(f"Each with its price, its limits and whether it works. {NOT_NEEDED}")
        for purpose, words in PURPOSES.items():
            st.markdown(f"**{words}**")
            with st.container(horizontal=True, gap="small"):
                _beginnings(purpose)


def _beginnings(purpose: Purpose) -> None:
    for number, preset in enumerate(PRESETS):
        if preset.draft.purpose == purpose:
            turn(
                preset.name,
                key=f"preset_{number}",
                icon=":material/add:",
                kind="secondary" if number else "primary",
                make=preset.name,
            )


def _facts(models: list[Model]) -> dict[str, ModelFacts]:
    """What is known of those whose price is not the workspace's own, as soon as it is known."""
    gateway, home = workspace().gateway, str(workbench().settings.home)
    asked = {
        model.model: later((home, "facts", model.model), lambda model=model: gateway.facts(model))
        for model in models
        if model.input_price is None or model.output_price is None
    }
    waiting = next((one for one in asked.values() if not soon(one)), None)
    if waiting is not None:
        wait_for(waiting, "Reading the price list", "prices")
    done = {name: one for name, one in asked.items() if one.done() and one.exception() is None}
    return {name: one.result() for name, one in done.items()}


def _kept() -> None:
    """What is remembered of answers, and a way to forget it."""
    kept = workspace().models.kept_answers()
    if not kept.answers:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f"{counted(kept.answers, 'answer')} kept ({_size(kept.bytes)}): the same "
            "rehearsal again asks nothing and costs nothing.",
            width="content",
        )
        if st.button("Forget them", type="tertiary", key="forget_answers"):
            forget_dialog()


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


@st.dialog("Forget the kept answers")
def forget_dialog() -> None:
    """Ask first: it costs money later."""
    st.markdown(
        "Rehearsals that were played stay as they are. Whoever is asked again gives a fresh "
        "answer, which costs what a first one costs."
    )
    if st.button("Forget them", type="primary", icon=":material/delete:", key="forget_yes"):
        with guarded():
            workspace().models.forget_answers()
            st.rerun()


def _card(model: Model, facts: ModelFacts | None) -> None:
    models = workspace().models
    with st.container(border=True, height="stretch", gap="small", key=f"model_{model.id}"):
        st.subheader(plain(short(model.name, 60)), anchor=False)
        st.caption(f"{plain(provider_of(model))} · {plain(model.model)}")
        own = model.input_price is not None and model.output_price is not None
        rows = {
            "For": PURPOSES[model.purpose],
            "Address": short(model.address, 80) if model.address else "the provider’s own",
            "Key": key_words(models.key_source(model), models.key_name(model)),
            "Price": price_words(model, facts) if own or facts else "not read yet",
            "Limits": limit_words(model),
        }
        st.table(
            {name: plain(value) for name, value in rows.items()},
            border="horizontal",
            alt=f"What is known of {model.name}",
        )
        with st.container(horizontal=True, gap="small"):
            tried = st.button("Try it", icon=":material/bolt:", key=f"try_{model.id}")
            turn("Change", key=f"change_{model.id}", kind="secondary", edit=model.id)
            if st.button("Remove", type="tertiary", key=f"remove_{model.id}"):
                remove_dialog(model)
        if tried:
            ran_trial(model)
        draw_trial(model)


@st.dialog("Remove the model")
def remove_dialog(model: Model) -> None:
    """Ask first."""
    st.markdown(
        f"**{plain(model.name)}** goes, with its saved key. Rehearsals that it answered stay as "
        "they are."
    )
    if st.button("Remove", type="primary", icon=":material/delete:", key="model_remove"):
        with guarded():
            workspace().models.delete(model.id)
            st.rerun()
