"""How many people it takes: moved by the inputs, with what a rehearsal predicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.experiment_results import Plan
from core.domain.experiments import Design, Experiment, Planned
from core.domain.runs import Run
from pages.parts.charts import figure, show
from pages.parts.context import workspace
from pages.parts.experiment_draft import anew, draft, not_saved, on_field, put, redraw, widget
from pages.parts.page import counted, plain, short
from pages.parts.theme import palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

PART = "experiment_plan"
MOST_RUNS = 50
TYPED = "typed"
SHARES = ("proportion", "retention")
FROM_NOTHING = (
    "Where nobody does it now, no change in % can be planned: write down how many do it, however "
    "few."
)
FIXED, ALWAYS = "read once", "look whenever you like"


def planned(experiment: Experiment) -> Plan | GreenroomError:
    """The plan of a draft, or why there is none; worked out once for each design."""
    key = f"x_{experiment.id}_planned"
    mark, kept = st.session_state.get(key, (None, None))
    if mark == experiment.design.fingerprint and kept is not None:
        return kept  # type: ignore[no-any-return]
    design = _with_people(experiment)
    try:
        found: Plan | GreenroomError = _with_both_curves(design)
    except GreenroomError as error:
        found = error
    st.session_state[key] = (experiment.design.fingerprint, found)
    return found


def _with_both_curves(design: Design) -> Plan:
    """The plan by the design's rule, and the curve of a test that is read once beside it."""
    found = workspace().experiments.plan(design)
    if design.rule.kind == "fixed":
        return found
    once = design.model_copy(update={"rule": design.rule.model_copy(update={"kind": "fixed"})})
    return found.model_copy(update={"curve": workspace().experiments.plan(once).curve})


def _with_people(experiment: Experiment) -> Design:
    """The design; in a rehearsal, as many people as are chosen, which are no question there."""
    design = experiment.design
    if experiment.source != "rehearsal" or design.population is None:
        return design
    people = workspace().populations.get(design.population).size
    changed = design.planned.model_copy(update={"people": people})
    return design.model_copy(update={"planned": changed})


def plan_words(experiment: Experiment) -> str:
    """The plan in a sentence; nothing where there is none yet."""
    found = planned(experiment)
    return found.sentence if isinstance(found, Plan) else ""


def caution(experiment: Experiment) -> str:
    """That the people do not suffice for what is worth having; nothing where they do."""
    found, rule = planned(experiment), experiment.design.rule
    if not isinstance(found, Plan) or found.least <= rule.least or experiment.source == "table":
        return ""
    people, from_ = counted(found.people, "person", "people"), f"{100 * found.least:.1f}\u00a0%"
    if as_if_apart(experiment, found):
        return (
            f"If each person met one variant only, {people} would find differences from {from_}. "
            "Here everybody meets all of them, so smaller ones are found; how small is known once "
            "they were played."
        )
    return (
        f"{people} will most likely end in “keep going”: they find differences from {from_}, and "
        f"you look for {100 * rule.least:g}\u00a0%. Take more people, or look for a larger "
        "difference."
    )


def as_if_apart(experiment: Experiment, found: Plan) -> bool:
    """Whether it is planned as if nobody met two variants, though everybody will."""
    return experiment.design.assignment.how == "paired" and found.sd is None


def draw_plan(id: str) -> None:
    """What it starts from, what it comes to, and the curve."""
    experiment = draft(id)
    if experiment.source == "table":
        st.caption(
            "The data are there already, so this only says what they could have shown. A rule "
            "that is read once needs the number that was planned beforehand."
        )
    _from_rehearsal(experiment)
    _inputs(experiment)
    not_saved(id, PART)
    found = planned(experiment)
    if isinstance(found, GreenroomError):
        if experiment.design.planned.baseline == 0:
            st.markdown(f":material/edit_note: {FROM_NOTHING}")
            return
        fix = f" {plain(found.fix)}" if found.fix else ""
        st.markdown(f":material/edit_note: {plain(found.message)}{fix}")
        return
    _found(experiment, found)


# What it starts from


def _from_rehearsal(experiment: Experiment) -> None:
    """A rehearsal of the same flow says what to expect."""
    design = experiment.design
    runs = {
        one.id: one
        for one in workspace().rehearsals.list(design.flow, MOST_RUNS)
        if one.status == "finished"
    }
    if not runs or experiment.source == "table":
        return
    names = {flow.id: flow.name for flow in workspace().flows.list()}
    key = widget(experiment, "plan_run")

    def words(id: str | None) -> str:
        if id is None:
            return "My own figures"
        run: Run = runs[id]
        return f"{short(names.get(run.flow_id, run.flow_id), 40)}, rehearsal {run.number}"

    st.selectbox(
        "Where the figures come from",
        [None, *runs],
        format_func=words,
        key=key,
        help="A rehearsal says how often people do it now and how much they differ. These are "
        "simulated people: write your own figures where you know them.",
        on_change=_taken_over,
        args=(experiment.id, key),
    )


def _taken_over(id: str, key: str) -> None:
    """What a rehearsal found becomes the figures of the plan."""
    run = st.session_state[key]
    if run is None:
        return

    def edit(design: Design) -> dict[str, Any]:
        found = workspace().experiments.plan(design, run=run)
        kept = {"baseline": found.baseline, "sd": found.sd, "source": found.source}
        return {"planned": {**design.planned.model_dump(), **kept}}

    if put(id, PART, edit):
        anew(id)
        st.session_state[widget(id, "plan_run")] = run
        st.rerun()
    redraw()


def _inputs(experiment: Experiment) -> None:
    design = experiment.design
    primary, now = design.primary, design.planned
    share = primary is not None and primary.kind in SHARES
    what = f"{short(primary.label, 40)} now" if primary else "Now"
    with st.grid(3, min_column_width=170, gap="small"):
        _number(
            experiment,
            "baseline",
            f"{plain(what)}, in %" if share else plain(what),
            now.baseline,
            "The metric that decides, as it is today.",
            factor=100 if share else 1,
            bounds=(0.0, 100.0) if share else (None, None),
        )
        if not share:
            _number(
                experiment,
                "sd",
                "How much people differ",
                now.sd,
                "The standard deviation between people.",
                bounds=(0.0, None),
            )
        if experiment.source != "rehearsal":
            _number(
                experiment,
                "people_a_day",
                "People a day",
                now.people_a_day,
                "How many come in, in all variants together.",
                bounds=(0.01, None),
            )
            _number(
                experiment,
                "people",
                "People in all",
                now.people,
                "Leave it empty for as many as it takes.",
                bounds=(1, 10**12),
            )
    if now.source and now.source != TYPED:
        st.caption(f"From: {plain(now.source)}")


def _number(
    experiment: Experiment,
    field: str,
    label: str,
    now: float | None,
    help: str,
    *,
    factor: int = 1,
    bounds: tuple[float | None, float | None] = (None, None),
) -> None:
    key = widget(experiment, f"plan_{field}")
    whole = isinstance(bounds[0], int)
    st.number_input(
        label,
        bounds[0],
        bounds[1],
        None if now is None else now if whole else round(float(now * factor), 9),
        format=None if whole else "%g",
        placeholder="not known" if field != "people" else "as many as it takes",
        key=key,
        help=help,
        on_change=on_field,
        args=(experiment.id, PART, key, _set(field, factor)),
    )


def _set(field: str, factor: int) -> Callable[[Design, Any], dict[str, Any]]:
    def edit(design: Design, value: float | None) -> dict[str, Any]:
        kept = value / factor if value is not None and factor != 1 else value
        source = {"source": TYPED} if field in ("baseline", "sd") else {}
        return {
            "planned": Planned.model_validate(
                {**design.planned.model_dump(), field: kept, **source}
            )
        }

    return edit


# What it comes to


def _found(experiment: Experiment, found: Plan) -> None:
    """The sentence, the figures, the curve."""
    with st.container(horizontal=True, gap="large"):
        st.metric("People in all", f"{found.people:,}", width="content")
        days = "–" if found.days is None else f"{found.days:,.0f}"
        if experiment.source != "rehearsal":
            st.metric("Days", days, width="content")
        st.metric("Smallest difference found", f"{100 * found.least:.1f} %", width="content")
    if found.predicted is not None:
        one = found.predicted
        st.markdown(
            f":material/science: The rehearsal predicts **{100 * one.value:+.1f} %** "
            f"({100 * one.low:+.1f} to {100 * one.high:+.1f}), relative to how it is now."
        )
    if found.curve:
        st.markdown(f"**{plain(found.sentence)}**")
        show(
            curve(found),
            key=widget(experiment, "plan_curve"),
            alt=f"The smallest difference that is found, by the number of people. {found.sentence}",
            name="plan",
        )
    else:
        st.markdown(f"**{plain(found.sentence)}**")
    if wary := caution(experiment):
        st.markdown(f":orange-badge[:material/info: to know] {plain(wary)}")
    for note in found.notes:
        st.caption(plain(note))


def curve(found: Plan) -> Figure:
    """The smallest difference that is found, by people: read once, and looked at any time."""
    colours = palette()
    people = [point.people for point in found.curve]
    drawn = figure(300, left=8, right=8, top=26, bottom=8)
    lines = (
        (FIXED, [point.least for point in found.curve], colours.chart_green, "solid"),
        (ALWAYS, [point.always_least for point in found.curve], colours.slate, "dot"),
    )
    for name, values, colour, dash in lines:
        drawn.add_scatter(
            x=people,
            y=values,
            mode="lines",
            line={"color": colour, "width": 2.5, "dash": dash},
            name=name,
            hovertemplate=f"%{{x:,}} people: %{{y:.1%}}<extra>{name}</extra>",
        )
    drawn.add_scatter(
        x=[found.people],
        y=[found.least],
        mode="markers+text",
        marker={"size": 12, "color": colours.ochre, "line": {"width": 2, "color": colours.paper}},
        text=[f"  {found.people:,} people · {100 * found.least:.1f} %"],
        textposition="top right",
        textfont={"color": colours.ink},
        hoverinfo="skip",
        cliponaxis=False,
        showlegend=False,
    )
    drawn.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.1, "yanchor": "bottom", "title": None},
        hovermode="x unified",
    )
    drawn.update_xaxes(
        type="log",
        tickformat="~s",
        dtick="D2",
        title={"text": "people in all", "font": {"color": colours.quiet, "size": 13}},
    )
    drawn.update_yaxes(
        tickformat=".0%",
        rangemode="tozero",
        showgrid=True,
        gridcolor=colours.track,
        griddash="dot",
        title={"text": "smallest difference found", "font": {"color": colours.quiet, "size": 13}},
    )
    return drawn
