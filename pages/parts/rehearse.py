"""Who plays a flow, with which seed and engine, and the button that starts it."""

from __future__ import annotations

import streamlit as st

from core.cast import DEFAULT_COPIES
from core.domain.errors import BadInput
from core.domain.models import Model
from core.domain.populations import CastLine, PopulationDraft
from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.model_estimate import Allowed, draw_estimate
from pages.parts.page import counted, guarded, link, param, plain, set_params, short
from pages.parts.run_budget import at_budget

NEW = BEHAVIOUR = ""
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
            model = _engine()
            button = st.container(width="content")
        draft = _cast() if chosen == NEW else None
        allowed = _cost(model, (flow_id, version), draft or chosen, seed or 0)
        with button:
            press = st.button(
                _go_words(model, again=again),
                type="secondary" if _waits() else "primary",
                icon=":material/play_arrow:",
                key="rehearse_go",
                disabled=not allowed.known,
            )
    if press:
        with guarded(), st.spinner("Gathering the people"):
            who = chosen if draft is None else draft
            run = _start(flow_id, version, who, seed or 0, model, allowed.budget_usd)
            set_params(run=run.id, population=None, seed=None, model=model.id if model else None)
            st.rerun()


def _waits() -> bool:
    """Whether the run that the page shows waits for a higher budget: that is then to do first."""
    shown = param("run")
    runs = [
        one for one in workspace().rehearsals.list(limit=20) if shown in (one.id, str(one.number))
    ]
    return any(at_budget(run) for run in runs)


def _go_words(model: Model | None, *, again: bool) -> str:
    if model is not None:
        return f"Rehearse with {plain(short(model.name, 30))}"
    return "Rehearse again" if again else "Rehearse"


def _engine() -> Model | None:
    """The language model that is to answer, None for the behaviour model."""
    models = {one.id: one for one in workspace().models.list("chat")}
    asked = param("model")
    options = [BEHAVIOUR, *models]
    chosen = st.selectbox(
        "Engine",
        options,
        index=options.index(asked) if asked in models else 0,
        format_func=lambda id: f"{_engine_name(models, id)} · uncalibrated",
        width=250,
        key=f"rehearse_engine_{asked or ''}",
        help="Who plays the people. Neither has been held against what your own people did, so "
        "trust comparisons more than single rates.",
    )
    if asked and asked not in models and chosen == BEHAVIOUR:
        st.caption(":material/info: The model of that rehearsal is no longer in your list.")
    return models.get(chosen)


def _engine_name(models: dict[str, Model], id: str) -> str:
    return short(models[id].name, 40) if id in models else "Behaviour model"


def _cost(
    model: Model | None, flow: tuple[str, int], people: str | PopulationDraft, seed: int
) -> Allowed:
    """What it will cost where a language model answers, and what it may."""
    if model is None or not people:
        return Allowed()
    here = workspace().models
    variable = here.key_name(model)
    if variable and here.key_source(model) == "none":
        st.caption(f":material/key_off: There is no key for {plain(model.name)} yet.")
        link("models", "Save its key", icon=":material/key:", edit=model.id)
    return draw_estimate(model, flow, people, seed)


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
    flow_id: str,
    version: int,
    people: str | PopulationDraft,
    seed: int,
    model: Model | None,
    budget_usd: float | None,
) -> Run:
    here = workspace()
    if not people:
        raise BadInput("Nobody is chosen.", place="people", fix="Choose at least one persona.")
    run = here.rehearsals.prepare(
        flow_id,
        people if isinstance(people, str) else here.populations.freeze(people).id,
        seed=seed,
        flow_version=version,
        engine="language" if model else "behaviour",
        model=model,
        budget_usd=budget_usd,
    )
    return here.rehearsals.start(run.id)
