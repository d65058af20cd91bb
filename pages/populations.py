"""Populations: fixed, seeded groups of people that rehearsals play with."""

from __future__ import annotations

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.populations import Population
from pages.parts.context import workspace
from pages.parts.page import (
    ago,
    counted,
    empty_state,
    go,
    page,
    param,
    plain,
    short,
    show_error,
    turn,
)
from pages.parts.population_actions import population_actions
from pages.parts.population_make import make_population
from pages.parts.population_view import downloads, people_table, who

here = workspace()
MANY = 20


def all_of_them() -> None:
    """Every population, newest first."""
    found = here.populations.list()

    def actions() -> None:
        if found:
            icon = ":material/group_add:"
            turn("New population", key="new", icon=icon, kind="primary", make="population")

    facts = ["Cast", counted(len(found), "population")]
    page("Choose who meets the script" if found else "Bring people together", facts, actions)
    if not found:
        empty_state(
            "diversity_3",
            "Populations stand here: fixed groups of people to rehearse with.",
            "New population",
            lambda: go("populations", make="population"),
            hint="The same population meets every version of a flow, so that they can be compared.",
        )
        return
    shown = found[: MANY * int(param("more") or 1)]
    for population in shown:
        row(population)
    if len(shown) < len(found):
        more = int(param("more") or 1) + 1
        turn(f"Show more of {len(found)}", key="more", more=more)


def row(population: Population) -> None:
    """One population on one line."""
    used = here.populations.used(population.id)
    with st.container(border=True):
        name, cast, use = st.columns([5, 5, 3], vertical_alignment="center")
        with name.container(gap=None):
            key = f"open-{population.id}"
            turn(short(population.name, 70), key=key, population=population.id)
            st.caption(f"{counted(population.size, 'person', 'people')} · seed {population.seed}")
        cast.markdown(f":small[{plain(who(here, population))}]")
        use.caption(
            f"{counted(used, 'rehearsal') if used else 'not used yet'} · "
            f"{ago(population.created_at)}"
        )


def inside(population: Population) -> None:
    """One population, looked into."""
    used = here.populations.used(population.id)
    facts = [
        "Cast",
        counted(population.size, "person", "people"),
        f"seed {population.seed}",
        population.id,
        f"used by {counted(used, 'rehearsal')}",
    ]
    page(population.name, facts, lambda: population_actions(population, used))
    st.markdown(plain(who(here, population)))
    people_table(here, population)
    with st.container(horizontal=True):
        downloads(here, population)
    turn("All populations", key="back", icon=":material/arrow_back:")


if param("make"):
    make_population()
elif wanted := param("population"):
    try:
        inside(here.populations.get(wanted))
    except GreenroomError as error:
        show_error(error)
        turn("All populations", key="back", icon=":material/arrow_back:")
else:
    all_of_them()
