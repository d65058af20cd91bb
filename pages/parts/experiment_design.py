"""One experiment before it has results: designed in short steps, started, or going on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from core.domain.errors import NotFound
from core.domain.experiment_life import Obstacle
from core.domain.experiments import Design, Experiment, SourceKind
from pages.parts.context import workspace
from pages.parts.experiment_data import draw_data
from pages.parts.experiment_draft import draft, not_saved, on_field, put, shows, widget
from pages.parts.experiment_list import SOURCES
from pages.parts.experiment_metrics import draw_metrics
from pages.parts.experiment_people import draw_people
from pages.parts.experiment_plan import draw_plan, plan_words
from pages.parts.experiment_rule import draw_rule
from pages.parts.experiment_running import draw_running
from pages.parts.experiment_start import draw_start
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
PLACES = {
    "question": "What do you want to know?",
    "data": "The data",
    "variants": "What is compared",
    "metrics": "What counts",
    "segments": "What counts",
    "people": "Who takes part",
    "assignment": "Who takes part",
    "rule": "How it is decided",
    "plan": "How many people",
}


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
    shows(*(f"experiment_{one.place}" for one in steps), "experiment_side")
    left, right = st.columns([9, 4], gap="medium")
    with left:
        for number, one in enumerate(steps, start=1):
            with _step(number, one.place):
                one.draw(experiment.id)
    with right:
        draw_side(experiment.id)


def _step(number: int, place: str) -> st.delta_generator.DeltaGenerator:
    """The frame of one step of the design."""
    frame = st.container(border=True, gap="small", key=f"step_{place}")
    with frame:
        st.subheader(f"{number}. {PLACES[place]}", anchor=f"step-{place}")
    return frame


@st.fragment(key="experiment_question")
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
def draw_side(id: str) -> None:
    """What the steps come to: what is missing, the plan in a sentence, the way on."""
    experiment = draft(id)
    obstacles = obstacles_of(experiment)
    stops = [one for one in obstacles if one.severity == "stop"]
    with st.container(border=True, gap="small", key="experiment_side_box"):
        section("Before it can start" if stops else "Ready to start")
        for one in obstacles:
            draw_obstacle(one, experiment.design)
        words = plan_words(experiment)
        if words:
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


def obstacles_of(experiment: Experiment) -> tuple[Obstacle, ...]:
    """What keeps it from starting, and what should be known."""
    return workspace().experiments.problems(
        experiment.design, experiment.source, experiment.dataset
    )


def draw_obstacle(one: Obstacle, design: Design) -> None:
    """What is wrong, where, and what to do."""
    step, _, which = one.place.partition(".")
    named = next((v.label for v in (*design.variants, *design.metrics) if v.id == which), which)
    name = PLACES.get(step, step) + (f", {named}" if named else "")
    at = next((one.place for one in STEPS if PLACES[one.place] == PLACES.get(step)), None)
    where = f"[{plain(name)}](#step-{at})" if at else plain(name)
    sign = (
        ":red-badge[:material/priority_high: needed]"
        if one.severity == "stop"
        else ":orange-badge[:material/info: to know]"
    )
    fix = f"  \n:small[{plain(one.fix)}]" if one.fix else ""
    st.markdown(f"{sign} {plain(one.text)}{fix}  \n:small[{where}]")


class Step(NamedTuple):
    """One step of the design: its name in the address of problems, and who has it."""

    place: str
    draw: Callable[[str], None]
    sources: tuple[SourceKind, ...] = ("rehearsal", "live", "table")


STEPS = (
    Step("question", draw_question),
    Step("data", draw_data, ("table",)),
    Step("variants", draw_variants),
    Step("metrics", draw_metrics),
    Step("people", draw_people, ("rehearsal", "live")),
    Step("rule", draw_rule),
    Step("plan", draw_plan),
)
