"""One experiment before it has results: designed in short steps, started, or going on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.domain.errors import NotFound
from core.domain.experiments import Design, Experiment
from pages.parts.context import workspace
from pages.parts.experiment_data import draw_data
from pages.parts.experiment_draft import draft, not_saved, on_field, put, widget
from pages.parts.experiment_list import SOURCES
from pages.parts.experiment_metrics import draw_metrics
from pages.parts.experiment_people import draw_people
from pages.parts.experiment_plan import caution, draw_plan, plan_words
from pages.parts.experiment_rule import draw_rule
from pages.parts.experiment_running import draw_running
from pages.parts.experiment_start import draw_start
from pages.parts.experiment_steps import (
    Step,
    data_first,
    draw_obstacle,
    draw_steps,
    obstacles_of,
)
from pages.parts.experiment_variants import draw_variants
from pages.parts.page import (
    ago,
    counted,
    go,
    page,
    param,
    plain,
    section,
    show_error,
    turn,
)

LONGEST_QUESTION = 2_000
NARROWEST = 270
"""Where the side would be narrower than so many pixels, it stands under the steps."""


def draw_experiment(id: str) -> None:
    """The page of one experiment, or where to find the others."""
    try:
        experiment = workspace().experiments.get(id)
    except NotFound as error:
        page("This experiment is not here", ["Prove"])
        show_error(error)
        turn("See all experiments", key="all_experiments", icon=":material/balance:")
        return
    if experiment.status != "draft":
        draw_running(experiment)
    elif param("step") == "start":
        draw_start(experiment)
    else:
        _design(experiment)


def _design(experiment: Experiment) -> None:
    """The steps at the left; at the right what they come to, and what is missing."""
    facts = ["Prove", "experiment", "draft", SOURCES[experiment.source], "saved as you go"]
    page(experiment.design.name, facts)
    steps = [one for one in STEPS if experiment.source in one.sources]
    with st.grid(3, min_column_width=NARROWEST, gap="medium") as grid:
        with grid.cell(column_span=2), st.container(gap="small", key="steps"):
            draw_steps(experiment, steps)
        with grid.cell():
            draw_side(experiment.id, [one.place for one in steps])


def draw_question(id: str) -> None:
    """Its name, and what is expected and why."""
    part, design = "experiment_question", draft(id).design
    name, why = widget(id, "name"), widget(id, "hypothesis")
    st.text_area(
        "What do you expect, and why?",
        design.hypothesis,
        max_chars=LONGEST_QUESTION,
        key=why,
        height=92,
        placeholder="A first line with one question is answered more often, because people know "
        "what to answer.",
        help="Written before the data come, so that nobody, you included, can say afterwards that "
        "something else was meant.",
        on_change=on_field,
        args=(id, part, why, lambda _, value: {"hypothesis": value}),
    )
    st.text_input(
        "Name",
        design.name,
        max_chars=255,
        key=name,
        on_change=_renamed,
        args=(id, part, name),
    )
    not_saved(id, part)


def _renamed(id: str, part: str, key: str) -> None:
    """Another name: the title says it too, so the whole page is drawn."""
    name = st.session_state[key]
    put(id, part, lambda _: {"name": name})
    st.rerun()


@st.fragment(key="experiment_side")
def draw_side(id: str, places: Sequence[str]) -> None:
    """What the steps come to: what is missing, the plan in a sentence, the way on."""
    experiment = draft(id)
    obstacles = obstacles_of(experiment, again=True)
    stops = [one for one in obstacles if one.severity == "stop"]
    with st.container(border=True, gap="small", key="experiment_side_box"):
        section("Before it can start" if stops else "Ready to start")
        for number, one in enumerate(data_first(experiment, obstacles)):
            draw_obstacle(one, experiment, places, number)
        words, wary = plan_words(experiment), caution(experiment)
        if wary:
            st.markdown(f":orange-badge[:material/info: to know] {plain(wary)}")
        elif words:
            st.caption(plain(words))
        if not obstacles and not words:
            st.caption("Nothing is missing.")
        if st.button(
            "Look it over",
            type="primary",
            icon=":material/arrow_forward:",
            key="experiment_on",
            width="stretch",
            disabled=bool(stops),
        ):
            go("experiments", experiment=id, step="start")
    with st.container(gap="xxsmall"):
        st.caption(f"Begun {ago(experiment.created_at)}. {_size(experiment.design)}")
        if st.button(
            "All experiments", type="tertiary", icon=":material/arrow_back:", key="to_all"
        ):
            go("experiments")


def _size(design: Design) -> str:
    variants = counted(len(design.variants), "variant")
    return f"{variants}, {counted(len(design.metrics), 'metric')}."


STEPS = (
    Step("question", draw_question),
    Step("data", draw_data, ("table",)),
    Step("variants", draw_variants),
    Step("metrics", draw_metrics),
    Step("people", draw_people, ("rehearsal", "live")),
    Step("rule", draw_rule),
    Step("plan", draw_plan),
)
