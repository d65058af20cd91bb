"""Who plays a flow, with which seed and engine, and the button that starts it."""

from __future__ import annotations

import streamlit as st

from core.cast import DEFAULT_COPIES
from core.domain.errors import BadInput
from core.domain.populations import CastLine, PopulationDraft
from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.page import counted, guarded, param, set_params, short

NEW = ""
MOST_LISTED = 200
SEED = 7


@st.fragment
def rehearse_bar(flow_id: str, version: int, *, again: bool) -> None:
    """Choose people, seed and engine, and rehearse; the address then names the run."""
    with st.container(border=True, key="rehearse"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            chosen = _population()
            seed = st.number_input(
                "Seed",
                min_value=0,
                max_value=2**53 - 1,
                value=_number(param("seed")),
                width=110,
                key=f"rehearse_seed_{flow_id}",
                help="The same seed, people and flow give the same rehearsal again.",
            )
            st.selectbox(
                "Engine",
                ["behaviour"],
                format_func=lambda _: "Behaviour model · uncalibrated",
                width=250,
                key="rehearse_engine",
                help="Its parameters are assumptions until real outcomes are imported.",
            )
            press = st.button(
                "Rehearse again" if again else "Rehearse",
                type="primary",
                icon=":material/play_arrow:",
                key="rehearse_go",
            )
        draft = _cast() if chosen == NEW else None
    if press:
        with guarded(), st.spinner("Gathering the people"):
            run = _start(flow_id, version, chosen, draft, seed or 0)
            set_params(run=run.id, population=None, seed=None)
            st.rerun()


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 16 else SEED


def _population() -> str:
    """An existing population's id, or NEW."""
    known = {one.id: one for one in workspace().populations.list()[:MOST_LISTED]}
    asked = param("population")
    options = [NEW, *known]

    def words(id: str) -> str:
        if id == NEW:
            return "New people"
        return f"{short(known[id].name, 40)} · {counted(known[id].size, 'person', 'people')}"

    return str(
        st.selectbox(
            "People",
            options,
            index=options.index(asked) if asked in known else 0,
            format_func=words,
            width="stretch",
            key=f"rehearse_population_{asked or ''}",
        )
    )


def _cast() -> PopulationDraft | None:
    """Personas, copies of each and a seed: all the built-in ones, twenty times, unless changed."""
    personas = {one.id: one for one in workspace().personas.list()}
    built_in = [id for id, one in personas.items() if one.built_in]
    chosen = st.multiselect(
        "Personas",
        list(personas),
        default=built_in,
        format_func=lambda id: short(personas[id].name, 40),
        key="rehearse_personas",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        copies = st.number_input(
            "Copies of each",
            min_value=1,
            max_value=1_000_000,
            value=DEFAULT_COPIES,
            width=150,
            key="rehearse_copies",
        )
        seed = st.number_input(
            "Seed of the people",
            min_value=0,
            max_value=2**53 - 1,
            value=SEED,
            width=150,
            key="rehearse_people_seed",
            help="The same personas, copies and seed are the same people.",
        )
        people = len(chosen) * (copies or 0)
        st.caption(f"{counted(people, 'person', 'people')} will play.", width="content")
    if not chosen or not copies:
        return None
    lines = [CastLine(persona=id, copies=copies) for id in chosen]
    return PopulationDraft(cast=lines, seed=seed or 0)


def _start(
    flow_id: str, version: int, population: str, draft: PopulationDraft | None, seed: int
) -> Run:
    here = workspace()
    if population == NEW:
        if draft is None:
            raise BadInput("Nobody is chosen.", place="people", fix="Choose at least one persona.")
        population = here.populations.freeze(draft).id
    run = here.rehearsals.prepare(flow_id, population, seed=seed, flow_version=version)
    return here.rehearsals.start(run.id)
