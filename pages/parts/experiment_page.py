"""One experiment's results from top to bottom."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.domain.experiment_results import Analysis, Effect
from core.domain.experiments import Experiment
from pages.parts.context import workspace
from pages.parts.experiment_bandit import draw_bandit
from pages.parts.experiment_beside import draw_beside
from pages.parts.experiment_decide import draw_decision
from pages.parts.experiment_effects import draw_effects
from pages.parts.experiment_export import export_menu
from pages.parts.experiment_over_time import draw_over_time
from pages.parts.experiment_registered import draw_registered
from pages.parts.experiment_results import (
    draw_means_not,
    draw_method,
    draw_primary,
    draw_reading_switch,
)
from pages.parts.experiment_rules import draw_rules
from pages.parts.experiment_segments import draw_segments
from pages.parts.experiment_warnings import draw_stops, draw_warnings
from pages.parts.experiment_words import Reading
from pages.parts.page import counted, empty_state, go, guarded, page, param, plain, set_params

SOURCES = {"rehearsal": "Rehearsal", "live": "Live", "table": "Imported table"}
ENGINES = {"behaviour": "Behaviour model", "language": "Language model"}
TABS = {
    "metrics": "All metrics",
    "time": "Over time",
    "segments": "Segments",
    "beside": "Side by side",
    "rules": "Rules",
    "plan": "Decided beforehand",
    "bandit": "Bandit",
}
LATELY = 30


def draw_experiment() -> None:
    """The experiment that the address names, else the newest that has results."""
    experiment = _chosen()
    if experiment is None:
        page("Read what an experiment found", ["Prove"])
        empty_state(
            "balance",
            "Results will stand here: which variant is better, how sure that is, what to decide.",
            "Design an experiment",
            lambda: go("experiments"),
        )
        return
    analysis = _newest(experiment)
    if analysis is None:
        _nothing_yet(experiment)
        return
    page(
        analysis.advice.headline.rstrip("."),
        _facts(experiment, analysis),
        lambda: _actions(experiment, analysis),
    )
    _looked(experiment, analysis)
    if not draw_stops(analysis):
        _draw_tabs_alone(experiment, analysis)
        return
    draw_warnings(analysis)
    _draw_reading(experiment, analysis)


# Which experiment, which look


def _chosen() -> Experiment | None:
    asked = param("experiment")
    rooms = workspace().experiments
    if asked:
        return rooms.get(asked)
    found = next((one for one in rooms.list(limit=LATELY) if one.looks), None)
    if found is not None:
        set_params(experiment=found.id)
    return found


def _newest(experiment: Experiment) -> Analysis | None:
    """The newest look as it is stored; nothing is analysed to show it."""
    if not experiment.looks:
        return None
    return _read((workspace().name, experiment.id, str(experiment.created_at), experiment.looks))


@st.cache_resource(max_entries=32, show_spinner=False)
def _read(key: tuple[str, str, str, int]) -> Analysis | None:
    return workspace().experiments.newest(key[1])


def _nothing_yet(experiment: Experiment) -> None:
    """It is still being designed, is running, or nobody has looked."""
    design = experiment.design
    source = SOURCES[experiment.source]
    if experiment.status == "draft":
        page(f"{design.name} has not begun", ["Prove", source])
        empty_state(
            "edit_note",
            "Results will stand here once it has begun.",
            "Open its design",
            lambda: go("experiments", experiment=experiment.id),
        )
        return
    page(f"{design.name}: nobody has looked yet", ["Prove", source])
    empty_state(
        "visibility",
        "The first look reads everything that has come in so far.",
        "Look now",
        lambda: _look(experiment),
        hint="Under an always-valid rule you may look as often as you like.",
        key="experiment_first_look",
    )
    if st.button("How it is going", icon=":material/monitoring:", key="experiment_going"):
        go("experiments", experiment=experiment.id)


# The head


def _facts(experiment: Experiment, analysis: Analysis) -> list[str]:
    engine = (analysis.engine or "").removeprefix("the ")
    if engine and "uncalibrated" not in engine:
        engine = f"{ENGINES.get(engine, engine)}, uncalibrated"
    registered = experiment.registered
    return [
        "Prove",
        analysis.name,
        SOURCES[experiment.source],
        engine[:1].upper() + engine[1:] or "real people",
        _people(analysis),
        f"look {analysis.number} on {analysis.at:%-d %b %Y}",
        f"registered {registered.at:%-d %b %Y}" if registered else "not registered",
        "demo data" if workspace().demo else "",
    ]


def _people(analysis: Analysis) -> str:
    """Who took part; where everyone met every variant, each counts once."""
    people = counted(analysis.people(), "person", "people")
    return f"{people}, each in every variant" if analysis.paired else people


def _actions(experiment: Experiment, analysis: Analysis) -> None:
    export_menu(experiment)
    if experiment.status == "decided":
        return
    waits = analysis.advice.outcome == "keep_going"
    kind: Literal["primary", "secondary"] = "primary" if waits else "secondary"
    pressed = st.button(
        "Look now",
        type=kind,
        icon=":material/visibility:",
        key="experiment_look",
        help="Reads everything that has come in since. A look at new data is counted.",
    )
    if pressed:
        with guarded():
            _look(experiment)


def _look(experiment: Experiment) -> None:
    """Read what has come in; whether that was a new look is said afterwards."""
    found = workspace().experiments.look(experiment.id)
    st.session_state["experiment_looked"] = (experiment.id, experiment.looks, found.number)
    st.rerun()


def _looked(experiment: Experiment, analysis: Analysis) -> None:
    """What came of "Look now", and how many looks there have been."""
    id, before, number = st.session_state.pop("experiment_looked", ("", 0, 0))
    if id == experiment.id and number <= before:
        st.info(
            f"Nothing has come in since look {number}, so no look was counted.",
            icon=":material/visibility:",
        )
    elif id == experiment.id:
        st.info(f"This is look {number}, and it was counted.", icon=":material/visibility:")
    rule = experiment.design.rule
    free = rule.kind == "always_valid"
    cost = (
        "looking costs nothing under its rule"
        if free
        else "each look costs certainty under its rule; what that is stands under “Rules”"
    )
    st.caption(plain(f"{counted(analysis.number, 'look')} so far; {cost}."))


# The figures


@st.fragment
def _draw_reading(experiment: Experiment, analysis: Analysis) -> None:
    """Everything that the switch between the two readings changes."""
    reading = draw_reading_switch(f"experiment_reading_{experiment.id}")
    with st.grid(3, min_column_width=290, gap="medium") as grid:
        with grid.cell(column_span=2):
            draw_primary(analysis, reading)
            draw_method(analysis, _first(analysis), reading)
        with grid.cell():
            draw_decision(experiment, analysis)
            draw_means_not(analysis)
    _tabs(experiment, analysis, reading, _names(analysis))


@st.fragment
def _draw_tabs_alone(experiment: Experiment, analysis: Analysis) -> None:
    """What can be read although the figures cannot be believed."""
    draw_decision(experiment, analysis)
    _tabs(experiment, analysis, "any", ["plan", "rules"])


def _first(analysis: Analysis) -> Effect | None:
    effects = analysis.metrics[0].effects if analysis.metrics else ()
    return next(iter(effects), None)


def _names(analysis: Analysis) -> list[str]:
    return [name for name in TABS if name != "bandit" or analysis.bandit is not None]


def _tabs(experiment: Experiment, analysis: Analysis, reading: Reading, names: list[str]) -> None:
    """The evidence, one kind a tab; only the open one is made, and the address names it."""
    asked = param("tab")
    st.space("small")
    key = f"experiment_tabs_{experiment.id}_{len(names)}"
    tabs = st.tabs(
        [TABS[name] for name in names],
        default=TABS[asked] if asked in names else None,
        on_change="rerun",
        key=key,
    )
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            set_params(tab=name if name != names[0] or asked else None)
            with tab, guarded():
                _draw(name, experiment, analysis, reading)


def _draw(name: str, experiment: Experiment, analysis: Analysis, reading: Reading) -> None:
    design = experiment.design
    if name == "metrics":
        draw_effects(analysis, design, reading)
    elif name == "time":
        draw_over_time(analysis)
    elif name == "segments":
        draw_segments(analysis, reading)
    elif name == "beside":
        draw_beside(experiment, analysis)
    elif name == "rules":
        draw_rules(analysis, design.rule)
    elif name == "bandit":
        draw_bandit(analysis)
    else:
        draw_registered(experiment, analysis)
