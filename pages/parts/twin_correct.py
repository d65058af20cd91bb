"""Correcting a method by hand: every correction is a version, and the twin follows it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.domain.twins import LinkKind, Methodology, Node, NodeKind, Twin
from core.twins.methodology import (
    add_link,
    add_node,
    change_node,
    merge_nodes,
    remove_link,
    remove_node,
    rename_node,
    restore_node,
)
from pages.parts.context import workspace
from pages.parts.page import guarded, plain, set_params, short
from pages.parts.twin_map import SIGNS

Change = Callable[[Methodology], Methodology]
KINDS: dict[NodeKind, str] = {
    "concept": "concept",
    "principle": "principle",
    "exercise": "exercise",
}
LINKS: dict[LinkKind, str] = {"before": "comes before", "uses": "uses", "part_of": "is a part of"}
LONGEST = 4_000
DONE = "method_done"


def corrected(twin: Twin, change: Change, note: str) -> None:
    """Make a version with the corrected method, and draw the page again."""
    with guarded():
        now = workspace().twins.version(twin.id).methodology
        changed = change(now)
        if changed != now:
            known = {one.id for one in (*now.nodes, *now.removed)}
            fresh = [one.id for one in changed.nodes if one.id not in known]
            if fresh:
                set_params(node=fresh[0])
            made = workspace().twins.correct(twin.id, changed, note=short(note, 120))
            st.session_state[DONE] = f"{note}. Version {made.number} answers from now on."
        st.rerun()


def say_what_was_done() -> None:
    """What the last correction made, once."""
    if done := st.session_state.pop(DONE, None):
        st.toast(plain(short(done, 200)), icon=":material/check:")


def take_out(twin: Twin, node: Node) -> None:
    """Take a part out."""
    corrected(twin, lambda method: remove_node(method, node.id), f"Took out {node.name}")


def put_back(twin: Twin, node: Node) -> None:
    """Put a part back."""
    corrected(twin, lambda method: restore_node(method, node.id), f"Put back {node.name}")


def unlink(twin: Twin, source: str, target: str, kind: LinkKind, note: str) -> None:
    """Take a link out."""
    corrected(twin, lambda method: remove_link(method, source, target, kind), note)


@st.dialog("Correct this part", width="large")
def edit_part(twin: Twin, methodology: Methodology, node: Node) -> None:
    """Its words, what it hangs together with, and whether it is the same as another."""
    words, links, same = st.tabs(["Its words", "Link it", "Make two one"])
    others = {one.id: one.name for one in methodology.nodes if one.id != node.id}
    with words:
        _words(twin, node)
    with links:
        _link(twin, node, others)
    with same:
        _merge(twin, node, others)


def _words(twin: Twin, node: Node) -> None:
    with st.form("edit_node", border=False):
        name = st.text_input("Name", node.name, max_chars=255)
        kind = st.selectbox(
            "What it is", list(KINDS), index=list(KINDS).index(node.kind), format_func=KINDS.get
        )
        says = st.text_area("What it says", node.says, max_chars=LONGEST)
        steps = st.text_area("Steps, one a line (of an exercise)", "\n".join(node.steps))
        if st.form_submit_button("Save", type="primary"):
            corrected(
                twin,
                lambda method: _edited(method, node, name, kind, says, lines_of(steps)),
                f"Corrected {node.name}",
            )


def _link(twin: Twin, node: Node, others: dict[str, str]) -> None:
    with st.form("link_node", border=False):
        st.markdown(f"**{plain(short(node.name, 60))}**")
        words = st.selectbox("How", list(LINKS), format_func=LINKS.get)
        other = st.selectbox("With what", list(others), format_func=others.get, index=None)
        if st.form_submit_button("Link them") and other:
            corrected(
                twin,
                lambda method: add_link(method, node.id, other, words),
                f"Linked {node.name} with {others[other]}",
            )


def _merge(twin: Twin, node: Node, others: dict[str, str]) -> None:
    with st.form("merge_node", border=False):
        st.markdown(f"**{plain(short(node.name, 60))}** stays, and takes the other’s passages.")
        same = st.selectbox("It is the same as", list(others), format_func=others.get, index=None)
        if st.form_submit_button("Make them one") and same:
            corrected(
                twin,
                lambda method: merge_nodes(method, node.id, same),
                f"Merged {others[same]} into {node.name}",
            )


def _edited(
    method: Methodology, node: Node, name: str, kind: NodeKind, says: str, steps: list[str]
) -> Methodology:
    """Only what is different is changed, for whatever is changed counts as made by hand."""
    if name.strip() != node.name:
        method = rename_node(method, node.id, name)
    steps = steps if kind == "exercise" else []
    if (kind, says.strip(), steps) != (node.kind, node.says, list(node.steps)):
        new = kind if kind != node.kind else None
        method = change_node(method, node.id, says=says, steps=steps, kind=new)
    return method


def lines_of(text: str) -> list[str]:
    """The lines that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@st.dialog("Add a part")
def add_part(twin: Twin) -> None:
    """A concept, a principle or an exercise that was not found."""
    with st.form("add_node_form", border=False):
        kind = st.selectbox("What it is", list(KINDS), format_func=KINDS.get)
        name = st.text_input("Name", max_chars=255)
        says = st.text_area("What it says, in the creator's words", max_chars=LONGEST)
        steps = st.text_area("Steps, one a line (of an exercise)")
        if st.form_submit_button("Add it", type="primary"):
            given = lines_of(steps) if kind == "exercise" else []
            corrected(
                twin, lambda method: add_node(method, kind, name, says, given), f"Added {name}"
            )


def draw_removed(twin: Twin, methodology: Methodology) -> None:
    """What the creator took out, with a way back."""
    if not methodology.removed:
        return
    count = len(methodology.removed)
    with st.expander(f"Taken out: {count} {'part' if count == 1 else 'parts'}"):
        st.caption("The twin does not say these any more, and training does not bring them back.")
        for node in methodology.removed:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                name = f"{SIGNS[node.kind]} {plain(short(node.name, 80))}"
                st.markdown(name, width="stretch")
                if st.button("Put back", key=f"restore_{node.id}", type="tertiary"):
                    put_back(twin, node)
