"""A run beside an earlier one of the same flow: what differs, how sure that is, who changed."""

from __future__ import annotations

import streamlit as st

from core.domain.comparisons import Comparison, Difference, Side
from core.domain.reports import Report
from core.domain.runs import Run
from core.flows import differences
from pages.parts.canvas import draw_canvas, drawn
from pages.parts.context import workspace
from pages.parts.page import counted, go, param, plain, section, set_params, short
from pages.parts.report_reactions import draw_reactions
from pages.parts.report_tables import follow

CHOICES = 100
NAMED = 12


def draw_compare(report: Report) -> None:
    """Choose another run, and see both side by side."""
    facts = report.facts
    runs = workspace().rehearsals.list(facts.flow_id, limit=CHOICES)
    others = [run for run in runs if run.id != facts.run_id and run.done]
    others.sort(key=lambda run: run.population_id != facts.population_id)
    if not others:
        st.caption("This flow has no other rehearsal yet. Change the flow, and rehearse it again.")
        return
    chosen = _choice(facts.population_id, others)
    comparison = workspace().reports.compare(chosen.id, facts.run_id)
    _draw(comparison)


def _choice(population: str, others: list[Run]) -> Run:
    asked = param("with")
    at = next((i for i, run in enumerate(others) if asked in (run.id, str(run.number))), 0)

    def words(run: Run) -> str:
        same = "same people" if run.population_id == population else "other people"
        engine = run.model.name if run.model else f"{run.engine} model"
        version = f"version {run.flow_version}"
        return f"Run {run.number} · {version} · seed {run.seed} · {engine} · {same}"

    chosen = st.selectbox("With", others, index=at, format_func=words, key="compare_with")
    set_params(**{"with": chosen.id})
    return chosen


def _draw(comparison: Comparison) -> None:
    section(comparison.headline)
    a, b = comparison.a, comparison.b
    how = (
        f"{counted(comparison.people, 'person', 'people')} were in both, compared one by one"
        if comparison.paired
        else f"{a.people:,} and {b.people:,} different people"
    )
    chance = f"; same chance, so only {_what_differs(a, b)}" if comparison.same_chance else ""
    st.caption(plain(f"R{_side(a)[1:]} and {_side(b)}: {how}{chance}."))
    with st.grid(4, min_column_width=210, gap="small"):
        for one in comparison.differences:
            draw_difference(one)
    _table(comparison)
    draw_reactions(comparison)
    _changed_people(comparison)
    _changed_flow(comparison)


def _side(side: Side) -> str:
    engine = side.model or f"{side.engine} model"
    return f"run {side.number} (version {side.flow_version}, seed {side.seed}, {engine})"


def _what_differs(a: Side, b: Side) -> str:
    """What else than chance may make a difference."""
    if (a.engine, a.model) == (b.engine, b.model):
        return "the flow differs"
    same_flow = a.flow_version == b.flow_version
    return "the engine differs" if same_flow else "the flow and the engine differ"


def draw_difference(one: Difference) -> None:
    """One measure in both runs, with the interval of its difference."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.caption(plain(one.label))
        st.markdown(f"{plain(one.a_text)} → **{plain(one.b_text)}**")
        colour, word = ("orange", "clear") if one.clear else ("gray", "may be chance")
        if one.difference == 0:
            word = "no difference"
        st.badge(word, color=colour, icon=":material/balance:")
        st.caption(plain(one.text))


def _table(comparison: Comparison) -> None:
    a, b = comparison.a, comparison.b
    st.dataframe(
        [
            {
                "Measure": one.label,
                f"Run {a.number}": one.a_text,
                f"Run {b.number}": one.b_text,
                "Difference": one.difference,
                "Low": one.low,
                "High": one.high,
                "Clear": one.clear,
                f"Only in {a.number}": one.only_a,
                f"Only in {b.number}": one.only_b,
                "Method": one.method,
            }
            for one in comparison.differences
        ],
        hide_index=True,
        height="content",
        alt="Differences with their intervals",
        column_config={
            name: st.column_config.NumberColumn(format="%.3f")
            for name in ("Difference", "Low", "High")
        },
    )


def _changed_people(comparison: Comparison) -> None:
    """Who did something in one run alone, each a button to the conversation."""
    some = [one for one in comparison.differences if one.only_a_people or one.only_b_people]
    if not some:
        return
    section("Who changed")
    for one in some:
        for run, ids, count in (
            (comparison.a, one.only_a_people, one.only_a),
            (comparison.b, one.only_b_people, one.only_b),
        ):
            if not ids:
                continue
            words = (
                f"{one.label} in run {run.number} only: {counted(count or 0, 'person', 'people')}"
            )
            with st.expander(plain(words)), st.container(horizontal=True, gap="xsmall"):
                for id in ids[:NAMED]:
                    key = f"changed_{one.name}_{run.number}_{id}"
                    if st.button(plain(short(id, 40)), key=key):
                        go("conversation", run=run.run_id, contact=id)
                if len(ids) > NAMED:
                    st.caption(f"and {(count or 0) - NAMED:,} more", width="content")


def _changed_flow(comparison: Comparison) -> None:
    change = comparison.flow
    parts = {"Added": change.added, "Taken out": change.removed, "Changed": change.changed}
    words = [f"{name}: {', '.join(ids[:20])}" for name, ids in parts.items() if ids]
    section("Steps that were visited more or less often" if comparison.steps else "Steps")
    st.caption(plain(". ".join(words) if words else "The flow itself is the same in both."))
    _drawing(comparison)
    if comparison.steps:
        st.dataframe(
            [
                {
                    "Step": one.step_id,
                    f"People in {comparison.a.number}": one.people_a,
                    f"People in {comparison.b.number}": one.people_b,
                    f"Visits in {comparison.a.number}": one.visits_a,
                    f"Visits in {comparison.b.number}": one.visits_b,
                }
                for one in comparison.steps
            ],
            hide_index=True,
            alt="Steps that were visited more or less often",
        )


def _drawing(comparison: Comparison) -> None:
    """Both versions on one canvas; one and the same is drawn in the report already."""
    versions = [side.flow_version for side in (comparison.a, comparison.b)]
    if versions[0] == versions[1]:
        return
    flows = workspace().flows
    a, b = (flows.get(comparison.flow_id, version) for version in versions)
    compare = {
        "a": f"Version {a.version}",
        "b": f"Version {b.version}",
        "differences": differences(a.document, b.document).model_dump(mode="json"),
        "documents": [a.document, b.document],
    }
    key = f"compared_{comparison.a.run_id}_{comparison.b.run_id}"
    follow(draw_canvas(drawn(b, mode="compare", compare=compare), key=key, height=560))
