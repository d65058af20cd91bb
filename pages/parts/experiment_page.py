"""One experiment's results from top to bottom."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.domain.experiment_results import Analysis, Effect
from core.domain.experiments import Experiment
from pages.parts.context import workspace
from pages.parts.experiment_bandit import draw_bandit
from pages.parts.experiment_beside import draw_beside
from pages.parts.experiment_decide import draw_decision, title_of
from pages.parts.experiment_effects import FITS, draw_effects, draw_forest, pairs_of
from pages.parts.experiment_export import export_menu
from pages.parts.experiment_looks import chosen_look, draw_looks
from pages.parts.experiment_over_time import draw_course, draw_over_time
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
from pages.parts.page import counted, empty_state, go, guarded, page, param, set_params

SOURCES = {"rehearsal": "Rehearsal", "live": "Live", "table": "Imported table"}
ENGINES = {"behaviour": "Behaviour model", "language": "Language model"}
TABS = {
    "metrics": "Every figure",
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
    if _played(experiment):
        with guarded(), st.spinner("Reading what the rehearsal found"):
            _look(experiment)
        return
    newest = _newest(experiment)
    if newest is None:
        _nothing_yet(experiment)
        return
    analysis = chosen_look(experiment, newest)
    page(
        title_of(experiment, analysis),
        _facts(experiment, analysis),
        lambda: _actions(experiment, newest),
    )
    _looked(experiment)
    draw_looks(experiment, analysis)
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


def _played(experiment: Experiment) -> bool:
    """A rehearsal that is over and was not read: opening its results is its first look."""
    waits = experiment.source == "rehearsal" and not experiment.looks
    return waits and experiment.status != "draft" and workspace().experiments.ready(experiment.id)


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
        hint="You may look whenever you like."
        if design.rule.kind == "always_valid"
        else "Its rule counts looks: what each one costs stands under “Rules”.",
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
    if experiment.source != "rehearsal":
        _look_again(experiment, kind)
    elif waits:
        _larger(experiment)


def _look_again(experiment: Experiment, kind: Literal["primary", "secondary"]) -> None:
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


def _larger(experiment: Experiment) -> None:
    """Everybody has played already: only another rehearsal can find more."""
    pressed = st.button(
        "Copy it with more people",
        type="primary",
        icon=":material/group_add:",
        key="experiment_larger",
        help="A new draft with the same design: choose a larger population there. This one is "
        "kept as it is.",
    )
    if pressed:
        with guarded():
            go("experiments", experiment=workspace().experiments.copy(experiment.id).id)


def _look(experiment: Experiment) -> None:
    """Read what has come in; whether that was a new look is said afterwards."""
    found = workspace().experiments.look(experiment.id)
    st.session_state["experiment_looked"] = (experiment.id, experiment.looks, found.number)
    st.rerun()


def _looked(experiment: Experiment) -> None:
    """What came of "Look now"."""
    id, before, number = st.session_state.pop("experiment_looked", ("", 0, 0))
    if id == experiment.id and number <= before:
        st.info(
            f"Nothing has come in since look {number}, so no look was counted.",
            icon=":material/visibility:",
        )
    elif id == experiment.id and experiment.source != "rehearsal":
        st.info(f"This is look {number}, and it was counted.", icon=":material/visibility:")


# The figures


@st.fragment
def _draw_reading(experiment: Experiment, analysis: Analysis) -> None:
    """Everything that the switch between the two readings changes."""
    reading = draw_reading_switch(f"experiment_reading_{experiment.id}")
    with st.grid(3, min_column_width=290, gap="medium") as grid:
        with grid.cell(column_span=2):
            draw_primary(analysis, reading)
            draw_method(analysis, _first(analysis), reading)
        with grid.cell(row_span=2):
            draw_decision(experiment, analysis)
            draw_means_not(analysis)
        with grid.cell(column_span=2):
            _more(experiment, analysis, reading)
    _tabs(experiment, analysis, reading, _names(experiment, analysis))


def _more(experiment: Experiment, analysis: Analysis, reading: Reading) -> None:
    """Under the answer: every metric where they fit there, else how the effect moved."""
    if 1 < len(pairs_of(analysis)) <= FITS:
        draw_forest(analysis, experiment.design, reading)
    elif analysis.over_time:
        draw_course(analysis, "days", key="beside")


@st.fragment
def _draw_tabs_alone(experiment: Experiment, analysis: Analysis) -> None:
    """What can be read although the figures cannot be believed."""
    draw_decision(experiment, analysis)
    _tabs(experiment, analysis, "any", ["plan", "rules"])


def _first(analysis: Analysis) -> Effect | None:
    effects = analysis.metrics[0].effects if analysis.metrics else ()
    return next(iter(effects), None)


def _names(experiment: Experiment, analysis: Analysis) -> list[str]:
    """The tabs that can hold something: nobody real meets two variants, no order in a pairing."""
    left_out = set()
    if analysis.bandit is None:
        left_out.add("bandit")
    if experiment.source != "rehearsal":
        left_out.add("beside")
    if analysis.paired and not analysis.over_time:
        left_out.add("time")
    return [name for name in TABS if name not in left_out]


def _tabs(experiment: Experiment, analysis: Analysis, reading: Reading, names: list[str]) -> None:
    """The evidence, one kind a tab; only the open one is made, and the address names it."""
    asked = param("tab")
    st.space("small")
    key = f"experiment_tabs_{experiment.id}_{len(names)}"
    tabs = st.tabs(
        [TABS[name] for name in names],
        default=_first_tab(key, asked, names),
        on_change="rerun",
        key=key,
    )
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            set_params(tab=name if name != names[0] or asked else None)
            st.session_state[f"{key}_open"] = name
            with tab, guarded():
                _draw(name, experiment, analysis, reading)


def _first_tab(key: str, asked: str | None, names: list[str]) -> str | None:
    """The tab that a visit begins with; it must not change while one goes from tab to tab."""
    if asked != st.session_state.get(f"{key}_open"):  # an address from elsewhere
        st.session_state[f"{key}_first"] = asked if asked in names else None
    first = st.session_state.get(f"{key}_first")
    return TABS[first] if first else None


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
