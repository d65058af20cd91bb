"""A flow without its drawing: steps in a table, the text, the versions."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.flows import StoredFlow
from core.domain.reports import Report
from pages.parts.context import workspace
from pages.parts.flow_text import Reading, as_yaml, step_count
from pages.parts.flow_words import kind_of, line_of
from pages.parts.page import ago, counted, guarded, plain, set_params, short

MOST_EDITED = 2_000
MOST_VERSIONS = 30


def draw_steps(flow: StoredFlow, reading: Reading, report: Report | None) -> None:
    """Every step on one line: what the drawing shows, for those who do not see it."""
    rows = _compiled_rows(reading, report) if reading.compiled else _raw_rows(flow)
    st.dataframe(
        rows,
        hide_index=True,
        alt=f"The steps of {flow.name}",
        column_config={"Says": st.column_config.TextColumn(width="large")},
    )


def _compiled_rows(reading: Reading, report: Report | None) -> list[dict[str, Any]]:
    assert reading.compiled is not None
    happened = {row.step_id: row for row in report.steps} if report else {}
    found: dict[str, list[str]] = {}
    for finding in reading.findings:
        found.setdefault(finding.step_id or "", []).append(finding.type.replace("_", " "))
    rows = []
    for id, step in reading.compiled.steps.items():
        row: dict[str, Any] = {
            "Step": id,
            "Kind": kind_of(step.type).name,
            "Says": short(line_of(step), 200),
            "Goes to": ", ".join(
                f"{way.to} ({way.label})" if way.name != "next" else str(way.to)
                for way in step.ways
                if way.to
            ),
        }
        if report is not None:
            row["People"] = happened[id].people if id in happened else 0
        row["Findings"] = ", ".join(found.get(id, ()))
        rows.append(row)
    return rows


def _raw_rows(flow: StoredFlow) -> list[dict[str, Any]]:
    """The steps of a flow that cannot be played, as far as they can be read."""
    steps = flow.document.get("steps")
    return [
        {"Step": str(step.get("id", "")), "Kind": str(step.get("type", ""))}
        if isinstance(step, dict)
        else {"Step": "", "Kind": short(step, 60)}
        for step in (steps if isinstance(steps, list) else [])
    ]


@st.fragment
def draw_text(flow: StoredFlow) -> None:
    """The document, to read and to change; saving makes a new version."""
    if step_count(flow) > MOST_EDITED:
        st.caption(
            f"With {step_count(flow):,} steps the text is too long to be edited here. Download it, "
            "change it, and import it again."
        )
        return
    written = as_yaml(flow.document)
    text = st.text_area(
        "The flow as YAML",
        value=written,
        height=min(700, 120 + 20 * written.count("\n")),
        key=f"text_{flow.id}_{flow.version}",
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        press = st.button("Save as a new version", icon=":material/save:", key="save_text")
        st.caption("Rehearsals keep the version that they played.", width="content")
    if press:
        with guarded():
            flows = workspace().flows
            document = flows.read(text, source="text")
            if document == flow.document:
                st.caption("Nothing was changed.")
                return
            flows.replace(flow.id, document)
            set_params(version=None)
            st.rerun()


def draw_versions(flow: StoredFlow) -> None:
    """Every save, newest first."""
    history = workspace().flows.history(flow.id)
    for one in history[:MOST_VERSIONS]:
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            here = " :green-badge[shown]" if one.version == flow.version else ""
            st.markdown(
                f"**Version {one.version}** · {plain(short(one.name, 60))} · "
                f"{counted(step_count(one), 'step')} · :gray[{ago(one.created_at)}]{here}",
                width="stretch",
            )
            if one.version == flow.version:
                continue
            if st.button("Show", key=f"show_version_{one.version}"):
                newest = one.version == history[0].version
                set_params(version=None if newest else one.version, step=None, run=None)
                st.rerun()
            if one.version != history[0].version and st.button(
                "Make it the newest", key=f"restore_version_{one.version}"
            ):
                with guarded():
                    workspace().flows.replace(flow.id, one.document)
                    set_params(version=None, step=None, run=None)
                    st.rerun()
    if len(history) > MOST_VERSIONS:
        st.caption(f"{len(history) - MOST_VERSIONS:,} older versions are kept.")
