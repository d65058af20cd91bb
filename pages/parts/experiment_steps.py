"""The steps of a design: one is open, the others say in a line what was decided in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

import streamlit as st

from core.domain.experiment_life import Obstacle
from core.domain.experiments import Experiment, SourceKind
from pages.parts.context import workspace
from pages.parts.experiment_draft import draft, redraw, shows
from pages.parts.experiment_summaries import summary
from pages.parts.page import param, plain, set_params, short

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
SIGNS = {"stop": "priority_high", "warning": "info"}
NONE = "none"
"""What the address says where every step is folded."""


class Step(NamedTuple):
    """One step of the design: its name in the address of problems, and who has it."""

    place: str
    draw: Callable[[str], None]
    sources: tuple[SourceKind, ...] = ("rehearsal", "live", "table")


def draw_steps(experiment: Experiment, steps: Sequence[Step]) -> None:
    """All steps in their order; each is drawn anew by itself."""
    shows(*(f"experiment_{one.place}" for one in steps), "experiment_side")
    places = [one.place for one in steps]
    obstacles_of(experiment, again=True)
    _choose(experiment, places)
    for number, one in enumerate(steps, start=1):
        drawn = st.fragment(_step, key=f"experiment_{one.place}")
        drawn(experiment.id, number, one, places)


def _key(id: str, place: str) -> str:
    return f"step_{id}_{place}"


def _choose(experiment: Experiment, places: Sequence[str]) -> None:
    """Open the step that the address names, else the one open before, else the first to mend."""
    key = _chosen(experiment.id)
    asked = param("part") or st.session_state.get(key)
    if asked not in (*places, NONE):
        asked = _first(experiment, places)
    st.session_state[key] = asked


def _first(experiment: Experiment, places: Sequence[str]) -> str:
    """The first step in which something is to do: of a table everything else comes with it."""
    if _waits_for_data(experiment):
        return "data"
    wanting = {place_of(one) for one in obstacles_of(experiment)}
    return next((one for one in places if one in wanting), NONE)


def _waits_for_data(experiment: Experiment) -> bool:
    return experiment.source == "table" and experiment.dataset is None


def _comes_with_data(experiment: Experiment, place: str) -> bool:
    """Whether a step is empty because no data say yet what stands in it."""
    design = experiment.design
    empty = {"variants": not design.variants, "metrics": not design.metrics}
    return _waits_for_data(experiment) and empty.get(place, False)


def data_first(experiment: Experiment, found: Sequence[Obstacle]) -> list[Obstacle]:
    """The obstacles; that there are no data stands first, because the rest comes with them."""
    waits = _waits_for_data(experiment)
    return sorted(found, key=lambda one: waits and place_of(one) != "data")


def _chosen(id: str) -> str:
    """Where it is kept which step is open."""
    return f"x_{id}_part"


def _open(id: str, place: str) -> None:
    """Open this step and fold the others; the address says which it is."""
    st.session_state[_chosen(id)] = place
    set_params(part=place)
    redraw()


def unfold(id: str, place: str) -> None:
    """For ``on_click``: open a step and bring it into view."""
    st.session_state[f"x_{id}_shown"] = place
    _open(id, place)


def _turned(id: str, place: str) -> None:
    """A step was opened or folded by its head."""
    _open(id, place if st.session_state[_key(id, place)] else NONE)


def _step(id: str, number: int, step: Step, places: Sequence[str]) -> None:
    """The head of a step; its fields where it is open."""
    experiment, key = draft(id), _key(id, step.place)
    opened = st.session_state[_chosen(id)] == step.place
    st.session_state[key] = opened  # another label would forget it
    frame = st.expander(
        _head(experiment, number, step.place, opened=opened),
        icon=None if opened else _sign(experiment, step.place),
        key=key,
        on_change=_turned,
        args=(id, step.place),
    )
    if not opened:
        return
    with frame, st.container(gap="small", key=f"fields_{step.place}"):
        step.draw(id)
        _next(id, step.place, places)
    _show(id, step.place)


def _head(experiment: Experiment, number: int, place: str, *, opened: bool) -> str:
    title = f"**{number}. {PLACES[place]}**"
    if opened:
        return title
    if _comes_with_data(experiment, place):
        return f"{title} · :gray[Comes with the data]"
    worst = _worst(experiment, place)
    if worst is not None and worst.severity == "stop":
        return f"{title} · :red[{plain(worst.text)}]"
    return f"{title} · :gray[{plain(summary(experiment, place))}]"


def _sign(experiment: Experiment, place: str) -> str:
    """Whether a step is done, or something is needed or to know in it."""
    if _comes_with_data(experiment, place):
        return ":material/more_horiz:"
    worst = _worst(experiment, place)
    return f":material/{'check' if worst is None else SIGNS[worst.severity]}:"


def _worst(experiment: Experiment, place: str) -> Obstacle | None:
    """The worst of what is in the way in this step; they come the worst first."""
    return next((one for one in obstacles_of(experiment) if place_of(one) == place), None)


def _next(id: str, place: str, places: Sequence[str]) -> None:
    """The way to the next step."""
    after = places[places.index(place) + 1 :]
    if after:
        st.button(
            f"Next: {PLACES[after[0]][:1].lower()}{PLACES[after[0]][1:]}",
            icon=":material/arrow_downward:",
            key=f"next_{place}",
            on_click=unfold,
            args=(id, after[0]),
        )


def _show(id: str, place: str) -> None:
    """Bring a step that was just opened from elsewhere into view, and the keyboard with it."""
    if st.session_state.pop(f"x_{id}_shown", None) != place:
        return
    head = json.dumps(f".st-key-{_key(id, place)} summary")
    st.html(
        f"<script>(() => {{ const head = document.querySelector({head}); if (!head) return;"
        " head.style.scrollMarginTop = '5rem'; head.focus({preventScroll: true});"
        " head.scrollIntoView({block: 'nearest'}); })()</script>",
        unsafe_allow_javascript=True,
    )


# What is in the way


def obstacles_of(experiment: Experiment, *, again: bool = False) -> tuple[Obstacle, ...]:
    """What keeps it from starting, and what should be known.

    Args:
        experiment: A draft.
        again: Look it up also where this design was looked at already.
    """
    key = f"x_{experiment.id}_obstacles"
    mark = (experiment.design.fingerprint, experiment.dataset)
    kept = st.session_state.get(key)
    if again or kept is None or kept[0] != mark:
        found = workspace().experiments.problems(
            experiment.design, experiment.source, experiment.dataset
        )
        kept = st.session_state[key] = (mark, found)
    told: tuple[Obstacle, ...] = kept[1]
    return told


def place_of(one: Obstacle) -> str:
    """The step in which it can be mended; nothing where there is none."""
    title = PLACES.get(one.place.partition(".")[0])
    return next((place for place in PLACES if PLACES[place] == title), "")


def draw_obstacle(
    one: Obstacle, experiment: Experiment, places: Sequence[str], number: int
) -> None:
    """What is wrong, what to do, and the step that opens for it."""
    design = experiment.design
    step, _, which = one.place.partition(".")
    named = next((v.label for v in (*design.variants, *design.metrics) if v.id == which), which)
    name = PLACES.get(step, step) + (f", {short(named, 40)}" if named else "")
    sign = (
        ":red-badge[:material/priority_high: needed]"
        if one.severity == "stop"
        else ":orange-badge[:material/info: to know]"
    )
    fix = f"  \n:small[{plain(one.fix)}]" if one.fix else ""
    at = place_of(one)
    with st.container(gap="xxsmall"):
        st.markdown(f"{sign} {plain(one.text)}{fix}")
        if at in places:
            st.button(
                plain(name),
                type="tertiary",
                icon=":material/arrow_forward:",
                key=f"mend_{number}",
                on_click=unfold,
                args=(experiment.id, at),
            )
