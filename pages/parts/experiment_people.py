"""Who takes part, and how they come to a variant."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.experiments import Assignment, Design, Experiment
from pages.parts.context import workspace
from pages.parts.experiment_draft import draft, not_saved, on_field, widget
from pages.parts.experiment_measures import segments_of
from pages.parts.page import counted, link, short

PART = "experiment_people"
HOW = {
    "paired": (
        "Everybody meets every variant",
        "The same simulated people, on the same seed, meet each variant. Only a rehearsal can do "
        "that, and it needs far fewer people.",
    ),
    "hash": (
        "By chance",
        "A fixed rule on each person’s id decides, by the shares above: the same person always "
        "gets the same variant, and nobody can choose.",
    ),
    "stratified": (
        "By chance, balanced",
        "The same, but balanced within groups that you name, so that no variant gets all the "
        "newcomers.",
    ),
    "bandit": (
        "Let it choose",
        "More and more people are sent to what looks better while it runs (Thompson sampling). "
        "Fewer people get the worse one; the answer at the end is less sharp.",
    ),
}
OFFERED = {
    "rehearsal": ("paired", "bandit"),
    "live": ("hash", "stratified", "bandit"),
}
MOST_STRATA = 5


def draw_people(id: str) -> None:
    """The people, then how they are assigned."""
    experiment = draft(id)
    if experiment.source == "rehearsal":
        _population(experiment)
    else:
        _audience(experiment)
    _how(experiment)
    not_saved(id, PART)


def _population(experiment: Experiment) -> None:
    known = {one.id: one for one in workspace().populations.list()}
    if not known:
        st.markdown("There is no group of simulated people yet.")
        link("populations", "Make one", icon=":material/diversity_3:", make="population")
        return
    options, now = list(known), experiment.design.population
    key, seed = widget(experiment, "population"), widget(experiment, "seed")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.selectbox(
            "Simulated people",
            options,
            index=options.index(now) if now in known else None,
            placeholder="Choose who meets it",
            format_func=lambda one: (
                f"{short(known[one].name, 50)} · {counted(known[one].size, 'person', 'people')}"
            ),
            key=key,
            width="stretch",
            on_change=on_field,
            args=(experiment.id, PART, key, lambda _, value: {"population": value}),
        )
        st.number_input(
            "Seed",
            0,
            2**53 - 1,
            experiment.design.seed,
            key=seed,
            width=130,
            help="The same seed, people and variants give the same experiment again.",
            on_change=on_field,
            args=(experiment.id, PART, seed, lambda _, value: {"seed": value or 0}),
        )
    st.caption(
        "Simulated people are not your people: read the difference between variants, and prove it "
        "with a real test before you trust the figure."
    )


def _audience(experiment: Experiment) -> None:
    key = widget(experiment, "audience")
    st.text_area(
        "Who takes part?",
        experiment.design.audience,
        max_chars=2_000,
        height=80,
        key=key,
        placeholder="Everybody who signs up from Monday on, in Germany, but staff.",
        on_change=on_field,
        args=(experiment.id, PART, key, lambda _, value: {"audience": value}),
    )


def _how(experiment: Experiment) -> None:
    """How people come to a variant, each way explained."""
    offered = list(OFFERED[experiment.source])
    assignment = experiment.design.assignment
    now = assignment.how if assignment.how in offered else offered[0]
    key = widget(experiment, "how")
    chosen = st.radio(
        "How people come to a variant",
        offered,
        index=offered.index(now),
        format_func=lambda one: HOW[one][0],
        captions=[HOW[one][1] for one in offered],
        key=key,
        on_change=on_field,
        args=(experiment.id, PART, key, _assigned),
    )
    if chosen == "stratified":
        _strata(experiment, assignment)


def _assigned(design: Design, how: str) -> dict[str, Any]:
    changed = {**design.assignment.model_dump(), "how": how}
    if how != "stratified":
        changed["strata"] = ()
    return {"assignment": changed}


def _strata(experiment: Experiment, assignment: Assignment) -> None:
    options = list(dict.fromkeys([*assignment.strata, *segments_of(experiment)]))
    key = widget(experiment, "strata")
    st.multiselect(
        "Balanced within each",
        options,
        default=list(assignment.strata),
        accept_new_options=True,
        max_selections=MOST_STRATA,
        placeholder="What people are known by: country, plan, persona",
        key=key,
        on_change=on_field,
        args=(
            experiment.id,
            PART,
            key,
            lambda d, value: {"assignment": {**d.assignment.model_dump(), "strata": value}},
        ),
    )
