"""One event of a conversation that an address points at: what happened, what was seen, the fix."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.domain.events import Event
from core.domain.problems import StepProblem
from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.debugging import debug_button
from pages.parts.page import param, plain, section, short
from pages.parts.transcript import Here


def event_asked(events: Sequence[Event]) -> Event | None:
    """The event that the address names; None where it names none that this person has."""
    asked = param("event") or param("seq")
    return next((event for event in events if str(event.seq) == asked), None)


def here_of(event: Event, problem: StepProblem | None) -> Here:
    """The event as a line in the conversation."""
    words = problem.message if problem else what_happened(event)
    return Here(event.seq, words, wrong=problem is not None and problem.severity != "info")


def problem_of(run: Run, event: Event) -> StepProblem | None:
    """What went wrong at an event, read once for as far as the run is."""
    key = (workspace().name, run.id, run.done, event.contact_id, event.seq)
    return _problem(key)


@st.cache_data(max_entries=64, show_spinner=False)
def _problem(key: tuple[str, str, int, str, int]) -> StepProblem | None:
    _, run_id, _, contact, seq = key
    return workspace().reports.steps.problem_at(run_id, contact, seq)


def draw_event(run: Run, event: Event, problem: StepProblem | None) -> None:
    """What happened at the event, what its step saw then, and what to do about it."""
    with st.container(border=True, gap="small", key="event"):
        place = f" at “{short(event.step_id, 50)}”" if event.step_id else ""
        section(f"What {'went wrong' if problem else 'happened'}{place}")
        st.markdown(plain(problem.message if problem else what_happened(event)))
        if problem and problem.saw:
            st.caption("It saw")
            saw = {plain(name): plain(short(_shown(one), 120)) for name, one in problem.saw.items()}
            st.table(saw, border="horizontal", alt="The names that were read, with their values")
        if problem:
            st.caption(plain(problem.fix))
        debug_button(
            run.flow_id,
            run.flow_version,
            key="event_debug",
            run=run.id,
            contact=event.contact_id,
        )


def what_happened(event: Event) -> str:
    """An event in a sentence."""
    payload, step = event.payload, event.step_id or "the flow"
    if event.kind == "branched":
        return f"They left “{step}” by “{payload.get('way')}” to “{payload.get('to')}”."
    if event.kind == "stepped":
        return f"They came to “{step}”."
    if event.kind == "set":
        return f"“{step}” set {_pairs(payload.get('values') or {})}."
    if event.kind == "ended":
        reason = str(payload.get("reason", "end")).replace("_", " ")
        return f"They left the flow at “{step}”: {reason}."
    if event.kind == "entered":
        return "They came into the flow."
    return f"{event.kind.replace('_', ' ').capitalize()} at “{step}”."


def _pairs(values: dict[str, Any]) -> str:
    some = [f"{name} = {short(_shown(value), 60)}" for name, value in list(values.items())[:8]]
    return ", ".join(some) or "nothing"


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
