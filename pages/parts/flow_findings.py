"""What the checks find in a flow, beside the steps that it names, and the buttons that mend it."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from core.domain.findings import Finding
from core.domain.flows import StoredFlow
from pages.parts.context import workspace
from pages.parts.flow_step import Fix, draw_finding
from pages.parts.flow_text import Reading, worst
from pages.parts.flow_words import LOOKS, kind_of, line_of
from pages.parts.page import counted, guarded, link, plain, section, set_params, short

A_PAGE = 12
SAID = "flow_said"
"""Where a press of a button leaves what the next drawing of the page says."""


class Place(NamedTuple):
    """A step and what was found there; the flow as a whole where there is no step."""

    step_id: str | None
    findings: list[Finding]


def by_step(reading: Reading) -> list[Place]:
    """The findings of each step, in the order in which the steps stand in the document."""
    places: dict[str | None, list[Finding]] = {}
    for finding in reading.findings:
        places.setdefault(finding.step_id, []).append(finding)
    numbers = reading.validation.view.places
    found = [Place(step_id, findings) for step_id, findings in places.items()]
    return sorted(found, key=lambda one: numbers.get(one.step_id or "", -1))


def draw_findings_of(flow: StoredFlow, reading: Reading, newest: int) -> None:
    """Every finding, grouped by its step; what can be mended has a button in the newest version."""
    if not reading.findings:
        _nothing(reading.validation.checks)
        return
    counts = worst(reading.findings)
    words = [counted(count, LOOKS[one].word.lower()) for one, count in counts.items()]
    section(f"Worth a look: {', '.join(words)}")
    places = by_step(reading)
    pages = -(-len(places) // A_PAGE)
    at = st.pagination(pages, key=f"findings_page_{flow.id}") if pages > 1 else 1
    for place in places[(at - 1) * A_PAGE : at * A_PAGE]:
        _place(reading, place, fixer(flow, reading, newest, "list"))


def _place(reading: Reading, place: Place, fix: Fix) -> None:
    with (
        st.container(border=True, key=f"found_{place.step_id or ''}"),
        st.grid(3, min_column_width=270, gap="medium") as grid,
    ):
        with grid.cell(), st.container(gap="xxsmall"):
            _step(reading, place.step_id)
        with grid.cell(column_span=2), st.container(gap="small"):
            for finding in place.findings:
                draw_finding(finding, fix, with_step=False)


def _step(reading: Reading, step_id: str | None) -> None:
    """A step as it is called, and one line of what it is."""
    if step_id is None:
        st.markdown("**The flow as a whole**")
        return
    st.markdown(f"**{plain(short(step_id, 60))}**")
    step = reading.validation.view.steps.get(step_id)
    if step is None:
        st.caption("A step that cannot be read yet")
        return
    kind, line = kind_of(step.type), line_of(step)
    st.caption(plain(" · ".join(filter(None, [f"{kind.sign} {kind.name}", short(line, 90)]))))


def fixer(flow: StoredFlow, reading: Reading, newest: int, key: str) -> Fix:
    """Draws the button that mends a finding, where its check knows how.

    Args:
        flow: The version that is shown; only the newest can be mended.
        reading: What was read of it.
        newest: The newest version.
        key: Where on the page the buttons stand.
    """
    numbers = {id(finding): number for number, finding in enumerate(reading.findings)}

    def draw(finding: Finding) -> None:
        if flow.version == newest and reading.validation.can_mend(finding):
            label = plain(short(reading.validation.mending(finding), 60))
            _fix(flow, finding, label, f"fix_{key}_{numbers[id(finding)]}")

    return draw


def _fix(flow: StoredFlow, finding: Finding, label: str, key: str) -> None:
    if st.button(label, icon=":material/build:", key=key):
        with guarded():
            kept = workspace().flows.mend(flow.id, finding)
            where = f" at “{short(finding.step_id, 40)}”" if finding.step_id else ""
            st.session_state[SAID] = f"Mended{where}. This is version {kept.version} now."
            set_params(version=None, run=None)
            st.rerun()


def say_what_was_done() -> None:
    """What the last press of a button did, once."""
    if said := st.session_state.pop(SAID, None):
        st.toast(plain(said), icon=":material/check:")


def _nothing(checks: int) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(
            f":green-badge[:material/check: Nothing found] {counted(checks, 'check')} looked at "
            "this flow, and all of them are content."
        )
        link("checks", "See what they look for", icon=":material/rule:")
