"""An experiment as a file, made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core.domain.experiments import Experiment
from pages.parts.context import workspace

Format = Literal["html", "md", "csv", "json", "yaml"]
FORMATS: tuple[tuple[Format, str, str, str], ...] = (
    ("html", "One HTML file, reads without Greenroom", "html", "text/html"),
    ("md", "Markdown", "md", "text/markdown"),
    ("csv", "CSV, one row a figure", "csv", "text/csv"),
    ("json", "JSON", "json", "application/json"),
    ("yaml", "The design (YAML), to run again", "yaml", "application/yaml"),
)


def export_menu(experiment: Experiment) -> None:
    """Every format behind one button."""
    with st.popover("Export", icon=":material/download:"):
        for format, label, suffix, mime in FORMATS:
            st.download_button(
                label,
                _written(experiment.id, format),
                file_name=f"experiment-{experiment.id}.{suffix}",
                mime=mime,
                on_click="ignore",
                width="stretch",
                key=f"experiment_export_{format}",
            )


def _written(id: str, format: Format) -> Callable[[], bytes]:
    here = workspace()
    return lambda: here.experiments.export(id, format)
