"""A report as a file, made when it is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from core.domain.reports import Report
from pages.parts.context import workspace

FORMATS = (
    ("json", "JSON", "json", "application/json"),
    ("csv", "CSV, one row an interaction", "csv", "text/csv"),
    ("md", "Markdown", "md", "text/markdown"),
    ("junit", "JUnit XML", "xml", "application/xml"),
)


def export_menu(report: Report) -> None:
    """Every format behind one button."""
    facts = report.facts
    name = f"{facts.flow_id}-run-{facts.number}"
    with st.popover("Export", icon=":material/download:"):
        for format, label, suffix, mime in FORMATS:
            st.download_button(
                label,
                _written(facts.run_id, format),
                file_name=f"{name}.{suffix}",
                mime=mime,
                on_click="ignore",
                width="stretch",
                key=f"export_{format}",
            )
        st.download_button(
            "Events as Parquet",
            _events(facts.run_id),
            file_name=f"{name}-events.parquet",
            mime="application/vnd.apache.parquet",
            on_click="ignore",
            width="stretch",
            key="export_parquet",
        )


def _written(run_id: str, format: str) -> Callable[[], bytes]:
    here = workspace()
    return lambda: b"".join(here.reports.export(run_id, format))


def _events(run_id: str) -> Callable[[], bytes]:
    here = workspace()

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.parquet"
            here.events.to_parquet(run_id, path)
            return path.read_bytes()

    return make
