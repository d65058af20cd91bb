"""One flow: the canvas on which it is drawn, tested and debugged, and the next rehearsal."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.errors import NotFound
from core.domain.flows import StoredFlow
from core.domain.runs import Run
from pages.parts.canvas import VIEWS, CanvasEvent, draw_canvas, drawn
from pages.parts.context import workspace
from pages.parts.debugging import whom
from pages.parts.flow_actions import actions
from pages.parts.flow_overlay import overlay_of
from pages.parts.flow_text import Reading, newest_or, read, step_count
from pages.parts.flow_versions import compare_versions
from pages.parts.page import ago, counted, go, page, param, set_params, show_error, turn
from pages.parts.rehearse import rehearse_bar
from pages.parts.run_flow import experiment_button
from pages.parts.run_state import draw_state, is_going_on

HEIGHT = 700
READ_VIEWS = ("build", "debug", "times")


def draw_open(id: str) -> None:
    """The page of one flow, or where to find the others."""
    try:
        flow = newest_or(id, param("version"))
        newest = workspace().flows.get(id).version
    except NotFound as error:
        _not_found(error)
        return
    reading = read(flow)
    old = "" if newest == flow.version else f"newest is {newest}"
    facts = ["Script", f"version {flow.version}", old, f"saved {ago(flow.created_at)}"]
    page(flow.name, [*facts, counted(step_count(flow), "step")], lambda: actions(flow))
    runs = workspace().rehearsals.list(flow.id, limit=20)
    asked = param("run")
    current = next((run for run in runs if asked in (run.id, str(run.number))), None)
    if old:
        _older(flow, newest)
    if current is not None:
        with st.container(border=True):
            draw_state(current, key="flow")
    _canvas(flow, reading, overlay(flow, current, runs), editable=not old)
    if reading.compiled is not None:
        rehearse_bar(flow.id, flow.version, again=bool(runs))
    compare_versions(flow)


def _not_found(error: NotFound) -> None:
    """An address that leads to no flow: what is wrong, and the way back."""
    page("This flow is not here", ["Script"])
    show_error(error)
    if run := param("run"):
        experiment_button(run, "flow")
    turn("See all flows", key="all_flows", icon=":material/account_tree:", kind="secondary")


def _older(flow: StoredFlow, newest: int) -> None:
    """An older version is read only; it is gone back to from the newest's own versions."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(f"This is version {flow.version}; the newest is {newest}.", width="stretch")
        turn("Open the newest", key="open_newest", kind="secondary", flow=flow.id)


def overlay(flow: StoredFlow, current: Run | None, runs: list[Run]) -> dict[str, Any] | None:
    """What the run that is asked for did in this version, else the last one that played it."""
    played = [run for run in runs if run.flow_version == flow.version and run.done]
    shown = current if current in played else next(iter(played), None)
    if shown is None or is_going_on(shown):
        return None
    return overlay_of(workspace().reports.report(shown.id))


@st.fragment
def _canvas(
    flow: StoredFlow, reading: Reading, happened: dict[str, Any] | None, *, editable: bool
) -> None:
    """The canvas; only what it tells runs the page again."""
    key = f"canvas_{workspace().name}_{flow.id}"
    data = drawn(
        flow,
        mode="edit" if editable else "read",
        views=VIEWS if editable else READ_VIEWS,
        validation=reading.validation,
        overlay=happened,
        **_asked(key),
    )
    _react(draw_canvas(data, key=key, height=HEIGHT), key)


def _asked(key: str) -> dict[str, Any]:
    """What the address asks the canvas to show.

    What the canvas itself put into the address, now or before (a run may bring an older address),
    is no question to it, and what was asked once stays asked, because the canvas begins anew where
    it is asked for something else.
    """
    if key not in st.session_state:
        st.session_state[f"{key}_asked"], st.session_state[f"{key}_told"] = {}, {}
    asked, told = st.session_state[f"{key}_asked"], st.session_state[f"{key}_told"]
    now: dict[str, Any] = {name: param(name) for name in ("step", "debug")}
    now["who"] = _whom()
    now["view"] = view if (view := param("view")) in VIEWS else None
    fresh = {
        name
        for name, value in now.items()
        if value is not None and value not in told.get(name, ()) and value != asked.get(name)
    }
    asked.update({name: now[name] for name in fresh})
    if fresh & {"who", "debug"} and "view" not in fresh:
        asked["view"] = "debug"
    return {
        "selected": asked.get("step"),
        "session": asked.get("debug"),
        "contact": asked.get("who"),
        "view": asked.get("view", "build"),
    }


def _whom() -> dict[str, Any] | None:
    try:
        return whom()
    except NotFound as error:
        show_error(error)
        return None


def _react(event: CanvasEvent | None, key: str) -> None:
    """Put into the address what the canvas shows, turn to the page it asks for."""
    if event is None:
        return
    if event.opened is not None:
        go(event.opened.room, **event.opened.params)
    told = st.session_state[f"{key}_told"]
    told.setdefault("step", set()).add(event.selected)
    set_params(step=event.selected)
    if event.debugged is not None:
        told.setdefault("debug", set()).add(event.debugged)
        set_params(debug=event.debugged, contact=None, persona=None, test=None)
    if event.saved is not None:
        set_params(version=None)
        st.rerun()
