"""Home: what is going on, what was found last, what to do next."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.home_steps import first_steps, next_steps
from pages.parts.page import page, section
from pages.parts.run_card import LATEST, found_card, going_row, resting_row
from pages.parts.run_flow import flow_name

here = workspace()


def greeting() -> str:
    """By the hour of the reader's own clock."""
    zone = UTC
    with contextlib.suppress(Exception):
        zone = ZoneInfo(st.context.timezone or "UTC")
    hour = datetime.now(zone).hour
    part = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    return f"Good {part}. Who goes on stage today?"


def going_on(runs: list[Run], flows: dict[str, str]) -> None:
    """What is played now, and what waits to be resumed."""
    playing = [run for run in runs if run.status in ("pending", "running")]
    waiting = [run for run in runs if run.status in ("interrupted", "paused")]
    if playing:
        section("Going on now")
        for run in playing:
            going_row(here, run, flow_name(run, flows))
    if waiting:
        section("Not finished yet")
        for run in waiting[:5]:
            resting_row(here, run, flow_name(run, flows))


def latest(runs: list[Run]) -> None:
    """What the last finished rehearsals found."""
    finished = [run for run in runs if run.status == "finished"]
    if not finished:
        return
    section("What the last rehearsals found")
    with st.grid(3, min_column_width=290, gap="medium"):
        for run in finished[:LATEST]:
            found_card(here, run)


page(greeting())
runs = here.rehearsals.list(limit=50)
flows = {flow.id: flow.name for flow in here.flows.list()}
if runs:
    st.markdown("Cast people, give them a script, watch the rehearsal, read what happened.")
    next_steps()
    going_on(runs, flows)
    latest(runs)
else:
    first_steps(len(flows), len(here.populations.list()))
