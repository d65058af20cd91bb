"""Inside a population: who is in it, as words, a table, a histogram and files."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import streamlit as st

from core.domain.populations import Person, Population
from pages.parts.charts import columns, show
from pages.parts.page import counted, section, short

if TYPE_CHECKING:
    from core.workbench import Workspace

A_PAGE = 100
MOST_DRAWN = 5_000
SHOWN = ("id", "name", "age", "persona", "timezone", "language", "visits", "purchases")


def who(workspace: Workspace, population: Population) -> str:
    """``20 each of Eager Eddie, Busy Bob and 5 more``."""
    personas = workspace.populations.personas(population.id)
    names = [short(personas[line.persona].name, 40) for line in population.cast]
    counts = [line.copies for line in population.cast]
    if len(names) > 4:
        names = [*names[:3], f"{len(population.cast) - 3} more"]
    if len(set(counts)) == 1:
        said = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
        return f"{counts[0]} each of {said}" if len(counts) > 1 else f"{counts[0]} of {said}"
    told = [f"{count} {name}" for count, name in zip(counts, names, strict=False)]
    return ", ".join(told) + (f" and {names[-1]}" if len(population.cast) > 4 else "")


def row_of(person: Person) -> dict[str, object]:
    """One line of the table of people."""
    known = {"id": person.id, **person.attributes}
    return {key: known.get(key) for key in SHOWN}


@st.fragment
def people_table(workspace: Workspace, population: Population) -> None:
    """Its people, a page at a time, and how old they are."""
    pages = -(-population.size // A_PAGE)
    left, right = st.columns([7, 4], gap="medium")
    with left:
        section("Everybody, one by one")
        space = st.container()
        at = st.pagination(pages, key=f"page-{population.id}") if pages > 1 else 1
        start = (at - 1) * A_PAGE
        rows = [row_of(p) for p in workspace.populations.people(population.id, start, A_PAGE)]
        space.dataframe(
            {key: [row[key] for row in rows] for key in SHOWN},
            hide_index=True,
            alt="The people of this population",
            column_config={
                "id": "Contact",
                "name": "Name",
                "age": "Age",
                "persona": "Persona",
                "timezone": "Time zone",
                "language": "Language",
                "visits": "Visits",
                "purchases": "Purchases",
            },
        )
        last = min(start + A_PAGE, population.size)
        st.caption(f"{start + 1:,} to {last:,} of {counted(population.size, 'person', 'people')}")
    with right, st.container(border=True):
        ages(workspace, population)


def ages(workspace: Workspace, population: Population) -> None:
    """A histogram of age, in decades."""
    people = workspace.populations.people(population.id, 0, MOST_DRAWN)
    found = [int(person.attributes["age"]) for person in people]
    decades = range(min(found) // 10 * 10, max(found) + 1, 10)
    counts = [sum(one <= age < one + 10 for age in found) for one in decades]
    section(f"{min(found)} to {max(found)} years old")
    labels = [f"{one}–{one + 9}" for one in decades]
    alt = "; ".join(f"{label}: {count}" for label, count in zip(labels, counts, strict=True))
    show(columns(labels, counts), key=f"ages-{population.id}", alt=f"Ages: {alt}", name="ages")
    if len(people) < population.size:
        st.caption(f"Of the first {len(people):,} people.")


def downloads(workspace: Workspace, population: Population) -> None:
    """The population as files, made when asked for."""
    st.download_button(
        "JSON",
        lambda: json.dumps(workspace.populations.export(population.id), ensure_ascii=False),
        f"{population.id}.json",
        "application/json",
        icon=":material/download:",
        on_click="ignore",
    )
    st.download_button(
        "CSV",
        lambda: as_csv(workspace.populations.people(population.id)),
        f"{population.id}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def as_csv(people: list[Person]) -> str:
    """Everybody with everything that a flow may read, one line a person."""
    names = list(dict.fromkeys(key for person in people for key in person.attributes))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", *names])
    for person in people:
        values = [person.attributes.get(name, "") for name in names]
        writer.writerow([person.id, *(" ".join(v) if isinstance(v, list) else v for v in values)])
    return text.getvalue()
