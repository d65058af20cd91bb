"""The frame around every page: navigation, the logo, which workspace is open."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core.domain.errors import GreenroomError
from pages.parts.context import choose_workspace, workbench, workspace
from pages.parts.page import plain, show_error
from pages.parts.theme import is_dark

PAGES = Path(__file__).resolve().parent
STATIC = PAGES.parent / "static"


class Room(NamedTuple):
    """One page, and where it stands in the sidebar."""

    section: str
    file: str
    title: str
    icon: str
    help: str
    hidden: bool = False
    """Whether it stands in no sidebar: other pages lead there."""


ROOMS = (
    Room("", "home", "Home", "home", "What is going on, and what to do next."),
    Room("Cast", "people", "People", "groups", "Who can take part."),
    Room(
        "Cast", "populations", "Populations", "diversity_3", "Fixed groups of people to play with."
    ),
    Room("Cast", "twins", "Creator twins", "person_book", "Twins that learn from a creator."),
    Room("Script", "flows", "Flows", "account_tree", "What people will meet."),
    Room("Script", "messages", "Messages", "mark_email_read", "Check a message, or thousands."),
    Room("Script", "checks", "Checks", "rule", "What is looked at in a flow, and why."),
    Room("Rehearse", "rehearsals", "Rehearsals", "play_circle", "Play a flow with people."),
    Room("Rehearse", "behaviour", "Behaviour model", "tune", "How simulated people react."),
    Room(
        "Rehearse",
        "models",
        "Language models",
        "psychology",
        "Models that may answer, and their price.",
    ),
    Room("Read", "report", "Reports", "insights", "What a rehearsal found."),
    Room("Read", "conversation", "Conversations", "forum", "What one person met and said."),
    Room(
        "Prove", "experiments", "Experiments", "balance", "Find out which of two things is better."
    ),
    Room("Prove", "experiment", "Experiment", "balance", "What one experiment found.", hidden=True),
)


def rooms() -> dict[str, list[st.Page]]:
    """The pages by section."""
    found: dict[str, list[st.Page]] = {}
    for room in ROOMS:
        if not (PAGES / f"{room.file}.py").exists():
            continue
        made = st.Page(
            f"{room.file}.py",
            title=room.title,
            icon=f":material/{room.icon}:",
            url_path=room.file,
            default=room.file == "home",
            visibility="hidden" if room.hidden else "visible",
            help=room.help,
        )
        found.setdefault(room.section, []).append(made)
    return found


def foot() -> None:
    """The foot of the sidebar: whether this is demo data, and the way to other workspaces."""
    bench, here = workbench(), workspace()
    names = bench.workspaces()
    with st.sidebar:
        st.space("small")
        if here.demo:
            st.badge(
                "Demo data",
                icon=":material/science:",
                color="orange",
                help="These people, flows and results were made up to show how Greenroom works.",
            )
        if len(names) > 1:
            key = f"workspace-{here.name}"
            st.selectbox(
                "Workspace",
                names,
                index=names.index(here.name) if here.name in names else None,
                key=key,
                on_change=lambda: choose_workspace(st.session_state[key]),
            )


def unknown_workspace(error: GreenroomError) -> None:
    """The address names a workspace that is not here."""
    st.session_state.pop("workspace", None)
    show_error(error)
    usual = workbench().settings.workspace
    if st.button(f"Open {plain(usual)}", type="primary"):
        choose_workspace(usual)
        st.rerun()
    st.stop()


st.set_page_config(
    page_title="Greenroom",
    page_icon=str(STATIC / "favicon.png"),
    layout="wide",
    initial_sidebar_state="auto",
)
st.logo(
    str(STATIC / ("logo_dark.svg" if is_dark() else "logo_light.svg")),
    icon_image=str(STATIC / "mark.svg"),
    size="large",
)
chosen = st.navigation(rooms(), expanded=True)
try:
    foot()
except GreenroomError as error:
    unknown_workspace(error)
try:
    chosen.run()
except Exception as error:
    show_error(error)
