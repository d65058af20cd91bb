"""Trying a model: what works, or what is wrong and what to do."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import streamlit as st

from core.domain.models import Model, Purpose, Trial
from core.domain.money import money
from pages.parts.context import workbench, workspace
from pages.parts.later import later, soon
from pages.parts.page import guarded, plain, short

TICK = 0.25
_ASKED: dict[Purpose, str] = {
    "chat": "to say hello",
    "embedding": "for the vector of one sentence",
    "transcription": "to listen to half a second",
}


def ran_trial(model: Model) -> None:
    """Ask the model something small, saying what is going on; the outcome stays on its card."""
    models = workspace().models
    place = st.empty()
    with guarded(), place.status("Starting the model connection", expanded=False) as status:
        _watch(workbench().service.warm(), status, "Starting the model connection")
        asked = later(("trial", object()), lambda: models.trial(model.id))
        _watch(asked, status, f"Asking {plain(short(model.name, 40))} {_ASKED[model.purpose]}")
        trial = asked.result()
        st.session_state[_key(model)] = trial
    place.empty()


def _watch(future: Future[Any], status: Any, words: str) -> None:
    """Count the seconds while something is going on; leaving the page ends the counting."""
    seconds = 0.0
    while not soon(future, TICK):
        seconds += TICK
        if seconds % 1 == 0:
            status.update(label=f"{words}: {seconds:.0f} s")


def _key(model: Model) -> str:
    return f"trial_{workspace().name}_{model.id}_{model.version}"


def draw_trial(model: Model) -> None:
    """What came of the last trial of this version."""
    trial: Trial | None = st.session_state.get(_key(model))
    if trial is None:
        return
    if not trial.works:
        fix = f" {plain(trial.fix)}" if trial.fix else ""
        said = f"  \n:small[It said: {plain(short(trial.answer, 160))}]" if trial.answer else ""
        st.warning(f"**{plain(trial.message)}**{fix}{said}", icon=":material/error:")
        return
    told = [f"{trial.seconds:.1f} s in all"] if trial.seconds is not None else []
    if trial.first_word_seconds is not None:
        told.insert(0, f"first word after {trial.first_word_seconds:.1f} s")
    told.append("no price known" if trial.cost_usd is None else money(trial.cost_usd))
    st.success(
        f"**It works.** {plain(short(trial.answer or trial.message, 160))}  \n"
        f":small[{plain(', '.join(told))}]",
        icon=":material/check_circle:",
    )
