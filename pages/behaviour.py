"""The behaviour model: every number that decides how simulated people react, open to change."""

from __future__ import annotations

import streamlit as st

from core.minds import BehaviourParameters
from pages.parts.context import workspace
from pages.parts.page import ago, counted, go, guarded, page, param, plain, section
from pages.parts.parameter_table import changed, editor, filters, shown, table_of

parameters = workspace().parameters
versions = {version.number: version for version in parameters.versions()}
newest = max(versions)


def head(number: int, assumed: int, total: int) -> None:
    """What this is, and how far it can be trusted."""
    facts = ["Rehearse", "behaviour model", f"version {number} of {newest}", "uncalibrated"]
    page("How simulated people react, number by number", facts)
    st.info(
        f"**Uncalibrated.** {assumed} of {total} numbers are assumptions of ours; the others come "
        "from published studies, named beside them. Nothing here has been held against what your "
        "own people did. So trust comparisons (this message or that one, the same people) more "
        "than single rates.",
        icon=":material/balance:",
    )
    if number != newest:
        st.warning(
            f"You are looking at version {number}. Rehearsals use version {newest}.",
            icon=":material/history:",
        )


@st.fragment
def numbers(now: BehaviourParameters, number: int) -> None:
    """The table of numbers, and what to do with those that were changed."""
    wanted, group = filters(now, number)
    rows = shown(now, wanted, group)
    if not rows:
        st.caption("No number is called or explained like that.")
    pending = editor(rows, parameters.shipped, number)
    if not pending:
        st.caption(f"{counted(len(rows), 'number')}. Click a value to change it.")
        return
    save(now, pending)


def save(now: BehaviourParameters, pending: dict[str, float]) -> None:
    """Keep what was changed as a new version, or drop it."""
    told = [f"`{name}` {now[name]:g} → {value:g}" for name, value in list(pending.items())[:6]]
    more = f" and {len(pending) - 6} more" if len(pending) > 6 else ""
    st.markdown(f"**{counted(len(pending), 'change')}:** {', '.join(told)}{more}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        note = st.text_input("Why", placeholder="What this version is for", max_chars=200)
        dropped = st.button("Drop changes")
        kept = st.button("Save as a new version", type="primary", icon=":material/check:")
    if dropped:
        forget()
        st.rerun(scope="fragment")
    if kept:
        with guarded():
            values = now.replace(pending).values
            base = parameters.shipped.values
            parameters.save({n: v for n, v in values.items() if v != base[n]}, note)
            forget()
            go("behaviour")


def forget() -> None:
    """Drop what was changed and not saved."""
    for key in [key for key in st.session_state if str(key).startswith("behaviour-")]:
        del st.session_state[key]


def history(number: int) -> None:
    """Every version; what differs between two of them; the way back."""
    section("Versions")

    def called(one: int) -> str:
        version = versions[one]
        when = f" · {ago(version.created_at)}" if version.created_at else ""
        used = " · used by rehearsals" if one == newest else ""
        return f"Version {one} · {version.note}{when}{used}"

    with st.container(horizontal=True, vertical_alignment="bottom"):
        one = st.selectbox("Look at", list(versions), format_func=called, index=newest - number)
        others = [other for other in versions if other != one]
        if others:
            other = st.selectbox("Compare with", others, format_func=called)
    if one != number:
        go("behaviour", version=one)
    if not others:
        st.caption("There is one version: the one that we ship. Change a number to make another.")
        return
    rows = changed(parameters.get(one), parameters.get(other))
    if rows:
        st.dataframe(
            table_of(rows, f"version {one}", f"version {other}"),
            hide_index=True,
            alt="What differs between the two versions",
        )
    else:
        st.caption("These two are the same.")
    if number != newest and st.button(f"Use version {number} again", icon=":material/undo:"):
        with guarded():
            parameters.save(parameters.changes(number), f"back to version {number}")
            go("behaviour")


asked = param("version")
number = int(asked) if asked and asked.isdigit() else newest
if asked and number not in versions:
    st.warning(f"There is no version {plain(asked)}; this is the newest.", icon=":material/error:")
    number = newest
current = parameters.get(number)
assumed = sum(p.source == "assumption" for p in current.parameters.values())
head(number, assumed, len(current.parameters))
numbers(current, number)
history(number)
