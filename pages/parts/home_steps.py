"""What to do next: three cards, or the three first steps in an empty workspace."""

from __future__ import annotations

import streamlit as st

from pages.parts.page import counted, go


def invitation(
    icon: str, title: str, text: str, label: str, room: str, *, first: bool = False, **values: str
) -> None:
    """One thing to do, and its button."""
    with st.container(border=True, height="stretch", vertical_alignment="distribute"):
        st.subheader(title, icon=f":material/{icon}:", anchor=False)
        st.markdown(text)
        kind = "primary" if first else "secondary"
        if st.button(label, type=kind, width="stretch", key=f"do-{room}-{title}"):
            go(room, **values)


def first_steps(flows: int, populations: int) -> None:
    """What an empty workspace is for, in three steps with a button each."""
    st.markdown(
        "Simulated people meet your campaign before your customers do. Three steps, "
        "a few minutes; nothing leaves this computer."
    )
    with st.grid(3, min_column_width=240, gap="medium"):
        invitation(
            "check_circle" if flows else "looks_one",
            "Pick a script",
            f"You have {counted(flows, 'flow')}."
            if flows
            else "A flow is what people will meet: messages, waits, branches. Three come with "
            "Greenroom.",
            "Look at your flows" if flows else "Start from a template",
            "flows",
            first=not flows,
        )
        invitation(
            "check_circle" if populations else "looks_two",
            "Choose the people",
            f"You have {counted(populations, 'population')}."
            if populations
            else "Seven kinds of people are here already. Choose who meets the script, and how "
            "many of each.",
            "Look at them" if populations else "Make a population",
            "populations",
            first=bool(flows) and not populations,
            **({} if populations else {"make": "population"}),
        )
        invitation(
            "looks_3",
            "Rehearse",
            "Watch them meet it, and read what they did, who answered, and what to change first.",
            "Start a rehearsal",
            "rehearsals",
            first=bool(flows and populations),
        )


def next_steps() -> None:
    """What can be done from here."""
    with st.grid(4, min_column_width=215, gap="medium"):
        invitation(
            "play_circle",
            "Rehearse a campaign",
            "Seven kinds of people meet your flow before your customers do.",
            "Start a rehearsal",
            "rehearsals",
            first=True,
        )
        invitation(
            "groups",
            "Meet the people",
            "Who they are, what they are like, and what the model makes of it.",
            "Look around",
            "people",
        )
        invitation(
            "account_tree",
            "Write a flow",
            "Start from a template, or bring your own file.",
            "Open the flows",
            "flows",
        )
        invitation(
            "balance",
            "Prove a change",
            "Which of two wordings, twins or flows is better, and how sure is that?",
            "Open the experiments",
            "experiments",
        )
