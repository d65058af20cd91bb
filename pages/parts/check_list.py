"""The catalogue of checks: all of them, one family, or the one that the address names."""

from __future__ import annotations

from inspect import cleandoc

import streamlit as st

from core.flows import CHECKS, Check, Family
from pages.parts.flow_words import LOOKS
from pages.parts.page import counted, page, plain, section, turn

FAMILIES: dict[Family, str] = {
    "structure": "Structure",
    "logic": "Logic",
    "messages": "Messages",
}
ALL = "All"


def draw_checks(chosen: str | None) -> None:
    """The whole catalogue, or one check of it."""
    one = next((check for check in CHECKS if check.id == chosen), None)
    if one is not None:
        page(one.title, ["Script", "Checks", FAMILIES[one.family]])
        _check(one, alone=True)
        turn("See all checks", key="all_checks", kind="secondary", icon=":material/rule:")
        return
    page("See what is looked at in a flow, and why", ["Script", counted(len(CHECKS), "check")])
    if chosen is not None:
        st.caption(plain(f"There is no check “{chosen[:60]}”. These are all that there are."))
    family = st.segmented_control(
        "Family", [ALL, *FAMILIES.values()], default=ALL, required=True, key="check_family"
    )
    for id, name in FAMILIES.items():
        if family in (ALL, name):
            section(name)
            with st.grid(2, min_column_width=340, gap="medium"):
                for check in CHECKS:
                    if check.family == id:
                        _check(check, alone=False)


def _check(check: Check, *, alone: bool) -> None:
    look = LOOKS[check.severity]
    with st.container(border=True, height="stretch", gap="small", key=f"check_{check.id}"):
        st.markdown(f":{look.colour}-badge[{look.sign} {look.word}] `{check.id}`")
        if not alone:
            turn(check.title, key=f"open_check_{check.id}", bold=True, check=check.id)
        st.markdown(plain(check.explanation))
        st.caption(f"**What to do.** {plain(check.fix)}")
        with st.expander("A flow that it finds wrong", expanded=alone):
            st.code(cleandoc(check.example), language="yaml")
