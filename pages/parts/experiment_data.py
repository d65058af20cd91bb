"""The data of a test that has been: brought in once, then which column is what."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.experiments import Data, Dataset, Design, Experiment
from pages.parts.context import workbench, workspace
from pages.parts.experiment_draft import anew, draft, not_saved, put, redraw, widget
from pages.parts.page import ago, counted, guarded, plain, short, show_error

PART = "experiment_data"
ENDINGS = {"csv": "csv", "tsv": "csv", "parquet": "parquet", "jsonl": "jsonl", "ndjson": "jsonl"}
ROWS = 8
COLUMNS = {
    "unit": ("Who", "The participant: one id a person. Several rows of one person are added up."),
    "variant": ("Which variant", "What says in which variant the person was."),
    "time": ("When they came", "When the person came in; for figures over time and for novelty."),
}


def draw_data(id: str) -> None:
    """What is there, or the ways to bring data in."""
    experiment = draft(id)
    found = _dataset(experiment)
    if found is None or st.session_state.get(_other(id)):
        _bring(experiment)
    else:
        _known(experiment, found)
    not_saved(id, PART)


def _other(id: str) -> str:
    """Where is kept that other data are wanted than those that are there."""
    return f"x_{id}_other_data"


def _dataset(experiment: Experiment) -> Dataset | None:
    if experiment.dataset is None:
        return None
    try:
        return workspace().datasets.get(experiment.dataset)
    except GreenroomError as error:
        show_error(error)
        return None


# Bringing data in


def _bring(experiment: Experiment) -> None:
    st.caption(
        "One row for each person, or several: who it was, which variant they were in, and what "
        "they did. What comes in is copied into this workspace and goes nowhere else."
    )
    file, query, known = st.tabs(["A file", "A query", "Imported before"])
    with file:
        _file(experiment)
    with query:
        _query(experiment)
    with known:
        _earlier(experiment)


def _file(experiment: Experiment) -> None:
    given = st.file_uploader(
        "CSV, Parquet or JSON lines",
        type=list(ENDINGS),
        key=widget(experiment, "file"),
        max_upload_size=workbench().settings.max_table_mb,
    )
    if given is None:
        return
    kind = ENDINGS[given.name.rpartition(".")[2].lower()]

    def taken() -> Dataset:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"data.{kind}"
            with path.open("wb") as out:
                shutil.copyfileobj(given, out)
            return workspace().datasets.add_file(path, given.name, kind)

    _take(experiment, taken)


def _query(experiment: Experiment) -> None:
    with st.form(widget(experiment, "query"), border=False):
        address = st.text_input(
            "Database",
            max_chars=1_000,
            key=widget(experiment, "query_url"),
            placeholder="sqlite:///data/shop.db, duckdb:///data/events.duckdb, postgresql://…",
            help="It is only read: nothing is ever written to it.",
        )
        sql = st.text_area(
            "Query",
            height=130,
            max_chars=20_000,
            key=widget(experiment, "query_sql"),
            placeholder="SELECT user_id, variant, created_at, bought, amount FROM results",
        )
        sent = st.form_submit_button("Read it", icon=":material/database:")
    if sent:
        _take(
            experiment,
            lambda: workspace().datasets.add_query(address.strip(), sql.strip(), "A query"),
        )


def _earlier(experiment: Experiment) -> None:
    known = {one.id: one for one in workspace().datasets.list()}
    if not known:
        st.caption("Nothing has been imported yet.")
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Data",
            list(known),
            format_func=lambda one: f"{short(known[one].name, 60)} · {known[one].rows:,} rows",
            key=widget(experiment, "dataset"),
            width="stretch",
        )
        if st.button("Use it", key=widget(experiment, "dataset_use")) and chosen:
            _take(experiment, lambda: known[chosen])


def _take(experiment: Experiment, taken: Callable[[], Dataset]) -> None:
    """Keep the data, say what they seem to be, and draw everything anew."""
    with guarded():
        with st.spinner("Reading the data", show_time=True):
            dataset = taken()
            workspace().experiments.attach(experiment.id, dataset.id)
            if experiment.status == "draft":
                _guess(experiment.id, dataset)
        st.session_state.pop(_other(experiment.id), None)
        anew(experiment.id)
        st.rerun()


def _guess(id: str, dataset: Dataset) -> None:
    """Columns, variants and metrics as the data suggest them; the rest stays as it was written."""
    suggested = workspace().experiments.suggest(dataset.id)
    kept = ("data", "variants", "control", "metrics", "segments")

    def edit(design: Design) -> dict[str, Any]:
        document = suggested.model_dump()
        named = {} if design.name != "Data of a test" else {"name": suggested.name or dataset.name}
        return {**{name: document[name] for name in kept}, **named}

    put(id, PART, edit)


# What is there


def _known(experiment: Experiment, dataset: Dataset) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f":material/table_view: **{plain(short(dataset.name, 80))}**  \n"
            f":small[:gray[{dataset.rows:,} rows · {counted(len(dataset.columns), 'column')} · "
            f"imported {ago(dataset.imported_at)}]]",
            width="stretch",
        )
        st.button(
            "Take other data",
            type="tertiary",
            icon=":material/swap_horiz:",
            key=widget(experiment, "data_other"),
            on_click=_let_go,
            args=(experiment.id,),
        )
    with guarded():
        st.dataframe(
            workspace().datasets.preview(dataset.id, ROWS),
            hide_index=True,
            height=ROWS * 35 + 40,
            key=widget(experiment, "preview"),
            alt="The first rows of the data",
        )
    with st.grid(3, min_column_width=180, gap="small"):
        for field in COLUMNS:
            _column(experiment, dataset, field)


def _let_go(id: str) -> None:
    """Back to the ways to bring data in; what is there stays until other data come."""
    st.session_state[_other(id)] = True


def _column(experiment: Experiment, dataset: Dataset, field: str) -> None:
    label, help = COLUMNS[field]
    now = getattr(experiment.design.data, field)
    options = [*([None] if field == "time" else []), *dataset.columns]
    key = widget(experiment, f"data_{field}")
    st.selectbox(
        label,
        options,
        index=options.index(now) if now in options else None,
        placeholder="Choose a column",
        format_func=lambda one: "Not known" if one is None else short(one, 50),
        key=key,
        help=help,
        on_change=_other_column,
        args=(experiment.id, dataset.id, field, key),
    )


def _other_column(id: str, dataset: str, field: str, key: str) -> None:
    """Another column: of the variants, other variants; it measures nothing any more."""
    column = st.session_state[key]

    def edit(design: Design) -> dict[str, Any]:
        data = Data.model_validate({**design.data.model_dump(), field: column})
        metrics = [one for one in design.metrics if one.value != column]
        changed: dict[str, Any] = {"data": data, "metrics": metrics}
        if field == "variant":
            suggested = workspace().experiments.suggest(dataset, data)
            changed |= {"variants": suggested.variants, "control": suggested.control}
        return changed

    put(id, PART, edit)
    redraw()
